package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.donut.bgp.BgpNeighborConfig.Connect;
import net.donut.bgp.BgpNeighborConfig.Role;
import net.donut.bgp.SessionInfo.Feature;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Two speakers of ours on loopback addresses.
class LoopbackTest {
  private static final Set<Family> BOTH = Set.of(Family.IPV4, Family.IPV6);
  private final List<TestSpeaker> nodes = new java.util.ArrayList<>();

  @AfterEach
  void closeAll() {
    nodes.forEach(TestSpeaker::close);
  }

  private TestSpeaker listening(String name, String address) {
    TestSpeaker node = TestSpeaker.listening(name, address);
    nodes.add(node);
    return node;
  }

  private TestSpeaker connecting(String name) {
    TestSpeaker node = TestSpeaker.connecting(name);
    nodes.add(node);
    return node;
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  /// Settings of the side that is `local` towards `remote`: AS 64500 + last octet.
  private static BgpNeighborConfig.Builder towards(String name, String local, String remote) {
    return BgpNeighborConfig.builder(name, ip(remote))
        .localAddress(ip(local))
        .localAs(asOf(local))
        .remoteAs(asOf(remote))
        .routerId(ip(local))
        .families(BOTH)
        .holdTimeSeconds(9);
  }

  private static long asOf(String address) {
    return 64500L + (ip(address).ipv4() & 0xff);
  }

  /// `a` connects to `b`.
  private void pair(TestSpeaker a, String addressOfA, TestSpeaker b, String addressOfB) {
    b.configure(towards("a", addressOfB, addressOfA).connect(Connect.PASSIVE));
    a.configure(towards("b", addressOfA, addressOfB).port(b.port()));
  }

  private static PathAttributes attributes(String nextHop, long... path) {
    return PathAttributes.of(Origin.IGP, AsPath.of(path), ip(nextHop));
  }

  private static Prefixes prefixes(String... texts) {
    return Prefixes.copyOf(
        Prefix.parse(texts[0]).family(),
        java.util.Arrays.stream(texts).map(Prefix::parse).toList());
  }

  @Test
  void a_session_negotiates_all_we_have() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.1.2");
    pair(a, "127.40.1.1", b, "127.40.1.2");

    SessionInfo atA = a.heard.awaitEstablished("b");
    SessionInfo atB = b.heard.awaitEstablished("a");

    assertThat(atA.remoteAs()).isEqualTo(64502);
    assertThat(atA.remoteRouterId()).isEqualTo(ip("127.40.1.2"));
    assertThat(atA.localAddress()).isEqualTo(ip("127.40.1.1"));
    assertThat(atB.localAddress()).isEqualTo(ip("127.40.1.2"));
    assertThat(atA.families()).isEqualTo(BOTH);
    assertThat(atA.holdTimeSeconds()).isEqualTo(9);
    assertThat(atA.features())
        .containsExactlyInAnyOrder(
            Feature.FOUR_OCTET_AS,
            Feature.ROUTE_REFRESH,
            Feature.ENHANCED_ROUTE_REFRESH,
            Feature.EXTENDED_MESSAGE,
            Feature.EXTENDED_NEXT_HOP,
            Feature.GRACEFUL_RESTART);
  }

  @Test
  void routes_of_both_families_travel_both_ways() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.2.2");
    pair(a, "127.40.2.1", b, "127.40.2.2");
    a.heard.awaitEstablished("b");
    b.heard.awaitEstablished("a");
    PathAttributes rich =
        attributes("10.64.0.1", 64501, 65551).toBuilder()
            .med(7)
            .communities(Communities.of(0xfde80001))
            .build();

    a.announce("b", prefixes("192.0.2.0/24", "198.51.100.0/25"), rich);
    a.announce("b", prefixes("2001:db8::/32"), attributes("2001:db8::1", 64501));
    a.endOfRib("b", Family.IPV4);
    b.announce("a", prefixes("203.0.113.0/24"), attributes("10.64.0.2", 64502));
    b.endOfRib("a", Family.IPV6);

