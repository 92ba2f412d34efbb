package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.donut.model.Family;
import net.donut.wire.bgp.Corpus.Sample;

/// Breaks messages and looks whether the decoder breaks with them. The main method does it until it
/// is stopped: `FuzzLoop [seed]`.
final class FuzzLoop {
  private static final int ROUNDS_BETWEEN_LINES = 1_000_000;

  /// How a read ended.
  enum Outcome {
    VALUE,
    FAULT
  }

  private final SplittableRandom random;
  private final List<byte[]> seeds;

  FuzzLoop(long seed) throws IOException {
    random = new SplittableRandom(seed);
    seeds = new ArrayList<>();
    for (List<Sample> samples : List.of(Corpus.exabgp(), Corpus.captures(), Corpus.crashers())) {
      samples.forEach(sample -> seeds.add(sample.bytes()));
    }
    for (int i = 0; i < 300; i++) {
      RandomMessages messages = new RandomMessages(seed + i);
      SessionOptions options = messages.options();
      seeds.add(bytes(Wire.split(Wire.encode(messages.message(options), options)).getFirst()));
    }
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return bytes;
  }

  /// Breaks one message and reads it in every way. Throws AssertionError with the bytes when
  /// anything but a value or a [BgpFault] comes out.
  void round() {
    byte[] message = mutate(seeds.get(random.nextInt(seeds.size())));
    int bits = random.nextInt(32);
    SessionOptions options =
        new SessionOptions(
            (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0);
    try {
      outcome(Unpooled.wrappedBuffer(message), options);
      archived(Unpooled.wrappedBuffer(message), options);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(
          "message " + HexFormat.of().formatHex(message) + " with " + options, e);
    }
  }

  static Outcome outcome(ByteBuf message, SessionOptions options) {
    try {
      BgpMessage value = BgpDecoder.decode(message, options);
      return value == null ? Outcome.FAULT : Outcome.VALUE;
    } catch (BgpFault fault) {
      return Outcome.FAULT;
    }
  }

  private static void archived(ByteBuf message, SessionOptions options) {
    try {
      BgpArchive.message(message, options);
    } catch (BgpFault fault) {
      // one of the two allowed outcomes
    }
    try {
      int skip = Math.min(23, message.writerIndex());
      BgpArchive.attributes(message.setIndex(skip, message.writerIndex()), Family.IPV6, options);
    } catch (BgpFault fault) {
      // one of the two allowed outcomes
    }
  }

  private byte[] mutate(byte[] original) {
    byte[] bytes = original.clone();
    for (int i = 1 + random.nextInt(6); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(20));
        default -> bytes = withInsertion(bytes, at);
      }
    }
    if (bytes.length >= 19 && random.nextInt(10) > 0) {
      Arrays.fill(bytes, 0, 16, (byte) 0xff);
      bytes[16] = (byte) (bytes.length >>> 8);
      bytes[17] = (byte) bytes.length;
    }
    return bytes;
  }

  /// A piece of the message again somewhere else.
  private byte[] withInsertion(byte[] bytes, int at) {
    int from = random.nextInt(bytes.length);
    int length = Math.min(random.nextInt(12), bytes.length - from);
    byte[] longer = new byte[bytes.length + length];
    System.arraycopy(bytes, 0, longer, 0, at);
    System.arraycopy(bytes, from, longer, at, length);
    System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
    return longer;
  }

  public static void main(String[] arguments) throws IOException {
    long seed = arguments.length > 0 ? Long.parseLong(arguments[0]) : System.nanoTime();
    System.out.println("seed " + seed);
    FuzzLoop loop = new FuzzLoop(seed);
    for (long round = 1; ; round++) {
      loop.round();
      if (round % ROUNDS_BETWEEN_LINES == 0) {
        System.out.println(round + " messages");
      }
    }
  }
}
