package net.donut.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Against the real kernel; needs root and `ip`.
@NeedsKernel
class PacketSocketTest {
  private static final int TYPE = 0x88b5;

  @RegisterExtension private final TestNetwork network = new TestNetwork();

  @Test
  void a_frame_arrives_at_the_other_end_as_it_was_sent_and_not_at_its_own() {
    inside(() -> {
      Frame sent = frame("hello");
      try (NetworkNamespace there = NetworkNamespace.open(network.name() + "p");
          PacketSocket mine = PacketSocket.open("a1", TYPE)) {
        Frame received =
            there.call(() -> {
              try (PacketSocket socket = PacketSocket.open("b1", TYPE)) {
                inside(() -> send("a1", sent));
                return receive(socket);
              }
            });
        assertThat(received.bytes()).isEqualTo(sent.bytes());
        assertThat(mine.receive(new Frame(2000))).isFalse();
      }
    });
  }

  private <E extends Exception> void inside(NetworkNamespace.Action<E> action) throws E {
    network.namespace().run(action);
  }

  private static void send(String device, Frame frame) {
    try (PacketSocket socket = PacketSocket.open(device, PacketSocket.NO_TYPE)) {
      assertThat(socket.send(frame)).isZero();
    }
  }

  private static Frame receive(PacketSocket socket) {
    Frame frame = new Frame(2000);
    socket.await(TimeUnit.SECONDS.toNanos(10));
    assertThat(socket.receive(frame)).as("a frame within 10 s").isTrue();
    return frame;
  }

  private static Frame frame(String payload) {
    byte[] text = payload.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Frame frame = new Frame(Frame.HEADER_BYTES + text.length);
    for (int i = 0; i < 6; i++) {
      frame.bytes().put(i, (byte) 0xff);
    }
    frame.bytes().putShort(12, (short) TYPE).put(Frame.HEADER_BYTES, text);
    return frame;
  }

  @Test
  void it_knows_the_mtu_of_its_interface() {
    network.ipHere("link", "set", "a1", "mtu", "4000");

    inside(() -> {
      try (PacketSocket socket = PacketSocket.open("a1", TYPE)) {
        assertThat(socket.mtu("a1")).isEqualTo(4000);
      }
    });
  }

  @Test
  void it_knows_when_its_interface_is_gone() {
    inside(() -> {
      try (PacketSocket socket = PacketSocket.open("a1", TYPE)) {
        assertThat(socket.isGone("a1")).isFalse();
        network.ipHere("link", "del", "a1");
        assertThat(socket.isGone("a1")).isTrue();
        assertThat(socket.receive(new Frame(100))).isFalse();
      }
    });
  }

  @Test
  void an_interface_that_is_not_there_is_named() {
    inside(() ->
        assertThatThrownBy(() -> PacketSocket.open("a9", TYPE))
            .isInstanceOf(NetlinkException.class)
            .hasMessage("interface a9: ENODEV (errno 19)"));
  }

  @Test
  void without_transmit_offload_packets_leave_with_their_checksum() throws java.io.IOException {
    assertThat(isChecksumRight()).as("a veth passes on what it gets").isFalse();

    inside(() -> TransmitOffload.turnOff("a1"));

    assertThat(isChecksumRight()).isTrue();
  }

  /// Of a UDP packet from one end of the first pair to the other.
  private boolean isChecksumRight() throws java.io.IOException {
    try (NetworkNamespace there = NetworkNamespace.open(network.name() + "p")) {
      return there.call(() -> {
        try (PacketSocket socket = PacketSocket.open("b1", 0x0800)) {
          inside(PacketSocketTest::sendUdp);
          return sumOfUdp(receive(socket).bytes()) == 0xffff;
        }
      });
    }
  }

  private static void sendUdp() throws java.io.IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(new byte[4], 4, InetAddress.getByName("10.9.1.2"), 9));
    }
  }

  /// The one's complement sum of RFC 768 over pseudo header and datagram: all ones when right.
  private static int sumOfUdp(ByteBuffer frame) {
    int length = frame.getShort(Frame.HEADER_BYTES + 24) & 0xffff;
    int sum = 17 + length;
    for (int i = Frame.HEADER_BYTES + 12; i < Frame.HEADER_BYTES + 20 + length; i += 2) {
      sum += frame.getShort(i) & 0xffff;
    }
    while (sum > 0xffff) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
  }
}