    b.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV4);
    assertThat(b.heard.routesOf("a"))
        .hasSize(3)
        .containsEntry(Prefix.parse("198.51.100.0/25"), rich)
        .containsEntry(Prefix.parse("2001:db8::/32"), attributes("2001:db8::1", 64501));
    a.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV6);
    assertThat(a.heard.routesOf("b")).containsOnlyKeys(Prefix.parse("203.0.113.0/24"));
  }

  @Test
  void a_withdrawal_removes_the_route() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.3.2");
    pair(a, "127.40.3.1", b, "127.40.3.2");
    a.heard.awaitEstablished("b");

    a.announce("b", prefixes("192.0.2.0/24", "198.51.100.0/24"), attributes("10.64.0.1", 64501));
    a.send("b", new Outbound.Withdraw(prefixes("192.0.2.0/24")));
    a.endOfRib("b", Family.IPV4);

    b.heard.await(Recorder.Ended.class, _ -> true);
    assertThat(b.heard.routesOf("a")).containsOnlyKeys(Prefix.parse("198.51.100.0/24"));
  }

  @Test
  void an_ipv4_route_with_an_ipv6_next_hop_travels() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.4.2");
    pair(a, "127.40.4.1", b, "127.40.4.2");
    a.heard.awaitEstablished("b");

    a.announce("b", prefixes("192.0.2.0/24"), attributes("2001:db8::1", 64501));

    b.heard.awaitUntil("route", () -> b.heard.routesOf("a").size() == 1);
    assertThat(b.heard.routesOf("a"))
        .containsEntry(Prefix.parse("192.0.2.0/24"), attributes("2001:db8::1", 64501));
  }

  @Test
  void a_wrong_as_is_refused_by_both_sides() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.5.2");
    b.configure(towards("a", "127.40.5.2", "127.40.5.1").remoteAs(65000).connect(Connect.PASSIVE));

    a.configure(towards("b", "127.40.5.1", "127.40.5.2").port(b.port()));

    b.heard.await(
        Recorder.Changed.class,
        change ->
            change
                .snapshot()
                .attemptError()
                .equals(
                    "AS: neighbor says 64501 (expected: 65000, as our policy says); check as here or"
                        + " the AS number there"));
    a.heard.await(
        Recorder.Changed.class,
        change ->
            change
                .snapshot()
                .attemptError()
                .equals(
                    "received OPEN Message Error, Bad Peer AS: we say AS 64501, neighbor expects"
                        + " another; check as here or the AS number for us there"));
    assertThat(a.snapshot("b").flaps()).isZero();
  }

  @Test
  void roles_that_do_not_fit_are_refused() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.6.2");
    b.configure(
        towards("a", "127.40.6.2", "127.40.6.1").role(Role.PROVIDER).connect(Connect.PASSIVE));

    a.configure(towards("b", "127.40.6.1", "127.40.6.2").role(Role.PEER).port(b.port()));

    b.heard.await(
        Recorder.Changed.class,
        change ->
            change
                .snapshot()
                .attemptError()
                .equals(
                    "role: neighbor says peer (expected: customer, as our policy makes it a"
                        + " customer); check relation here or the role there"));
    a.heard.await(
        Recorder.Changed.class,
        change ->
            change
                .snapshot()
                .attemptError()
                .equals(
                    "role: neighbor says provider (expected: peer, as our policy makes it a peer);"
                        + " check relation here or the role there"));
  }

  @Test
  void roles_that_fit_are_negotiated() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.7.2");
    b.configure(
        towards("a", "127.40.7.2", "127.40.7.1").role(Role.PROVIDER).connect(Connect.PASSIVE));

    a.configure(towards("b", "127.40.7.1", "127.40.7.2").role(Role.CUSTOMER).port(b.port()));

    assertThat(a.heard.awaitEstablished("b").features()).contains(Feature.ROLE);
  }

  @RepeatedTest(20)
  void a_collision_leaves_one_session() {
    TestSpeaker a = listening("a", "127.40.8.1");
    TestSpeaker b = listening("b", "127.40.8.2");
    BgpNeighborConfig.Builder ofA = towards("b", "127.40.8.1", "127.40.8.2").port(b.port());
    BgpNeighborConfig.Builder ofB = towards("a", "127.40.8.2", "127.40.8.1").port(a.port());

    a.configure(ofA);
    b.configure(ofB);
    a.announce("b", prefixes("192.0.2.0/24"), attributes("10.64.0.1", 64501));
    b.announce("a", prefixes("203.0.113.0/24"), attributes("10.64.0.2", 64502));

    b.heard.awaitUntil("route at b", () -> b.heard.routesOf("a").size() == 1);
    a.heard.awaitUntil("route at a", () -> a.heard.routesOf("b").size() == 1);
    assertThat(a.snapshot("b").state()).isEqualTo(SessionState.ESTABLISHED);
    assertThat(b.snapshot("a").state()).isEqualTo(SessionState.ESTABLISHED);
  }

  @Test
  void a_tear_down_tells_the_neighbor_why_and_comes_back() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.9.2");
    pair(a, "127.40.9.1", b, "127.40.9.2");
    a.heard.awaitEstablished("b");
    b.heard.awaitEstablished("a");

    b.speaker.tearDown("a", CeaseReason.RESET, "a test");

    Down atA = a.heard.awaitDown("b");
    assertThat(atA.cause()).isEqualTo(Down.Cause.NOTIFICATION_RECEIVED);
    assertThat(atA.stale()).isEmpty();
    assertThat(atA.text()).containsIgnoringCase("administrative reset");
    assertThat(b.heard.awaitDown("a").cause()).isEqualTo(Down.Cause.LOCAL);
    assertThat(a.heard.awaitEstablished("b").session()).isEqualTo(2);
  }

  @Test
  void after_max_prefixes_the_session_stays_idle_until_kicked() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.10.2");
    pair(a, "127.40.10.1", b, "127.40.10.2");
    a.heard.awaitEstablished("b");

    a.speaker.overLimit("b", Family.IPV4, 3, 2);
    a.heard.awaitDown("b");
    SessionSnapshot held = a.snapshot("b");
    b.heard.awaitDown("a");
    b.speaker.kick("a");
    a.speaker.kick("b");

    assertThat(held.state()).isEqualTo(SessionState.IDLE);
    assertThat(held.downReason()).isEqualTo("ipv4: 3 prefixes, limit 2: Cease 6/1");
    a.heard.awaitEstablished("b");
  }

  @Test
  void a_failed_attempt_does_not_hide_why_the_session_was_lost() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.22.2");
    pair(a, "127.40.22.1", b, "127.40.22.2");
    a.heard.awaitEstablished("b");
    assertThat(a.snapshot("b").downSince()).isNull();

    b.speaker.close();
    a.heard.awaitDown("b");
    a.heard.await(Recorder.Changed.class, change -> !change.snapshot().attemptError().isEmpty());

    SessionSnapshot lost = a.snapshot("b");
    assertThat(lost.downReason()).isEqualTo("received Cease, Administrative Shutdown");
    assertThat(lost.attemptError()).isEqualTo("connection refused");
    assertThat(lost.downSince()).isNotNull();
    assertThat(lost.flaps()).isOne();
  }

  @Test
  void other_settings_keep_why_the_session_was_lost() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.23.2");
    int port = b.port();
    pair(a, "127.40.23.1", b, "127.40.23.2");
    a.heard.awaitEstablished("b");
    b.speaker.close();
    a.heard.awaitDown("b");

    a.configure(towards("b", "127.40.23.1", "127.40.23.2").port(port).holdTimeSeconds(30));

    assertThat(a.snapshot("b").downReason()).isEqualTo("received Cease, Administrative Shutdown");
  }

  @Test
  void a_raised_limit_starts_the_session_at_once() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.24.2");
    pair(a, "127.40.24.1", b, "127.40.24.2");
    a.heard.awaitEstablished("b");
    a.speaker.overLimit("b", Family.IPV4, 3, 2);
    a.heard.awaitDown("b");
    Down atB = b.heard.awaitDown("a");
    b.speaker.kick("a");
    SessionSnapshot held = a.snapshot("b");

    a.speaker.limitRaised("b", Family.IPV4);

    assertThat(atB.text())
        .isEqualTo("received Cease, Maximum Number of Prefixes Reached (data 00010100000002)");
    assertThat(held.standing()).isEqualTo(SessionSnapshot.Standing.MAX_PREFIX);
    assertThat(held.nextTry()).isNotNull();
    a.heard.awaitEstablished("b");
    assertThat(a.snapshot("b").standing()).isEqualTo(SessionSnapshot.Standing.UP);
  }

  @Test
  void md5_keys_that_match_make_a_session() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.11.2");
    b.configure(
        towards("a", "127.40.11.2", "127.40.11.1").md5Key("secret").connect(Connect.PASSIVE));

    a.configure(towards("b", "127.40.11.1", "127.40.11.2").md5Key("secret").port(b.port()));

    a.heard.awaitEstablished("b");
    b.heard.awaitEstablished("a");
  }

  @Test
  void md5_on_a_dual_stack_listener_covers_ipv4_neighbors() {
    TestSpeaker b = new TestSpeaker("b", SpeakerConfig.listening(0));
    nodes.add(b);
    TestSpeaker a = connecting("a");
    b.configure(
        towards("a", "127.40.12.2", "127.40.12.1").md5Key("secret").connect(Connect.PASSIVE));

    a.configure(towards("b", "127.40.12.1", "127.40.12.2").md5Key("secret").port(b.port()));

    a.heard.awaitEstablished("b");
  }

  @Test
  void md5_keys_that_differ_make_none() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.13.2");
    b.configure(
        towards("a", "127.40.13.2", "127.40.13.1").md5Key("secret").connect(Connect.PASSIVE));

    a.configure(
        towards("b", "127.40.13.1", "127.40.13.2")
            .md5Key("other")
            .connectTimeout(Duration.ofMillis(400))
            .port(b.port()));

    a.heard.await(
        Recorder.Changed.class, change -> change.snapshot().state() == SessionState.CONNECT);
    awaitAttempt(a, "b", "no answer within 400 ms; an md5 key is configured");
    assertThat(b.snapshot("a").messagesReceived()).isZero();
  }

  private static void awaitAttempt(TestSpeaker node, String neighbor, String beginning) {
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    while (!node.snapshot(neighbor).attemptError().startsWith(beginning)) {
      assertThat(System.nanoTime()).as(node.snapshot(neighbor).attemptError()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void awaitError(TestSpeaker node, String neighbor, String text) {
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    while (!node.snapshot(neighbor).attemptError().equals(text)) {
      assertThat(System.nanoTime()).as(node.snapshot(neighbor).attemptError()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void ttl_security_lets_a_direct_neighbor_in() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.14.2");
    b.configure(
        towards("a", "127.40.14.2", "127.40.14.1")
            .ttlSecurity(BgpNeighborConfig.TtlSecurity.GTSM)
            .connect(Connect.PASSIVE));

    a.configure(
        towards("b", "127.40.14.1", "127.40.14.2")
            .ttlSecurity(BgpNeighborConfig.TtlSecurity.GTSM)
            .port(b.port()));

    a.heard.awaitEstablished("b");
  }

  @Test
  void ttl_security_keeps_a_distant_neighbor_out() throws IOException {
    TestSpeaker a = connecting("a");
    try (ServerSocket distant = new ServerSocket(0, 1, ip("127.40.15.2").toInetAddress())) {
      // Answers with the kernel's default TTL of 64, as if from 191 routers away.
      a.configure(
          towards("b", "127.40.15.1", "127.40.15.2")
              .ttlSecurity(BgpNeighborConfig.TtlSecurity.GTSM)
              .connectTimeout(Duration.ofMillis(400))
              .port(distant.getLocalPort()));

      awaitError(a, "b", "no answer within 400 ms");
    }
  }

  @Test
  void a_session_without_change_survives_a_new_configuration() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.16.2");
    pair(a, "127.40.16.1", b, "127.40.16.2");
    a.heard.awaitEstablished("b");
    BgpNeighborConfig.Builder same = towards("b", "127.40.16.1", "127.40.16.2").port(b.port());

    a.configure(same, towards("c", "127.40.16.1", "127.40.16.3"));

    assertThat(a.snapshot("b").state()).isEqualTo(SessionState.ESTABLISHED);
    assertThat(a.snapshot("b").flaps()).isZero();
    a.configure();
    assertThat(a.heard.awaitDown("b").cause()).isEqualTo(Down.Cause.LOCAL);
    assertThat(b.heard.awaitDown("a").text()).containsIgnoringCase("de-configured");
  }

  @Test
  void a_route_refresh_reaches_the_neighbor_and_is_answered() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.17.2");
    pair(a, "127.40.17.1", b, "127.40.17.2");
    a.heard.awaitEstablished("b");

    a.send("b", new Outbound.RequestRefresh(Family.IPV6));
    b.heard.await(Recorder.RefreshAsked.class, asked -> asked.family() == Family.IPV6);
    b.send("a", new Outbound.BeginRefresh(Family.IPV6), new Outbound.EndRefresh(Family.IPV6));

    a.heard.await(Recorder.Marked.class, marked -> marked.family() == Family.IPV6);
    a.heard.await(Recorder.Swept.class, swept -> swept.family() == Family.IPV6);
  }

  @Test
  void a_neighbor_that_vanishes_leaves_its_routes_stale() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.18.2");
    pair(a, "127.40.18.1", b, "127.40.18.2");
    a.heard.awaitEstablished("b");
    b.heard.awaitEstablished("a");

    // The event loop ends with its sockets, as a killed process does: no NOTIFICATION.
    a.closeAbruptly();

    Down down = b.heard.awaitDown("a");
    assertThat(down.cause()).isEqualTo(Down.Cause.CONNECTION_LOST);
    assertThat(down.stale()).isEqualTo(BOTH);
    assertThat(down.staleFor()).isEqualTo(Duration.ofMinutes(2));
    assertThat(b.snapshot("a").stale()).isEqualTo(BOTH);
  }

  @Test
  void routes_that_cannot_be_sent_are_counted() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.19.2");
    b.configure(
        towards("a", "127.40.19.2", "127.40.19.1")
            .families(Set.of(Family.IPV4))
            .connect(Connect.PASSIVE));
    a.configure(towards("b", "127.40.19.1", "127.40.19.2").port(b.port()));
    a.heard.awaitEstablished("b");

    a.announce("b", prefixes("2001:db8::/32"), attributes("2001:db8::1", 64501));
    a.announce("b", prefixes("192.0.2.0/24"), attributes("10.64.0.1", 64501));

    b.heard.awaitUntil("route", () -> b.heard.routesOf("a").size() == 1);
    assertThat(a.snapshot("b").unsendable()).isEqualTo(1);
  }

  @Test
  void a_port_in_use_is_named() {
    TestSpeaker b = listening("b", "127.40.20.2");
    SpeakerConfig taken =
        new SpeakerConfig(
            List.of(new SpeakerConfig.Endpoint(ip("127.40.20.2"), b.port())),
            SpeakerConfig.Start.FRESH);

    assertThatThrownBy(() -> new TestSpeaker("c", taken).close())
        .hasMessageContaining("listen on 127.40.20.2 port " + b.port())
        .hasMessageContaining("already in use");
  }

  @Test
  void without_epoll_sessions_work_and_md5_is_refused() {
    TestSpeaker a = new TestSpeaker(SpeakerConfig.connectOnly(), new NioEventLoopGroup(1));
    nodes.add(a);
    TestSpeaker b = listening("b", "127.40.21.2");
    b.configure(towards("a", "127.40.21.2", "127.40.21.1").connect(Connect.PASSIVE));

    a.configure(
        towards("b", "127.40.21.1", "127.40.21.2").port(b.port()),
        towards("c", "127.40.21.1", "127.40.21.3").md5Key("secret"));

    a.heard.awaitEstablished("b");
    assertThat(a.snapshot("c").state()).isEqualTo(SessionState.IDLE);
    assertThat(a.snapshot("c").attemptError()).startsWith("md5 key: needs native epoll");
  }

  @Test
  void two_neighbors_with_one_name_or_address_are_refused() {
    TestSpeaker a = connecting("a");
    BgpNeighborConfig one = towards("b", "127.40.22.1", "127.40.22.2").build();
    BgpNeighborConfig other = towards("c", "127.40.22.1", "127.40.22.2").build();

    assertThatThrownBy(() -> a.speaker.configure(List.of(one, one)))
        .hasMessage("neighbor b: configured twice");
    assertThatThrownBy(() -> a.speaker.configure(List.of(one, other)))
        .hasMessage("neighbor c: address 127.40.22.2 (expected: other than that of b)");
  }

  @Test
  void a_neighbor_shut_down_by_the_operator_is_told_and_stays_down() {
    TestSpeaker a = connecting("a");
    TestSpeaker b = listening("b", "127.40.23.2");
    pair(a, "127.40.23.1", b, "127.40.23.2");
    b.heard.awaitEstablished("a");

    a.configure(
        towards("b", "127.40.23.1", "127.40.23.2")
            .port(b.port())
            .adminState(BgpNeighborConfig.AdminState.SHUTDOWN));

    assertThat(b.heard.awaitDown("a").text()).containsIgnoringCase("administrative shutdown");
    a.speaker.kick("b");
    assertThat(a.snapshot("b").state()).isEqualTo(SessionState.IDLE);
  }
}
