package net.donut.lab.clab.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
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

    Layout layout = Layout.of(LabGraph.of(topology, null, DeployedLab.RUNTIME));

    assertThat(point(layout, "right").x()).isGreaterThan(point(layout, "left").x() + 600);
    assertThat(point(layout, "right").y()).isLessThan(point(layout, "left").y() - 300);
  }

  @NeedsPrograms
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
    assertNoBoxOverAnother(graph);
  }

  private static Layout.Point point(Layout layout, String name) {
    return Objects.requireNonNull(layout.points().get(name), name);
  }

  private static void assertNoBoxOverAnother(LabGraph graph) {
    Layout layout = Layout.of(graph);
    List<LabGraph.Vertex> vertices = graph.vertices();
    for (LabGraph.Vertex one : vertices) {
      Layout.Point at = point(layout, one.name());
      double half = Layout.boxWidth(one) / 2.0;
      assertThat(at.x() - half).isNotNegative();
      assertThat(at.x() + half).isLessThanOrEqualTo(layout.width());
      assertThat(at.y() - Layout.BOX_HEIGHT / 2.0).isNotNegative();
      assertThat(at.y() + Layout.BOX_HEIGHT / 2.0).isLessThanOrEqualTo(layout.height());
      for (LabGraph.Vertex other : vertices.subList(0, vertices.indexOf(one))) {
        Layout.Point there = point(layout, other.name());
        boolean apart =
            Math.abs(at.x() - there.x()) >= half + Layout.boxWidth(other) / 2.0
                || Math.abs(at.y() - there.y()) >= Layout.BOX_HEIGHT;
        assertThat(apart).as(one.name() + " and " + other.name()).isTrue();
      }
    }
  }

  private LabGraph graph(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("g.clab.yml"), text);
    return LabGraph.of(
        TopologyReader.read(file, PURPOSE, Map.of()).orThrow(), null, DeployedLab.RUNTIME);
  }

  private static String ring(String name, int nodes) {
    StringBuilder links = new StringBuilder();
    for (int i = 0; i < nodes; i++) {
      links.append(
          "    - endpoints: [\"%1$s%2$d:eth1\", \"%1$s%3$d:eth2\"]\n"
              .formatted(name, i, (i + 1) % nodes));
    }
    return links.toString();
  }

  /// As many boxes as in a large lab, alone, in rings and in a star.
  @Test
  void parts_lie_side_by_side_and_no_box_over_another() throws IOException {
    for (int size : List.of(3, 6, 12, 40)) {
      StringBuilder text =
          new StringBuilder("name: islands\ntopology:\n  defaults: {kind: linux, image: alpine}\n");
      text.append("  nodes:\n    ctl: {}\n    a-node-with-a-rather-long-name-alone: {}\n");
      for (int i = 0; i < size; i++) {
        text.append("    r%1$d: {}\n    s%1$d: {}\n".formatted(i));
      }
      text.append("  links:\n").append(ring("r", size)).append(ring("s", size));

      LabGraph graph = graph(text.toString());

      assertNoBoxOverAnother(graph);
      assertPartsApart(Layout.of(graph), size);
    }
  }

  /// The two rings are in frames that do not meet, and not in a corner.
  private static void assertPartsApart(Layout layout, int size) {
    double[] r = frame(layout, "r", size);
    double[] s = frame(layout, "s", size);
    boolean beside = r[1] < s[0] || s[1] < r[0];
    boolean below = r[3] < s[2] || s[3] < r[2];
    assertThat(beside || below).isTrue();
    assertThat(r[1] - r[0]).isGreaterThan(50.0 * Math.sqrt(size));
    assertThat(r[3] - r[2]).isGreaterThan(50);
  }

  private static double[] frame(Layout layout, String name, int size) {
    double[] frame = {1e9, -1e9, 1e9, -1e9};
    for (int i = 0; i < size; i++) {
      Layout.Point point = point(layout, name + i);
      frame[0] = Math.min(frame[0], point.x());
      frame[1] = Math.max(frame[1], point.x());
      frame[2] = Math.min(frame[2], point.y());
      frame[3] = Math.max(frame[3], point.y());
    }
    return frame;
  }

  @Test
  void spots_that_are_too_near_are_moved_apart() throws IOException {
    LabGraph graph =
        graph(
            """
            name: near
            topology:
              defaults: {kind: linux, image: alpine}
              nodes:
                a: {labels: {graph-posX: 0, graph-posY: 0}}
                b: {labels: {graph-posX: 0, graph-posY: 0}}
                c: {labels: {graph-posX: 1, graph-posY: 100}}
                d: {labels: {graph-posX: 1000, graph-posY: 100}}
            """);

    assertNoBoxOverAnother(graph);
  }

  @Test
  void a_router_has_the_number_of_its_as() throws IOException {
    Files.writeString(directory.resolve("f.conf"), "!\nrouter bgp 65001\n");
    Files.writeString(
        directory.resolve("b.conf"), "protocol bgp x {\n  local 10.0.0.1 as 65002;\n}\n");
    Files.writeString(directory.resolve("g.toml"), "[global.config]\n  as = 65003\n");

    LabGraph graph =
        graph(
            """
            name: numbers
            topology:
              nodes:
                f: {kind: linux, image: frr, binds: ["f.conf:/etc/frr/frr.conf"]}
                b: {kind: linux, image: bird, binds: ["b.conf:/etc/bird/bird.conf"]}
                g: {kind: linux, image: gobgp, binds: ["g.toml:/etc/gobgp/gobgpd.toml"]}
                l: {kind: linux, image: alpine, labels: {graph-as: 65004}}
                h: {kind: linux, image: alpine}
            """);

    assertThat(graph.vertices())
        .extracting(LabGraph.Vertex::as)
        .containsExactly("AS65001", "AS65002", "AS65003", "AS65004", "");
    assertThat(Drawing.svg(graph)).contains(">AS65001 linux<");
    assertThat(Mermaid.of(graph)).contains("f<br>AS65001");
  }
}
