package net.donut.lab.clab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Pause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Deploying, failing, being killed and destroying, on the namespace runtime.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsKernel
class LifecycleTest {
  private static final Duration LARGE_LIMIT = Duration.ofSeconds(20);

  @TempDir private Path directory;

  private static String name(String test) {
    return "t" + test + ProcessHandle.current().pid();
  }

  private Path file(String text) throws IOException {
    Path file = directory.resolve("lab.clab.yml");
    Files.writeString(file, text);
    return file;
  }

  /// A ring of nodes with chords: 50 nodes, 80 links.
  private Path large() throws IOException {
    StringBuilder text = new StringBuilder("name: large\ntopology:\n");
    text.append("  defaults: {kind: linux, image: alpine:3}\n  nodes:\n");
    int[] interfaces = new int[50];
    for (int i = 0; i < 50; i++) {
      text.append("    n").append(i).append(":\n");
    }
    text.append("  links:\n");
    for (int i = 0; i < 80; i++) {
      int a = i % 50;
      int b = (i < 50 ? i + 1 : i + 17) % 50;
      text.append(
          "    - endpoints: [\"n%d:eth%d\", \"n%d:eth%d\"]\n"
              .formatted(a, ++interfaces[a], b, ++interfaces[b]));
    }
    return file(text.toString());
  }

