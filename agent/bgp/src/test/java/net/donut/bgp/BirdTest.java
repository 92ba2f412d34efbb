package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.donut.bgp.SessionInfo.Feature;
import net.donut.fixtures.NeedsPrograms;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.Capability;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Our speaker, AS 64500, against a real BIRD, AS 64601, over a link between two namespaces.
@NeedsPrograms
class BirdTest {
  private static final Set<Family> BOTH = Set.of(Family.IPV4, Family.IPV6);
  private LinkedNamespace namespace;
  private TestSpeaker node;

  @BeforeEach
  void setUp() {
    namespace = new LinkedNamespace();
    node = TestSpeaker.connecting("bird-test");
  }

  @AfterEach
  void tearDown() {
    node.close();
    namespace.close();
  }

  private BgpNeighborConfig.Builder towards(String address) {
    return BgpNeighborConfig.builder("bird", IpAddress.parse(address))
        .localAs(64500)
        .remoteAs(64601)
        .routerId(IpAddress.parse(namespace.ours4()))
        .families(BOTH)
        .holdTimeSeconds(30);
  }

  /// A BIRD whose only BGP protocol has these options and channels.
  private BirdDaemon bird(String local, String neighbor, String options) {
    return new BirdDaemon(
        namespace,
        "protocol bgp p { local "
            + local
            + " as 64601; neighbor "
            + neighbor
            + " as 64500; "
            + options
            + " }\n");
  }

  private static String channel(String family, String more) {
    return family
        + " { import all; export where source = RTS_STATIC; import table; "
        + more
        + " };";
  }

  private static Set<Prefix> theirs(Family... families) {
    return java.util.Arrays.stream(families)
        .flatMap(
            family -> IntStream.range(0, TestTable.SIZE).mapToObj(i -> TestTable.theirs(family, i)))
        .collect(Collectors.toSet());
  }

  @Test
  void ipv4_with_md5_both_ways() {
    BirdDaemon bird =
        bird(namespace.theirs4(), namespace.ours4(), "password \"secret\"; " + channel("ipv4", ""));
    node.configure(towards(namespace.theirs4()).md5Key("secret").families(Set.of(Family.IPV4)));
    SessionInfo session = node.heard.awaitEstablished("bird");

    TestTable.announce(node, "bird", Family.IPV4, namespace.ours4(), 64500);
    node.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV4);
    bird.awaitRoutes("p", "master4", TestTable.SIZE);

