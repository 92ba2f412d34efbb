package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Stream;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What each kind of malformed UPDATE costs (RFC 7606), one row each.
class MalformedUpdateTest {
  private static final SessionOptions EXTERNAL = SessionOptions.MODERN_EXTERNAL;
  private static final SessionOptions INTERNAL =
      new SessionOptions(true, false, false, false, true);
  private static final SessionOptions OLD = new SessionOptions(false, false, false, false, false);

  private static final String ORIGIN = "40 01 01 00";
  private static final String AS_PATH = "40 02 06 02 01 0000fc59";
  private static final String NEXT_HOP = "40 03 04 c0000201";
  private static final String LOCAL_PREF = "40 05 04 00000064";
  private static final String GOOD = ORIGIN + AS_PATH + NEXT_HOP;
  private static final String NLRI = "18 c63364";
  private static final String REACH_IPV6 =
      "80 0e 1c 0002 01 10 20010db8000000000000000000000001 00 30 20010db86450";

  private record Row(
      String name, SessionOptions options, String withdrawn, String attributes, String nlri) {}

  private static Row row(String name, String attributes) {
    return new Row(name, EXTERNAL, "", attributes, NLRI);
  }

  private static Row row(String name, SessionOptions options, String attributes) {
    return new Row(name, options, "", attributes, NLRI);
  }

  private static BgpMessage.Update decode(Row row) {
    return HexMessages.decodeUpdate(
        HexMessages.update(row.withdrawn(), row.attributes(), row.nlri()), row.options());
  }

  @TestFactory
  Stream<DynamicTest> routes_are_treated_as_withdrawn() {
    return Stream.of(
            row("ORIGIN of an unknown value", "40 01 01 03" + AS_PATH + NEXT_HOP),
            row("ORIGIN of two bytes", "40 01 02 0000" + AS_PATH + NEXT_HOP),
            row("ORIGIN without value", "40 01 00" + AS_PATH + NEXT_HOP),
            row(
                "ORIGIN with the flags of an optional attribute",
                "c0 01 01 00" + AS_PATH + NEXT_HOP),
            row("no ORIGIN", AS_PATH + NEXT_HOP),
            row("no AS_PATH", ORIGIN + NEXT_HOP),
            row("no NEXT_HOP", ORIGIN + AS_PATH),
            row(
                "AS_PATH with an unknown segment type",
                ORIGIN + "40 02 06 05 01 0000fc59" + NEXT_HOP),
            row("AS_PATH whose segment is cut", ORIGIN + "40 02 06 02 02 0000fc59" + NEXT_HOP),
            row("AS_PATH with one byte left", ORIGIN + "40 02 07 02 01 0000fc59 02" + NEXT_HOP),
            row("AS_PATH with an empty segment", ORIGIN + "40 02 02 02 00" + NEXT_HOP),
            row("AS_PATH with AS 0", ORIGIN + "40 02 06 02 01 00000000" + NEXT_HOP),
            row(
                "AS_PATH with a confederation segment from another AS",
                ORIGIN + "40 02 06 03 01 0000fc59" + NEXT_HOP),
            row("AS_PATH with the optional flag", ORIGIN + "c0 02 06 02 01 0000fc59" + NEXT_HOP),
            row("NEXT_HOP of five bytes", ORIGIN + AS_PATH + "40 03 05 c000020100"),
            row("NEXT_HOP without value", ORIGIN + AS_PATH + "40 03 00"),
            row("NEXT_HOP 0.0.0.0", ORIGIN + AS_PATH + "40 03 04 00000000"),
            row("NEXT_HOP that is multicast", ORIGIN + AS_PATH + "40 03 04 e0000001"),
            row("MULTI_EXIT_DISC of three bytes", GOOD + "80 04 03 000000"),
            row("MULTI_EXIT_DISC with the transitive flag", GOOD + "c0 04 04 00000000"),
            row("COMMUNITIES of six bytes", GOOD + "c0 08 06 fbf40064fbf4"),
            row("COMMUNITIES without value", GOOD + "c0 08 00"),
            row("COMMUNITIES with the flags of a well-known attribute", GOOD + "40 08 04 fbf40064"),
            row("EXTENDED_COMMUNITIES of four bytes", GOOD + "c0 10 04 00000000"),
            row("LARGE_COMMUNITY of eight bytes", GOOD + "c0 20 08 0000fbf400000001"),
            row("LARGE_COMMUNITY without value", GOOD + "c0 20 00"),
            row("ONLY_TO_CUSTOMER of two bytes", GOOD + "c0 23 02 fc59"),
            row(
                "LOCAL_PREF of three bytes from an internal neighbor",
                INTERNAL,
                GOOD + "40 05 03 000064"),
            row("no LOCAL_PREF from an internal neighbor", INTERNAL, GOOD),
            row(
                "ORIGINATOR_ID of three bytes from an internal neighbor",
                INTERNAL,
                GOOD + LOCAL_PREF + "80 09 03 0a0000"),
            row(
                "CLUSTER_LIST without value from an internal neighbor",
                INTERNAL,
                GOOD + LOCAL_PREF + "80 0a 00"),
            row("an attribute longer than what is left", GOOD + "c0 08 10 fbf40064"),
            row("an attribute header that is cut", GOOD + "c0 08"),
            row("an extended attribute header that is cut", GOOD + "d0 08 00"),
            row("a discarded attribute beside a missing one", ORIGIN + AS_PATH + "40 06 01 00"))
        .map(row ->
            DynamicTest.dynamicTest(
                row.name(),
                () -> {
                  BgpMessage.Update update = decode(row);

                  assertThat(update.announcements()).isEmpty();
                  assertThat(update.withdrawals()).containsExactly(prefixes("198.51.100.0/24"));
                  assertThat(update.faults())
                      .extracting(UpdateFault::action)
                      .contains(UpdateFault.Action.TREAT_AS_WITHDRAW);
                }));
  }