  @Test
  void fifty_nodes_and_eighty_links_stand_soon_and_leave_nothing() throws IOException {
    String name = name("large");
    long begun = System.nanoTime();

    try (DeployedLab lab = DeployedLab.deploy(large(), name, directory)) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LARGE_LIMIT);
      assertThat(lab.record().nodes()).hasSize(50);
      assertThat(lab.record().links()).hasSize(80);
      assertThat(lab.exec("n49", "ip -o link show eth1").output()).contains("LOWER_UP");
    }

    assertNothingLeft(name);
  }

  private static void assertNothingLeft(String name) {
    assertThat(DeployedLab.namespaces(name)).isEmpty();
    assertThat(Files.exists(LabRecord.directoryOf(name))).isFalse();
    assertThat(
            ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
        .noneMatch(line -> line.contains("/run/donut/clab/" + name + "/"));
  }

  @Test
  void what_a_killed_deployment_left_is_removed_by_the_next_and_by_destroy() throws Exception {
    Path file = large();
    String name = name("killed");
    killInTheMiddle(file, name);
    assertThat(LabRecord.require(name).phase()).isEqualTo(LabRecord.Phase.DEPLOYING);
    assertThat(DeployedLab.namespaces(name)).isNotEmpty();

    DeployedLab.deploy(file, name, directory).close();

    assertNothingLeft(name);

    killInTheMiddle(file, name);
    Labs.destroyIfThere(DeployedLab.RUNTIME, name, Labs.Directory.DELETE);
    assertNothingLeft(name);
  }

  /// Starts a deployment as another process and kills it when some nodes run and not all.
  private void killInTheMiddle(Path file, String name) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Launcher.command(
                    List.of(
                        "lab",
                        "deploy",
                        "-t",
                        file.toString(),
                        "--name",
                        name,
                        "--max-workers",
                        "1")))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("deploy.log").toFile());
    builder.environment().put("CLAB_LABDIR_BASE", directory.toString());
    Process deploy = builder.start();
    try {
      Path first = LabRecord.directoryOf(name).resolve("nodes");
      Pause.until(
          "a node of the deployment to start",
          Duration.ofSeconds(60),
          () -> {
            String[] nodes = first.toFile().list();
            return nodes != null && nodes.length > 3;
          });
    } finally {
      deploy.destroyForcibly();
      deploy.onExit().join();
    }
  }

  @Test
  void a_lab_that_is_there_is_not_deployed_over() throws IOException {
    Path file = file("name: x\ntopology: {nodes: {a: {kind: linux, image: alpine}}}\n");
    String name = name("twice");
    try (DeployedLab lab = DeployedLab.deploy(file, name, directory)) {
      assertThatThrownBy(() -> DeployedLab.deploy(file, name, directory))
          .isInstanceOf(LabException.class)
          .hasMessageContaining("is deployed already");
      assertThat(lab.exec("a", "true").exitCode()).isZero();
    }
    assertNothingLeft(name);
  }

  @Test
  void a_node_that_cannot_start_takes_the_whole_deployment_back() throws IOException {
    Path file =
        file(
            """
            name: x
            topology:
              nodes:
                a: {kind: linux, image: alpine}
                b: {kind: linux, image: alpine, tmpfs: {/x: size=nonsense}}
            """);
    String name = name("broken");

    assertThatThrownBy(() -> DeployedLab.deploy(file, name, directory))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("node b did not start");

    assertNothingLeft(name);
  }

  @Test
  void a_node_has_its_own_root_names_binds_environment_and_sysctls() throws IOException {
    Files.writeString(directory.resolve("conf"), "bound\n");
    Path file =
        file(
            """
            name: x
            topology:
              defaults: {kind: linux, image: alpine}
              nodes:
                a:
                  hostname: alpha
                  binds: ["conf:/etc/some/where/file:ro"]
                  env: {COLOUR: blue}
                  labels: {my-label: 7}
                  sysctls: {net.ipv4.conf.all.rp_filter: 2, net.ipv4.no_such_thing: 1}
                  shm-size: 5MB
                  aliases: [gateway]
                  restart-policy: unless-stopped
                  exec:
                    - sh -c 'echo $COLOUR $CLAB_LABEL_MY_LABEL $CLAB_INTFS > /colour'
                    - ip addr add 10.9.0.1/24 dev eth1
                    - "false"
                b:
                  exec: [ip addr add 10.9.0.2/24 dev eth1]
                c: {user: "65534:65534"}
              links:
                - endpoints: ["a:eth1", "b:eth1"]
                - {type: dummy, endpoint: {node: a, interface: dum0}}
            """);
    try (DeployedLab lab = DeployedLab.deploy(file, name("root"), directory)) {
      assertThat(lab.exec("a", "hostname").output()).isEqualTo("alpha\n");
      assertThat(lab.exec("a", "cat /etc/some/where/file").output()).isEqualTo("bound\n");
      assertThat(lab.exec("a", "sh -c 'echo x > /etc/some/where/file'").exitCode()).isNotZero();
      assertThat(lab.exec("a", "cat /colour").output()).isEqualTo("blue 7 2\n");
      assertThat(lab.exec("b", "test -e /colour").exitCode()).isNotZero();
      assertThat(Files.exists(Path.of("/colour"))).isFalse();
      assertThat(lab.exec("a", "cat /proc/sys/net/ipv4/conf/all/rp_filter").output())
          .isEqualTo("2\n");
      assertThat(lab.outcome().notes())
          .containsExactly(
              "lab.clab.yml:5: topology.nodes.a.sysctls.net.ipv4.no_such_thing: has no effect: the"
                  + " kernel has no such setting");
      assertThat(lab.exec("b", "getent ahosts gateway").output())
          .contains(lab.record().node("a").ipv4(), lab.record().node("a").ipv6());
      assertThat(lab.exec("a", "df --output=size -B 1M /dev/shm").output()).contains(" 5\n");
      assertThat(lab.exec("c", "ps -e -o uid=,comm=").output()).contains("65534 sleep");
      assertThat(lab.exec("a", "cat /sys/class/net/dum0/operstate").output()).isEqualTo("up\n");
      assertThat(lab.exec("a", "cat /sys/class/net/eth1/mtu").output()).isEqualTo("9500\n");
      assertThat(lab.exec("a", "ps -e -o pid=").output().lines().count()).isLessThan(8);
      assertThat(lab.outcome().failures())
          .singleElement()
          .extracting(LabRuntime.ExecResult::command)
          .isEqualTo(List.of("false"));
      assertThat(Files.readString(directory.resolve("clab-" + name("root"), "topology-data.json")))
          .contains("\"longname\" : \"clab-" + name("root") + "-a\"");
    }
  }

  @Test
  void a_node_waits_for_the_health_of_another_and_restarts_as_its_policy_says() throws IOException {
    Path file =
        file(
            """
            name: x
            topology:
              defaults: {kind: linux, image: alpine}
              nodes:
                a:
                  cmd: sh -c 'while ! [ -e /go ]; do sleep 0.1; done; touch /ready; sleep 1000'
                  exec: [touch /go]
                  healthcheck: {test: [CMD, test, -e, /ready], interval: 1, retries: 20}
                b:
                  restart-policy: "no"
                  cmd: "true"
                  stages: {create: {wait-for: [{node: a, stage: healthy}]}}
                c:
                  network-mode: container:a
            """);
    Plan plan = DeployedLab.plan(file, name("wait"), directory);
    assertThat(plan.node("c").orElseThrow().namespace())
        .isEqualTo(plan.node("a").orElseThrow().namespace());

    try (DeployedLab lab = DeployedLab.deploy(file, name("wait"), directory)) {
      LabRecord record = lab.record();
      assertThat(lab.exec("a", "test -e /ready").exitCode()).isZero();
      Pause.until(
          "b to end",
          Duration.ofSeconds(20),
          () -> DeployedLab.RUNTIME.state(record, record.node("b")).state().equals("exited"));
      assertThat(DeployedLab.RUNTIME.state(record, record.node("b")).status())
          .isEqualTo("Exited (0)");
      assertThat(lab.exec("c", "ip -o addr show eth0").output())
          .contains(record.node("a").ipv4() + "/24");
    }
  }
}
