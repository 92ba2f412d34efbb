package net.donut.lab.clab.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An exchange that goes down: a bridge fails, and with it each of its links.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsKernel
class BridgeFailureTest {
  private static final String TOPOLOGY =
      """
      name: x
      topology:
        defaults: {kind: linux, image: alpine}
        nodes:
          a: {exec: [ip address add fd00:9::1/64 dev eth1 nodad]}
          b: {exec: [ip address add fd00:9::2/64 dev eth1 nodad]}
          ix: {kind: bridge}
        links:
          - endpoints: ["a:eth1", "ix:pa"]
          - endpoints: ["b:eth1", "ix:pb"]
          - endpoints: ["a:eth2", "b:eth2"]
      """;

  @TempDir private Path directory;

  private DeployedLab lab;

  @BeforeEach
  void deploy() throws IOException {
    Path file = Files.writeString(directory.resolve("lab.clab.yml"), TOPOLOGY);
    lab = DeployedLab.deploy(file, "tbr" + ProcessHandle.current().pid(), directory);
  }

  @AfterEach
  void destroy() {
    lab.close();
  }

  private Cuts cuts() {
    return new CuttableLab(DeployedLab.RUNTIME, LabRecord.require(lab.record().lab())).cuts();
  }

  private String link(String node, String device) {
    return lab.exec(node, "ip -o link show dev " + device).output();
  }

  /// By the answer to a neighbor solicitation, which needs no program in the other node.
  private boolean reaches() {
    lab.exec("a", "ip -6 neigh flush dev eth1");
    lab.exec("a", "bash -c 'echo >/dev/udp/fd00:9::2/9'");
    for (int i = 0; i < 20; i++) {
      String neighbor = lab.exec("a", "ip -6 neigh show fd00:9::2 dev eth1").output();
      if (neighbor.contains("lladdr")) {
        return true;
      }
      if (neighbor.contains("FAILED")) {
        return false;
      }
      Pause.of(Duration.ofMillis(200));
    }
    return false;
  }

  @Test
  void a_killed_bridge_takes_the_carrier_of_its_links_and_of_no_other() {
    assertThat(reaches()).isTrue();

    cuts().cut("ix", Cut.OfNode.NODE_KILL);

    assertThat(link("a", "eth1")).contains("NO-CARRIER");
    assertThat(link("b", "eth1")).contains("NO-CARRIER");
    assertThat(link("a", "eth2")).contains("LOWER_UP");
    LabRecord record = lab.record();
    LinkList list = LinkList.of(record, new CuttableLab(DeployedLab.RUNTIME, record).cables());
    assertThat(list.nodes()).containsOnlyKeys("ix");
    assertThat(list.json().at("/links/0/ends/0/carrier").asBoolean()).isFalse();

    cuts().restore("ix");

    assertThat(link("a", "eth1")).contains("LOWER_UP");
    assertThat(reaches()).isTrue();
    assertThat(cuts().active()).isEmpty();
  }

  @Test
  void a_silent_bridge_keeps_carrier_and_carries_nothing() {
    cuts().cut("ix", Cut.Plain.SILENT);

    assertThat(cuts().active())
        .containsOnly(
            Map.entry("a:eth1-ix:pa", Cut.Plain.SILENT),
            Map.entry("b:eth1-ix:pb", Cut.Plain.SILENT));
    assertThat(link("a", "eth1")).contains("LOWER_UP");
    assertThat(reaches()).isFalse();

    cuts().restore("ix");

    assertThat(cuts().active()).isEmpty();
    assertThat(reaches()).isTrue();
  }

  @Test
  void a_brown_out_of_a_bridge_is_one_of_each_link() {
    cuts().cut("ix", new Cut.BrownOut(100));

    assertThat(cuts().active()).hasSize(2);
    assertThat(reaches()).isFalse();

    cuts().restoreAll();

    assertThat(reaches()).isTrue();
  }

  @Test
  void a_bridge_is_not_frozen() {
    assertThatThrownBy(() -> cuts().cut("ix", Cut.OfNode.NODE_FREEZE))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("is a bridge, whose kernel would forward on (expected: node-kill");
    assertThat(cuts().active()).isEmpty();
  }
}
