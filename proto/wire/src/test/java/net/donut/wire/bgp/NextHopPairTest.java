package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HexFormat;
import java.util.stream.Stream;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every form of a next hop (RFC 2545 §3, RFC 8950 §3) on every kind of session: what packets are
/// sent to, and what was said beside it. `-`: nothing; `withdrawn`: the routes are treated as such.
class NextHopPairTest {
  private static final SessionOptions GLOBAL = SessionOptions.MODERN_EXTERNAL;
  private static final SessionOptions LINK_LOCAL =
      new SessionOptions(true, false, false, false, false, true);

  /// The next hop as sent | IPv6 routes, global session | IPv6 routes, link-local session.
  private static final String TABLE =
      """
      2001:db8:99::2               | 2001:db8:99::2 -        | 2001:db8:99::2 -
      fe80::2                      | fe80::2 -               | fe80::2 -
      2001:db8:99::2 fe80::2       | 2001:db8:99::2 fe80::2  | fe80::2 -
      2001:db8:ffff::1 fe80::2     | 2001:db8:ffff::1 fe80::2 | fe80::2 -
      fe80::2 2001:db8:99::2       | 2001:db8:99::2 fe80::2  | fe80::2 -
      :: fe80::2                   | fe80::2 -               | fe80::2 -
      fe80::2 ::                   | fe80::2 -               | fe80::2 -
      fe80::2 fe80::2              | fe80::2 -               | fe80::2 -
      fe80::3 fe80::2              | fe80::2 -               | fe80::2 -
      2001:db8:99::2 ::            | 2001:db8:99::2 -        | 2001:db8:99::2 -
      2001:db8:99::2 2001:db8:99::2 | 2001:db8:99::2 -       | 2001:db8:99::2 -
      2001:db8:99::2 2001:db8:99::3 | 2001:db8:99::2 -       | 2001:db8:99::2 -
      ::                           | withdrawn               | withdrawn
      :: ::                        | withdrawn               | withdrawn
      ::1 ::                       | withdrawn               | withdrawn
      ff02::1 ff02::1              | withdrawn               | withdrawn
      """;

  private static Stream<String[]> rows() {
    return TABLE
        .lines()
        .map(line -> Stream.of(line.split("\\|")).map(String::strip).toArray(String[]::new));
  }

  private static String hex(String addresses) {
    StringBuilder hex = new StringBuilder();
    for (String address : addresses.split(" ")) {
      hex.append(HexFormat.of().formatHex(IpAddress.parse(address).bytes()));
    }
    return hex.toString();
  }

  private static String update(String afi, String nextHopHex, String nlri) {
    String value = afi + "01%02x".formatted(nextHopHex.length() / 2) + nextHopHex + "00" + nlri;
    return "80 0e %02x".formatted(value.length() / 2)
        + value
        + "40 01 01 00 40 02 06 02 01 0000fc59";
  }

  private static String used(String attributes, SessionOptions options) {
    BgpMessage.Update update =
        HexMessages.decodeUpdate(HexMessages.update("", attributes, ""), options);
    if (update.announcements().isEmpty()) {
      assertThat(update.withdrawals()).hasSize(1);
      return "withdrawn";
    }
    PathAttributes route = update.announcements().getFirst().attributes();
    return route.nextHop()
        + " "
        + (route.linkLocalNextHop() == null ? "-" : route.linkLocalNextHop());
  }

  @TestFactory
  Stream<DynamicTest> ipv6_routes() {
    return rows()
        .map(row ->
            DynamicTest.dynamicTest(
                row[0],
                () -> {
                  String attributes = update("0002", hex(row[0]), "30 20010db86450");

                  assertThat(used(attributes, GLOBAL)).isEqualTo(row[1]);
                  assertThat(used(attributes, LINK_LOCAL)).isEqualTo(row[2]);
                }));
  }

  /// RFC 8950. A session between IPv4 addresses is one that is not link-local.
  @TestFactory
  Stream<DynamicTest> ipv4_routes_with_ipv6_next_hops() {
    return rows()
        .map(row ->
            DynamicTest.dynamicTest(
                row[0],
                () -> {
                  String attributes = update("0001", hex(row[0]), "18 c63364");

                  assertThat(used(attributes, GLOBAL)).isEqualTo(row[1]);
                  assertThat(used(attributes, LINK_LOCAL)).isEqualTo(row[2]);
                }));
  }

  @Test
  void ipv4_routes_may_have_an_ipv4_next_hop_there() {
    assertThat(used(update("0001", "c0000201", "18 c63364"), GLOBAL)).isEqualTo("192.0.2.1 -");
  }

  /// RFC 7606 §7.11: where the next hop ends is not known, so the routes are not either.
  @Test
  void any_other_length_ends_the_session() {
    for (int length = 0; length <= 48; length++) {
      if (length == 16 || length == 32) {
        continue;
      }
      String ipv6 = update("0002", "20".repeat(length), "30 20010db86450");

      BgpFault fault = catchThrowableOfType(BgpFault.class, () -> used(ipv6, LINK_LOCAL));

      assertThat(fault.notification().subcode()).isEqualTo(9);
      assertThat(fault)
          .hasMessageContaining("next hop length: " + length + " (expected: 16 or 32)");
    }
  }
}
