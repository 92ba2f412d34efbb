package net.donut.cli;

import java.io.PrintWriter;
import java.util.ServiceLoader;
import java.util.TreeMap;
import net.donut.api.DonutCommand;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The `donut` program: the operator's commands, and those that other modules contribute as
/// [DonutCommand].
@Command(
    name = "donut",
    mixinStandardHelpOptions = true,
    versionProvider = Donut.Version.class,
    description =
        "Routing for networks that peer like a donut: direct peers outside, transit inside.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done; 1 the answer is no (not found, refused, not covered); 2 wrong usage or"
          + " input; 3 the controller or agent cannot be reached; 4 an internal error.",
      "",
      "Where the controller is: --controller HOST:PORT, --socket PATH, or DONUT_SOCKET",
      "(default /run/donut/controller.sock).",
      "",
      "Example: donut explain 192.0.2.1"
    },
    subcommands = {
      StatusCommand.class,
      AgentsCommand.class,
      NeighborsCommand.class,
      RoutesCommand.class,
      FibCommand.class,
      ExplainCommand.class,
      CoverageCommand.class,
      PolicyCommand.class,
      DrainCommand.class,
      DrainCommand.Undrain.class,
      OverrideCommand.class,
      OverrideCommand.Overrides.class,
      AllowRemovalCommand.class,
      WatchCommand.class,
      PkiCommand.class,
      Donut.Completion.class,
      WarmUpCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Donut implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /// Ends the process whatever happens: threads that a failed start leaves must not keep it.
  public static void main(String[] args) {
    int exitCode = Failures.INTERNAL;
    try {
      quieten();
      CommandLine line = commandLine();
      Colour.AUTO.applyTo(line);
      exitCode = line.execute(args);
    } catch (Error e) {
      e.printStackTrace(System.err);
    }
    System.exit(exitCode);
  }

  /// Netty looks for a hardware address to name its channels by and warns where there is none, as
  /// in a container without a network. Any will do.
  private static void quieten() {
    if (System.getProperty("io.netty.machineId") == null) {
      System.setProperty("io.netty.machineId", "02:00:00:00:00:01");
    }
  }

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      scope = ScopeType.INHERIT,
      description =
          "Colours: auto (on a terminal, unless NO_COLOR is set; default), always, never.")
  void color(Colour when) {
    when.applyTo(spec.commandLine());
  }

  /// The whole command tree, ready to execute; it writes without colours until told otherwise.
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Donut());
    var contributed = new TreeMap<String, DonutCommand>();
    for (DonutCommand command : ServiceLoader.load(DonutCommand.class)) {
      contributed.put(command.getClass().getAnnotation(Command.class).name(), command);
    }
    contributed.forEach(line::addSubcommand);
    line.setExecutionExceptionHandler(new Failures());
    line.setExitCodeExceptionMapper(e -> Failures.exitCode(e));
    line.setParameterExceptionHandler(Donut::wrongUsage);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
    line.setUsageHelpAutoWidth(true);
    line.setUsageHelpLongOptionsMaxWidth(32);
    return line;
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("donut: " + problem(e));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return 2;
  }

  private static String problem(ParameterException e) {
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()) {
      String word = unmatched.getUnmatched().getFirst();
      return e.getCommandLine().getSubcommands().isEmpty()
          ? "nothing is expected behind that: '" + word + "'"
          : "no such command: '" + word + "'";
    }
    return String.valueOf(e.getMessage());
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /// Prints a completion script for bash and zsh.
  @Command(
      name = "completion",
      mixinStandardHelpOptions = true,
      description = "Print a completion script for bash or zsh.",
      footer = {"", "Example: source <(donut completion)"})
  static final class Completion implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      CommandLine root = spec.root().commandLine();
      spec.commandLine().getOut().println(AutoComplete.bash("donut", root));
      spec.commandLine().getOut().flush();
    }
  }

  /// The version of the build, from the jar's manifest.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Donut.class.getPackage().getImplementationVersion();
      return new String[] {
        "donut " + (version == null ? "development build" : version),
        "Java "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
      };
    }
  }
}
