package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.clab.plan.Shell;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.DirectoryTree;
import net.donut.lab.net.Launcher;
import net.donut.lab.run.InterruptGuard;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `donut lab run-script`: a script that was written for containerlab, on a lab of ours.
@Command(
    name = "run-script",
    mixinStandardHelpOptions = true,
    description = {
      "Run a script that calls docker and containerlab on the nodes of a lab. Both answer for this",
      "lab: exec, inspect, ps, logs, pause, stop, cp and a few more; sudo runs what follows it."
    },
    footer = {"", "Example: donut lab run-script --name triangle ./check.sh --verbose"})
final class RunScriptCommand extends ClabCommand {
  private static final int INTERRUPTED = 130;

  @Mixin private Lab lab = new Lab();

  @Parameters(
      arity = "1..*",
      paramLabel = "SCRIPT",
      parameterConsumer = ShellCommands.NodeCommand.class,
      description = "The script and its arguments; options of this command go before them.")
  private List<String> words = List.of();

  @Override
  int act(PrintWriter out) throws IOException {
    LabRecord record = recordOf(lab);
    Path programs = Files.createTempDirectory("donut-script");
    try (InterruptGuard _ = new InterruptGuard()) {
      ProcessBuilder builder = new ProcessBuilder(command()).inheritIO();
      String path = builder.environment().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
      for (String program : List.of("docker", "containerlab", "clab")) {
        List<String> answer = List.of("lab", StandInCommand.NAME, program, record.lab());
        // Who answers asks the real docker, not itself.
        write(
            programs.resolve(program),
            "PATH=%s exec %s \"$@\""
                .formatted(Shell.quote(path), Shell.quote(Launcher.command(answer))));
      }
      write(programs.resolve("sudo"), SUDO);
      builder.environment().put("PATH", programs + ":" + path);
      Process script = builder.start();
      try {
        return script.waitFor();
      } catch (InterruptedException e) {
        script.destroy();
        return INTERRUPTED;
      }
    } finally {
      DirectoryTree.delete(programs);
    }
  }

  /// Who runs a lab may do everything: what is left of sudo are its options.
  private static final String SUDO =
      """
      while [ $# -gt 0 ]; do
        case $1 in
          -u | -g) shift 2 ;;
          --) shift; break ;;
          -*) shift ;;
          *=*) export "$1"; shift ;;
          *) break ;;
        esac
      done
      exec "$@\"\
      """;

  /// A script that may not be run by itself is one for bash.
  private List<String> command() {
    Path script = Path.of(words.getFirst());
    List<String> command = new ArrayList<>();
    if (Files.isRegularFile(script)) {
      if (!Files.isExecutable(script)) {
        command.add("bash");
      }
      command.add(script.toAbsolutePath().toString());
    } else {
      command.add(words.getFirst());
    }
    command.addAll(words.subList(1, words.size()));
    return command;
  }

  private static void write(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