  @TestFactory
  Stream<DynamicTest> the_attribute_is_discarded_and_the_routes_stay() {
    return Stream.of(
            row("ATOMIC_AGGREGATE with a value", GOOD + "40 06 01 00"),
            row("AGGREGATOR of six bytes between new speakers", GOOD + "c0 07 06 fc59c6336401"),
            row(
                "AGGREGATOR of eight bytes from an old speaker",
                OLD,
                ORIGIN + "40 02 04 02 01 fc59" + NEXT_HOP + "c0 07 08 0000fc59c6336401"),
            row("AGGREGATOR of AS 0", GOOD + "c0 07 08 00000000c6336401"),
            row(
                "AS4_PATH that is cut",
                OLD,
                ORIGIN + "40 02 04 02 01 fc59" + NEXT_HOP + "c0 11 06 02 02 00010000"),
            row(
                "AS4_PATH without value",
                OLD,
                ORIGIN + "40 02 04 02 01 fc59" + NEXT_HOP + "c0 11 00"),
            row(
                "AS4_AGGREGATOR of six bytes",
                OLD,
                ORIGIN + "40 02 04 02 01 fc59" + NEXT_HOP + "c0 12 06 fc59c6336401"),
            row("LOCAL_PREF from another AS", GOOD + LOCAL_PREF),
            row("a malformed LOCAL_PREF from another AS", GOOD + "40 05 01 00"),
            row("ORIGINATOR_ID from another AS", GOOD + "80 09 04 0a000001"),
            row("CLUSTER_LIST from another AS", GOOD + "80 0a 04 0a000001"),
            row("a second ORIGIN", GOOD + "40 01 01 02"),
            row("a second malformed ORIGIN", GOOD + "40 01 02 0000"),
            row("a second unknown attribute", GOOD + "c0 c8 01 00 c0 c8 01 00"))
        .map(row ->
            DynamicTest.dynamicTest(
                row.name(),
                () -> {
                  BgpMessage.Update update = decode(row);

                  assertThat(update.withdrawals()).isEmpty();
                  assertThat(update.announcements())
                      .extracting(BgpMessage.Announcement::prefixes)
                      .containsExactly(prefixes("198.51.100.0/24"));
                  assertThat(update.faults())
                      .extracting(UpdateFault::action)
                      .containsExactly(UpdateFault.Action.DISCARD_ATTRIBUTE);
                }));
  }

