package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import net.donut.lab.clab.PerLabRuntime;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.LeftOut;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.NodeDefinition.Kind;
import net.donut.lab.clab.model.Problem;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.model.TopologyProblems;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Planner;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.net.LabException;
import net.donut.report.text.Pen;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What commands on labs have: the lab they are about, and exit codes.
abstract class ClabCommand implements Callable<Integer> {
  /// A topology file with mistakes.
  static final class WrongFile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongFile(String message) {
      super(message);
    }
  }

  /// How to print what is asked for.
  enum Format {
    table,
    json
  }

  @Spec protected CommandSpec spec = CommandSpec.create();

  /// What its output is written with; `--color` of donut says so.
  Pen pen() {
    return Pen.of(spec.commandLine().getColorScheme().ansi().enabled());
  }

  protected final LabRuntime runtime = new PerLabRuntime();

  @Override
  public final Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      return act(out);
    } catch (WrongFile e) {
      return failed(2, String.valueOf(e.getMessage()));
    } catch (LabException | IllegalArgumentException e) {
      return failed(1, "donut: " + e.getMessage());
    } catch (IOException e) {
      return failed(1, "donut: " + e);
    } finally {
      out.flush();
    }
  }

  private int failed(int code, String message) {
    tell(message);
    return code;
  }

  abstract int act(PrintWriter out) throws IOException;

  /// Reads a topology, tells what of it has no effect, and throws WrongFile with every mistake.
  ClabTopology topology(Path given, TopologyReader.Purpose purpose) {
    TopologyReader.Result result = read(given, purpose);
    tellWarnings(result);
    return topology(result);
  }

  /// Plans what was chosen and tells what is other than it says. Throws WrongFile with everything
  /// that keeps it from being deployed.
  Plan plan(ClabTopology topology, ChosenTopology chosen) {
    try {
      if (!chosen.name().isEmpty()) {
        LabRecord.directoryOf(chosen.name());
      }
      Plan plan =
          Planner.plan(
              topology, chosen.images(), chosen.runtime(), System.getenv(), chosen.unsupported());
      plan.notes().forEach(note -> tell("note: " + note));
      return plan;
    } catch (LabException e) {
      throw wrongFile(String.valueOf(e.getMessage()), e);
    }
  }

  void tellWarnings(TopologyReader.Result result) {
    result.problems().warnings().forEach(warning -> tell(warning.toString()));
  }

  /// Says a line beside what was asked for.
  void tell(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  /// A lab's topology as it was deployed, whatever has become of its file, variables and binds.
  static ClabTopology deployed(LabRecord lab) {
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose(lab.lab(), lab.runtime(), TopologyReader.Unsupported.STANDS);
    TopologyReader.Result result =
        TopologyReader.read(Path.of(lab.topology()), lab.text(), purpose, System.getenv());
    ClabTopology topology = result.topology();
    return topology == null ? topology(result) : withoutSkipped(topology, lab);
  }

  /// Without the nodes that were left out when it was deployed.
  private static ClabTopology withoutSkipped(ClabTopology topology, LabRecord lab) {
    List<String> there = lab.nodes().stream().map(LabRecord.Node::name).toList();
    Set<String> skipped =
        topology.nodes().stream()
            .filter(node -> node.kind() != Kind.BRIDGE && node.kind() != Kind.HOST)
            .map(NodeDefinition::name)
            .filter(name -> !there.contains(name))
            .collect(Collectors.toSet());
    return LeftOut.take(topology, skipped, new TopologyProblems());
  }

  TopologyReader.Result read(Path given, TopologyReader.Purpose purpose) {
    try {
      return TopologyReader.read(TopologyReader.find(given), purpose, System.getenv());
    } catch (LabException e) {
      throw wrongFile(String.valueOf(e.getMessage()), e);
    }
  }

  static ClabTopology topology(TopologyReader.Result result) {
    List<Problem> errors = result.problems().errors();
    ClabTopology topology = result.topology();
    if (topology == null || !errors.isEmpty()) {
      throw wrongFile(String.join("\n", errors.stream().map(Problem::toString).toList()), null);
    }
    return topology;
  }

  static WrongFile wrongFile(String message, @Nullable Throwable cause) {
    WrongFile wrong = new WrongFile(message);
    if (cause != null) {
      wrong.initCause(cause);
    }
    return wrong;
  }

  /// Which lab: by its file or by its name.
  static final class Lab {
    @Option(
        names = {"-t", "--topo"},
        paramLabel = "FILE",
        description = "The topology file, or a directory with one *.clab.yml (default: here).")
    private @Nullable Path file;

    @Option(
        names = "--name",
        paramLabel = "LAB",
        description = "The lab's name, instead of -t (default: the only lab there is).")
    private String name = "";

    @Mixin private VariablesOption variables = new VariablesOption();

    /// To know the lab, as far as a runtime can have it.
    TopologyReader.Purpose purpose(RuntimeKind kind) {
      return new TopologyReader.Purpose(
          "", kind, TopologyReader.Unsupported.SKIP, variables.files());
    }

    Path file() {
      return file == null ? Path.of("").toAbsolutePath() : file;
    }

    boolean hasFile() {
      return file != null;
    }

    boolean hasVariables() {
      return !variables.files().isEmpty();
    }

    String givenName() {
      return name;
    }
  }

  /// The name of a lab that `-t` or `--name` says, or the only one that is deployed. A file that
  /// cannot be read without the variables of its deployment is the only lab deployed from it.
  String nameOf(Lab lab) {
    if (!lab.givenName().isEmpty()) {
      return LabNames.deployed(lab.givenName());
    }
    if (!lab.hasFile() && (LabRecord.names().size() == 1 || !isFileHere(lab.file()))) {
      return LabNames.only();
    }
    TopologyReader.Result result = read(lab.file(), lab.purpose(RuntimeKind.DOCKER));
    List<LabRecord> deployed =
        result.isWhole() || lab.hasVariables()
            ? List.of()
            : LabRecord.deployedFrom(TopologyReader.find(lab.file()));
    return deployed.size() == 1 ? deployed.getFirst().lab() : topology(result).name();
  }

  private static boolean isFileHere(Path here) {
    try {
      TopologyReader.find(here);
      return true;
    } catch (LabException e) {
      return false;
    }
  }

  LabRecord recordOf(Lab lab) {
    return LabNames.require(nameOf(lab));
  }
}
