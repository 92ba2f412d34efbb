package net.donut.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.donut.api.agent.v1.Bfd;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.Family;
import net.donut.api.agent.v1.Neighbor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NeighborChangeTest {
  private static final NeighborChange NONE = new NeighborChange.None();

  /// A field, a change of it and what the change asks of the session.
  record Row(String field, Consumer<Neighbor.Builder> change, NeighborChange expected) {
    @Override
    public String toString() {
      return field + " " + expected;
    }
  }

  private static Neighbor neighbor() {
    return Neighbor.newBuilder()
        .setName("t1/ipv4")
        .setAddress("10.1.1.2")
        .setLocalAddress("10.1.1.1")
        .setInterface("eth0")
        .setRemoteAs(64601)
        .addFamilies(Family.FAMILY_IPV4)
        .setMaxPrefixesIpv4(10)
        .build();
  }

  private static NeighborChange live(String field) {
    return new NeighborChange.Live(List.of(field));
  }

  private static NeighborChange reset(String field) {
    return new NeighborChange.Reset(List.of(field));
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row("name", n -> n.setName("t2/ipv4"), reset("name")),
        new Row("address", n -> n.setAddress("10.1.1.3"), reset("address")),
        new Row("local_address", n -> n.setLocalAddress("10.1.1.9"), reset("local_address")),
        new Row("interface", n -> n.setInterface("eth1"), live("interface")),
        new Row("remote_as", n -> n.setRemoteAs(64602), reset("remote_as")),
        new Row("port", n -> n.setPort(1179), live("port")),
        new Row("port", n -> n.setPort(179), NONE),
        new Row("passive", n -> n.setPassive(true), live("passive")),
        new Row("hold_time_seconds", n -> n.setHoldTimeSeconds(9), reset("hold_time_seconds")),
        new Row("hold_time_seconds", n -> n.setHoldTimeSeconds(90), NONE),
        new Row("families", n -> n.addFamilies(Family.FAMILY_IPV6), reset("families")),
        new Row("families", n -> n.addFamilies(Family.FAMILY_IPV4), NONE),
        new Row("md5_key", n -> n.setMd5Key("secret"), reset("md5_key")),
        new Row("max_prefixes_ipv4", n -> n.setMaxPrefixesIpv4(9), live("max_prefixes_ipv4")),
        new Row("max_prefixes_ipv6", n -> n.setMaxPrefixesIpv6(9), live("max_prefixes_ipv6")),
        new Row("next_hop_ipv4", n -> n.setNextHopIpv4("10.1.1.7"), live("next_hop_ipv4")),
        new Row("next_hop_ipv6", n -> n.setNextHopIpv6("2001:db8::7"), live("next_hop_ipv6")),
        new Row("shutdown", n -> n.setShutdown(true), reset("shutdown")),
        new Row("ttl_security", n -> n.setTtlSecurity(true), reset("ttl_security")),
        new Row("role", n -> n.setRole("peer"), reset("role")),
        new Row(
            "bfd",
            n -> n.setBfd(Bfd.newBuilder().setIntervalMicros(50_000).setMultiplier(3)),
            live("bfd")));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void a_changed_field_asks_for_nothing_for_a_live_change_or_for_a_reset(Row row) {
    Neighbor.Builder after = neighbor().toBuilder();
    row.change().accept(after);

    assertThat(NeighborChange.between(neighbor(), after.build())).isEqualTo(row.expected());
  }

  @Test
  void every_field_is_in_the_table() {
    assertThat(rows().map(Row::field).distinct())
        .containsAll(
            Neighbor.getDescriptor().getFields().stream().map(FieldDescriptor::getName).toList());
  }

  @Test
  void the_interface_of_a_link_local_neighbor_is_part_of_its_address() {
    Neighbor before = neighbor().toBuilder().setAddress("fe80::1").build();

    assertThat(NeighborChange.between(before, before.toBuilder().setInterface("eth1").build()))
        .isEqualTo(reset("interface"));
  }

  @Test
  void another_writing_of_an_address_changes_nothing() {
    Neighbor before = neighbor().toBuilder().setAddress("2001:db8:0::2").build();

    assertThat(NeighborChange.between(before, before.toBuilder().setAddress("2001:db8::2").build()))
        .isEqualTo(NONE);
  }

  @Test
  void a_reset_names_the_fields_that_need_it_only() {
    Neighbor after = neighbor().toBuilder().setMaxPrefixesIpv4(9).setRole("peer").build();

    assertThat(NeighborChange.between(neighbor(), after)).isEqualTo(reset("role"));
  }

  @Test
  void another_router_id_resets_every_session_and_new_neighbors_are_no_change() {
    ConfigureRequest before =
        ConfigureRequest.newBuilder()
            .setLocalAs(64500)
            .setRouterId("10.0.0.1")
            .addNeighbors(neighbor())
            .build();
    ConfigureRequest after =
        before.toBuilder()
            .setRouterId("10.0.0.2")
            .addNeighbors(neighbor().toBuilder().setName("new"))
            .build();

    assertThat(NeighborChange.between(before, after))
        .isEqualTo(Map.of("t1/ipv4", reset("router_id")));
    assertThat(NeighborChange.between(before, before)).isEqualTo(Map.of("t1/ipv4", NONE));
  }
}
