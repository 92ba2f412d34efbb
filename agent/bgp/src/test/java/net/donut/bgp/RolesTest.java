package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.donut.bgp.BgpNeighborConfig.Role;
import net.donut.bgp.BgpNeighborConfig.RoleCheck;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpDecoder;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.Capability;
import net.donut.wire.bgp.SessionOptions;
import net.donut.wire.bgp.UpdateFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Roles of OPENs and bytes of Only To Customer (RFC 9234 §4, §5), each through the codec.
class RolesTest {
  private static final long THEIR_AS = 64601;

  /// Our role | values received, or the bytes of the capability in hexadecimal | how we ask |
  /// result.
  private static final String OPENS =
      """
      provider  | 0     | lenient  | 2/11
      provider  | 1     | lenient  | 2/11
      provider  | 2     | lenient  | 2/11
      provider  | 3     | lenient  | up
      provider  | 4     | lenient  | 2/11
      rs        | 0     | lenient  | 2/11
      rs        | 1     | lenient  | 2/11
      rs        | 2     | lenient  | up
      rs        | 3     | lenient  | 2/11
      rs        | 4     | lenient  | 2/11
      rs-client | 0     | lenient  | 2/11
      rs-client | 1     | lenient  | up
      rs-client | 2     | lenient  | 2/11
      rs-client | 3     | lenient  | 2/11
      rs-client | 4     | lenient  | 2/11
      customer  | 0     | lenient  | up
      customer  | 1     | lenient  | 2/11
      customer  | 2     | lenient  | 2/11
      customer  | 3     | lenient  | 2/11
      customer  | 4     | lenient  | 2/11
      peer      | 0     | lenient  | 2/11
      peer      | 1     | lenient  | 2/11
      peer      | 2     | lenient  | 2/11
      peer      | 3     | lenient  | 2/11
      peer      | 4     | lenient  | up
      customer  | -     | lenient  | up
      customer  | -     | strict   | 2/11
      customer  | 0,0   | strict   | up
      customer  | 0,4   | lenient  | 2/11
      customer  | 7     | lenient  | 2/11
      peer      | 255   | lenient  | 2/11
      customer  | 0900h | lenient  | up
      customer  | 0900h | strict   | 2/11
      none      | 0     | lenient  | up
      none      | 0     | internal | up
      """;

  /// The bytes of the attribute | its value.
  private static final String ATTRIBUTES =
      """
      c023040000fc59                    | 64601
      e023040000fc59                    | 64601
      d02300040000fc59                  | 64601
      c02304ffffffff                    | 4294967295
      c02300                            | withdrawn
      c0230300fc59                      | withdrawn
      c023050000fc5900                  | withdrawn
      c023080000fc590000fc5a            | withdrawn
      8023040000fc59                    | withdrawn
      4023040000fc59                    | withdrawn
      c023040000fc59c023040000fc5a      | 64601
      """;

  /// The bytes of the capability | the role it says.
  private static final String CAPABILITIES =
      """
      090103    | customer
      090100    | provider
      090101    | rs
      090102    | rs-client
      090104    | peer
      090105    | -
      0900      | -
      09020303  | -
      """;

  private static Stream<List<String>> rows(String table) {
    return table.lines().map(line -> Stream.of(line.split("[|]")).map(String::strip).toList());
  }

  private static Stream<List<String>> opens() {
    return rows(OPENS);
  }

  private static Stream<List<String>> attributes() {
    return rows(ATTRIBUTES);
  }

  private static Stream<List<String>> capabilities() {
    return rows(CAPABILITIES);
  }

  /// As read from a message, after it was written.
  private static BgpMessage.Open open(long as, List<Capability> capabilities) {
    List<Capability> all = new ArrayList<>(List.of(new Capability.FourOctetAs(as)));
    all.addAll(capabilities);
    byte[] bytes =
        RawNeighbor.bytes(
            new BgpMessage.Open(4, as, 90, IpAddress.parse("10.9.9.9"), List.copyOf(all)));
    return (BgpMessage.Open)
        BgpDecoder.decode(Unpooled.wrappedBuffer(bytes), SessionOptions.MODERN_EXTERNAL);
  }

  private static Capability raw(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    byte[] value = Arrays.copyOfRange(bytes, 2, bytes.length);
    return new Capability.Unknown(bytes[0], value);
  }

  private static List<Capability> received(String text) {
    if (text.equals("-")) {
      return List.of();
    }
    if (text.endsWith("h")) {
      return List.of(raw(text.substring(0, text.length() - 1)));
    }
    return Stream.of(text.split(","))
        .<Capability>map(code -> new Capability.Role(Integer.parseInt(code)))
        .toList();
  }

