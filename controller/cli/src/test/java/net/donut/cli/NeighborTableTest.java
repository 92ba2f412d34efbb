package net.donut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.report.text.Pen;
import org.junit.jupiter.api.Test;

class NeighborTableTest {

  private static NeighborInfo session(
      String name, String family, Consumer<NeighborInfo.Builder> more) {
    long started = Instant.now().minus(Duration.ofHours(2)).minusSeconds(300).toEpochMilli();
    NeighborInfo.Builder neighbor =
        NeighborInfo.newBuilder()
            .setName(name)
            .setRouter("edge1")
            .setRelation("transit")
            .setLinkUp(true)
            .setAccepted(25_006)
            .setBest(10_583);
    neighbor
        .getSessionBuilder()
        .setNeighbor(name + "/" + family)
        .setRemoteAs(64601)
        .setState("Established")
        .setEstablishedUnixMs(started)
        .setPrefixesIpv4(family.equals("ipv4") ? 20_003 : 0)
        .setPrefixesIpv6(family.equals("ipv6") ? 5_003 : 0)
        .setAdvertisedIpv4(family.equals("ipv4") ? 2 : 0);
    more.accept(neighbor);
    return neighbor.build();
  }

  private static void down(NeighborInfo.Builder neighbor, String reason) {
    SessionState.Builder session = neighbor.getSessionBuilder();
    session.setState("Connect").setEstablishedUnixMs(0).setPrefixesIpv4(0).setPrefixesIpv6(0);
    session.setDownSinceUnixMs(Instant.now().minusSeconds(65).toEpochMilli());
    session.setDownReason(reason);
    neighbor.setHeldMs(9_000).setBest(0);
  }

  private static List<NeighborTable.Row> rows(NeighborInfo... sessions) {
    return NeighborTable.Row.of(List.of(sessions));
  }

  @Test
  void the_families_of_a_neighbor_are_side_by_side() {
    List<NeighborTable.Row> rows =
        rows(
            session("tier1a", "ipv4", _ -> {}),
            session("tier1a", "ipv6", _ -> {}),
            session("tier2a", "ipv4", _ -> {}));

    assertThat(NeighborTable.overview(rows).lines())
        .containsExactly(
            "NEIGHBOR  ROUTER  RELATION     AS  IPV4      RECEIVED  SENT  IPV6      RECEIVED  SENT"
                + "  ACCEPTED  REFUSED    BEST  BFD  LINK  LAST DOWN",
            "tier1a    edge1   transit   64601  up 2h05m    20,003     2  up 2h05m     5,003     0"
                + "    25,006        0  10,583  -    up    -",
            "tier2a    edge1   transit   64601  up 2h05m    20,003     2  -                -     -"
                + "    25,006        0  10,583  -    up    -");
  }

  @Test
  void a_reason_that_is_the_same_for_both_families_is_said_once() {
    List<NeighborTable.Row> rows =
        rows(
            session("tier1a", "ipv4", one -> down(one, "BFD down")),
            session("tier1a", "ipv6", one -> down(one, "BFD down")));

    assertThat(NeighborTable.overview(rows).lines().getLast())
        .contains("Connect 1m05s", "25,006 (held 9s)")
        .endsWith("  BFD down");
    assertThat(NeighborTable.down(rows).lines())
        .containsExactly(
            "NEIGHBOR  ROUTER  RELATION     AS  STATE     DOWN  REASON    NEXT TRY",
            "tier1a    edge1   transit   64601  Connect  1m05s  BFD down  now");
  }

  @Test
  void sessions_that_differ_have_a_row_each_among_those_that_are_down() {
    List<NeighborTable.Row> rows =
        rows(
            session("tier1a", "ipv4", one -> down(one, "hold timer expired")),
            session("tier1a", "ipv6", one -> down(one, "BFD down")));

    assertThat(NeighborTable.overview(rows).lines().getLast())
        .endsWith("ipv4: hold timer expired; ipv6: BFD down");
    assertThat(NeighborTable.down(rows).lines()).hasSize(3);
  }

  @Test
  void a_neighbor_is_green_when_up_and_red_when_down() {
    List<NeighborTable.Row> rows =
        rows(
            session("tier1a", "ipv4", _ -> {}),
            session("tier1a", "ipv6", one -> down(one, "BFD down")));

    assertThat(NeighborTable.overview(rows).lines(Pen.COLOUR).getLast())
        .contains("\u001b[32mup 2h05m\u001b[0m", "\u001b[31mConnect 1m05s\u001b[0m");
  }
}