  private record Reset(int subcode, Row row) {}

  @TestFactory
  Stream<DynamicTest> the_session_is_reset() {
    return Stream.of(
            new Reset(1, row("two MP_REACH_NLRI", ORIGIN + AS_PATH + REACH_IPV6 + REACH_IPV6)),
            new Reset(1, row("two MP_UNREACH_NLRI", GOOD + "80 0f 03 000201 80 0f 03 000201")),
            new Reset(2, row("an unknown well-known attribute", GOOD + "40 c8 01 00")),
            new Reset(9, row("MP_REACH_NLRI of four bytes", GOOD + "80 0e 04 00020110")),
            new Reset(
                9,
                row(
                    "MP_REACH_NLRI with a next hop longer than the attribute",
                    GOOD + "80 0e 09 000201 10 00000000 00")),
            new Reset(
                9,
                row(
                    "MP_REACH_NLRI of IPv6 with a next hop of four bytes",
                    GOOD + "80 0e 09 000201 04 c0000201 00")),
            new Reset(
                9,
                row(
                    "MP_REACH_NLRI with a prefix of 129 bits",
                    ORIGIN
                        + AS_PATH
                        + "80 0e 27 000201 10 20010db8000000000000000000000001 00"
                        + "81"
                        + "00".repeat(17))),
            new Reset(
                9,
                row(
                    "MP_REACH_NLRI with a cut prefix",
                    ORIGIN
                        + AS_PATH
                        + "80 0e 18 000201 10 20010db8000000000000000000000001 00 30 2001")),
            new Reset(
                9,
                row(
                    "MP_REACH_NLRI with wrong flags and a cut prefix",
                    ORIGIN
                        + AS_PATH
                        + "c0 0e 18 000201 10 20010db8000000000000000000000001 00 30 2001")),
            new Reset(
                9,
                row(
                    "MP_UNREACH_NLRI with wrong flags and a cut prefix",
                    GOOD + "c0 0f 05 000201 30 20")),
            new Reset(
                6,
                new Row(
                    "MP_UNREACH_NLRI with wrong flags beside a malformed ORIGIN",
                    EXTERNAL,
                    "",
                    "40 01 01 07 c0 0f 0a 000201 30 20010db86450",
                    "")),
            new Reset(9, row("MP_UNREACH_NLRI of two bytes", GOOD + "80 0f 02 0002")),
            new Reset(9, row("MP_UNREACH_NLRI with a cut prefix", GOOD + "80 0f 05 000201 30 20")),
            new Reset(
                10, new Row("NLRI with a prefix of 33 bits", EXTERNAL, "", GOOD, "21 c633640000")),
            new Reset(10, new Row("NLRI with a cut prefix", EXTERNAL, "", GOOD, "18 c633")),
            new Reset(
                10,
                new Row(
                    "withdrawn routes with a prefix of 33 bits",
                    EXTERNAL,
                    "21 c633640000",
                    "",
                    "")),
            new Reset(10, new Row("withdrawn routes with a cut prefix", EXTERNAL, "18 c6", "", "")),
            new Reset(
                6,
                new Row(
                    "a malformed ORIGIN and no routes to withdraw",
                    EXTERNAL,
                    "",
                    "40 01 01 07" + AS_PATH,
                    "")),
            new Reset(
                1,
                new Row(
                    "an attribute that is cut behind an End-of-RIB",
                    EXTERNAL,
                    "",
                    "80 0f 03 000201 c0 08 10",
                    "")),
            new Reset(
                1,
                new Row(
                    "an attribute that is cut and no routes to withdraw",
                    EXTERNAL,
                    "",
                    "40 01 05 00",
                    "")))
        .map(reset ->
            DynamicTest.dynamicTest(
                reset.row().name(),
                () -> {
                  BgpFault fault = catchThrowableOfType(BgpFault.class, () -> decode(reset.row()));

                  assertThat(fault.notification().code()).isEqualTo(3);
                  assertThat(fault.notification().subcode()).isEqualTo(reset.subcode());
                  assertThat(fault).hasMessageContaining("expected");
                }));
  }

