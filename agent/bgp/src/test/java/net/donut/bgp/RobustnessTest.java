package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.donut.bgp.BgpNeighborConfig.Connect;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a neighbor can do to us with bytes and with silence.
class RobustnessTest {
  private static final PathAttributes ATTRIBUTES =
      PathAttributes.of(Origin.IGP, AsPath.of(RawNeighbor.AS), IpAddress.parse("10.9.9.9"));

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private TestSpeaker node(String address, String... neighbors) {
    TestSpeaker node = TestSpeaker.listening("robust", address);
    open.add(node);
    BgpNeighborConfig.Builder[] configs = new BgpNeighborConfig.Builder[neighbors.length];
    for (int i = 0; i < neighbors.length; i++) {
      configs[i] =
          BgpNeighborConfig.builder(neighbors[i], IpAddress.parse(neighbors[i]))
              .localAs(64500)
              .remoteAs(RawNeighbor.AS)
              .routerId(IpAddress.parse("10.64.0.1"))
              .connect(Connect.PASSIVE);
    }
    return node.configure(configs);
  }

  private RawNeighbor raw(String local, String remote, TestSpeaker node) {
    RawNeighbor neighbor = new RawNeighbor(local, remote, node.port());
    open.add(neighbor);
    return neighbor;
  }

  private static Prefixes prefix(int i) {
    return Prefixes.of(Prefix.ofIpv4((11 << 24) + (i << 8), 24));
  }

