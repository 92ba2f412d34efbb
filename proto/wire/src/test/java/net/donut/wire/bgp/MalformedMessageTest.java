package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Which NOTIFICATION each malformed message other than UPDATE is answered with (RFC 4271 §6.1,
/// §6.2).
class MalformedMessageTest {
  private static final SessionOptions OPTIONS = SessionOptions.MODERN_EXTERNAL;
  private static final SessionOptions EXTENDED =
      new SessionOptions(true, true, false, false, false);

  private record Row(
      String name, SessionOptions options, ByteBuf message, int code, int subcode, String data) {}

  private static Row row(String name, ByteBuf message, int code, int subcode, String data) {
    return new Row(name, OPTIONS, message, code, subcode, data);
  }

  private static ByteBuf raw(String hex) {
    return Unpooled.wrappedBuffer(HexMessages.bytes(hex));
  }

  private static ByteBuf open(String body) {
    return HexMessages.message(1, body);
  }

  @TestFactory
  Stream<DynamicTest> each_error_has_its_notification() {
    String ones = "ff".repeat(16);
    return Stream.of(
            row("nothing at all", raw(""), 1, 2, "0000"),
            row("a marker that is not all ones", raw("ff".repeat(15) + "fe 0013 04"), 1, 1, ""),
            row("an unknown type", raw(ones + "0013 06"), 1, 3, "06"),
            row("type 0", raw(ones + "0013 00"), 1, 3, "00"),
            row("a length below the header", raw(ones + "0012 04"), 1, 2, "0012"),
            row("a length beyond what came", raw(ones + "0040 02" + "00".repeat(10)), 1, 2, "0040"),
            row("KEEPALIVE with a body", HexMessages.message(4, "00"), 1, 2, "0014"),
            row("OPEN that is too short", HexMessages.message(1, "04 fbf4"), 1, 2, "0016"),
            row("UPDATE that is too short", HexMessages.message(2, "0000"), 1, 2, "0015"),
            row("NOTIFICATION that is too short", HexMessages.message(3, "06"), 1, 2, "0014"),
            row(
                "UPDATE beyond 4096 bytes",
                HexMessages.message(2, "00".repeat(4078)),
                1,
                2,
                "1001"),
            new Row(
                "OPEN beyond 4096 bytes where the rest may be longer",
                EXTENDED,
                HexMessages.message(1, "00".repeat(4078)),
                1,
                2,
                "1001"),
            row("ROUTE-REFRESH that is too short", HexMessages.message(5, "0001 00"), 1, 2, "0016"),
            row(
                "an enhanced ROUTE-REFRESH that is too long",
                HexMessages.message(5, "0001 01 01 00"),
                7,
                1,
                ones + "0018 05 0001 01 01 00"),
            row(
                "withdrawn routes beyond the message",
                HexMessages.message(2, "0005 0000"),
                3,
                1,
                ""),
            row("attributes beyond the message", HexMessages.message(2, "0000 0005"), 3, 1, ""),
            row("BGP version 3", open("03 fbf4 005a c0000201 00"), 2, 1, "0004"),
            row("AS 0", open("04 0000 005a c0000201 00"), 2, 2, ""),
            row(
                "AS 0 in the capability",
                open("04 fbf4 005a c0000201 08 02064104 00000000"),
                2,
                2,
                ""),
            row("BGP identifier 0.0.0.0", open("04 fbf4 005a 00000000 00"), 2, 3, ""),
            row("an unknown optional parameter", open("04 fbf4 005a c0000201 02 03 00"), 2, 4, ""),
            row("a hold time of 1 s", open("04 fbf4 0001 c0000201 00"), 2, 6, ""),
            row("a hold time of 2 s", open("04 fbf4 0002 c0000201 00"), 2, 6, ""),
            row(
                "optional parameters beyond the message",
                open("04 fbf4 005a c0000201 08"),
                2,
                0,
                ""),
            row(
                "bytes behind the optional parameters",
                open("04 fbf4 005a c0000201 00 00"),
                2,
                0,
                ""),
            row(
                "a parameter beyond the parameters",
                open("04 fbf4 005a c0000201 02 02 05"),
                2,
                0,
                ""),
            row(
                "a capability beyond its parameter",
                open("04 fbf4 005a c0000201 04 02 02 41 04"),
                2,
                0,
                ""),
            row(
                "a 4-octet AS capability of two bytes",
                open("04 fbf4 005a c0000201 06 02 04 41 02 fbf4"),
                2,
                0,
                ""))
        .map(row ->
            DynamicTest.dynamicTest(
                row.name(),
                () -> {
                  BgpFault fault =
                      catchThrowableOfType(
                          BgpFault.class, () -> HexMessages.decode(row.message(), row.options()));

                  assertThat(fault.notification())
                      .isEqualTo(
                          new BgpMessage.Notification(
                              row.code(), row.subcode(), HexMessages.bytes(row.data())));
                }));
  }

  @Test
  void a_known_capability_of_a_wrong_length_is_kept_without_effect() {
    BgpMessage message =
        HexMessages.decode(open("04 fbf4 005a c0000201 05 02 03 02 01 00"), OPTIONS);

    assertThat(((BgpMessage.Open) message).capabilities())
        .containsExactly(new Capability.Unknown(2, new byte[1]));
  }

  @Test
  void a_family_we_do_not_know_is_kept_as_it_came() {
    BgpMessage message =
        HexMessages.decode(open("04 fbf4 005a c0000201 08 02 06 01 04 0019 00 46"), OPTIONS);

    assertThat(((BgpMessage.Open) message).capabilities())
        .containsExactly(new Capability.Unknown(1, HexMessages.bytes("00190046")));
  }

  @Test
  void capabilities_may_come_in_several_parameters() {
    BgpMessage message =
        HexMessages.decode(
            open("04 fbf4 005a c0000201 0c 02 02 02 00 02 02 06 00 02 02 46 00"), OPTIONS);

    assertThat(((BgpMessage.Open) message).capabilities())
        .isEqualTo(
            List.of(
                new Capability.RouteRefresh(),
                new Capability.ExtendedMessage(),
                new Capability.EnhancedRouteRefresh()));
  }

  @Test
  void the_extended_form_is_read_whatever_the_short_length_says() {
    BgpMessage message =
        HexMessages.decode(open("04 fbf4 005a c0000201 01 ff 0005 02 0002 02 00"), OPTIONS);

    assertThat(((BgpMessage.Open) message).capabilities())
        .containsExactly(new Capability.RouteRefresh());
  }

  @Test
  void an_extended_update_is_read_where_it_was_agreed() {
    String communities =
        "d0 08 1f40"
            + IntStream.range(0, 2000)
                .mapToObj("fbf4%04x"::formatted)
                .collect(Collectors.joining());
    ByteBuf update =
        HexMessages.update(
            "", "40 01 01 00 40 02 06 02 01 0000fc59 40 03 04 c0000201" + communities, "18 c63364");

    BgpMessage.Update decoded = HexMessages.decodeUpdate(update, EXTENDED);

    assertThat(decoded.announcements().getFirst().attributes().communities().values())
        .hasSize(2000);
  }
}
