package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.donut.model.Aggregator;
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
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Pairs of bytes and values, each run both ways.
class GoldenVectorTest {
  private static final SessionOptions EXTERNAL = SessionOptions.MODERN_EXTERNAL;
  private static final SessionOptions INTERNAL =
      new SessionOptions(true, false, false, false, true);
  private static final SessionOptions OLD = new SessionOptions(false, false, false, false, false);
  private static final SessionOptions ADD_PATH = new SessionOptions(true, false, true, true, false);

  private record Vector(String name, SessionOptions options, ByteBuf bytes, BgpMessage value) {}

  private static List<Vector> vectors() {
    return List.of(
        new Vector(
            "KEEPALIVE is only a header", // RFC 4271 §4.4
            EXTERNAL,
            HexMessages.message(4, ""),
            new BgpMessage.Keepalive()),
        new Vector(
            "OPEN without optional parameters", // RFC 4271 §4.2
            EXTERNAL,
            HexMessages.message(1, "04 fbf4 00b4 c0000201 00"),
            new BgpMessage.Open(4, 64500, 180, address("192.0.2.1"), List.of())),
        new Vector(
            "OPEN with a 4-octet AS says AS_TRANS in the old field", // RFC 6793 §4.1
            EXTERNAL,
            HexMessages.message(1, "04 5ba0 005a c0000201 08 02 06 41 04 00010000"),
            new BgpMessage.Open(
                4, 65536, 90, address("192.0.2.1"), List.of(new Capability.FourOctetAs(65536)))),
        new Vector(
            "OPEN with every capability",
            EXTERNAL,
            HexMessages.message(
                1,
                "04 fbf4 005a c0000201 41"
                    + "02 3f 01 04 0001 00 01 01 04 0002 00 01 02 00 05 06 0001 0001 0002 06 00"
                    + "09 01 03 40 0a 8078 0001 01 80 0002 01 00 41 04 0000fbf4"
                    + "45 08 0001 01 01 0002 01 03 46 00 49 04 03616263"),
            new BgpMessage.Open(
                4,
                64500,
                90,
                address("192.0.2.1"),
                List.of(
                    new Capability.Multiprotocol(Family.IPV4),
                    new Capability.Multiprotocol(Family.IPV6),
                    new Capability.RouteRefresh(),
                    new Capability.ExtendedNextHop(),
                    new Capability.ExtendedMessage(),
                    new Capability.Role(3),
                    new Capability.GracefulRestart(
                        true,
                        120,
                        List.of(
                            new Capability.GracefulRestart.FamilyState(Family.IPV4, true),
                            new Capability.GracefulRestart.FamilyState(Family.IPV6, false))),
                    new Capability.FourOctetAs(64500),
                    new Capability.AddPath(
                        List.of(
                            new Capability.AddPath.FamilyMode(Family.IPV4, 1),
                            new Capability.AddPath.FamilyMode(Family.IPV6, 3))),
                    new Capability.EnhancedRouteRefresh(),
                    new Capability.Unknown(73, HexMessages.bytes("03616263"))))),
        new Vector(
            "OPEN with more than 255 bytes of parameters uses the extended form", // RFC 9072 §2
            EXTERNAL,
            HexMessages.message(
                1, "04 fbf4 005a c0000201 ff ff 0103 02 0100 c8 fe" + "aa".repeat(254)),
            new BgpMessage.Open(
                4,
                64500,
                90,
                address("192.0.2.1"),
                List.of(new Capability.Unknown(200, HexMessages.bytes("aa".repeat(254)))))),
        new Vector(
            "NOTIFICATION with data", // RFC 4271 §4.5
            EXTERNAL,
            HexMessages.message(3, "02 06 0001"),
            new BgpMessage.Notification(2, 6, new byte[] {0, 1})),
        new Vector(
            "ROUTE-REFRESH begins", // RFC 7313 §3.2
            EXTERNAL,
            HexMessages.message(5, "0002 01 01"),
            new BgpMessage.RouteRefresh(2, 1, 1)),
        new Vector(
            "ROUTE-REFRESH of a family we do not know", // RFC 2918 §3
            EXTERNAL,
            HexMessages.message(5, "4004 00 47"),
            new BgpMessage.RouteRefresh(16388, 0, 71)),
        new Vector(
            "End-of-RIB of IPv4 is an empty UPDATE", // RFC 4724 §2
            EXTERNAL,
            HexMessages.update("", "", ""),
            new BgpMessage.EndOfRib(Family.IPV4)),
        new Vector(
            "End-of-RIB of IPv6 is an MP_UNREACH_NLRI without prefixes", // RFC 4724 §2
            EXTERNAL,
            HexMessages.update("", "80 0f 03 0002 01", ""),
            new BgpMessage.EndOfRib(Family.IPV6)),
        new Vector(
            "UPDATE that announces IPv4 prefixes", // RFC 4271 §4.3
            EXTERNAL,
            HexMessages.update(
                "",
                "40 01 01 00  40 02 0a 02 02 0000fc59 0000fbf4  40 03 04 c0000201",
                "18 c63364  00  20 cb007101  0c c630"),
            announce(
                PathAttributes.of(Origin.IGP, AsPath.of(64601, 64500), address("192.0.2.1")),
                "198.51.100.0/24",
                "0.0.0.0/0",
                "203.0.113.1/32",
                "198.48.0.0/12")),
        new Vector(
            "UPDATE that withdraws IPv4 prefixes",
            EXTERNAL,
            HexMessages.update("18 c63364 00", "", ""),
            BgpMessage.Update.withdraw(prefixes("198.51.100.0/24", "0.0.0.0/0"))),
        new Vector(
            "UPDATE that withdraws IPv6 prefixes", // RFC 4760 §4
            EXTERNAL,
            HexMessages.update("", "80 0f 0d 0002 01 30 20010db86450 00 01 80", "").copy(),
            BgpMessage.Update.withdraw(prefixes("2001:db8:6450::/48", "::/0", "8000::/1"))),
        new Vector(
            "UPDATE that announces IPv6 prefixes with a link-local next hop", // RFC 2545 §3
            EXTERNAL,
            HexMessages.update(
                "",
                "80 0e 3a 0002 01 20"
                    + " 20010db8000000000000000000000001 fe800000000000000000000000000001 00"
                    + " 30 20010db86450  20 20010db9  40 20010dba00000001"
                    + " 40 01 01 02  40 02 06 02 01 0000fc59",
                ""),
            announce(
                PathAttributes.builder(Origin.INCOMPLETE, AsPath.of(64601), address("2001:db8::1"))
                    .linkLocalNextHop(address("fe80::1"))
                    .build(),
                "2001:db8:6450::/48",
                "2001:db9::/32",
                "2001:dba:0:1::/64")),
        new Vector(
            "UPDATE that announces IPv4 prefixes with an IPv6 next hop", // RFC 8950 §3
            EXTERNAL,
            HexMessages.update(
                "",
                "80 0e 19 0001 01 10 20010db8000000000000000000000001 00 18 c63364"
                    + " 40 01 01 01  40 02 06 02 01 0000fc59",
                ""),
            announce(
                PathAttributes.of(Origin.EGP, AsPath.of(64601), address("2001:db8::1")),
                "198.51.100.0/24")),
        new Vector(
            "UPDATE with every attribute from an external neighbor",
            EXTERNAL,
            HexMessages.update(
                "",
                "40 01 01 00"
                    + " 40 02 10 02 01 0000fc59 01 02 00010000 0000fbf4"
                    + " 40 03 04 c0000201"
                    + " 80 04 04 ffffffff"
                    + " 40 06 00"
                    + " c0 07 08 00010000 c6336401"
                    + " c0 08 08 fbf40064 ffffff01"
                    + " c0 10 08 0002fbf400000064"
                    + " c0 20 0c 0000fbf4 00000001 ffffffff"
                    + " c0 23 04 0000fc59"
                    + " e0 c8 03 010203",
                "18 c63364"),
            announce(
                PathAttributes.builder(
                        Origin.IGP, AsPath.parse("64601 {65536,64500}"), address("192.0.2.1"))
                    .med(0xffff_ffffL)
                    .atomicAggregate(true)
                    .aggregator(new Aggregator(65536, address("198.51.100.1")))
                    .communities(Communities.of(0xfbf40064, Communities.NO_EXPORT))
                    .extendedCommunities(ExtendedCommunities.of(0x0002fbf400000064L))
                    .largeCommunities(LargeCommunities.of(64500, 1, -1))
                    .onlyToCustomer(64601)
                    .unknown(List.of(new UnknownAttribute(0xe0, 200, new byte[] {1, 2, 3})))
                    .build(),
                "198.51.100.0/24")),
        new Vector(
            "UPDATE from an internal neighbor keeps LOCAL_PREF and the marks of reflection",
            INTERNAL,
            HexMessages.update(
                "",
                "40 01 01 00  40 02 00  40 03 04 c0000201  40 05 04 00000064"
                    + " 80 09 04 0a000001  80 0a 04 0a000002",
                "18 c63364"),
            announce(
                PathAttributes.builder(Origin.IGP, AsPath.EMPTY, address("192.0.2.1"))
                    .localPref(100)
                    .unknown(
                        List.of(
                            new UnknownAttribute(0x80, 9, HexMessages.bytes("0a000001")),
                            new UnknownAttribute(0x80, 10, HexMessages.bytes("0a000002"))))
                    .build(),
                "198.51.100.0/24")),
        new Vector(
            "UPDATE from an old speaker carries the true path in AS4_PATH", // RFC 6793 §4.2.2
            OLD,
            HexMessages.update(
                "",
                "40 01 01 00  40 02 06 02 02 fc59 5ba0  40 03 04 c0000201"
                    + " c0 07 06 5ba0 c6336401"
                    + " c0 11 0a 02 02 0000fc59 00010000"
                    + " c0 12 08 00010000 c6336401",
                "18 c63364"),
            announce(
                PathAttributes.builder(Origin.IGP, AsPath.of(64601, 65536), address("192.0.2.1"))
                    .aggregator(new Aggregator(65536, address("198.51.100.1")))
                    .build(),
                "198.51.100.0/24")),
        new Vector(
            "UPDATE with path identifiers", // RFC 7911 §3
            ADD_PATH,
            HexMessages.update(
                "",
                "40 01 01 00  40 02 06 02 01 0000fc59  40 03 04 c0000201",
                "00000001 18 c63364"),
            announce(
                PathAttributes.of(Origin.IGP, AsPath.of(64601), address("192.0.2.1")),
                "198.51.100.0/24")),
        new Vector(
            "an attribute of more than 255 bytes has an extended length", // RFC 4271 §4.3
            EXTERNAL,
            HexMessages.update(
                "",
                "40 01 01 00  40 02 06 02 01 0000fc59  40 03 04 c0000201  d0 08 0100"
                    + IntStream.range(0, 64)
                        .mapToObj("fbf400%02x"::formatted)
                        .collect(Collectors.joining()),
                "18 c63364"),
            announce(
                PathAttributes.builder(Origin.IGP, AsPath.of(64601), address("192.0.2.1"))
                    .communities(Communities.of(IntStream.range(0xfbf40000, 0xfbf40040).toArray()))
                    .build(),
                "198.51.100.0/24")));
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text);
  }

  private static Prefixes prefixes(String... texts) {
    List<Prefix> parsed = Stream.of(texts).map(Prefix::parse).toList();
    return Prefixes.copyOf(parsed.getFirst().family(), parsed);
  }

  private static BgpMessage announce(PathAttributes attributes, String... prefixes) {
    return BgpMessage.Update.announce(prefixes(prefixes), attributes);
  }

  @TestFactory
  Stream<DynamicTest> bytes_become_values() {
    return vectors().stream()
        .map(vector ->
            DynamicTest.dynamicTest(
                vector.name(),
                () ->
                    assertThat(HexMessages.decode(vector.bytes(), vector.options()))
                        .isEqualTo(vector.value())));
  }

  @TestFactory
  Stream<DynamicTest> values_become_bytes() {
    return vectors().stream()
        .map(vector ->
            DynamicTest.dynamicTest(
                vector.name(),
                () ->
                    assertThat(
                            HexMessages.hex(HexMessages.encode(vector.value(), vector.options())))
                        .isEqualTo(HexMessages.hex(vector.bytes()))));
  }
}