    assertThat(session.remoteAs()).isEqualTo(64601);
    assertThat(session.localAddress()).isEqualTo(IpAddress.parse(namespace.ours4()));
    assertThat(bird.routes("p", "master4"))
        .containsExactlyInAnyOrderEntriesOf(TestTable.expected(Family.IPV4, 64500, Origin.EGP));
    Map<Prefix, PathAttributes> heard = node.heard.routesOf("bird");
    assertThat(heard.keySet()).isEqualTo(theirs(Family.IPV4));
    assertThat(heard.get(TestTable.theirs(Family.IPV4, 7)))
        .isEqualTo(
            PathAttributes.of(Origin.IGP, AsPath.of(64601), IpAddress.parse(namespace.theirs4())));
  }

  @Test
  void a_wrong_md5_key_keeps_bird_away() {
    bird(namespace.theirs4(), namespace.ours4(), "password \"secret\"; " + channel("ipv4", ""));

    node.configure(
        towards(namespace.theirs4()).md5Key("other").connectTimeout(Duration.ofMillis(500)));

    node.heard.await(
        Recorder.Changed.class, change -> change.snapshot().state() == SessionState.CONNECT);
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    while (!node.snapshot("bird").attemptError().contains("no answer")) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
    assertThat(node.snapshot("bird").attemptError())
        .startsWith("no answer within 500 ms; an md5 key is configured, and a wrong");
    assertThat(node.snapshot("bird").messagesReceived()).isZero();
  }

  @Test
  void ipv6_and_ipv4_with_ipv6_next_hops_both_ways() {
    BirdDaemon bird =
        bird(
            namespace.theirs6(),
            namespace.ours6(),
            channel("ipv4", "extended next hop on;") + channel("ipv6", ""));
    node.configure(towards(namespace.theirs6()));
    SessionInfo session = node.heard.awaitEstablished("bird");

    TestTable.announce(node, "bird", Family.IPV6, namespace.ours6(), 64500);
    TestTable.announce(node, "bird", Family.IPV4, namespace.ours6(), 64500);
    node.heard.awaitUntil(
        "all of theirs", () -> node.heard.routesOf("bird").size() == 2 * TestTable.SIZE);
    bird.awaitRoutes("p", "master6", TestTable.SIZE);
    bird.awaitRoutes("p", "master4", TestTable.SIZE);

    assertThat(session.features()).contains(Feature.EXTENDED_NEXT_HOP);
    assertThat(bird.routes("p", "master6"))
        .containsExactlyInAnyOrderEntriesOf(TestTable.expected(Family.IPV6, 64500, Origin.EGP));
    assertThat(bird.routes("p", "master4"))
        .containsExactlyInAnyOrderEntriesOf(TestTable.expected(Family.IPV4, 64500, Origin.EGP));
    Map<Prefix, PathAttributes> heard = node.heard.routesOf("bird");
    assertThat(heard.keySet()).isEqualTo(theirs(Family.IPV4, Family.IPV6));
    assertThat(heard.get(TestTable.theirs(Family.IPV4, 7)))
        .extracting(PathAttributes::nextHop)
        .isEqualTo(IpAddress.parse(namespace.theirs6()));
  }

  @Test
  void a_link_local_session_comes_up() {
    node.configure(
        towards("fe80::231:2")
            .localAddress(IpAddress.parse("fe80::231:1"))
            .interfaceName(namespace.link()));
    namespace.addLinkLocal();

    bird("fe80::231:2", "fe80::231:1%eth0", channel("ipv6", ""));

    node.speaker.kick("bird");
    assertThat(node.heard.awaitEstablished("bird").localAddress())
        .isEqualTo(IpAddress.parse("fe80::231:1"));
    node.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV6);
    assertThat(node.heard.routesOf("bird").keySet()).isEqualTo(theirs(Family.IPV6));
  }

  @Test
  void we_feed_bird_over_ibgp() {
    BirdDaemon bird =
        new BirdDaemon(
            namespace,
            "protocol bgp p { local "
                + namespace.theirs4()
                + " as 64601; neighbor "
                + namespace.ours4()
                + " as 64601; ipv4 { import all; export none; }; }\n");
    node.configure(towards(namespace.theirs4()).localAs(64601));
    assertThat(node.heard.awaitEstablished("bird").isInternal()).isTrue();

    TestTable.announce(node, "bird", Family.IPV4, namespace.ours4(), 0);
    bird.awaitRoutes("p", "master4", TestTable.SIZE);

    assertThat(bird.routes("p", "master4"))
        .containsExactlyInAnyOrderEntriesOf(TestTable.expected(Family.IPV4, 0, Origin.EGP));
  }

  @Test
  void routes_survive_a_graceful_restart_of_bird() {
    BirdDaemon bird =
        bird(
            namespace.theirs4(),
            namespace.ours4(),
            "graceful restart on; graceful restart time 60; " + channel("ipv4", ""));
    node.configure(towards(namespace.theirs4()).families(Set.of(Family.IPV4)));
    node.heard.awaitEstablished("bird");
    node.endOfRib("bird", Family.IPV4);
    node.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV4);

    bird.kill();
    Down down = node.heard.awaitDown("bird");
    int staleRoutes = node.heard.routesOf("bird").size();
    bird.recover(4_000);
    node.heard.awaitEstablished("bird");
    node.endOfRib("bird", Family.IPV4);
    Recorder.Swept swept = node.heard.await(Recorder.Swept.class, _ -> true);

    assertThat(staleRoutes).isEqualTo(TestTable.SIZE);
    assertThat(down.stale()).containsExactly(Family.IPV4);
    assertThat(down.staleFor()).isEqualTo(Duration.ofSeconds(60));
    assertThat(swept.family()).isEqualTo(Family.IPV4);
    assertThat(node.snapshot("bird").stale()).isEmpty();
    assertThat(node.heard.routesOf("bird")).hasSize(4_000);
    assertThat(theirs(Family.IPV4)).containsAll(node.heard.routesOf("bird").keySet());
  }

  @Test
  void bird_keeps_our_routes_over_our_restart() {
    BirdDaemon bird = bird(namespace.theirs4(), namespace.ours4(), channel("ipv4", ""));
    BgpNeighborConfig.Builder config = towards(namespace.theirs4()).families(Set.of(Family.IPV4));
    node.configure(config);
    node.heard.awaitEstablished("bird");
    TestTable.announce(node, "bird", Family.IPV4, namespace.ours4(), 64500);
    bird.awaitRoutes("p", "master4", TestTable.SIZE);

    node.closeAbruptly();
    bird.awaitText("graceful restart active", "show", "protocols", "all", "p");
    bird.awaitRoutes("p", "master4", TestTable.SIZE);
    node =
        new TestSpeaker(
            "restarted", new SpeakerConfig(java.util.List.of(), SpeakerConfig.Start.RESTARTED));
    node.configure(config);
    node.heard.awaitEstablished("bird");
    bird.awaitRoutes("p", "master4", TestTable.SIZE);
    node.send(
        "bird",
        new Outbound.Announce(
            Prefixes.of(TestTable.ours(Family.IPV4, 1)),
            PathAttributes.of(Origin.IGP, AsPath.of(64500), IpAddress.parse(namespace.ours4()))),
        new Outbound.EndOfRib(Family.IPV4));

    // What we did not repeat before the End-of-RIB is gone, and only then.
    bird.awaitRoutes("p", "master4", 1);
  }

  @Test
  void bird_connects_to_us_with_md5_and_ttl_security() {
    IpAddress ours = IpAddress.parse(namespace.ours4());
    try (TestSpeaker listening =
        new TestSpeaker(
            "listening",
            new SpeakerConfig(
                java.util.List.of(new SpeakerConfig.Endpoint(ours, 0)),
                SpeakerConfig.Start.FRESH))) {
      listening.configure(
          towards(namespace.theirs4())
              .localAddress(ours)
              .md5Key("secret")
              .ttlSecurity(BgpNeighborConfig.TtlSecurity.GTSM)
              .connect(BgpNeighborConfig.Connect.PASSIVE));

      bird(
          namespace.theirs4(),
          namespace.ours4() + " port " + listening.port(),
          "password \"secret\"; ttl security on; connect delay time 1; " + channel("ipv4", ""));

      assertThat(listening.heard.awaitEstablished("bird").localAddress()).isEqualTo(ours);
      listening.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV4);
      assertThat(listening.heard.routesOf("bird").keySet()).isEqualTo(theirs(Family.IPV4));
    }
  }

  /// BIRD by default says that it helps others restart, and names no family (RFC 4724 §5).
  @Test
  void a_second_connection_from_birds_address_does_not_end_its_session() {
    IpAddress ours = IpAddress.parse(namespace.ours4());
    try (TestSpeaker listening =
        new TestSpeaker(
            "listening",
            new SpeakerConfig(
                java.util.List.of(new SpeakerConfig.Endpoint(ours, 0)),
                SpeakerConfig.Start.FRESH))) {
      listening.configure(
          towards(namespace.theirs4())
              .families(Set.of(Family.IPV4))
              .connect(BgpNeighborConfig.Connect.PASSIVE));
      bird(
          namespace.theirs4(),
          namespace.ours4() + " port " + listening.port(),
          "connect delay time 1; " + channel("ipv4", ""));
      SessionInfo session = listening.heard.awaitEstablished("bird");
      listening.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV4);
      BgpMessage.Open again =
          new BgpMessage.Open(4, 64601, 90, session.remoteRouterId(), session.remoteCapabilities());

      BgpMessage.Notification answer =
          new Stranger(namespace, listening.port()).connect(again).receiveNotification();

      assertThat(session.remoteCapabilities())
          .anyMatch(capability ->
              capability instanceof Capability.GracefulRestart restart
                  && restart.families().isEmpty());
      assertThat(answer).hasToString("Cease, Connection Collision Resolution");
      assertThat(listening.snapshot("bird").state()).isEqualTo(SessionState.ESTABLISHED);
      assertThat(listening.snapshot("bird").flaps()).isZero();
      assertThat(listening.heard.routesOf("bird")).hasSize(TestTable.SIZE);
    }
  }

  @Test
  void bird_refuses_us_with_its_words() {
    bird(namespace.theirs4(), namespace.ours4(), channel("ipv4", ""));
    node.configure(towards(namespace.theirs4()).localAs(64999));

    node.heard.await(
        Recorder.Changed.class,
        change ->
            change
                .snapshot()
                .attemptError()
                .startsWith("received OPEN Message Error, Bad Peer AS"));
  }
}
