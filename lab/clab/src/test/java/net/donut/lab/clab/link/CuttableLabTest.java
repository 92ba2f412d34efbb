package net.donut.lab.clab.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.run.LabInspection;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of cut in a deployed lab, against the real kernel.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsKernel
class CuttableLabTest {
  private static final String LINK = "a:eth1-b:eth1";
  private static final String TOPOLOGY =
      """
      name: x
      topology:
        defaults: {kind: linux, image: alpine}
        nodes:
          a:
            exec:
              - ip addr add 10.9.0.1/24 dev eth1
              - ip route add 224.0.0.0/4 dev eth1
          b:
            cmd: sh -c 'while :; do sleep 0.1; done'
            exec:
              - touch /configured
              - ip addr add 10.9.0.2/24 dev eth1
              - ip addr add fd00:9::2/64 dev eth1
              - ip route add 10.8.0.0/16 via 10.9.0.1
              - ip route add 224.0.0.0/4 dev eth1
              - ip route add fd00:8::/32 via fd00:9::1
          c: {}
        links:
          - endpoints: ["a:eth1", "b:eth1"]
          - endpoints: ["b:eth2", "c:eth1"]
          - {type: dummy, endpoint: {node: a, interface: dum0}}
      """;

  @TempDir private Path directory;

  private DeployedLab lab;

  @BeforeEach
  void deploy() throws IOException {
    Path file = Files.writeString(directory.resolve("lab.clab.yml"), TOPOLOGY);
    lab = DeployedLab.deploy(file, "tcut" + ProcessHandle.current().pid(), directory);
  }

  @AfterEach
  void destroy() {
    lab.close();
  }

  /// The cuts as any process has them, which knows the lab by its name only.
  private Cuts cuts() {
    return new CuttableLab(DeployedLab.RUNTIME, LabRecord.require(lab.record().lab())).cuts();
  }

  @Test
  void a_link_has_the_names_of_its_ends_and_of_its_nodes() {
    for (String name : List.of(LINK, "b:eth1-a:eth1", "a:eth1", "b:eth1", "a:b", "b:a", "a-b")) {
      cuts().cut(name, Cut.Plain.SILENT);
      assertThat(cuts().active()).as(name).containsOnly(Map.entry(LINK, Cut.Plain.SILENT));

      cuts().restore(name);
      assertThat(cuts().active()).as(name).isEmpty();
    }
  }

  @Test
  void what_cannot_be_cut_is_refused_with_what_can() {
    assertThatThrownBy(() -> cuts().cut("a:eth7", Cut.Plain.FIBRE))
        .isInstanceOf(LabException.class)
        .hasMessage(
            "link: 'a:eth7' is none of this lab (expected one of: a:eth1-b:eth1, b:eth2-c:eth1,"
                + " a:dum0)");
    assertThatThrownBy(() -> cuts().cut("a:dum0", Cut.Plain.FIBRE))
        .hasMessage("link a:dum0 leads to nothing: it has no wire to change");
    assertThatThrownBy(() -> cuts().cut("d", Cut.OfNode.NODE_KILL))
        .hasMessage("node: 'd' (expected one of: a, b, c)");
    assertThatThrownBy(() -> PacketCapture.interfaceOf(lab.record(), "a:eth7"))
        .hasMessageContaining("interface of a: 'eth7' (expected one of: lo, ");
    assertThat(cuts().active()).isEmpty();
  }

  @Test
  void a_fibre_cut_takes_the_carrier_at_both_ends_and_of_no_other_link() {
    cuts().cut(LINK, Cut.Plain.FIBRE);

    assertThat(link("a", "eth1")).contains("NO-CARRIER");
    assertThat(link("b", "eth1")).contains("NO-CARRIER");
    assertThat(link("b", "eth2")).contains("LOWER_UP");

    cuts().restore(LINK);

    assertThat(link("a", "eth1")).contains("LOWER_UP");
    assertThat(arrives("a", "b")).isTrue();
  }

