package net.donut.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UdpLoopTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  record Heard(String bytes, IpAddress sender, int ttl) {}

  private static IpAddress loopback(Family family) {
    return IpAddress.parse(family == Family.IPV4 ? "127.0.0.1" : "::1");
  }

  private static int freePort() {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    } catch (java.net.SocketException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Heard> await(UdpLoop loop, int count) {
    List<Heard> heard = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (heard.size() < count && System.nanoTime() < deadline) {
      loop.await(
          deadline - System.nanoTime(),
          (_, bytes, sender, ttl) -> {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            heard.add(
                new Heard(new String(copy, java.nio.charset.StandardCharsets.UTF_8), sender, ttl));
          });
    }
    return heard;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void what_is_sent_arrives_with_its_sender_and_a_ttl_of_255(Family family) {
    try (UdpLoop loop = UdpLoop.open()) {
      int port = freePort();
      loop.receiver(family, null, port);
      UdpPort sender = loop.sender(family, null, loopback(family), freePort());

      int first = sender.send(bytes("one"), loopback(family), port);
      int second = sender.send(bytes("two"), loopback(family), port);

      assertThat(first).isZero();
      assertThat(second).isZero();
      assertThat(await(loop, 2))
          .containsExactly(
              new Heard("one", loopback(family), 255), new Heard("two", loopback(family), 255));
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void the_ttl_of_another_sender_is_told(Family family) throws java.io.IOException {
    try (UdpLoop loop = UdpLoop.open();
        DatagramSocket other = new DatagramSocket(0, loopback(family).toInetAddress())) {
      int port = freePort();
      loop.receiver(family, null, port);

      other.send(
          new java.net.DatagramPacket(new byte[] {'x'}, 1, loopback(family).toInetAddress(), port));

      assertThat(await(loop, 1)).containsExactly(new Heard("x", loopback(family), 64));
    }
  }

  @Test
  void a_port_bound_to_an_interface_hears_that_interface_only() {
    try (UdpLoop loop = UdpLoop.open()) {
      int port = freePort();
      UdpPort bound = loop.receiver(Family.IPV4, "lo", port);
      loop.receiver(Family.IPV4, null, port);
      UdpPort sender = loop.sender(Family.IPV4, "lo", loopback(Family.IPV4), freePort());
      sender.send(bytes("x"), loopback(Family.IPV4), port);
      List<UdpPort> heardBy = new ArrayList<>();

      long deadline = System.nanoTime() + PATIENCE_NANOS;
      while (heardBy.isEmpty() && System.nanoTime() < deadline) {
        loop.await(deadline - System.nanoTime(), (at, _, _, _) -> heardBy.add(at));
      }

      assertThat(bound.interfaceIndex()).isEqualTo(loop.indexOf("lo")).isPositive();
      assertThat(heardBy).containsExactly(bound);
    }
  }

  @Test
  void an_interface_that_is_not_there_is_named() {
    try (UdpLoop loop = UdpLoop.open()) {
      assertThat(loop.indexOf("none0")).isZero();
      assertThatThrownBy(() -> loop.receiver(Family.IPV6, "none0", 1))
          .isInstanceOf(NetlinkException.class)
          .hasMessage("interface none0: ENODEV (errno 19)");
    }
  }

  @Test
  void a_port_in_use_is_said_to_be() {
    try (UdpLoop loop = UdpLoop.open()) {
      int port = freePort();
      loop.sender(Family.IPV4, null, loopback(Family.IPV4), port);

      assertThatThrownBy(() -> loop.sender(Family.IPV4, null, loopback(Family.IPV4), port))
          .hasMessage("bind 127.0.0.1 port " + port + ": EADDRINUSE (errno 98)");
    }
  }

  @Test
  void the_wait_ends_when_it_is_over() {
    try (UdpLoop loop = UdpLoop.open()) {
      long begun = System.nanoTime();

      loop.await(TimeUnit.MILLISECONDS.toNanos(20), (_, _, _, _) -> {});

      assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(20_000_000L);
    }
  }

  @Test
  void another_thread_ends_the_wait() throws Exception {
    CompletableFuture<UdpLoop> opened = new CompletableFuture<>();
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    Thread owner =
        Thread.ofPlatform()
            .start(() -> {
              try (UdpLoop loop = UdpLoop.open()) {
                opened.complete(loop);
                loop.await(PATIENCE_NANOS * 6, (_, _, _, _) -> {});
                done.complete(null);
              } catch (RuntimeException e) {
                opened.completeExceptionally(e);
                done.completeExceptionally(e);
              }
            });

    opened.get(10, TimeUnit.SECONDS).wake();

    done.get(10, TimeUnit.SECONDS);
    owner.join();
  }
}