  private record Harmless(String name, String attributes) {}

  @TestFactory
  Stream<DynamicTest> the_routes_stay_without_a_fault() {
    return Stream.of(
            new Harmless(
                "an unknown family in MP_REACH_NLRI", GOOD + "80 0e 0a 0001 80 05 0102030405 00"),
            new Harmless("an unknown family in MP_UNREACH_NLRI", GOOD + "80 0f 04 4004 47 ff"),
            new Harmless(
                "an unknown optional attribute that is not transitive", GOOD + "80 c8 01 00"),
            new Harmless(
                "an extended length that is not needed", "50 01 0001 00" + AS_PATH + NEXT_HOP),
            new Harmless(
                "the partial flag on a well-known attribute", "60 01 01 00" + AS_PATH + NEXT_HOP),
            new Harmless("AS4_PATH between new speakers", GOOD + "c0 11 06 02 01 00010000"),
            new Harmless("attributes in descending order", NEXT_HOP + AS_PATH + ORIGIN),
            new Harmless("an empty AS_PATH", ORIGIN + "40 02 00" + NEXT_HOP))
        .map(harmless ->
            DynamicTest.dynamicTest(
                harmless.name(),
                () -> {
                  BgpMessage.Update update = decode(row("", harmless.attributes()));

                  assertThat(update.faults()).isEmpty();
                  assertThat(update.withdrawals()).isEmpty();
                  assertThat(update.announcements())
                      .extracting(BgpMessage.Announcement::prefixes)
                      .containsExactly(prefixes("198.51.100.0/24"));
                }));
  }

  @Test
  void withdrawn_routes_of_one_family_come_in_one_list() {
    BgpMessage.Update update =
        decode(new Row("", EXTERNAL, "18 c63365", "40 01 01 07" + AS_PATH + NEXT_HOP, NLRI));

    assertThat(update.withdrawals())
        .containsExactly(prefixes("198.51.101.0/24", "198.51.100.0/24"));
  }

  @Test
  void both_families_are_withdrawn_when_their_common_attributes_are_malformed() {
    BgpMessage.Update update = decode(row("", "40 01 01 07" + AS_PATH + NEXT_HOP + REACH_IPV6));

    assertThat(update.withdrawals())
        .containsExactly(prefixes("198.51.100.0/24"), prefixes("2001:db8:6450::/48"));
  }

  @Test
  void a_next_hop_that_no_route_uses_is_not_looked_at() {
    BgpMessage.Update update =
        decode(new Row("", EXTERNAL, "", ORIGIN + AS_PATH + "40 03 04 00000000" + REACH_IPV6, ""));

    assertThat(update.faults()).isEmpty();
    assertThat(update.announcements().getFirst().attributes().nextHop()).hasToString("2001:db8::1");
  }

  @Test
  void the_faulty_attribute_is_sent_back_with_the_notification() {
    BgpFault fault =
        catchThrowableOfType(BgpFault.class, () -> decode(row("", GOOD + "40 c8 02 abcd")));

    assertThat(fault.notification().data()).isEqualTo(HexMessages.bytes("40 c8 02 abcd"));
  }

  private static Prefixes prefixes(String... texts) {
    var parsed = Stream.of(texts).map(Prefix::parse).toList();
    return Prefixes.copyOf(parsed.getFirst().family(), List.copyOf(parsed));
  }
}
