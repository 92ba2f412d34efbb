package net.donut.lab.run;

import java.io.PrintWriter;

/// Tells what happens as it happens, with the time since the beginning. Owned by the thread that
/// runs the lab.
public final class Narration {
  private final PrintWriter out;
  private final long begun = System.nanoTime();
  private long lastProgress;

  public Narration(PrintWriter out) {
    this.out = out;
  }

  /// A headline: something new begins.
  public void chapter(String text) {
    line("");
    line(text);
  }

  /// Something happened.
  public void tell(String text) {
    line("  [%5.1f s] %s".formatted(seconds(), text));
  }

  /// Something goes on; told once a second at most.
  public void progress(String text) {
    long now = System.nanoTime();
    if (now - lastProgress > 1_000_000_000L) {
      lastProgress = now;
      line("  [%5.1f s]   ... %s".formatted(seconds(), text));
    }
  }

  /// A line as it is.
  public void line(String text) {
    out.println(text);
    out.flush();
  }

  public double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }
}
