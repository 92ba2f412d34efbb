package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import net.donut.api.DonutCommand;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Cut;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabMachine;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.run.DeployedNetwork;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.HeldLab;
import net.donut.lab.run.InterruptGuard;
import net.donut.lab.run.Narration;
import net.donut.lab.run.NodePrograms;
import net.donut.model.FileFailure;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `donut lab ...`: labs that are left running to play with, the donut network and those of
/// containerlab files.
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    description = {
      "Run networks of namespaces or containers and make them fail. up and down are short for",
      "deploy and destroy of the donut network; every other command works on any lab: --name LAB,",
      "or the only one there is."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LabCommand.Up.class,
      LabCommand.Down.class,
      LabCommand.CutTarget.class,
      LabCommand.Restore.class,
      LabCommand.Kill.class,
      LabCommand.Start.class,
      LabCommand.Status.class,
      LabCommand.Supervise.class,
      DeployCommands.Deploy.class,
      DeployCommands.Destroy.class,
      DeployCommands.Inspect.class,
      DeployCommands.Exec.class,
      DeployCommands.Validate.class,
      ShellCommands.Shell.class,
      ShellCommands.Logs.class,
      RunScriptCommand.class,
      StandInCommand.class,
      LinkCommands.class,
      PictureCommands.Graph.class,
      PictureCommands.Save.class,
      ScenarioCommand.class,
      ImagesCommand.class,
      StoryCommand.class,
      RelayCommand.class
    },
    footer = {"", "Example: donut lab up && donut lab cut edge1-tier2a"})
