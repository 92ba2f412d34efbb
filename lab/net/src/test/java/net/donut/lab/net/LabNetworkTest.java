package net.donut.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Topology;
import org.junit.jupiter.api.Test;

/// Against the real kernel; needs root, `ip` and `tc`.
@NeedsKernel
class LabNetworkTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());

  private static String labName(String test) {
    return "t-" + test + ProcessHandle.current().pid();
  }

  @Test
  void the_two_ends_of_every_pair_have_different_indexes() {
    LabState state = LabState.claim(labName("idx"));
    try (LabNetwork network = LabNetwork.create(DONUT, state)) {
      String links = Command.run("ip", "-n", network.wire().name(), "-o", "link", "show");

      assertThat(links.lines().filter(line -> line.contains("@if")))
          .hasSizeGreaterThan(30)
          .allSatisfy(line -> {
            String own = line.substring(0, line.indexOf(':'));
            String peer = line.substring(line.indexOf("@if") + 3).split(":")[0];
            assertThat(own).as(line).isNotEqualTo(peer);
          });
    } finally {
      state.remove();
    }
  }

  @Test
  void a_lab_that_runs_is_not_taken_over() throws Exception {
    String lab = labName("held");
    Process holder = new ProcessBuilder("sleep", "60").start();
    try {
      Path directory = Files.createDirectories(LabState.directoryOf(lab));
      ProcessId id = ProcessId.of("lab", holder.pid()).orElseThrow();
      Files.writeString(
          directory.resolve("state.json"),
          """
          {"lab": "%s", "owner": {"name": "lab", "pid": %d, "start": %d}}
          """
              .formatted(lab, id.pid(), id.start()));

      assertThatThrownBy(() -> LabState.claim(lab))
          .isInstanceOf(LabException.class)
          .hasMessage(
              "lab '%s' is running (process %d): end it with: donut lab down --name %s"
                  .formatted(lab, id.pid(), lab));
    } finally {
      holder.destroyForcibly();
      LabState.read(lab).orElseThrow().remove();
    }
  }

  @Test
  void what_a_killed_lab_left_is_removed_by_the_next_of_its_name() throws Exception {
    String lab = labName("left");
    String namespace = LabNetwork.nameOf(lab, "edge1");
    Process owner = new ProcessBuilder("sleep", "60").start();
    Process child = new ProcessBuilder("sleep", "60").start();
    Path directory = Files.createDirectories(LabState.directoryOf(lab));
    ProcessId ownerId = ProcessId.of("lab", owner.pid()).orElseThrow();
    ProcessId childId = ProcessId.of("bird", child.pid()).orElseThrow();
    Command.run("ip", "netns", "add", namespace);
    Files.writeString(
        directory.resolve("state.json"),
        """
        {"lab": "%s", "owner": {"name": "lab", "pid": %d, "start": %d},
         "namespaces": ["%s"], "processes": [{"name": "bird", "pid": %d, "start": %d}]}
        """
            .formatted(
                lab, ownerId.pid(), ownerId.start(), namespace, childId.pid(), childId.start()));
    owner.destroyForcibly().waitFor(5, TimeUnit.SECONDS);

    LabState state = LabState.claim(lab);

    assertThat(child.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.exists(Path.of("/run/netns", namespace))).isFalse();
    assertThat(state.processes()).isEmpty();
    state.remove();
    assertThat(Files.exists(directory)).isFalse();
  }

  @Test
  void a_process_of_the_same_number_but_another_start_is_left_alone() throws Exception {
    Process bystander = new ProcessBuilder("sleep", "60").start();
    ProcessId real = ProcessId.of("x", bystander.pid()).orElseThrow();

    ProcessId.terminate(List.of(new ProcessId("x", real.pid(), real.start() - 1)));

    assertThat(bystander.isAlive()).isTrue();
    bystander.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
  }
}
