package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.clab.graph.Drawing;
import net.donut.lab.clab.graph.LabGraph;
import net.donut.lab.clab.graph.Mermaid;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.run.SavedConfiguration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `donut lab graph` and `donut lab save`: what a lab looks like, and what its nodes run.
final class PictureCommands {
  private PictureCommands() {}

  /// `donut lab graph`.
  @Command(
      name = "graph",
      mixinStandardHelpOptions = true,
      description = "Draw a topology, with the state of its links and nodes where it is deployed.",
      footer = {
        "",
        "Example: donut lab graph -t lab/topologies/triangle -o triangle.svg",
        "Example: donut lab graph --name triangle --format mermaid"
      })
  static final class Graph extends ClabCommand {
    @Mixin private Lab lab = new Lab();

    @Option(
        names = {"-f", "--format"},
        paramLabel = "FORMAT",
        defaultValue = "svg",
        description = "svg, mermaid or html (default: ${DEFAULT-VALUE}).")
    private Picture format = Picture.svg;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        description = "Write it there instead of printing it.")
    private @Nullable Path file;

    enum Picture {
      svg,
      mermaid,
      html
    }

    @Override
    int act(PrintWriter out) throws IOException {
      String picture = draw(graph());
      if (file == null) {
        out.print(picture);
      } else {
        Files.writeString(file, picture);
        out.println("wrote " + file);
      }
      return 0;
    }

    private LabGraph graph() {
      if (lab.hasFile()) {
        TopologyReader.Result result = read(lab.file(), lab.purpose(RuntimeKind.DOCKER));
        if (result.isWhole()) {
          ClabTopology topology = topology(result);
          String name = lab.givenName().isEmpty() ? topology.name() : lab.givenName();
          return LabGraph.of(topology, LabRecord.read(name).orElse(null), runtime);
        }
      }
      LabRecord record = recordOf(lab);
      return LabGraph.of(deployed(record), record, runtime);
    }

    private String draw(LabGraph graph) {
      return switch (format) {
        case svg -> Drawing.svg(graph);
        case mermaid -> Mermaid.of(graph);
        case html -> Drawing.page(graph);
      };
    }
  }

  /// `donut lab save`.
  @Command(
      name = "save",
      mixinStandardHelpOptions = true,
      description = "Write each node's running configuration into the lab directory.",
      footer = {"", "Example: donut lab save --name triangle"})
  static final class Save extends ClabCommand {
    @Mixin private Lab lab = new Lab();

    @Override
    int act(PrintWriter out) {
      LabRecord record = recordOf(lab);
      List<Path> read = read(deployed(record));
      for (LabRecord.Node node : record.nodes()) {
        if (runtime.state(record, node) instanceof LabRuntime.NodeState.Running) {
          SavedConfiguration.save(runtime, record, node, read)
              .ifPresentOrElse(
                  file -> out.println(node.name() + ": " + file),
                  () -> out.println(node.name() + ": has no configuration of a router"));
        } else {
          out.println(node.name() + ": does not run");
        }
      }
      return 0;
    }

    /// What nodes read of this machine's files.
    private static List<Path> read(ClabTopology topology) {
      List<Path> read = new ArrayList<>();
      for (NodeDefinition node : topology.nodes()) {
        node.files().binds().forEach(bind -> read.add(bind.source()));
        if (node.files().startupConfig() != null) {
          read.add(node.files().startupConfig());
        }
      }
      return read;
    }
  }
}
