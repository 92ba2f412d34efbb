package net.donut.report.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What is known of the terminal of this process.
public final class Terminal {
  private Terminal() {}

  /// Whether standard output is a terminal. The JDK only tells whether standard input and output
  /// both are, and either is often piped.
  public static boolean showsOutput() {
    return isTerminal(1);
  }

  /// Whether standard error is a terminal.
  public static boolean showsErrors() {
    return isTerminal(2);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException _) {
      return false; // without /proc the text is plain, which is right everywhere
    }
  }
}
