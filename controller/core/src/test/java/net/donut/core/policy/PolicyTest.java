package net.donut.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.donut.model.IpAddress;
import net.donut.model.Relation;
import org.junit.jupiter.api.Test;

final class PolicyTest {
  private static final RouterConfig EDGE =
      new RouterConfig("edge1", "localhost:1", IpAddress.parse("10.0.0.1"));

  private static NeighborConfig neighbor(String name, String router) {
    return NeighborConfig.builder(name, router, 64601, Relation.TRANSIT, "eth0").build();
  }

  private static Policy policy(
      List<RouterConfig> routers, List<LinkConfig> links, List<NeighborConfig> neighbors) {
    return new Policy(64500, List.of(), routers, links, neighbors, Filters.DEFAULT, Timers.DEFAULT);
  }

  @Test
  void a_neighbor_at_an_unknown_router_is_refused() {
    assertThatThrownBy(() -> policy(List.of(EDGE), List.of(), List.of(neighbor("a", "edge9"))))
        .hasMessage("neighbor a: router edge9 (expected: one of [edge1])");
  }

  @Test
  void a_name_is_used_once() {
    assertThatThrownBy(() ->
            policy(
                List.of(EDGE), List.of(), List.of(neighbor("a", "edge1"), neighbor("a", "edge1"))))
        .hasMessage("neighbor a: twice (expected: once)");
  }

  @Test
  void a_link_has_two_routers() {
    LinkEnd end = new LinkEnd("edge1", "eth1", IpAddress.parse("10.0.0.1"), null);

    assertThatThrownBy(() -> new LinkConfig("l", 10, end, end))
        .hasMessage("link l: both ends at edge1 (expected: two routers)");
    assertThatThrownBy(() -> new LinkConfig("l", 0, end, end))
        .hasMessage("link l: cost: 0 (expected: 1..65535)");
  }

  @Test
  void numbers_out_of_range_are_refused() {
    NeighborConfig.Builder builder =
        NeighborConfig.builder("a", "edge1", 64601, Relation.TRANSIT, "eth0");

    assertThatThrownBy(() -> builder.holdTimeSeconds(2).build())
        .hasMessage("neighbor a: hold-time: 2 (expected: 3..65535)");
    assertThatThrownBy(() -> NeighborConfig.builder("a", "r", 0, Relation.TRANSIT, "eth0").build())
        .hasMessage("neighbor a: as: 0 (expected: 1..4294967295)");
    assertThatThrownBy(() -> new LengthRange(24, 8))
        .hasMessage("prefix-length: 8 (expected: 24..128)");
    assertThatThrownBy(() -> NeighborConfig.builder("a", "r", 1, Relation.OWN, "eth0").build())
        .hasMessageContaining("relation own");
  }

  @Test
  void ipv4_goes_over_ipv6_where_a_link_has_nothing_else() {
    LinkEnd end = new LinkEnd("edge1", "eth1", null, IpAddress.parse("fd00::1"));

    assertThat(end.gateway(net.donut.model.Family.IPV4)).hasToString("fd00::1");
    assertThat(end.gateway(net.donut.model.Family.IPV6)).hasToString("fd00::1");
  }
}
