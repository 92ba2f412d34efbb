package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.IntStream;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.UnknownAttribute;
import org.junit.jupiter.api.Test;

class UpdateWriterTest {
  private static final SessionOptions OPTIONS = SessionOptions.MODERN_EXTERNAL;
  private static final Prefixes PREFIX = Prefixes.of(Prefix.parse("198.51.100.0/24"));

  private static PathAttributes.Builder attributes(String nextHop) {
    return PathAttributes.builder(Origin.IGP, AsPath.of(64500), IpAddress.parse(nextHop));
  }

  private static PathAttributes reread(PathAttributes attributes, SessionOptions options) {
    ByteBuf out = Unpooled.buffer();
    UpdateWriter.announce(PREFIX, attributes, options, out);
    return HexMessages.decodeUpdate(out, options).announcements().getFirst().attributes();
  }

  @Test
  void nothing_is_written_for_no_prefixes() {
    ByteBuf out = Unpooled.buffer();

    int messages =
        UpdateWriter.announce(
            Prefixes.none(Family.IPV4), attributes("192.0.2.1").build(), OPTIONS, out);

    assertThat(messages).isZero();
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void nothing_is_written_when_attributes_leave_no_room_for_a_prefix() {
    PathAttributes large =
        attributes("192.0.2.1")
            .communities(Communities.of(IntStream.range(0, 1020).toArray()))
            .build();
    ByteBuf out = Unpooled.buffer().writeByte(1);

    int messages = UpdateWriter.announce(PREFIX, large, OPTIONS, out);

    assertThat(messages).isZero();
    assertThat(out.readableBytes()).isEqualTo(1);
  }

  @Test
  void the_encoder_refuses_attributes_that_leave_no_room_for_a_prefix() {
    PathAttributes large =
        attributes("192.0.2.1")
            .communities(Communities.of(IntStream.range(0, 1020).toArray()))
            .build();
    BgpMessage update = BgpMessage.Update.announce(PREFIX, large);

    assertThatThrownBy(() -> HexMessages.encode(update, OPTIONS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("attributes of 198.51.100.0/24: too large (expected: a message of 4096 bytes)");
  }

  @Test
  void no_community_is_sent_twice() {
    PathAttributes twice =
        attributes("192.0.2.1")
            .communities(Communities.of(Communities.NO_EXPORT, 1, Communities.NO_EXPORT, 1))
            .extendedCommunities(ExtendedCommunities.of(-1, 7, 7, -1))
            .largeCommunities(LargeCommunities.of(1, 2, 3, 0, -1, 9, 1, 2, 3))
            .build();
    ByteBuf out = Unpooled.buffer();
    UpdateWriter.announce(PREFIX, twice, OPTIONS, out);

    assertThat(HexMessages.hex(out))
        .contains("c008" + "08" + "00000001" + "ffffff01")
        .contains("c010" + "10" + "0000000000000007" + "ffffffffffffffff")
        .contains("c020" + "18" + "00000000ffffffff00000009" + "000000010000000200000003");
  }

  @Test
  void ipv6_prefixes_need_an_ipv6_next_hop() {
    Prefixes ipv6 = Prefixes.of(Prefix.parse("2001:db8::/32"));
    PathAttributes attributes = attributes("192.0.2.1").build();

    assertThatThrownBy(() -> UpdateWriter.announce(ipv6, attributes, OPTIONS, Unpooled.buffer()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("next hop of IPv6 prefixes: 192.0.2.1 (expected: an IPv6 address)");
  }

  @Test
  void local_preference_stays_inside_the_as() {
    PathAttributes sent = attributes("192.0.2.1").localPref(200).build();

    assertThat(reread(sent, OPTIONS).localPref()).isEqualTo(PathAttributes.ABSENT);
  }

  @Test
  void an_unknown_transitive_attribute_is_passed_on_with_the_partial_bit() {
    var attribute = new UnknownAttribute(0xc0, 200, new byte[] {7});
    PathAttributes sent = attributes("192.0.2.1").unknown(List.of(attribute)).build();

    assertThat(reread(sent, OPTIONS).unknown())
        .containsExactly(new UnknownAttribute(0xe0, 200, new byte[] {7}));
  }

  @Test
  void an_attribute_that_is_not_transitive_is_not_passed_on() {
    var attribute = new UnknownAttribute(0x80, 9, new byte[4]);
    PathAttributes sent = attributes("192.0.2.1").unknown(List.of(attribute)).build();

    assertThat(reread(sent, OPTIONS).unknown()).isEmpty();
  }

  @Test
  void a_mixed_update_becomes_messages_with_the_withdrawals_first() {
    Prefixes ipv6 = Prefixes.of(Prefix.parse("2001:db8::/32"));
    BgpMessage.Update update =
        new BgpMessage.Update(
            List.of(
                new BgpMessage.Announcement(PREFIX, attributes("192.0.2.1").build()),
                new BgpMessage.Announcement(ipv6, attributes("2001:db8::1").build())),
            List.of(Prefixes.of(Prefix.parse("203.0.113.0/24")), ipv6),
            List.of());

    List<BgpMessage> messages =
        HexMessages.split(HexMessages.encode(update, OPTIONS)).stream()
            .map(message -> HexMessages.decode(message, OPTIONS))
            .toList();

    assertThat(messages)
        .containsExactly(
            BgpMessage.Update.withdraw(update.withdrawals().get(0)),
            BgpMessage.Update.withdraw(update.withdrawals().get(1)),
            new BgpMessage.Update(List.of(update.announcements().get(0)), List.of(), List.of()),
            new BgpMessage.Update(List.of(update.announcements().get(1)), List.of(), List.of()));
  }
}
