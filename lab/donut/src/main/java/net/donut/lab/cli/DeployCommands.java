package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.donut.lab.clab.link.CalibratedLink;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.link.LinkList;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.LeftOut;
import net.donut.lab.clab.model.TopologyProblems;
import net.donut.lab.clab.parse.ShellWords;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.PlanJson;
import net.donut.lab.clab.run.Deployment;
import net.donut.lab.clab.run.LabInspection;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.run.Labs;
import net.donut.lab.clab.run.Settling;
import net.donut.lab.net.LabException;
import net.donut.lab.run.InterruptGuard;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `donut lab deploy`, `destroy`, `inspect`, `exec`, `validate`: containerlab's commands on its
/// files.
final class DeployCommands {
  private DeployCommands() {}

  /// `donut lab deploy`.
  @Command(
      name = "deploy",
      mixinStandardHelpOptions = true,
      description = "Bring up a containerlab topology in namespaces, or as containers.",
      footer = {"", "Example: donut lab deploy -t lab/topologies/triangle/triangle.clab.yml"})
  static final class Deploy extends ClabCommand {
    @Option(
        names = {"-t", "--topo"},
        paramLabel = "FILE",
        description = "The topology file, or a directory with one *.clab.yml (default: here).")
    private Path file = Path.of("");

    @Mixin private ChosenTopology chosen = new ChosenTopology();

    @Option(names = "--dry-run", description = "Print the plan as JSON and make nothing.")
    private boolean dryRun;

    @Option(
        names = {"-c", "--reconfigure"},
        description = "Destroy the lab first, with its directory, where it is deployed.")
    private boolean reconfigure;

    @Option(
        names = "--max-workers",
        paramLabel = "N",
        description = "How many nodes start at the same time (default: twice the processors).")
    private int workers = Deployment.Options.STANDARD.workers();

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        description = "How long nodes may wait for each other (default: 600).")
    private int timeoutSeconds = 600;

    @Option(names = "--strict-exec", description = "A command under exec that fails is exit 1.")
    private boolean strictExec;

    @Override
    int act(PrintWriter out) {
      Plan plan = withImages(topology(file, chosen.purpose()));
      if (dryRun) {
        out.println(PlanJson.of(plan).toPrettyString());
        return 0;
      }
      long begun = System.nanoTime();
      try (InterruptGuard _ = new InterruptGuard()) {
        if (reconfigure) {
          Labs.destroyIfThere(runtime, plan.lab(), Labs.Directory.DELETE);
        }
        List<CalibratedLink> impaired = new ArrayList<>();
        Deployment.Result outcome =
            Deployment.deploy(
                runtime,
                plan,
                new Deployment.Options(
                    Math.max(1, workers), Duration.ofSeconds(Math.max(1, timeoutSeconds))),
                _ -> {},
                lab -> impaired.addAll(new CuttableLab(runtime, lab).impair(plan)));
        outcome.notes().forEach(note -> tell("note: " + note));
        outcome.failures().forEach(this::tell);
        List<String> dead = Settling.failures(runtime, outcome.lab(), plan);
        LabInspection.table(out, runtime, List.of(outcome.lab()), pen());
        if (!impaired.isEmpty()) {
          CalibratedLink.print(out, impaired);
        }
        out.println(
            "lab '%s' is deployed in %.1f s: end it with: donut lab destroy --name %s"
                .formatted(plan.lab(), (System.nanoTime() - begun) / 1e9, plan.lab()));
        dead.forEach(this::tell);
        return !dead.isEmpty() || (strictExec && !outcome.failures().isEmpty()) ? 1 : 0;
      }
    }

    /// The plan, where nodes may be left out without those whose images cannot be had.
    private Plan withImages(ClabTopology topology) {
      Plan plan = plan(topology, chosen);
      if (dryRun || chosen.unsupported() == TopologyReader.Unsupported.REFUSE) {
        return plan;
      }
      Map<String, String> gone = runtime.unavailable(plan);
      if (gone.isEmpty()) {
        return plan;
      }
      TopologyProblems skipped = new TopologyProblems();
      plan.nodes().stream()
          .filter(node -> gone.containsKey(node.name()))
          .forEach(node ->
              skipped.warning(
                  node.definition().place(),
                  "topology.nodes.%s: %s: skipped, with its links"
                      .formatted(node.name(), gone.get(node.name()))));
      ClabTopology rest = LeftOut.take(topology, gone.keySet(), skipped);
      skipped.warnings().forEach(warning -> tell(warning.toString()));
      return plan(rest, chosen);
    }