  private static Role role(String word) {
    return Role.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  @ParameterizedTest
  @MethodSource("opens")
  void an_open_is_accepted_if_its_role_fits(List<String> row) {
    long as = row.get(2).equals("internal") ? FsmFixture.LOCAL_AS : THEIR_AS;
    BgpNeighborConfig.Builder config =
        FsmFixture.config()
            .remoteAs(as)
            .roleCheck(row.get(2).equals("strict") ? RoleCheck.STRICT : RoleCheck.LENIENT);
    if (!row.get(0).equals("none")) {
      config.role(role(row.get(0)));
    }

    OpenNegotiation.Verdict verdict =
        OpenNegotiation.judge(
            config.build(),
            OpenNegotiation.capabilities(config.build(), SpeakerConfig.Start.FRESH),
            open(as, received(row.get(1))));

    String result =
        verdict instanceof OpenNegotiation.Refused(var notification, String _)
            ? notification.code() + "/" + notification.subcode()
            : "up";
    assertThat(result).isEqualTo(row.get(3));
  }

  @ParameterizedTest
  @MethodSource("capabilities")
  void the_role_capability_has_one_byte(List<String> row) {
    Capability read = open(THEIR_AS, List.of(raw(row.get(0)))).capabilities().getLast();

    if (row.get(1).equals("-")) {
      assertThat(read instanceof Capability.Role known && known.role() <= 4).isFalse();
    } else {
      assertThat(read).isEqualTo(new Capability.Role(role(row.get(1)).code()));
    }
  }

  @ParameterizedTest
  @MethodSource("attributes")
  void only_to_customer_never_costs_more_than_the_routes(List<String> row) {
    UpdateParts update = Mutation.good(0x0b010200, 0x0a090909, new Random(1));
    update.rest = HexFormat.of().parseHex(row.get(0));

    BgpMessage.Update read =
        (BgpMessage.Update)
            BgpDecoder.decode(
                Unpooled.wrappedBuffer(update.bytes()), SessionOptions.MODERN_EXTERNAL);

    if (row.get(1).equals("withdrawn")) {
      assertThat(read.announcements()).isEmpty();
      assertThat(read.withdrawals()).hasSize(1);
      assertThat(read.faults())
          .extracting(UpdateFault::action)
          .containsExactly(UpdateFault.Action.TREAT_AS_WITHDRAW);
    } else {
      assertThat(read.announcements().getFirst().attributes().onlyToCustomer())
          .isEqualTo(Long.parseLong(row.get(1)));
    }
  }

  // Words

  private static String refusal(BgpNeighborConfig.Builder config, BgpMessage.Open open) {
    BgpNeighborConfig built = config.build();
    OpenNegotiation.Verdict verdict =
        OpenNegotiation.judge(
            built, OpenNegotiation.capabilities(built, SpeakerConfig.Start.FRESH), open);
    return verdict instanceof OpenNegotiation.Refused(var _, String text) ? text : "accepted";
  }

  @Test
  void each_refusal_says_what_was_said_what_is_expected_and_where_to_look() {
    BgpNeighborConfig.Builder transit = FsmFixture.config().remoteAs(THEIR_AS).role(Role.CUSTOMER);
    IpAddress id = IpAddress.parse("10.9.9.9");

    assertThat(refusal(transit, open(THEIR_AS, received("3"))))
        .isEqualTo(
            "role: neighbor says customer (expected: provider, as our policy makes it a transit);"
                + " check relation here or the role there");
    assertThat(refusal(transit, open(THEIR_AS, received("0,4"))))
        .startsWith("role: neighbor says provider and peer (expected: provider, as our policy");
    assertThat(refusal(transit, open(THEIR_AS, received("7"))))
        .startsWith("role: neighbor says the unassigned 7 (expected: provider, as our policy");
    assertThat(refusal(transit.roleCheck(RoleCheck.STRICT), open(THEIR_AS, received("-"))))
        .startsWith("role: neighbor says none (expected: provider, as our policy makes it a tra");
    assertThat(refusal(transit, open(64699, List.of())))
        .isEqualTo(
            "AS: neighbor says 64699 (expected: 64601, as our policy says); check as here or the AS"
                + " number there");
    assertThat(refusal(transit, new BgpMessage.Open(4, THEIR_AS, 2, id, List.of())))
        .isEqualTo("hold time: neighbor says 2 s (expected: 0 or 3..65535 s); change it there");
    assertThat(refusal(transit, new BgpMessage.Open(3, THEIR_AS, 90, id, List.of())))
        .isEqualTo("BGP version: neighbor says 3 (expected: 4)");
    assertThat(
            refusal(
                transit.remoteAs(FsmFixture.LOCAL_AS),
                new BgpMessage.Open(4, FsmFixture.LOCAL_AS, 90, FsmFixture.LOCAL, List.of())))
        .startsWith(
            "BGP identifier: neighbor says 10.0.0.1, which is ours (expected: one of its own");
  }

  @Test
  void a_family_that_the_neighbor_lacks_is_named() {
    BgpNeighborConfig.Builder ipv6 =
        FsmFixture.config().remoteAs(THEIR_AS).families(Set.of(Family.IPV6));

    assertThat(refusal(ipv6, open(THEIR_AS, List.of())))
        .isEqualTo("address families: neighbor offers IPv4 (expected: IPv6); activate it there");
  }

  private static String why(int subcode, String data) {
    return OpenRefusals.why(
        FsmFixture.config().remoteAs(THEIR_AS).role(Role.CUSTOMER).build(),
        new BgpMessage.Notification(2, subcode, HexFormat.of().parseHex(data)));
  }

  @Test
  void each_refusal_by_the_neighbor_names_what_we_said() {
    assertThat(why(2, "")).startsWith(": we say AS 64500, neighbor expects another; check as here");
    assertThat(why(3, "")).startsWith(": we say BGP identifier 10.0.0.1, neighbor expects another");
    assertThat(why(6, ""))
        .startsWith(": we say hold time 90 s, neighbor expects another; check hold");
    assertThat(why(7, "010400010001010400020001"))
        .isEqualTo(
            ": we offer IPv4 and IPv6, neighbor expects IPv4 and IPv6; check the address families"
                + " here and there");
    assertThat(why(7, "0104000100804104")).contains("neighbor expects AFI 1 SAFI 128; check");
    assertThat(why(11, ""))
        .isEqualTo(
            ": we say role customer, as our policy makes it a transit (expected of the neighbor:"
                + " provider); check relation here or the role there");
    for (int subcode = 0; subcode < 256; subcode++) {
      assertThat(Objects.requireNonNull(why(subcode, "01"))).doesNotContain("null");
    }
  }
}
