package net.donut.wire.bfd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.donut.wire.bfd.ControlPacket.Flag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ControlPacketCodecTest {
  record Golden(String hex, ControlPacket packet) {}

  static Stream<Golden> golden() {
    return Stream.of(
        // first packet of a session: Down, nothing known of the other side, 1 s, wants 300 ms
        new Golden(
            "20 40 03 18 00000001 00000000 000f4240 000493e0 00000000",
            new ControlPacket(
                Diagnostic.NONE, BfdState.DOWN, Set.of(), 3, 1, 0, 1_000_000, 300_000, 0)),
        // up, polling, 50 ms, discriminators beyond 2^31, echo 50 ms
        new Golden(
            "20 e0 03 18 fedcba98 80000001 0000c350 0000c350 0000c350",
            new ControlPacket(
                Diagnostic.NONE,
                BfdState.UP,
                Set.of(Flag.POLL),
                3,
                0xfedcba98,
                0x80000001,
                50_000,
                50_000,
                50_000)),
        // up, final, independent of the control plane, largest multiplier and interval
        new Golden(
            "20 d8 ff 18 00000002 00000003 ffffffff 00000000 00000000",
            new ControlPacket(
                Diagnostic.NONE,
                BfdState.UP,
                Set.of(Flag.FINAL, Flag.CONTROL_PLANE_INDEPENDENT),
                255,
                2,
                3,
                0xffff_ffffL,
                0,
                0)),
        // the other side was not heard any more
        new Golden(
            "21 40 05 18 00000002 00000000 000f4240 0000c350 00000000",
            new ControlPacket(
                Diagnostic.DETECTION_TIME_EXPIRED,
                BfdState.DOWN,
                Set.of(),
                5,
                2,
                0,
                1_000_000,
                50_000,
                0)),
        // switched off by the operator
        new Golden(
            "27 00 03 18 00000002 00000003 000f4240 0000c350 00000000",
            new ControlPacket(
                Diagnostic.ADMINISTRATIVELY_DOWN,
                BfdState.ADMIN_DOWN,
                Set.of(),
                3,
                2,
                3,
                1_000_000,
                50_000,
                0)),
        // init, demand, a diagnostic without words
        new Golden(
            "3f 82 01 18 00000007 00000008 00000001 00000002 00000003",
            new ControlPacket(
                new Diagnostic(31), BfdState.INIT, Set.of(Flag.DEMAND), 1, 7, 8, 1, 2, 3)));
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String hex(ControlPacket packet) {
    ByteBuffer out = ByteBuffer.allocate(ControlPacketCodec.BYTES);
    ControlPacketCodec.encode(packet, out);
    assertThat(out.hasRemaining()).isFalse();
    return HexFormat.of().formatHex(out.array());
  }

  @ParameterizedTest
  @MethodSource("golden")
  void a_packet_is_written_as_these_bytes(Golden golden) {
    assertThat(hex(golden.packet())).isEqualTo(golden.hex().replace(" ", ""));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void these_bytes_are_read_as_a_packet(Golden golden) {
    assertThat(ControlPacketCodec.decode(bytes(golden.hex()))).isEqualTo(golden.packet());
  }

  @Test
  void bytes_behind_the_packet_are_ignored() {
    BfdReception read =
        ControlPacketCodec.decode(
            bytes("20 40 03 18 00000001 00000000 000f4240 000493e0 00000000 ffff"));

    assertThat(read).isInstanceOf(ControlPacket.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          20c003180000000100000002000f4240000493e0000000   | datagram bytes: 23 (expected: at least 24)
          00c003180000000100000002000f4240000493e000000000 | version: 0 (expected: 1)
          40c003180000000100000002000f4240000493e000000000 | version: 2 (expected: 1)
          20c003170000000100000002000f4240000493e000000000 | length: 23 (expected: 24..24)
          20c003190000000100000002000f4240000493e000000000 | length: 25 (expected: 24..24)
          20c403180000000100000002000f4240000493e000000000 | length: 24 (expected: 26..24)
          20c4031a0000000100000002000f4240000493e0000000000102 | authentication: present (expected: none)
          20c000180000000100000002000f4240000493e000000000 | multiplier: 0 (expected: 1..255)
          20c103180000000100000002000f4240000493e000000000 | multipoint: 1 (expected: 0)
          20c003180000000000000002000f4240000493e000000000 | my discriminator: 0 (expected: not 0)
          20c003180000000100000000000f4240000493e000000000 | your discriminator: 0 in state Up (expected: not 0)
          208003180000000100000000000f4240000493e000000000 | your discriminator: 0 in state Init (expected: not 0)
          """)
  void a_packet_that_is_not_to_be_heard_is_discarded_with_its_reason(String hex, String reason) {
    assertThat(ControlPacketCodec.decode(bytes(hex))).isEqualTo(new BfdReception.Discarded(reason));
  }

  @Test
  void any_bytes_are_a_packet_or_discarded_and_a_packet_comes_back_the_same() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int packets = 0;

    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = mutated(random);
      BfdReception read;
      try {
        read = ControlPacketCodec.decode(ByteBuffer.wrap(bytes));
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
      }
      if (read instanceof ControlPacket packet) {
        packets++;
        assertThat(ControlPacketCodec.decode(bytes(hex(packet))))
            .as("seed " + seed)
            .isEqualTo(read);
      }
    }

    assertThat(packets).as("seed " + seed).isBetween(1000, 199_000);
  }

  private static byte[] mutated(SplittableRandom random) {
    ByteBuffer out = ByteBuffer.allocate(ControlPacketCodec.BYTES);
    ControlPacketCodec.encode(packet(random), out);
    byte[] bytes = out.array();
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        default -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(40));
      }
    }
    return bytes;
  }

  private static ControlPacket packet(SplittableRandom random) {
    EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
    for (Flag flag : Flag.values()) {
      if (random.nextBoolean()) {
        flags.add(flag);
      }
    }
    return new ControlPacket(
        new Diagnostic(random.nextInt(32)),
        BfdState.of(random.nextInt(4)),
        flags,
        1 + random.nextInt(255),
        random.nextInt() | 1,
        random.nextInt() | 1,
        random.nextLong(1L << 32),
        random.nextLong(1L << 32),
        random.nextLong(1L << 32));
  }
}