public final class LabCommand implements DonutCommand, Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: see donut lab --help");
  }

  /// What commands on the donut network have: a name, and one line with exit code 1 when the lab
  /// refuses.
  abstract static class Base implements Callable<Integer> {
    @Spec protected CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--name",
        paramLabel = "NAME",
        defaultValue = "donut",
        description = "Name of the lab (default: ${DEFAULT-VALUE}).")
    protected String name = "donut";

    @Override
    public final Integer call() {
      try {
        return act(spec.commandLine().getOut());
      } catch (LabException | IllegalArgumentException e) {
        return refused(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        return refused(FileFailure.text(e));
      } finally {
        spec.commandLine().getOut().flush();
      }
    }

    private int refused(String message) {
      spec.commandLine().getErr().println("donut: " + message);
      spec.commandLine().getErr().flush();
      return 1;
    }

    abstract int act(PrintWriter out) throws IOException;

    /// The state of a lab that is up. Throws LabException saying how to bring it up.
    HeldLab running() {
      HeldLab state =
          HeldLab.read(name)
              .orElseThrow(() ->
                  new LabException(
                      "no lab '"
                          + name
                          + "' is up (labs: "
                          + HeldLab.names()
                          + "): bring it up with: donut lab up"));
      if (state.owner().filter(ProcessId::isAlive).isEmpty()) {
        throw new LabException(
            "lab '"
                + name
                + "' was killed and left things behind: remove them with: donut lab down --name "
                + name);
      }
      return state;
    }
  }

  /// `donut lab up`.
  @Command(
      name = "up",
      mixinStandardHelpOptions = true,
      description = {
        "Deploy the donut network, with its neighbors and their tables, and wait until it has them."
      },
      footer = {"", "Example: donut lab up --prefixes 5000 --neighbors own"})
  static final class Up extends Base {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Mixin private LabSettings settings = new LabSettings();

    @Override
    int act(PrintWriter out) throws IOException {
      LabMachine.require();
      Path logs = Path.of("build", "lab", name, "logs").toAbsolutePath();
      settings.options(name, logs);
      HeldLab.read(name)
          .flatMap(HeldLab::owner)
          .filter(ProcessId::isAlive)
          .ifPresent(owner -> {
            throw new LabException(
                "lab '%s' is up already (process %d): end it with: donut lab down --name %s"
                    .formatted(name, owner.pid(), name));
          });
      Files.createDirectories(logs);
      Path log = logs.resolve("supervisor.log");
      Files.deleteIfExists(log);
      List<String> arguments = new ArrayList<>(List.of("lab", "supervise", "--name", name));
      arguments.addAll(List.of("--logs", logs.toString()));
      arguments.addAll(settings.arguments());
      List<String> command = new ArrayList<>(List.of("setsid"));
      command.addAll(Launcher.command(arguments));
      Process supervisor =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      follow(out, supervisor, log);
      HeldLab state = running();
      out.println();
      out.println("The lab is up. Ask its controller:");
      out.println("  export DONUT_SOCKET=" + state.fact("socket"));
      out.println("  donut neighbors; donut explain 192.0.2.10; donut coverage");
      out.println("Cut and restore: donut lab cut edge1-tier2a; donut lab restore --all");
      out.println(
          "Inside a node: donut lab exec --name %s --node tier2a --cmd 'birdc show protocols'"
              .formatted(name));
      out.println("End it: donut lab down" + (name.equals("donut") ? "" : " --name " + name));
      return 0;
    }

    /// Shows what the supervisor tells until it is ready. Throws LabException when it ends instead.
    private void follow(PrintWriter out, Process supervisor, Path log) throws IOException {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      int shown = 0;
      while (true) {
        boolean ended = !supervisor.isAlive();
        boolean ready =
            HeldLab.read(name).filter(state -> state.fact("ready").equals("yes")).isPresent();
        List<String> lines = Files.readAllLines(log);
        lines.subList(shown, lines.size()).forEach(out::println);
        out.flush();
        shown = lines.size();
        if (ready) {
          return;
        }
        if (ended || System.nanoTime() > deadline) {
          supervisor.destroy();
          throw new LabException("the lab did not come up: see " + log + " and the logs beside it");
        }
        Pause.of(Duration.ofMillis(100));
      }
    }
  }

  /// The process that holds a lab up; started by `up`.
  @Command(name = "supervise", hidden = true, mixinStandardHelpOptions = true)
  static final class Supervise extends Base {
    @Mixin private LabSettings settings = new LabSettings();

    @Option(names = "--logs", required = true, paramLabel = "DIR")
    private Path logs = Path.of(".");

    @Override
    int act(PrintWriter out) {
      Logging.to(logs.resolve("lab.log"));
      try (InterruptGuard _ = new InterruptGuard()) {
        try (DonutLab lab = DonutLab.up(settings.options(name, logs), new Narration(out))) {
          lab.awaitTable();
          lab.tellReady();
          Set<String> told = new HashSet<>();
          while (true) {
            lab.dead().stream().filter(told::add).forEach(dead -> tell(dead, out));
            Pause.of(Duration.ofSeconds(1));
          }
        }
      }
    }

    /// What ends in the lab is told and left as it is: that may be what a user wants to see.
    private static void tell(String dead, PrintWriter out) {
      out.println(dead + " has ended: start it again with: donut lab start " + dead);
      out.flush();
    }
  }

  /// What commands on a process of a lab have: its name.
  abstract static class OnProcess extends OnLab {
    @Parameters(
        paramLabel = "PROCESS",
        description = "Such as edge1-agent, or the node that runs it; see donut lab status.")
    protected String process = "";
  }

  /// `donut lab kill`.
  @Command(
      name = "kill",
      mixinStandardHelpOptions = true,
      description = "End a process of a lab as kill -9 does; start it again with start.",
      footer = {"", "Example: donut lab kill edge1-agent"})
  static final class Kill extends OnProcess {
    @Override
    void act(LabRecord record, PrintWriter out) {
      new NodePrograms(record).kill(process);
      out.println("killed " + process);
    }
  }

  /// `donut lab start`.
  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Start a process of a lab that has ended, as it was first started.",
      footer = {"", "Example: donut lab start edge1-agent"})
  static final class Start extends OnProcess {
    @Override
    void act(LabRecord record, PrintWriter out) {
      new NodePrograms(record).again(process);
      out.println("started " + process);
    }
  }

  /// `donut lab down`.
  @Command(
      name = "down",
      mixinStandardHelpOptions = true,
      description = "Destroy the donut network: its processes, its namespaces, its files.",
      footer = {"", "Example: donut lab down"})
  static final class Down extends Base {
    @Override
    int act(PrintWriter out) {
      HeldLab state =
          HeldLab.read(name)
              .orElseThrow(() ->
                  new LabException("no lab '" + name + "' is up (labs: " + HeldLab.names() + ")"));
      end(state);
      out.println("lab '" + name + "' is down");
      return 0;
    }

    /// Ends a lab that a process holds up, and what is left of one whose holder was killed.
    static void end(HeldLab state) {
      state.owner().filter(ProcessId::isAlive).ifPresent(owner -> end(owner));
      HeldLab.read(state.lab())
          .ifPresent(killed -> {
            DeployedNetwork.destroy(killed);
            killed.remove();
          });
    }

    /// Asks the supervisor to put everything away, and gives it time to.
    private static void end(ProcessId owner) {
      ProcessHandle.of(owner.pid()).ifPresent(ProcessHandle::destroy);
      long deadline = System.nanoTime() + Duration.ofSeconds(45).toNanos();
      while (owner.isAlive() && System.nanoTime() < deadline) {
        Pause.of(Duration.ofMillis(50));
      }
      ProcessId.terminate(List.of(owner));
    }
  }

  /// `donut lab cut`.
  @Command(
      name = "cut",
      mixinStandardHelpOptions = true,
      description = "Cut a link, or kill or freeze a node, until it is restored.",
      footer = {
        "",
        "Example: donut lab cut edge1-tier2a --kind silent",
        "Example: donut lab cut r1:eth1 --name triangle",
        "Example: donut lab cut tier2a --kind node-kill"
      })
  static class CutTarget extends OnLab {
    @Parameters(
        paramLabel = "LINK|NODE",
        description =
            "A link by its name, one end or both nodes, such as edge1-edge2, r1:eth1 or r1:r2; or a"
                + " node. See donut lab status.")
    private String target = "";

    @Mixin private CutOptions options = new CutOptions();

    @Override
    void act(LabRecord record, PrintWriter out) {
      Cut how = options.cut();
      CutCommands.cut(cuttable(record).cuts(), target, how, out);
    }
  }

  /// `donut lab restore`.
  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = "Restore what was cut, in whatever way.",
      footer = {
        "",
        "Example: donut lab restore edge1-tier2a",
        "Example: donut lab restore --all --name triangle"
      })
  static class Restore extends OnLab {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private CutCommands.Which which = new CutCommands.Which();

    @Override
    void act(LabRecord record, PrintWriter out) {
      which.restore(cuttable(record).cuts(), out);
    }
  }

  /// `donut lab status`.
  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Show nodes, links and processes of a lab.",
      footer = {"", "Example: donut lab status --name triangle"})
  static final class Status extends OnLab {
    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "table",
        description = "table or json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.table;

    @Override
    void act(LabRecord record, PrintWriter out) {
      LabStatus status =
          LabNames.holder(record.lab())
              .map(state -> LabStatus.of(state, DeployedNetwork.attach(state)))
              .orElseGet(() -> LabStatus.of(runtime, record));
      switch (format) {
        case table -> status.print(out, pen());
        case json -> out.println(status.json());
      }
    }
  }
}
