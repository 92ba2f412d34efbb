package net.donut.lab.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.donut.model.Family;
import net.donut.model.Relation;
import org.junit.jupiter.api.Test;

class DonutTopologyTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());

  @Test
  void our_neighbors_stand_where_the_story_has_them() {
    assertThat(DONUT.ourPeerings().map(link -> link.name() + " " + seenFromUs(link)))
        .containsExactly(
            "edge1-tier1a transit",
            "edge2-tier1b transit",
            "edge1-tier2a private-peer",
            "edge2-tier2b private-peer",
            "edge2-babulous customer");
  }

  private static String seenFromUs(LabLink link) {
    return link.relationSeenFrom(link.a().node()).word();
  }

  @Test
  void the_other_side_of_a_transit_is_a_customer() {
    LabLink link = DONUT.link("edge1-tier1a");

    assertThat(link.relationSeenFrom("edge1")).isEqualTo(Relation.TRANSIT);
    assertThat(link.relationSeenFrom("tier1a")).isEqualTo(Relation.CUSTOMER);
    assertThat(link.peer("tier1a").node()).isEqualTo("edge1");
  }

  @Test
  void no_two_links_share_a_subnet() {
    for (Family family : Family.values()) {
      Set<Object> subnets = new HashSet<>();
      for (LabLink link : DONUT.links()) {
        assertThat(subnets.add(link.subnet(family))).as(link.name()).isTrue();
      }
    }
  }

  @Test
  void numbers_of_real_networks_take_the_place_of_ours() {
    Topology real = DonutTopology.create(Map.of("tier1a", 3356L));

    assertThat(real.asnOf("tier1a")).isEqualTo(3356);
    assertThat(real.asnOf("tier1b")).isEqualTo(64602);
    assertThat(real.asnOf("viewers")).isEqualTo(64701);
    assertThatThrownBy(() -> DonutTopology.create(Map.of("tier9", 1L)))
        .hasMessage(
            "neighbor: 'tier9' (expected one of: babulous, far, tier1a, tier1b, tier2a, tier2b)");
  }

  @Test
  void the_policy_names_every_router_link_and_neighbor() {
    assertThat(LabPolicy.render(DONUT, Set.of("tier1a")))
        .isEqualTo(
            """
            # Written by the lab from its topology.
            as: 64500
            networks:
              - "198.51.100.0/24"
              - "2001:db8:6450::/48"
            routers:
              edge1: {agent: "10.255.0.11:9340", router-id: 10.64.0.1}
              edge2: {agent: "10.255.0.12:9340", router-id: 10.64.0.2}
            links:
              - name: edge1-edge2
                cost: 10
                ends:
                  edge1: {interface: edge2, ipv4: 100.64.12.1, ipv6: "fd00:12::1"}
                  edge2: {interface: edge1, ipv4: 100.64.12.2, ipv6: "fd00:12::2"}
            neighbors:
              tier1a:
                router: edge1
                as: 64601
                relation: transit
                interface: tier1a
                price: 0.30
                ipv4: {address: "100.64.1.2", local: "100.64.1.1"}
                ipv6: {address: "fd00:1::2", local: "fd00:1::1"}
                bfd: {interval: 50ms, multiplier: 3}
              tier1b:
                router: edge2
                as: 64602
                relation: transit
                interface: tier1b
                price: 0.25
                ipv4: {address: "100.64.2.2", local: "100.64.2.1"}
                ipv6: {address: "fd00:2::2", local: "fd00:2::1"}
              tier2a:
                router: edge1
                as: 64701
                relation: private-peer
                interface: tier2a
                ipv4: {address: "100.64.3.2", local: "100.64.3.1"}
                ipv6: {address: "fd00:3::2", local: "fd00:3::1"}
              tier2b:
                router: edge2
                as: 64702
                relation: private-peer
                interface: tier2b
                ipv4: {address: "100.64.4.2", local: "100.64.4.1"}
                ipv6: {address: "fd00:4::2", local: "fd00:4::1"}
              babulous:
                router: edge2
                as: 64801
                relation: customer
                interface: babulous
                ipv4: {address: "100.64.5.2", local: "100.64.5.1"}
                ipv6: {address: "fd00:5::2", local: "fd00:5::1"}
            filters:
              bogon-prefixes: false  # documentation space
              bogon-asns: false  # documentation numbers
            """);
  }
}