  @Test
  void garbage_costs_only_the_neighbor_that_sends_it() {
    TestSpeaker node = node("127.41.1.1", "127.41.1.2", "127.41.1.3");
    RawNeighbor good = raw("127.41.1.2", "127.41.1.1", node).establish(90);
    RawNeighbor bad = raw("127.41.1.3", "127.41.1.1", node).establish(90);
    node.heard.awaitEstablished("127.41.1.3");
    byte[] garbage = new byte[10_000];
    new Random(1).nextBytes(garbage);

    bad.send(garbage);
    BgpMessage.Notification answer = bad.receiveNotification();
    Down down = node.heard.awaitDown("127.41.1.3");
    good.send(BgpMessage.Update.announce(prefix(1), ATTRIBUTES));
    node.heard.await(Recorder.Updated.class, updated -> updated.neighbor().equals("127.41.1.2"));

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.subcode()).isEqualTo(1);
    assertThat(down.cause()).isEqualTo(Down.Cause.NOTIFICATION_SENT);
    assertThat(node.snapshot("127.41.1.2").flaps()).isZero();
    assertThat(node.snapshot("127.41.1.2").state()).isEqualTo(SessionState.ESTABLISHED);
  }

  @Test
  void garbage_instead_of_an_open_is_answered_too() {
    TestSpeaker node = node("127.41.2.1", "127.41.2.2");
    RawNeighbor bad = raw("127.41.2.2", "127.41.2.1", node);

    bad.send(
        "GET / HTTP/1.1\r\nHost: 127.41.2.1\r\n\r\n"
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    BgpMessage.Notification answer = bad.receiveNotification();
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.subcode()).isEqualTo(1);
  }

  @Test
  void a_wrong_length_is_answered_with_it() {
    TestSpeaker node = node("127.41.3.1", "127.41.3.2");
    RawNeighbor bad = raw("127.41.3.2", "127.41.3.1", node).establish(90);
    byte[] message = RawNeighbor.bytes(new BgpMessage.Keepalive());
    message[16] = 0x20;

    bad.send(message);

    BgpMessage.Notification answer = bad.receiveNotification();
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.subcode()).isEqualTo(2);
    assertThat(answer.data()).containsExactly(0x20, 19);
  }

  @Test
  void an_unknown_message_type_is_answered_with_it() {
    TestSpeaker node = node("127.41.4.1", "127.41.4.2");
    RawNeighbor bad = raw("127.41.4.2", "127.41.4.1", node).establish(90);
    byte[] message = RawNeighbor.bytes(new BgpMessage.Keepalive());
    message[18] = 77;

    bad.send(message);

    BgpMessage.Notification answer = bad.receiveNotification();
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.subcode()).isEqualTo(3);
    assertThat(answer.data()).containsExactly(77);
  }

  @Test
  void a_malformed_update_withdraws_its_routes_and_keeps_the_session() {
    TestSpeaker node = node("127.41.5.1", "127.41.5.2");
    RawNeighbor neighbor = raw("127.41.5.2", "127.41.5.1", node).establish(90);
    neighbor.send(BgpMessage.Update.announce(prefix(1), ATTRIBUTES));
    node.heard.awaitUntil("route", () -> node.heard.routesOf("127.41.5.2").size() == 1);
    byte[] malformed = RawNeighbor.bytes(BgpMessage.Update.announce(prefix(1), ATTRIBUTES));
    malformed[originValueAt(malformed)] = 7;

    neighbor.send(malformed);
    node.heard.awaitUntil("withdrawal", () -> node.heard.routesOf("127.41.5.2").isEmpty());
    neighbor.send(BgpMessage.Update.announce(prefix(2), ATTRIBUTES));
    node.heard.awaitUntil("route", () -> node.heard.routesOf("127.41.5.2").size() == 1);

    SessionSnapshot snapshot = node.snapshot("127.41.5.2");
    assertThat(snapshot.state()).isEqualTo(SessionState.ESTABLISHED);
    assertThat(snapshot.treatedAsWithdraw()).isEqualTo(1);
    assertThat(snapshot.updatesReceived()).isEqualTo(3);
  }

  /// The offset of the value of ORIGIN: after its flags 0x40, type 1 and length 1.
  private static int originValueAt(byte[] update) {
    for (int i = 23; i < update.length - 3; i++) {
      if (update[i] == 0x40 && update[i + 1] == 1 && update[i + 2] == 1) {
        return i + 3;
      }
    }
    throw new AssertionError("no ORIGIN");
  }

  @Test
  void messages_may_come_byte_by_byte() {
    TestSpeaker node = node("127.41.6.1", "127.41.6.2");
    RawNeighbor neighbor = raw("127.41.6.2", "127.41.6.1", node).establish(90);

    for (byte each : RawNeighbor.bytes(BgpMessage.Update.announce(prefix(1), ATTRIBUTES))) {
      neighbor.send(new byte[] {each});
    }

    node.heard.awaitUntil("route", () -> node.heard.routesOf("127.41.6.2").size() == 1);
    assertThat(node.heard.routesOf("127.41.6.2"))
        .containsEntry(Prefix.parse("11.0.1.0/24"), ATTRIBUTES);
  }

  @Test
  void a_silent_neighbor_is_given_up_when_the_hold_time_is_over() {
    TestSpeaker node = node("127.41.7.1", "127.41.7.2");
    RawNeighbor neighbor = raw("127.41.7.2", "127.41.7.1", node).establish(3);

    BgpMessage.Notification answer = neighbor.receiveNotification();

    assertThat(answer.code()).isEqualTo(4);
    assertThat(node.heard.awaitDown("127.41.7.2").cause()).isEqualTo(Down.Cause.HOLD_TIMER_EXPIRED);
  }

  @Test
  void while_reading_is_paused_nothing_is_delivered_and_the_session_lives() {
    TestSpeaker node = node("127.41.8.1", "127.41.8.2");
    RawNeighbor neighbor = raw("127.41.8.2", "127.41.8.1", node).establish(3);
    node.heard.awaitEstablished("127.41.8.2");
    node.speaker.pauseReading("127.41.8.2");
    node.snapshot("127.41.8.2");

    for (int i = 0; i < 50; i++) {
      neighbor.send(BgpMessage.Update.announce(prefix(i), ATTRIBUTES));
    }
    // One KEEPALIVE a second, 0.75 s at least: six take longer than the hold time of 3 s.
    for (int i = 0; i < 6; i++) {
      assertThat(neighbor.receive()).isInstanceOf(BgpMessage.Keepalive.class);
    }
    SessionSnapshot paused = node.snapshot("127.41.8.2");
    int deliveredWhilePaused = node.heard.routesOf("127.41.8.2").size();
    node.speaker.resumeReading("127.41.8.2");
    node.heard.awaitUntil("all", () -> node.heard.routesOf("127.41.8.2").size() == 50);

    assertThat(paused.state()).isEqualTo(SessionState.ESTABLISHED);
    assertThat(deliveredWhilePaused).isZero();
  }

  @Test
  void a_pause_from_within_an_update_stops_the_next_one() {
    AtomicLong delivered = new AtomicLong();
    List<BgpSpeaker> speaker = new ArrayList<>();
    BgpListener once =
        new SelectiveListener() {
          @Override
          public void update(String neighbor, BgpMessage.Update update) {
            delivered.incrementAndGet();
            speaker.getFirst().pauseReading(neighbor);
          }
        };
    TestSpeaker node = TestSpeaker.listening("robust", "127.41.9.1", once);
    open.add(node);
    speaker.add(node.speaker);
    node.configure(
        BgpNeighborConfig.builder("n", IpAddress.parse("127.41.9.2"))
            .localAs(64500)
            .routerId(IpAddress.parse("10.64.0.1"))
            .connect(Connect.PASSIVE));
    RawNeighbor neighbor = raw("127.41.9.2", "127.41.9.1", node).establish(3);

    byte[] one = RawNeighbor.bytes(BgpMessage.Update.announce(prefix(1), ATTRIBUTES));
    byte[] three = new byte[3 * one.length];
    for (int i = 0; i < 3; i++) {
      System.arraycopy(one, 0, three, i * one.length, one.length);
    }
    neighbor.send(three);
    for (int wanted = 1; wanted <= 3; wanted++) {
      assertThat(neighbor.receive()).isInstanceOf(BgpMessage.Keepalive.class);
      assertThat(delivered).hasValue(wanted);
      node.speaker.resumeReading("n");
    }
  }

  @Test
  void a_neighbor_that_does_not_read_stops_us_from_asking_for_more() {
    AtomicLong pulled = new AtomicLong();
    int batches = 20_000;
    OutboundSource endless =
        (_, _) -> {
          long i = pulled.getAndIncrement();
          return i < batches ? new Outbound.Announce(batch((int) i), ATTRIBUTES) : null;
        };
    TestSpeaker node = TestSpeaker.listening("robust", "127.41.10.1", new Recorder(), endless);
    open.add(node);
    node.configure(
        BgpNeighborConfig.builder("n", IpAddress.parse("127.41.10.2"))
            .localAs(64500)
            .routerId(IpAddress.parse("10.64.0.1"))
            .connect(Connect.PASSIVE));
    RawNeighbor neighbor = raw("127.41.10.2", "127.41.10.1", node).establish(0);

    long before = -1;
    for (int same = 0; same < 1_000; same = pulled.get() == before ? same + 1 : 0) {
      before = pulled.get();
      node.snapshot("n");
    }
    long stalledAt = pulled.get();
    int received = 0;
    while (received < batches * 500) {
      if (neighbor.receive() instanceof BgpMessage.Update update) {
        received += update.announcements().getFirst().prefixes().size();
      }
    }

    // 500 prefixes a batch are 2 kB: the kernel's and our buffers take some megabytes of 40.
    assertThat(stalledAt).isBetween(50L, batches - 1L);
    assertThat(received).isEqualTo(batches * 500);
  }

  private static Prefixes batch(int i) {
    Prefixes.Builder prefixes = new Prefixes.Builder(Family.IPV4, 500);
    for (int k = 0; k < 500; k++) {
      prefixes.add((((long) i * 500 + k) << 40) + (1L << 56), 0, 24);
    }
    return prefixes.build();
  }

  @Test
  void an_exception_of_the_listener_ends_only_that_session() {
    BgpListener failing =
        new SelectiveListener() {
          @Override
          public void update(String neighbor, BgpMessage.Update update) {
            if (neighbor.equals("bad")) {
              throw new IllegalStateException("on purpose");
            }
          }
        };
    TestSpeaker node = TestSpeaker.listening("robust", "127.41.11.1", failing);
    open.add(node);
    node.configure(
        BgpNeighborConfig.builder("good", IpAddress.parse("127.41.11.2"))
            .localAs(64500)
            .routerId(IpAddress.parse("10.64.0.1"))
            .connect(Connect.PASSIVE),
        BgpNeighborConfig.builder("bad", IpAddress.parse("127.41.11.3"))
            .localAs(64500)
            .routerId(IpAddress.parse("10.64.0.1"))
            .connect(Connect.PASSIVE));
    raw("127.41.11.2", "127.41.11.1", node).establish(90);
    RawNeighbor bad = raw("127.41.11.3", "127.41.11.1", node).establish(90);

    bad.send(BgpMessage.Update.announce(prefix(1), ATTRIBUTES));
    BgpMessage.Notification answer = bad.receiveNotification();

    assertThat(answer.code()).isEqualTo(6);
    assertThat(answer.subcode()).isEqualTo(CeaseReason.OUT_OF_RESOURCES.subcode());
    assertThat(node.snapshot("bad").state()).isEqualTo(SessionState.IDLE);
    assertThat(node.snapshot("good").state()).isEqualTo(SessionState.ESTABLISHED);
  }

  @Test
  void a_connection_from_nobody_we_know_is_closed() {
    TestSpeaker node = node("127.41.12.1", "127.41.12.2");

    RawNeighbor stranger = raw("127.41.12.3", "127.41.12.1", node);

    assertThat(stranger.receive()).isNull();
  }
}
