package net.donut.agent.bfd;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Starts the process that speaks BFD, as a small Java virtual machine of the same installation.
final class BfdLauncher {
  /// How long neighbors that agreed on graceful restart keep our routes, and so how long BFD goes
  /// on without an agent.
  static final Duration LINGER = Duration.ofMinutes(2);

  /* A heap so small that no collection takes a millisecond, all of it in memory from the start; a
   * compiler that is done soon; no files in /tmp. */
  private static final List<String> OPTIONS =
      List.of(
          "-Xms16m",
          "-Xmx16m",
          "-XX:+UseSerialGC",
          "-XX:+AlwaysPreTouch",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final Path socket;

  BfdLauncher(Path socket) {
    this.socket = socket;
  }

  /// The process is in the network namespace of the calling thread.
  Process launch() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(BfdMain.class.getName());
    command.add(socket.toString());
    command.add(Long.toString(LINGER.toSeconds()));
    return new ProcessBuilder(command)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
