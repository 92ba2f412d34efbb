package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.donut.bgp.BgpNeighborConfig.Connect;
import net.donut.bgp.BgpNeighborConfig.TtlSecurity;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.Capability;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A TCP client with the neighbor's address that sends an OPEN at once, before we have accepted its
/// connection: with the TTL of one behind routers (RFC 5082 §3), or without the key (RFC 2385).
@NeedsKernel
class ReceivedTtlTest {
  private static final BgpMessage.Open OPEN =
      new BgpMessage.Open(
          4,
          RawNeighbor.AS,
          90,
          IpAddress.parse("10.9.9.9"),
          List.of(
              new Capability.Multiprotocol(Family.IPV4),
              new Capability.Multiprotocol(Family.IPV6)));

  private LinkedNamespace namespace;

  @BeforeEach
  void setUp() {
    namespace = new LinkedNamespace();
  }

  @AfterEach
  void tearDown() {
    namespace.close();
  }

  private static TestSpeaker listening(String ours, BgpNeighborConfig.Builder neighbor) {
    TestSpeaker node =
        new TestSpeaker(
            "listening",
            new SpeakerConfig(
                List.of(new SpeakerConfig.Endpoint(IpAddress.parse(ours), 0)),
                SpeakerConfig.Start.FRESH));
    return node.configure(
        neighbor
            .localAs(64500)
            .remoteAs(RawNeighbor.AS)
            .routerId(IpAddress.parse("10.64.0.1"))
            .connect(Connect.PASSIVE));
  }

  private static BgpNeighborConfig.Builder secured(String theirs) {
    return BgpNeighborConfig.builder("n", IpAddress.parse(theirs)).ttlSecurity(TtlSecurity.GTSM);
  }

  private static String awaitError(TestSpeaker node) {
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    while (node.snapshot("n").attemptError().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
    return node.snapshot("n").attemptError();
  }

  private void assertNotAnswered(String ours, String theirs) {
    try (TestSpeaker node = listening(ours, secured(theirs))) {
      Stranger far = new Stranger(namespace, ours, node.port()).connect(OPEN);
      far.awaitEnd();

      assertThat(awaitError(node))
          .isEqualTo(
              "connection from "
                  + IpAddress.parse(theirs)
                  + ": TTL 64 (expected: 255); ttl-security is on: switch it on there too, and have"
                  + " no router between");
      node.heard.await(
          Recorder.Changed.class,
          change -> change.snapshot().attemptError().contains("TTL 64 (expected: 255)"));
      assertThat(far.answers()).isEmpty();
      assertThat(node.snapshot("n").messagesReceived()).isZero();
      assertThat(node.snapshot("n").messagesSent()).isZero();
      assertThat(node.snapshot("n").state()).isEqualTo(SessionState.ACTIVE);
    }
  }

  @Test
  void an_open_that_came_through_a_router_is_not_answered() {
    assertNotAnswered(namespace.ours4(), namespace.theirs4());
  }

  @Test
  void an_open_over_ipv6_that_came_through_a_router_is_not_answered() {
    assertNotAnswered(namespace.ours6(), namespace.theirs6());
  }

  @Test
  void ipv4_through_a_router_to_a_socket_of_both_families_is_not_answered() {
    try (TestSpeaker node = listening("::", secured(namespace.theirs4()))) {
      Stranger far = new Stranger(namespace, namespace.ours4(), node.port()).connect(OPEN);
      far.awaitEnd();

      assertThat(awaitError(node)).contains("TTL 64 (expected: 255)");
      assertThat(far.answers()).isEmpty();
    }
  }

  @Test
  void an_open_from_the_link_is_answered() {
    namespace.sysctl("net.ipv4.ip_default_ttl", "255");
    namespace.sysctl("net.ipv6.conf.eth0.hop_limit", "255");
    assertAnswered(namespace.ours4(), namespace.theirs4());
    assertAnswered(namespace.ours6(), namespace.theirs6());
  }

  private void assertAnswered(String ours, String theirs) {
    try (TestSpeaker node = listening(ours, secured(theirs))) {
      Stranger near = new Stranger(namespace, ours, node.port()).connect(OPEN);

      near.awaitAnswer(BgpMessage.Keepalive.class);

      assertThat(near.answers()).first().isInstanceOf(BgpMessage.Open.class);
      assertThat(node.snapshot("n").attemptError()).isEmpty();
    }
  }

  @Test
  void without_ttl_security_the_way_does_not_matter() {
    try (TestSpeaker node =
        listening(
            namespace.ours4(),
            BgpNeighborConfig.builder("n", IpAddress.parse(namespace.theirs4())))) {
      new Stranger(namespace, node.port()).connect(OPEN).awaitAnswer(BgpMessage.Keepalive.class);
    }
  }

  @Test
  void who_does_not_sign_reaches_nobody() {
    long before = unsigned();
    try (TestSpeaker node =
        listening(
            namespace.ours4(),
            BgpNeighborConfig.builder("n", IpAddress.parse(namespace.theirs4()))
                .md5Key("secret"))) {
      Stranger unsigned = new Stranger(namespace, node.port()).connect(OPEN);
      long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
      while (unsigned() == before) {
        assertThat(System.nanoTime()).isLessThan(deadline);
      }

      assertThat(unsigned.answers()).isEmpty();
      assertThat(node.snapshot("n").messagesReceived()).isZero();
      assertThat(node.snapshot("n").state()).isEqualTo(SessionState.ACTIVE);
    }
  }

  /// Segments the kernel dropped in this namespace as they had no signature (`TCPMD5NotFound`).
  private static long unsigned() {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of("/proc/thread-self/net/netstat"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> names = List.of(lines.get(0).split(" "));
    return Long.parseLong(lines.get(1).split(" ")[names.indexOf("TCPMD5NotFound")]);
  }
}
