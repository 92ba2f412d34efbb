package net.donut.lab.clab.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.run.DeployedLab;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LabGraphTest {
  private static final TopologyReader.Purpose PURPOSE =
      new TopologyReader.Purpose("", RuntimeKind.NETNS, TopologyReader.Unsupported.REFUSE);

  private static final String TOPOLOGY =
      """
      name: drawn
      topology:
        defaults: {kind: linux, image: alpine}
        nodes: {a: {}, b: {}, c: {}, d: {}}
        links:
          - endpoints: ["a:eth1", "b:eth1"]
            vars: {donut: {relation: transit}}
          - endpoints: ["b:eth2", "c:eth1"]
          - endpoints: ["c:eth2", "d:eth1"]
      """;

  @TempDir private Path directory;

  private Path file() throws IOException {
    return Files.writeString(directory.resolve("lab.clab.yml"), TOPOLOGY);
  }

  private ClabTopology topology() throws IOException {
    return TopologyReader.read(file(), PURPOSE, Map.of()).orThrow();
  }

  private LabGraph planned() throws IOException {
    return LabGraph.of(topology(), null, DeployedLab.RUNTIME);
  }

  @Test
  void a_lab_that_is_not_deployed_is_drawn_as_planned() throws IOException {
    LabGraph graph = planned();

    assertThat(graph.title()).isEqualTo("drawn (not deployed)");
    assertThat(graph.vertices())
        .extracting(LabGraph.Vertex::life)
        .containsOnly(LabGraph.Life.PLANNED);
    assertThat(Mermaid.of(graph))
        .isEqualTo(
            """
            ---
            title: drawn (not deployed)
            ---
            graph LR
              n0["a"]
              n1["b"]
              n2["c"]
              n3["d"]
              n0 ---|"eth1 - eth1"| n1
              n1 ---|"eth2 - eth1"| n2
              n2 ---|"eth2 - eth1"| n3
              classDef down stroke:#c62828,stroke-dasharray:4,color:#c62828
              classDef paused stroke:#b45f06,stroke-dasharray:2
              linkStyle 0 stroke:#5b6b8c
            """);
  }

  @Test
  void nodes_whose_labels_give_them_a_place_are_drawn_there() throws IOException {
    Path placed =
        Files.writeString(
            directory.resolve("placed.clab.yml"),
            """
            name: placed
            topology:
              defaults: {kind: linux, image: alpine}
              nodes:
                right: {labels: {graph-posX: "300", graph-posY: "0"}}
                left: {labels: {graph-posX: "100", graph-posY: "50"}}
            """);
    ClabTopology topology = TopologyReader.read(placed, PURPOSE, Map.of()).orThrow();

    String svg = Drawing.svg(LabGraph.of(topology, null, DeployedLab.RUNTIME));

    assertThat(svg).contains("x=\"830\" y=\"70\">right<", "x=\"70\" y=\"490\">left<");
  }

  @Test
  void a_deployed_lab_shows_what_is_cut_and_down() throws IOException {
    try (DeployedLab lab =
        DeployedLab.deploy(file(), "tgraph" + ProcessHandle.current().pid(), directory)) {
      Cuts cuts = new CuttableLab(DeployedLab.RUNTIME, lab.record()).cuts();
      cuts.cut("a:b", Cut.Plain.SILENT);
      cuts.cut("d", Cut.OfNode.NODE_KILL);
      cuts.cut("a", Cut.OfNode.NODE_FREEZE);

      LabRecord record = LabRecord.require(lab.record().lab());
      LabGraph graph = LabGraph.of(topology(), record, DeployedLab.RUNTIME);

      assertThat(graph.vertices())
          .extracting(LabGraph.Vertex::life)
          .containsExactly(
              LabGraph.Life.PAUSED, LabGraph.Life.UP, LabGraph.Life.UP, LabGraph.Life.DOWN);
      assertThat(graph.edges())
          .extracting(LabGraph.Edge::remark)
          .containsExactly("cut (silent)", "", "down with its node");
      assertThat(Mermaid.of(graph))
          .contains("n3[\"d\"]:::down", "n0 -.-|\"eth1 - eth1<br>cut (silent)\"| n1");
      assertThat(Drawing.svg(graph)).contains("l transit cut", "n paused", ">frozen<");
    }
  }

  @Test
  void a_drawing_is_xml_with_every_node_and_link_apart() throws Exception {
    LabGraph graph = planned();

    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(Drawing.svg(graph))));

    assertThat(svg.getElementsByTagName("line").getLength()).isEqualTo(3);
    assertThat(svg.getElementsByTagName("rect").getLength()).isEqualTo(4);
    assertThat(Drawing.page(graph)).contains("<svg", "<td>a:eth1</td>", "<td>transit</td>");
    List<Layout.Point> points = List.copyOf(Layout.of(graph).values());
    for (Layout.Point one : points) {
      assertThat(points.stream().filter(other -> !other.equals(one)))
          .allMatch(other -> Math.hypot(one.x() - other.x(), one.y() - other.y()) > 0.1);
    }
  }
}