    private void tell(LabRuntime.ExecResult failure) {
      String said = (failure.errors().isBlank() ? failure.output() : failure.errors()).strip();
      tell(
          "%s: '%s' exited with %d: %s"
              .formatted(
                  failure.container(),
                  String.join(" ", failure.command()),
                  failure.exitCode(),
                  said.lines().findFirst().orElse("it wrote nothing")));
    }
  }

  /// `donut lab destroy`.
  @Command(
      name = "destroy",
      mixinStandardHelpOptions = true,
      description = "Remove a lab: its processes, its namespaces, its state.",
      footer = {"", "Example: donut lab destroy -t lab/topologies/triangle/triangle.clab.yml"})
  static final class Destroy extends ClabCommand {
    @Mixin private Lab lab = new Lab();

    @Option(
        names = {"-a", "--all"},
        description = "All labs there are.")
    private boolean all;

    @Option(
        names = {"-c", "--cleanup"},
        description = "Delete the lab directory clab-NAME too.")
    private boolean cleanup;

    @Override
    int act(PrintWriter out) {
      List<String> names = all ? LabRecord.names() : List.of(nameOf(lab));
      for (String name : names) {
        LabNames.require(name);
        String shown = LabNames.shown(name);
        LabNames.holder(name).ifPresentOrElse(LabCommand.Down::end, () -> destroy(name));
        out.println("lab '" + shown + "' is destroyed");
      }
      return 0;
    }

    private void destroy(String name) {
      Labs.destroyIfThere(runtime, name, cleanup ? Labs.Directory.DELETE : Labs.Directory.KEEP);
    }
  }

  /// `donut lab inspect`.
  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description = "Show the nodes of a lab and how they are.",
      footer = {"", "Example: donut lab inspect --all -f json"})
  static final class Inspect extends ClabCommand {
    @Mixin private Lab lab = new Lab();

    @Option(
        names = {"-a", "--all"},
        description = "All labs there are.")
    private boolean all;

    @Option(
        names = {"-f", "--format", "-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "table",
        description = "table or json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.table;

    @Override
    int act(PrintWriter out) {
      List<LabRecord> labs = new ArrayList<>();
      if (all) {
        LabRecord.names().forEach(name -> LabRecord.read(name).ifPresent(labs::add));
      } else {
        labs.add(recordOf(lab));
      }
      if (format == Format.json) {
        out.println(LabInspection.json(runtime, labs).toPrettyString());
      } else {
        LabInspection.table(out, runtime, labs, pen());
        for (LabRecord each : labs) {
          LinkList links = LinkList.of(each, new CuttableLab(runtime, each).cables());
          if (!links.links().isEmpty()) {
            out.println();
            links.print(out, pen());
          }
        }
        LabInspection.faults(out, labs);
      }
      return 0;
    }
  }

  /// `donut lab exec`.
  @Command(
      name = "exec",
      mixinStandardHelpOptions = true,
      description = "Run a command in nodes of a lab.",
      footer = {"", "Example: donut lab exec --node r1 --cmd \"vtysh -c 'show bgp summary'\""})
  static final class Exec extends ClabCommand {
    @Mixin private Lab lab = new Lab();

    @Option(names = "--node", paramLabel = "NODE", description = "In this node; may repeat.")
    private List<String> nodes = List.of();

    @Option(
        names = "--label",
        paramLabel = "KEY=VALUE",
        description = "In nodes with this label, such as clab-node-group=leaf; may repeat.")
    private Map<String, String> labels = Map.of();

    @Option(
        names = {"-i", "--interactive"},
        description = "Hand this command's input through; one node, one command.")
    private boolean interactive;

    @Option(
        names = {"-d", "--detach"},
        description = "Start it and leave it to itself.")
    private boolean detach;

    @Option(
        names = "--cmd",
        required = true,
        paramLabel = "LINE",
        description = "The command; words, no shell.")
    private List<String> lines = List.of();

    @Option(
        names = {"-f", "--format", "-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "plain",
        description = "plain or json (default: ${DEFAULT-VALUE}).")
    private Text format = Text.plain;

    enum Text {
      plain,
      table,
      json
    }

    @Override
    int act(PrintWriter out) throws IOException {
      LabRecord record = recordOf(lab);
      if (interactive || detach) {
        return joined(record);
      }
      List<LabRuntime.ExecResult> results = new ArrayList<>();
      for (LabRecord.Node node : chosen(record)) {
        for (String line : lines) {
          results.add(runtime.exec(record, node, ShellWords.of(line), Duration.ofMinutes(10)));
        }
      }
      if (format == Text.json) {
        out.println(LabInspection.json(results).toPrettyString());
      } else {
        results.forEach(result -> print(out, result, results.size()));
      }
      return results.stream().allMatch(result -> result.exitCode() == 0) ? 0 : 1;
    }

    private int joined(LabRecord record) throws IOException {
      if (format != Text.plain) {
        throw new IllegalArgumentException("-i and -d: format " + format + " (expected: plain)");
      }
      List<LabRecord.Node> chosen = chosen(record);
      if (detach) {
        for (LabRecord.Node node : chosen) {
          for (String line : lines) {
            ShellCommands.detach(
                runtime.inside(record, node, ShellWords.of(line), LabRuntime.Attachment.DETACHED));
          }
        }
        return 0;
      }
      if (chosen.size() != 1 || lines.size() != 1) {
        throw new IllegalArgumentException(
            "-i: %d nodes and %d commands (expected: one of each)"
                .formatted(chosen.size(), lines.size()));
      }
      return ShellCommands.foreground(
          runtime.inside(
              record,
              chosen.getFirst(),
              ShellWords.of(lines.getFirst()),
              LabRuntime.Attachment.PIPE));
    }

    private List<LabRecord.Node> chosen(LabRecord record) {
      if (!nodes.isEmpty()) {
        return nodes.stream().map(record::node).toList();
      }
      List<LabRecord.Node> chosen =
          record.nodes().stream()
              .filter(node -> node.labels().entrySet().containsAll(labels.entrySet()))
              .toList();
      if (chosen.isEmpty()) {
        throw new LabException("no node has the labels " + labels);
      }
      return chosen;
    }

    private void print(PrintWriter out, LabRuntime.ExecResult result, int count) {
      if (count > 1) {
        out.println("# " + result.container() + ": " + String.join(" ", result.command()));
      }
      out.print(result.output());
      out.flush();
      if (!result.errors().isEmpty()) {
        spec.commandLine().getErr().print(result.errors());
        spec.commandLine().getErr().flush();
      }
    }
  }

  /// `donut lab validate`.
  @Command(
      name = "validate",
      mixinStandardHelpOptions = true,
      description = "Tell every mistake of a topology file, and what of it has no effect here.",
      footer = {"", "Example: donut lab validate lab.clab.yml"})
  static final class Validate extends ClabCommand {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file (default: here).")
    private Optional<Path> file = Optional.empty();

    @Option(
        names = {"-t", "--topo"},
        paramLabel = "FILE",
        description = "The file, as containerlab takes it.")
    private @Nullable Path option;

    @Mixin private ChosenTopology chosen = new ChosenTopology();

    @Option(
        names = "--rendered",
        description = "Print what a template and the environment make of the file.")
    private boolean rendered;

    @Override
    int act(PrintWriter out) throws IOException {
      Path given = option == null ? file.orElse(Path.of("")) : option;
      TopologyReader.Result result = read(given.toAbsolutePath(), chosen.purpose());
      if (rendered) {
        out.print(result.text());
        out.flush();
      }
      tellWarnings(result);
      ClabTopology topology = topology(result);
      Plan plan = plan(topology, chosen);
      if (rendered) {
        return 0;
      }
      out.println(
          "%s: lab '%s', %d nodes, %d links"
              .formatted(
                  topology.file().getFileName(),
                  plan.lab(),
                  plan.nodes().size() + plan.bridges().size(),
                  plan.links().size()));
      return 0;
    }
  }
}