  @Test
  void silent_one_way_and_brown_out_keep_the_carrier_and_lose_what_is_sent() {
    assertThat(arrives("a", "b")).isTrue();

    cuts().cut(LINK, Cut.Plain.SILENT);
    assertThat(link("a", "eth1")).contains("LOWER_UP");
    assertThat(arrives("a", "b")).isFalse();
    assertThat(arrives("b", "a")).isFalse();

    cuts().cut(LINK, Cut.Plain.ONE_WAY);
    assertThat(arrives("a", "b")).isFalse();
    assertThat(arrives("b", "a")).isTrue();

    cuts().cut(LINK, new Cut.BrownOut(100));
    assertThat(arrives("b", "a")).isFalse();

    cuts().restore(LINK);
    assertThat(arrives("a", "b")).isTrue();
    assertThat(arrives("b", "a")).isTrue();
  }

  @Test
  void admin_down_gives_addresses_and_routes_back_and_the_far_end_loses_its_carrier() {
    cuts().cut(LINK, Cut.Plain.ADMIN_DOWN);

    assertThat(link("b", "eth1")).doesNotContain(",UP");
    assertThat(addresses()).doesNotContain("fd00:9::2").doesNotContain("10.8.0.0/16");
    Pause.until(
        "the carrier at the far end to go",
        Duration.ofSeconds(10),
        () -> link("a", "eth1").contains("NO-CARRIER"));

    cuts().restore(LINK);

    Pause.until(
        "the carrier at the far end to come",
        Duration.ofSeconds(10),
        () -> link("a", "eth1").contains("LOWER_UP"));
    assertThat(addresses())
        .contains("10.9.0.2/24", "fd00:9::2/64", "10.8.0.0/16 via 10.9.0.1", "fd00:8::/32");
    assertThat(arrives("a", "b")).isTrue();
  }

  private String addresses() {
    return lab.exec(
            "b",
            "sh -c 'ip -br addr show dev eth1; ip route show dev eth1; ip -6 route show dev eth1'")
        .output();
  }

  @Test
  void a_flap_leaves_the_link_up() {
    long before = carrierLosses();

    cuts().cut(LINK, new Cut.Flap(2, Duration.ofMillis(200)));

    assertThat(cuts().active()).isEmpty();
    assertThat(link("a", "eth1")).contains("LOWER_UP");
    assertThat(carrierLosses() - before).isEqualTo(2);
  }

  private long carrierLosses() {
    return Long.parseLong(
        lab.exec("a", "cat /sys/class/net/eth1/carrier_down_count").output().strip());
  }

  @Test
  void a_killed_node_has_no_carrier_and_starts_again_with_its_exec_lines() {
    cuts().cut("b", Cut.OfNode.NODE_KILL);

    assertThat(link("a", "eth1")).contains("NO-CARRIER");
    assertThat(link("c", "eth1")).contains("NO-CARRIER");
    assertThat(state("b")).isEqualTo("dead");

    cuts().restore("b");

    assertThat(link("a", "eth1")).contains("LOWER_UP");
    assertThat(state("b")).isEqualTo("running");
    assertThat(lab.exec("b", "test -e /configured").exitCode()).isZero();
    assertThat(arrives("a", "b")).isTrue();
  }

  @Test
  void a_frozen_node_is_paused_and_its_kernel_answers() {
    cuts().cut("b", Cut.OfNode.NODE_FREEZE);

    assertThat(state("b")).isEqualTo("paused");
    assertThat(arrives("a", "b")).isTrue();
    assertThat(lab.exec("b", "sh -c 'cat /proc/[0-9]*/stat'").output()).contains(" T ");

    cuts().restore("b");
    assertThat(state("b")).isEqualTo("running");
  }

  private String state(String node) {
    return LabInspection.json(DeployedLab.RUNTIME, List.of(lab.record()))
        .findParents("name")
        .stream()
        .filter(entry -> entry.path("name").asText().endsWith("-" + node))
        .findFirst()
        .orElseThrow()
        .path("state")
        .asText();
  }

