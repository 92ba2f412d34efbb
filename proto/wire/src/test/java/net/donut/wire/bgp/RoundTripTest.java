package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.Test;

/// What is written is read back as the same value.
class RoundTripTest {
  private static final int MESSAGES = 5_000;

  @Test
  void a_message_written_and_read_is_the_same_message() {
    for (long seed = 1; seed <= MESSAGES; seed++) {
      RandomMessages random = new RandomMessages(seed);
      SessionOptions options = random.options();
      BgpMessage message = random.message(options);

      ByteBuf bytes = HexMessages.encode(message, options);

      assertThat(merged(HexMessages.split(bytes), options)).as("seed %d", seed).isEqualTo(message);
    }
  }

  /// The value of one message, or of the several that an update took, as one.
  private static BgpMessage merged(List<ByteBuf> messages, SessionOptions options) {
    if (messages.size() == 1) {
      return HexMessages.decode(messages.getFirst(), options);
    }
    List<BgpMessage.Update> updates =
        messages.stream().map(message -> HexMessages.decodeUpdate(message, options)).toList();
    BgpMessage.Update first = updates.getFirst();
    if (first.announcements().isEmpty()) {
      return BgpMessage.Update.withdraw(
          join(updates.stream().map(update -> update.withdrawals().getFirst()).toList()));
    }
    PathAttributes attributes = first.announcements().getFirst().attributes();
    assertThat(updates)
        .allSatisfy(update ->
            assertThat(update.announcements().getFirst().attributes()).isEqualTo(attributes));
    return BgpMessage.Update.announce(
        join(updates.stream().map(update -> update.announcements().getFirst().prefixes()).toList()),
        attributes);
  }

  private static Prefixes join(List<Prefixes> parts) {
    var all = new Prefixes.Builder(parts.getFirst().family());
    parts.forEach(part -> part.forEach(all::add));
    return all.build();
  }

  @Test
  void a_long_list_of_prefixes_fills_every_message_to_the_limit() {
    for (long seed = 1; seed <= 20; seed++) {
      RandomMessages random = new RandomMessages(seed);
      SessionOptions options = random.options();
      Family family = random.family();
      Prefixes prefixes = random.prefixes(family, 20_000);
      PathAttributes attributes = random.attributes(family, options);
      ByteBuf out = Unpooled.buffer();

      int written = UpdateWriter.announce(prefixes, attributes, options, out);

      List<ByteBuf> messages = HexMessages.split(out);
      assertThat(messages).as("seed %d", seed).hasSize(written);
      assertThat(messages.subList(0, written - 1))
          .allSatisfy(message ->
              assertThat(message.readableBytes())
                  .isBetween(options.maxMessageBytes() - 22, options.maxMessageBytes()));
      assertThat(messages.getLast().readableBytes()).isLessThanOrEqualTo(options.maxMessageBytes());
      assertThat(merged(messages, options))
          .isEqualTo(BgpMessage.Update.announce(prefixes, attributes));
    }
  }

  @Test
  void a_long_list_of_withdrawals_fills_every_message_to_the_limit() {
    for (Family family : Family.values()) {
      SessionOptions options = SessionOptions.MODERN_EXTERNAL;
      Prefixes prefixes = new RandomMessages(7).prefixes(family, 20_000);
      ByteBuf out = Unpooled.buffer();

      int written = UpdateWriter.withdraw(prefixes, options, out);

      List<ByteBuf> messages = HexMessages.split(out);
      assertThat(messages).hasSize(written);
      assertThat(messages)
          .allSatisfy(message -> assertThat(message.readableBytes()).isLessThanOrEqualTo(4096));
      assertThat(merged(messages, options)).isEqualTo(BgpMessage.Update.withdraw(prefixes));
    }
  }
}
