package net.donut.lab.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Stack;
import net.donut.lab.clab.plan.Profile;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime.Attachment;
import net.donut.lab.net.LabException;
import net.donut.lab.run.InterruptGuard;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `donut lab shell` and `donut lab logs`: a node's prompt, and its console.
final class ShellCommands {
  private static final int INTERRUPTED = 130;

  private ShellCommands() {}

  /// Runs a program with this program's own input, output and errors, and returns its exit code.
  static int foreground(List<String> line) throws IOException {
    return foreground(line, ProcessBuilder.Redirect.INHERIT);
  }

  /// The same with another input.
  static int foreground(List<String> line, ProcessBuilder.Redirect input) throws IOException {
    try (InterruptGuard _ = new InterruptGuard()) {
      Process process = new ProcessBuilder(line).inheritIO().redirectInput(input).start();
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        process.destroy();
        return INTERRUPTED;
      }
    }
  }

  /// Whether somebody types and reads at this program's input and output.
  static boolean isAtTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /// Everything from the first word on, options too, is the command's.
  static final class NodeCommand implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec spec, CommandSpec command) {
      List<String> words = new ArrayList<>();
      while (!arguments.isEmpty()) {
        words.add(arguments.pop());
      }
      spec.setValue(words);
    }
  }

  /// `donut lab shell`.
  @Command(
      name = "shell",
      mixinStandardHelpOptions = true,
      description = {
        "Open a node's prompt: vtysh of FRR, birdc of BIRD, otherwise a shell; or run COMMAND there",
        "at this terminal. The exit code is that of the program."
      },
      footer = {
        "",
        "Example: donut lab shell r1",
        "Example: donut lab shell r1 --name triangle ping -c 3 10.0.0.2",
        "Example: echo 'show bgp summary' | donut lab shell r1"
      })
  static final class Shell extends ClabCommand {
    @Mixin private Lab lab = new Lab();

    @Parameters(index = "0", paramLabel = "NODE", description = "By its name or its container's.")
    private String node = "";

    @Parameters(
        index = "1..*",
        arity = "0..*",
        paramLabel = "COMMAND",
        parameterConsumer = NodeCommand.class,
        description = "Its words; options of this command go before them.")
    private List<String> words = List.of();

    @Override
    int act(PrintWriter out) throws IOException {
      LabRecord record = recordOf(lab);
      LabRecord.Node where = record.node(node);
      Attachment attachment = isAtTerminal() ? Attachment.TERMINAL : Attachment.PIPE;
      List<String> command = words.isEmpty() ? prompt(where) : words;
      return foreground(runtime.inside(record, where, command, attachment));
    }

    private static List<String> prompt(LabRecord.Node node) {
      String own =
          switch (Profile.of(node.profile()).orElse(Profile.IDLE)) {
            case FRR -> "vtysh ";
            case BIRD -> "birdc ";
            case GOBGP, OPENBGPD, IDLE, DONUT_AGENT, DONUT_CONTROLLER -> "";
          };
      String first =
          "for program in %sbash sh; do if command -v $program >/dev/null; then exec $program; fi; done"
              .formatted(own);
      return List.of("sh", "-c", first);
    }
  }

  /// `donut lab logs`.
  @Command(
      name = "logs",
      mixinStandardHelpOptions = true,
      description = "Show what a node's program has written: its console.",
      footer = {"", "Example: donut lab logs r1 --name triangle -f"})
  static final class Logs extends ClabCommand {
    @Mixin private Lab lab = new Lab();

    @Parameters(paramLabel = "NODE", description = "By its name or its container's.")
    private String node = "";

    @Option(
        names = {"-f", "--follow"},
        description = "Go on with what comes, until interrupted.")
    private boolean follow;

    @Option(
        names = {"-n", "--tail"},
        paramLabel = "N",
        defaultValue = "-1",
        description = "Only the last N lines.")
    private int lines = -1;

    @Override
    int act(PrintWriter out) throws IOException {
      LabRecord record = recordOf(lab);
      out.flush();
      return foreground(runtime.console(record, record.node(node), lines, follow));
    }
  }

  /// Starts a program in a node and leaves it to itself.
  static void detach(List<String> line) throws IOException {
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      int code = process.waitFor();
      if (code != 0) {
        throw new LabException(String.join(" ", line) + ": exit " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