  @Test
  void inspect_and_list_show_what_is_cut() {
    cuts().cut(LINK, new Cut.BrownOut(5));
    cuts().cut("c", Cut.OfNode.NODE_KILL);

    LabRecord record = lab.record();
    StringWriter text = new StringWriter();
    LinkList list = LinkList.of(record, new CuttableLab(DeployedLab.RUNTIME, record).cables());
    list.print(new PrintWriter(text));
    assertThat(text.toString().replaceAll(" +", " "))
        .isEqualToNormalizingNewlines(
            """
            LINK STATE CARRIER MTU ADDRESSES IMPAIRMENT
            a:eth1-b:eth1 cut (brown-out 5 %) up 9500 10.9.0.1/24 | 10.9.0.2/24,fd00:9::2/64 -
            b:eth2-c:eth1 down with its node no 9500 - -
            node c is cut (node-kill)
            """);
    assertThat(list.json().at("/links/0/ends/1").toString())
        .isEqualTo(
            "{\"node\":\"b\",\"interface\":\"eth1\",\"state\":\"up\",\"carrier\":true,\"mtu\":9500,"
                + "\"addresses\":[\"10.9.0.2/24\",\"fd00:9::2/64\"]}");
    assertThat(list.json().at("/links/1/ends/0/carrier").asBoolean()).isFalse();
    assertThat(
            LabInspection.json(DeployedLab.RUNTIME, List.of(record))
                .findValue("donut_interfaces")
                .at("/0/link")
                .asText())
        .isEqualTo(LINK);
    assertThat(list.json().at("/links/0/loss_percent").asInt()).isEqualTo(5);
    assertThat(list.json().at("/links/1/state").asText()).isEqualTo("down");
    assertThat(
            LabInspection.json(DeployedLab.RUNTIME, List.of(record))
                .findValue("donut_links")
                .toString())
        .isEqualTo(
            "[{\"interface\":\"eth1\",\"link\":\"a:eth1-b:eth1\",\"state\":\"cut\","
                + "\"kind\":\"brown-out\",\"loss_percent\":5.0}]");
  }

  @Test
  void a_capture_ends_after_so_many_packets_and_after_so_much_time() throws IOException {
    StringWriter text = new StringWriter();
    Thread sending =
        Thread.ofPlatform()
            .start(() -> {
              while (!text.toString().contains("3 packets captured")) {
                send("a");
              }
            });
    capture(null, 3, Duration.ofSeconds(60), text);
    Pause.join(sending);
    assertThat(text.toString()).contains("> 224.0.0.1.9: UDP", "3 packets captured");

    Path file = directory.resolve("b.pcap");
    capture(file, 0, Duration.ofSeconds(1), text);
    assertThat(Files.size(file)).as("a header at least").isGreaterThanOrEqualTo(24);
  }

  private void capture(@Nullable Path file, int mostPackets, Duration longest, StringWriter text) {
    new PacketCapture(
            PacketCapture.interfaceOf(lab.record(), "b:eth1"),
            file,
            mostPackets,
            longest,
            List.of("udp", "port", "9"))
        .run(new PrintWriter(text), new PrintWriter(text));
  }

  @Test
  void an_end_that_somebody_set_down_is_shown_though_nobody_cut_the_link() {
    lab.exec("a", "ip link set eth1 down");
    Pause.until(
        "b hears of it", Duration.ofSeconds(10), () -> link("b", "eth1").contains("NO-CARRIER"));

    LabRecord record = lab.record();
    StringWriter text = new StringWriter();
    LinkList.of(record, new CuttableLab(DeployedLab.RUNTIME, record).cables())
        .print(new PrintWriter(text));

    assertThat(text.toString().replaceAll(" +", " "))
        .contains("a:eth1-b:eth1 down at a, no carrier at b no 9500 10.9.0.1/24 | 10.9.0.2/24");
  }

  private String link(String node, String device) {
    return lab.exec(node, "ip -o link show dev " + device).output();
  }

  /// Whether frames over the first link are counted at its other end.
  private boolean arrives(String from, String to) {
    long before = received(to);
    send(from);
    return received(to) - before >= 20;
  }

  /// Frames to everybody on a link, which needs no answer.
  private void send(String from) {
    lab.exec(from, "bash -c 'for i in {1..20}; do echo x >/dev/udp/224.0.0.1/9; done'");
  }

  private long received(String node) {
    return Long.parseLong(
        lab.exec(node, "cat /sys/class/net/eth1/statistics/rx_packets").output().strip());
  }
}
