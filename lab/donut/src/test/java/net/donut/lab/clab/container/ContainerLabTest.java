package net.donut.lab.clab.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsDocker;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.run.LabInspection;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime.NodeState;
import net.donut.lab.clab.run.Labs;
import net.donut.lab.docker.Docker;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Pause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Labs of containers, on a real Docker engine.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsDocker
class ContainerLabTest {
  private static final String FRR = "quay.io/frrouting/frr:9.1.0";

  @TempDir private Path directory;

  private static String name(String test) {
    return "tc" + test + ProcessHandle.current().pid();
  }

  private Plan plan(Path file, String name) {
    return DeployedLab.plan(file, RuntimeKind.DOCKER, name, directory);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("lab.clab.yml"), text);
  }

  /// As any process has them, which knows the lab by its name only.
  private static Cuts cuts(String name) {
    return new CuttableLab(DeployedLab.RUNTIME, LabRecord.require(name)).cuts();
  }

  private static List<String> containers(String lab) {
    return Docker.require()
        .run("ps", "--all", "--format", "{{.Names}}", "--filter", "label=donut-lab=" + lab)
        .lines()
        .toList();
  }

  static void assertNothingLeft(String name) {
    assertThat(containers(name)).isEmpty();
    assertThat(Path.of("/run/netns").toFile().list()).noneMatch(file -> file.contains(name));
    assertThat(LabRecord.read(name)).isEmpty();
  }

  @Test
  void the_triangle_turns_around_a_cut_link_and_a_killed_node_comes_back() {
    String name = name("triangle");
    try (DeployedLab lab = DeployedLab.deploy(plan(DeployedLab.shipped("triangle"), name))) {
      lab.await("r1", "vtysh -c 'show ip bgp 198.51.100.48/28'", "2 available", "65002 65003");
      // An engine that has the image, or a registry to pull it from, runs that.
      assertThat(lab.outcome().notes())
          .hasSize(Docker.require().hasImage(FRR) ? 0 : 1)
          .allMatch(note -> note.contains(FRR) && note.contains("stands for it"));
      assertThat(lab.exec("r1", "hostname").output()).isEqualTo("r1\n");
      assertThat(LabInspection.json(DeployedLab.RUNTIME, List.of(lab.record())).toString())
          .contains("\"state\":\"running\"", "\"name\":\"clab-" + name + "-r1\"");

      cuts(name).cut("r1:r3", Cut.Plain.FIBRE);
      lab.await("r1", "ip route show 198.51.100.48/28", "dev eth1");
      cuts(name).restoreAll();
      lab.await("r1", "vtysh -c 'show ip bgp 198.51.100.48/28'", "2 available");

      cuts(name).cut("r2", Cut.OfNode.NODE_KILL);
      assertThat(lab.exec("r1", "ip -o link show eth1").output()).contains("NO-CARRIER");
      assertThat(state(lab, "r2")).isInstanceOf(NodeState.Absent.class);
      cuts(name).restore("r2");
      lab.await("r2", "vtysh -c 'show ip bgp 198.51.100.48/28'", "2 available");
    }
    assertNothingLeft(name);
  }

  /// Whose processes and control groups the container of a node sees.
  private static String modes(DeployedLab lab, String node) {
    return Docker.require()
        .run(
            "inspect",
            "--format",
            "{{.HostConfig.PidMode}} {{.HostConfig.CgroupnsMode}}",
            lab.record().node(node).container());
  }

  private static NodeState state(DeployedLab lab, String node) {
    return DeployedLab.RUNTIME.state(lab.record(), lab.record().node(node));
  }

  @Test
  void the_exchange_gives_every_member_the_others_prefixes() {
    String name = name("exchange");
    try (DeployedLab lab = DeployedLab.deploy(plan(DeployedLab.shipped("exchange"), name))) {
      lab.await("m1", "ip route show 198.51.100.128/26", "via 192.0.2.13 dev eth1");
      lab.await("m1", "birdc show route all for 198.51.100.65", "65002", "via 192.0.2.12");

      cuts(name).cut("m2:eth1", Cut.Plain.FIBRE);
      cuts(name).cut("m3", Cut.OfNode.NODE_FREEZE);
      assertThat(state(lab, "m3")).isInstanceOf(NodeState.Paused.class);
      assertThat(lab.exec("m2", "ip -o link show eth1").output()).contains("NO-CARRIER");
      cuts(name).restoreAll();
      assertThat(state(lab, "m3")).isInstanceOf(NodeState.Running.class);
      lab.await("m2", "ip route show 198.51.100.0/26", "via 192.0.2.11 dev eth1");
    }
    assertNothingLeft(name);
  }

  @Test
  void a_node_in_the_hosts_network_has_the_management_bridge_with_ipv6() throws IOException {
    Path file =
        file(
            """
            name: x
            topology:
              defaults: {kind: linux, image: donut-lab, image-pull-policy: Never}
              nodes:
                a:
                h: {network-mode: host}
              links:
                - endpoints: ["a:eth1", "host:aeth1"]
            """);
    String name = name("host");
    try (DeployedLab lab = DeployedLab.deploy(plan(file, name))) {
      assertThat(lab.exec("h", "ip -o -6 addr show scope global").output())
          .contains("3fff:172:20:20::1/64");
      assertThat(lab.exec("h", "ip -o link show aeth1").output()).contains("LOWER_UP");
      assertThat(lab.exec("a", "ping -6 -c 1 -W 2 3fff:172:20:20::1").exitCode()).isZero();
    }
    assertNothingLeft(name);
  }

  @Test
  void a_node_is_what_the_file_says_and_keeps_its_network_when_it_ends() throws IOException {
    Files.writeString(directory.resolve("conf"), "bound\n");
    Path file =
        file(
            """
            name: x
            topology:
              defaults: {kind: linux, image: donut-lab, image-pull-policy: Never}
              nodes:
                a:
                  hostname: alpha
                  binds: ["conf:/etc/some/where/file:ro"]
                  tmpfs: {/scratch: size=1m}
                  env: {COLOUR: blue}
                  labels: {my-label: 7}
                  memory: 256mb
                  dns: {servers: [192.0.2.53], options: [ndots:3]}
                  pid-mode: host
                  cgroupns-mode: host
                  sysctls: {net.ipv4.conf.all.rp_filter: 2, kernel.msgmax: 4096}
                  cmd: sh -c 'while ! [ -e /go ]; do sleep 0.1; done; touch /ready; sleep 1000'
                  healthcheck: {test: [CMD, test, -e, /ready], interval: 1, retries: 20}
                  exec:
                    - sh -c 'echo $COLOUR $CLAB_LABEL_MY_LABEL $CLAB_INTFS > /colour'
                    - ip addr add 10.9.0.1/24 dev eth1
                    - touch /go
                b:
                  aliases: [beta]
                  restart-policy: "no"
                  entrypoint: sh
                  cmd: -c 'exit 3'
                  user: nobody
                  stages: {create: {wait-for: [{node: a, stage: healthy}]}}
                c:
                  network-mode: container:a
                  privileged: false
                  stages: {create: {wait-for: [{node: b, stage: exit}]}}
              links:
                - endpoints: ["a:eth1", "b:eth1"]
            """);
    String name = name("node");
    try (DeployedLab lab = DeployedLab.deploy(plan(file, name))) {
      assertThat(lab.outcome().failures()).isEmpty();
      assertThat(lab.exec("a", "hostname").output()).isEqualTo("alpha\n");
      assertThat(lab.exec("a", "cat /etc/some/where/file").output()).isEqualTo("bound\n");
      assertThat(lab.exec("a", "sh -c 'echo x > /etc/some/where/file'").exitCode()).isNotZero();
      assertThat(lab.exec("a", "cat /colour").output()).isEqualTo("blue 7 1\n");
      assertThat(lab.exec("a", "cat /etc/resolv.conf").output()).contains("options ndots:3");
      assertThat(modes(lab, "a")).isEqualTo("host host");
      assertThat(lab.exec("a", "cat /proc/sys/net/ipv4/conf/all/rp_filter /proc/sys/kernel/msgmax"))
          .extracting("output")
          .isEqualTo("2\n4096\n");
      assertThat(lab.exec("a", "ping -c 1 -W 5 beta").exitCode()).isZero();
      assertThat(state(lab, "b").status()).isEqualTo("Exited (3)");
      assertThat(lab.exec("c", "ip -o addr show eth1").output()).contains("10.9.0.1/24");
      assertThat(lab.exec("c", "ip link set eth1 down").exitCode()).isNotZero();

      cuts(name).cut("a", Cut.OfNode.NODE_KILL);
      assertThat(lab.exec("c", "ip -o addr show eth1").output()).contains("10.9.0.1/24");
      cuts(name).restore("a");
      assertThat(lab.exec("a", "ip -o link show eth1").output()).contains("LOWER_UP");
      assertThat(lab.exec("a", "ip -o addr show eth0").output())
          .contains(lab.record().node("a").ipv4() + "/24");
    }
    assertNothingLeft(name);
  }

  @Test
  void an_image_that_cannot_be_had_is_replaced_by_what_stands_for_it() throws IOException {
    Path file =
        file(
            """
            name: x
            topology:
              nodes: {a: {kind: linux, image: donut-test/no-such-frr, image-pull-policy: Never}}
            """);
    String name = name("standin");

    try (DeployedLab lab = DeployedLab.deploy(plan(file, name))) {
      assertThat(lab.outcome().notes())
          .singleElement()
          .asString()
          .startsWith("image donut-test/no-such-frr is not there (image-pull-policy is Never): frr")
          .endsWith("stands for it");
      assertThat(state(lab, "a")).isInstanceOf(NodeState.Running.class);
    }
    assertNothingLeft(name);
  }

  @Test
  void an_image_that_cannot_be_had_and_that_nothing_stands_for_is_refused() throws IOException {
    Path file =
        file(
            """
            name: x
            topology:
              nodes: {a: {kind: linux, image: no-such-thing, image-pull-policy: Never}}
            """);

    assertThatThrownBy(() -> DeployedLab.deploy(plan(file, name("none"))))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("node a: image no-such-thing is not there");

    assertNothingLeft(name("none"));
  }

  @Test
  void a_killed_deployment_leaves_nothing_after_destroy() throws IOException {
    Path file =
        file(
            """
            name: x
            topology:
              defaults: {kind: linux, image: donut-lab}
              nodes: {a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}, h: {}}
              links:
                - endpoints: ["a:eth1", "b:eth1"]
            """);
    String name = name("killed");
    killInTheMiddle(file, name);
    assertThat(containers(name)).isNotEmpty();

    Labs.destroyIfThere(DeployedLab.RUNTIME, name, Labs.Directory.DELETE);

    assertNothingLeft(name);
  }

  private void killInTheMiddle(Path file, String name) throws IOException {
    List<String> words = List.of("lab", "deploy", "-t", file.toString(), "--name", name);
    List<String> command = new java.util.ArrayList<>(Launcher.command(words));
    command.addAll(List.of("--runtime", "docker", "--max-workers", "1"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("deploy.log").toFile());
    builder.environment().put("CLAB_LABDIR_BASE", directory.toString());
    Process deploy = builder.start();
    try {
      Pause.until(
          "some nodes of the deployment to start",
          Duration.ofSeconds(60),
          () -> containers(name).stream().anyMatch(container -> container.endsWith("-c")));
    } finally {
      deploy.destroyForcibly();
      deploy.onExit().join();
    }
  }
}
