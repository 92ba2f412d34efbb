package net.donut.wire.bgp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.donut.fuzz.FuzzTarget;
import net.donut.fuzz.SavedInputs;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.wire.bgp.Corpus.Sample;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The BGP codec on any bytes: a message is a value or a [BgpFault], read from a session or from an
/// archive. `./donut fuzz bgp` runs this class; [BgpFuzzTest] a part of it.
class BgpFuzz {
  /// The first byte of an input: what was agreed in the session, a bit each, and whether marker and
  /// length of the header are put right.
  private static final int REPAIRED_HEADER = 32;

  static final FuzzTarget TARGET = new FuzzTarget(BgpFuzz::decode, 8 << 20, 2_000);

  static List<byte[]> inputs() throws IOException {
    List<byte[]> inputs = new ArrayList<>(SavedInputs.of(BgpFuzz.class, "bgp"));
    for (List<Sample> samples : List.of(Corpus.seeded(), Corpus.seededCrashers())) {
      samples.forEach(sample -> inputs.add(input(SessionOptions.MODERN_EXTERNAL, sample.bytes())));
    }
    for (int i = 0; i < 300; i++) {
      RandomMessages messages = new RandomMessages(i);
      SessionOptions options = messages.options();
      ByteBuf first =
          HexMessages.split(HexMessages.encode(messages.message(options), options)).getFirst();
      byte[] bytes = new byte[first.readableBytes()];
      first.getBytes(first.readerIndex(), bytes);
      inputs.add(input(options, bytes));
    }
    return inputs;
  }

  /// Messages that others wrote or stumbled over.
  static List<byte[]> recordedInputs() throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    for (List<Sample> samples : List.of(Corpus.exabgp(), Corpus.captures(), Corpus.crashers())) {
      samples.forEach(sample -> inputs.add(input(SessionOptions.MODERN_EXTERNAL, sample.bytes())));
    }
    return inputs;
  }

  private static int bits(SessionOptions options) {
    return (options.fourOctetAs() ? 1 : 0)
        | (options.extendedMessage() ? 2 : 0)
        | (options.addPathIpv4() ? 4 : 0)
        | (options.addPathIpv6() ? 8 : 0)
        | (options.internal() ? 16 : 0)
        | (options.linkLocal() ? 64 : 0);
  }

  private static SessionOptions options(int bits) {
    return new SessionOptions(
        (bits & 1) != 0,
        (bits & 2) != 0,
        (bits & 4) != 0,
        (bits & 8) != 0,
        (bits & 16) != 0,
        (bits & 64) != 0);
  }

  static byte[] input(SessionOptions options, byte[] message) {
    byte[] input = new byte[message.length + 1];
    input[0] = (byte) (bits(options) | REPAIRED_HEADER);
    System.arraycopy(message, 0, input, 1, message.length);
    return input;
  }

  static Stream<Arguments> seeds() throws IOException {
    return inputs().stream().map(input -> Arguments.of((Object) input));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void bgp(byte[] input) {
    TARGET.acceptInstrumented(input);
  }

  private static void decode(byte[] input) {
    if (input.length == 0 || input.length > 65_536) {
      return;
    }
    SessionOptions options = options(input[0]);
    byte[] message = Arrays.copyOfRange(input, 1, input.length);
    if ((input[0] & REPAIRED_HEADER) != 0 && message.length >= 19) {
      Arrays.fill(message, 0, 16, (byte) 0xff);
      message[16] = (byte) (message.length >>> 8);
      message[17] = (byte) message.length;
    }
    fromSession(message, options);
    fromArchive(message, options);
  }

  /// What was read has text; what announces routes gives them attributes, whose communities are
  /// sets, and says which routes a fault has cost.
  private static void fromSession(byte[] message, SessionOptions options) {
    try {
      BgpMessage value = BgpDecoder.decode(Unpooled.wrappedBuffer(message), options);
      if (value.toString().isEmpty()) {
        throw new AssertionError("no text");
      }
      if (value instanceof BgpMessage.Update update) {
        check(update, options);
      }
    } catch (BgpFault fault) {
      if (fault.notification().data().length > Math.max(2, message.length)) {
        throw new AssertionError("NOTIFICATION data longer than the message", fault);
      }
    }
  }

  private static void check(BgpMessage.Update update, SessionOptions options) {
    for (BgpMessage.Announcement announcement : update.announcements()) {
      PathAttributes attributes = announcement.attributes();
      boolean sets =
          attributes.communities().equals(attributes.communities().normalized())
              && attributes
                  .extendedCommunities()
                  .equals(attributes.extendedCommunities().normalized())
              && attributes.largeCommunities().equals(attributes.largeCommunities().normalized());
      if (options.linkLocal() && attributes.linkLocalNextHop() != null) {
        throw new AssertionError("two next hops on a link-local session: " + attributes);
      }
      if (!sets) {
        throw new AssertionError("not sets: " + attributes);
      }
    }
    boolean withdrawn =
        update.faults().stream()
            .anyMatch(fault -> fault.action() == UpdateFault.Action.TREAT_AS_WITHDRAW);
    if (withdrawn && !update.announcements().isEmpty()) {
      throw new AssertionError("announced in spite of " + update.faults());
    }
  }

  private static void fromArchive(byte[] message, SessionOptions options) {
    try {
      BgpArchive.message(Unpooled.wrappedBuffer(message), options);
    } catch (BgpFault fault) {
      // one of the two allowed outcomes
    }
    int skip = Math.min(23, message.length);
    try {
      BgpArchive.attributes(
          Unpooled.wrappedBuffer(message, skip, message.length - skip), Family.IPV6, options);
    } catch (BgpFault fault) {
      // one of the two allowed outcomes
    }
  }
}
