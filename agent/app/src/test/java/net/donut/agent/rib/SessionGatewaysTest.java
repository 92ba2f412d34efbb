package net.donut.agent.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import net.donut.agent.fib.Adjacency;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import org.junit.jupiter.api.Test;

class SessionGatewaysTest {
  private static final Adjacency NEIGHBOR = adjacency("192.0.2.2");
  private static final Adjacency MEMBER = adjacency("192.0.2.77");
  private static final Adjacency IPV6 = adjacency("2001:db8::77");

  private final SessionGateways gateways = new SessionGateways();

  private static Adjacency adjacency(String address) {
    return new Adjacency(IpAddress.parse(address), null);
  }

  private void up(String session) {
    gateways.established(session, Sessions.info(1, Set.of()));
  }

  private void announce(String session, Family family, Adjacency gateway) {
    gateways.update(
        session,
        BgpMessage.Update.announce(
            Prefixes.of(Sessions.prefix(family, 1)),
            PathAttributes.of(Origin.IGP, AsPath.of(64601), gateway.gateway())));
  }

  private void down(String session, Family... stale) {
    gateways.down(session, Sessions.down(1, Set.of(stale)));
  }

  @Test
  void a_session_that_ends_takes_its_neighbor_and_what_it_announced() {
    up("a");
    announce("a", Family.IPV4, MEMBER);
    announce("a", Family.IPV6, IPV6);
    assertThat(gateways.newlyLost()).isNull();

    down("a");

    assertThat(gateways.newlyLost()).containsExactlyInAnyOrder(NEIGHBOR, MEMBER, IPV6);
    assertThat(gateways.newlyLost()).isNull();
  }

  @Test
  void a_gateway_that_another_session_announces_is_not_lost() {
    up("server");
    announce("server", Family.IPV4, MEMBER);
    up("member");
    announce("member", Family.IPV4, MEMBER);

    down("server");

    assertThat(gateways.newlyLost()).isNull();
    down("member");
    assertThat(gateways.newlyLost()).containsExactlyInAnyOrder(NEIGHBOR, MEMBER);
  }

  @Test
  void a_gateway_is_no_longer_lost_when_another_session_announces_it() {
    up("member");
    announce("member", Family.IPV4, MEMBER);
    down("member");
    up("server");
    assertThat(gateways.newlyLost()).containsExactly(MEMBER);

    announce("server", Family.IPV4, MEMBER);

    assertThat(gateways.newlyLost()).isEmpty();
  }

  @Test
  void a_session_that_returns_has_its_gateways_back() {
    up("a");
    announce("a", Family.IPV4, MEMBER);
    down("a");
    assertThat(gateways.newlyLost()).isNotEmpty();

    up("a");

    assertThat(gateways.newlyLost()).isEmpty();
    announce("a", Family.IPV4, MEMBER);
    down("a");
    assertThat(gateways.newlyLost()).contains(MEMBER);
  }

  @Test
  void gateways_of_families_kept_for_a_restart_are_lost_when_its_time_is_over() {
    up("a");
    announce("a", Family.IPV4, MEMBER);
    announce("a", Family.IPV6, IPV6);

    down("a", Family.IPV4);

    assertThat(gateways.newlyLost()).containsExactly(IPV6);
    gateways.sweepStale("a", Family.IPV4);
    assertThat(gateways.newlyLost()).containsExactlyInAnyOrder(NEIGHBOR, MEMBER, IPV6);
  }

  @Test
  void a_neighbor_back_in_time_keeps_its_gateways() {
    up("a");
    announce("a", Family.IPV4, MEMBER);
    down("a", Family.IPV4, Family.IPV6);

    up("a");
    gateways.sweepStale("a", Family.IPV4);

    assertThat(gateways.newlyLost()).isNull();
  }

  @Test
  void a_session_that_is_no_longer_configured_holds_nothing_lost() {
    up("a");
    announce("a", Family.IPV4, MEMBER);
    down("a");
    assertThat(gateways.newlyLost()).isNotEmpty();

    gateways.configure(Map.of("b", ""));

    assertThat(gateways.newlyLost()).isEmpty();
  }

  @Test
  void a_link_local_gateway_is_one_on_the_interface_of_its_session() {
    Adjacency linkLocal = adjacency("fe80::2");
    gateways.configure(Map.of("a", "left"));
    up("a");
    announce("a", Family.IPV6, linkLocal);

    down("a");

    assertThat(gateways.newlyLost())
        .containsExactlyInAnyOrder(NEIGHBOR, new Adjacency(linkLocal.gateway(), "left"));
  }
}
