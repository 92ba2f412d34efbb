package net.donut.simulate;

import java.io.PrintWriter;
import java.util.Locale;
import net.donut.report.text.Terminal;

/// Tells on standard error how far things are, once they have taken longer than a second: a bar
/// that is drawn over on a terminal, a line every five seconds elsewhere.
final class Progress {
  private static final int BAR_CELLS = 24;
  private static final long FIRST_NANOS = 1_000_000_000L;

  private final PrintWriter err;
  private final boolean terminal;
  private final long stepNanos;
  private long nextAt = System.nanoTime() + FIRST_NANOS;
  private boolean drawn;

  private Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
    this.stepNanos = terminal ? 200_000_000L : 5_000_000_000L;
  }

  static Progress on(PrintWriter err) {
    return new Progress(err, Terminal.showsErrors());
  }

  void show(Dump dump, LoadCounts counts) {
    long now = System.nanoTime();
    if (now - nextAt >= 0) {
      nextAt = now + stepNanos;
      int full = (int) (dump.share() * BAR_CELLS);
      print(
          String.format(
              Locale.ROOT,
              "[%s%s] %3.0f %% of %s, %,d paths",
              "#".repeat(full),
              ".".repeat(BAR_CELLS - full),
              100 * dump.share(),
              dump.file().getFileName(),
              counts.entries));
    }
  }

  /// Names the step that begins, when it is to be expected that it takes a while.
  void step(String what) {
    if (System.nanoTime() - nextAt >= 0) {
      nextAt = System.nanoTime() + stepNanos;
      print(what);
    }
  }

  private void print(String line) {
    err.print(terminal ? "\r\u001b[K" + line : line + System.lineSeparator());
    err.flush();
    drawn = true;
  }

  /// Leaves a clean line for what follows.
  void end() {
    if (drawn && terminal) {
      err.print("\r\u001b[K");
      err.flush();
    }
    drawn = false;
  }
}
