package net.donut.lab.clab.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsDocker;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.graph.LabGraph;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.run.LabInspection;
import net.donut.lab.docker.Docker;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Impairment;
import net.donut.lab.net.ImpairmentKind;
import net.donut.lab.net.LabException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Nodes of kind `ext-container`, on a real Docker engine. The test is who else started them.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsDocker
class ExternalContainerTest {
  private static final String EXTERNAL = "tcext" + ProcessHandle.current().pid();
  private static final String LAB = "tcextlab" + ProcessHandle.current().pid();

  @TempDir private Path directory;
  private final List<String> started = new ArrayList<>();

  @AfterEach
  void remove() {
    started.forEach(container -> Docker.require().run("rm", "--force", "--volumes", container));
  }

  private void docker(String verb, String name) {
    List<String> line = new ArrayList<>(List.of(verb, "--name", name, "--network", "none"));
    if (verb.equals("run")) {
      line.add("--detach");
    }
    line.addAll(List.of("--cap-add", "NET_ADMIN", "--entrypoint", "sleep", "donut-lab", "1000"));
    Docker.require().run(line);
    started.add(name);
  }

  /// What can be seen of the network of the container from inside.
  private static String inside(String... command) {
    List<String> line = new ArrayList<>(List.of("exec", EXTERNAL));
    line.addAll(List.of(command));
    return Docker.require().run(line);
  }

  private static String identity() {
    return Docker.require()
        .run("inspect", "--format", "{{.Id}} {{.State.Pid}} {{.State.Status}}", EXTERNAL);
  }

  private Path file() throws IOException {
    return Files.writeString(
        directory.resolve("ext.clab.yml"),
        """
        name: x
        topology:
          nodes:
            EXTERNAL:
              kind: ext-container
              exec: [ip address add 10.9.0.1/24 dev eth1]
            r1:
              kind: linux
              image: donut-lab
              exec: [ip address add 10.9.0.2/24 dev eth1]
            inside: {kind: linux, image: donut-lab, network-mode: "container:EXTERNAL"}
          links:
            - endpoints: ["EXTERNAL:eth1", "r1:eth1"]
        """
            .replace("EXTERNAL", EXTERNAL));
  }

  private Plan plan(String name) throws IOException {
    return DeployedLab.plan(file(), RuntimeKind.DOCKER, name, directory);
  }

  @Test
  void a_container_of_others_is_a_node_while_the_lab_is_there_and_as_before_when_it_is_gone()
      throws IOException {
    docker("run", EXTERNAL);
    String identity = identity();
    String forwarding = inside("cat", "/proc/sys/net/ipv4/ip_forward");
    try (DeployedLab lab = DeployedLab.deploy(plan(LAB))) {
      assertThat(lab.outcome().failures()).isEmpty();
      assertThat(lab.exec("r1", "ping -c 1 -W 5 10.9.0.1").exitCode()).isZero();
      assertThat(lab.exec(EXTERNAL, "ip -o address show eth1").output()).contains("10.9.0.1/24");
      assertThat(lab.exec("inside", "ip -o address show eth1").output()).contains("10.9.0.1/24");
      assertThat(inside("cat", "/proc/sys/net/ipv4/ip_forward")).isEqualTo(forwarding);
      assertThat(LabInspection.json(DeployedLab.RUNTIME, List.of(lab.record())).toString())
          .contains(
              "\"name\":\"" + EXTERNAL + "\"",
              "\"image\":\"donut-lab\",\"kind\":\"ext-container\"");
      cutsAndImpairs(lab);
      refusesWhatIsNotItsOwn(lab);
    }
    assertThat(identity()).isEqualTo(identity).endsWith("running");
    assertThat(inside("ls", "/sys/class/net")).doesNotContain("eth1");
    ContainerLabTest.assertNothingLeft(LAB);
  }

  private void cutsAndImpairs(DeployedLab lab) throws IOException {
    CuttableLab cuttable = new CuttableLab(DeployedLab.RUNTIME, lab.record());
    String link = EXTERNAL + ":r1";

    cuttable.cuts().cut(link, Cut.Plain.FIBRE);
    assertThat(inside("ip", "-o", "link", "show", "eth1")).contains("NO-CARRIER");
    assertThat(graph(lab).edges()).extracting(LabGraph.Edge::state).contains(LabGraph.State.CUT);
    assertThat(graph(lab).vertices())
        .extracting(LabGraph.Vertex::name, LabGraph.Vertex::life)
        .contains(tuple(EXTERNAL, LabGraph.Life.UP));
    cuttable.cuts().restore(link);
    assertThat(inside("ip", "-o", "link", "show", "eth1")).contains("LOWER_UP");

    cuttable.impairments().impair(link, Impairment.of(Map.of(ImpairmentKind.LOSS, "100%")));
    assertThat(lab.exec("r1", "ping -c 1 -W 1 10.9.0.1").exitCode()).isNotZero();
    cuttable.impairments().impair(link, Impairment.NONE);
    assertThat(lab.exec("r1", "ping -c 1 -W 5 10.9.0.1").exitCode()).isZero();
  }

  private LabGraph graph(DeployedLab lab) throws IOException {
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose(LAB, RuntimeKind.DOCKER, TopologyReader.Unsupported.REFUSE);
    ClabTopology topology = TopologyReader.read(file(), purpose, Map.of()).orThrow();
    return LabGraph.of(topology, lab.record(), DeployedLab.RUNTIME);
  }

  private void refusesWhatIsNotItsOwn(DeployedLab lab) throws IOException {
    CuttableLab cuttable = new CuttableLab(DeployedLab.RUNTIME, lab.record());

    assertThatThrownBy(() -> cuttable.cuts().cut(EXTERNAL, Cut.OfNode.NODE_KILL))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("is a container that others started");
    Plan second = plan(LAB + "b");
    assertThatThrownBy(() -> DeployedLab.deploy(second))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("'%s' has an interface eth1 already", EXTERNAL);
    ContainerLabTest.assertNothingLeft(LAB + "b");
  }

  @Test
  void a_container_that_is_missing_or_does_not_run_is_told_before_anything_is_made()
      throws IOException {
    Plan plan = plan(LAB);

    assertThatThrownBy(() -> DeployedLab.deploy(plan))
        .isInstanceOf(LabException.class)
        .hasMessage(
            "ext.clab.yml:4: topology.nodes.%1$s: there is no container '%1$s' (expected: one that"
                + " runs): start it with: docker run --detach --name %1$s IMAGE",
            EXTERNAL);
    docker("create", EXTERNAL);
    assertThatThrownBy(() -> DeployedLab.deploy(plan))
        .isInstanceOf(LabException.class)
        .hasMessage(
            "ext.clab.yml:4: topology.nodes.%1$s: container '%1$s' is created (expected: running):"
                + " docker start %1$s",
            EXTERNAL);
    ContainerLabTest.assertNothingLeft(LAB);
  }
}
