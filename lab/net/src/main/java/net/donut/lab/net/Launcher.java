package net.donut.lab.net;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How to start another `donut` process.
///
/// When this process is one itself (its class path holds the program), the other runs on the same
/// Java and class path: the same build, and no look at the sources. Otherwise the `donut` script
/// does it: system property `donut.launcher`, or `donut` in `donut.root`.
public final class Launcher {
  private static final String PROGRAM = "net.donut.cli.Donut";

  private Launcher() {}

  public static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>(isOnClassPath() ? sameJava() : List.of(script()));
    command.addAll(arguments);
    return command;
  }

  private static boolean isOnClassPath() {
    return Launcher.class.getClassLoader().getResource(PROGRAM.replace('.', '/') + ".class")
        != null;
  }

  private static List<String> sameJava() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      boolean another = option.startsWith("-XX:AOT") || option.startsWith("-Xlog");
      boolean general =
          option.startsWith("-XX:+Use")
              || option.startsWith("--enable-native-access")
              || option.startsWith("--sun-misc-unsafe-memory-access");
      if (another || general) {
        command.add(option);
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(PROGRAM);
    return command;
  }

  private static String script() {
    String launcher = System.getProperty("donut.launcher");
    Path script =
        launcher == null
            ? Path.of(System.getProperty("donut.root", "."), "donut")
            : Path.of(launcher);
    if (!Files.isExecutable(script)) {
      throw new LabException(
          "no program to start agents and the controller with: "
              + script
              + " (expected: the donut script; set -Ddonut.launcher=PATH)");
    }
    return script.toAbsolutePath().toString();
  }
}
