package net.donut.wire.bfd;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.donut.fuzz.FuzzTarget;
import net.donut.fuzz.SavedInputs;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The BFD codec on any datagram: discarded, or a packet that is written as the bytes it was read
/// from. `./donut fuzz bfd` runs this class; [BfdFuzzTest] a part of it.
class BfdFuzz {
  private static final int LENGTH_AT = 3;

  static final FuzzTarget TARGET = new FuzzTarget(BfdFuzz::decode, 4 << 20, 1_000);

  static List<byte[]> inputs() {
    List<byte[]> inputs = new ArrayList<>(SavedInputs.of(BfdFuzz.class, "bfd"));
    ControlPacketCodecTest.golden()
        .map(golden -> HexFormat.of().parseHex(golden.hex().replace(" ", "")))
        .forEach(inputs::add);
    return inputs;
  }

  static Stream<Arguments> seeds() {
    return inputs().stream().map(input -> Arguments.of((Object) input));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void bfd(byte[] input) {
    TARGET.acceptInstrumented(input);
  }

  private static void decode(byte[] input) {
    switch (ControlPacketCodec.decode(ByteBuffer.wrap(input))) {
      case BfdReception.Discarded(String reason) -> {
        if (!reason.contains("expected")) {
          throw new AssertionError("reason: " + reason);
        }
      }
      case ControlPacket packet -> {
        byte[] expected = Arrays.copyOf(input, ControlPacketCodec.BYTES);
        expected[LENGTH_AT] = ControlPacketCodec.BYTES;
        ByteBuffer written = ByteBuffer.allocate(ControlPacketCodec.BYTES);
        ControlPacketCodec.encode(packet, written);
        if (!Arrays.equals(written.array(), expected)) {
          throw new AssertionError("written as " + HexFormat.of().formatHex(written.array()));
        }
      }
    }
  }
}
