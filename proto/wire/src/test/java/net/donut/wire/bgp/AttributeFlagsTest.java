package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every attribute with every value of its flags: wrong optional or transitive bits cost the routes
/// (RFC 7606 §3 c), the partial bit, the extended length and the unused bits cost nothing.
class AttributeFlagsTest {
  private static final SessionOptions EXTERNAL = SessionOptions.MODERN_EXTERNAL;
  private static final SessionOptions INTERNAL =
      new SessionOptions(true, false, false, false, true);
  private static final Prefixes CLASSIC = Prefixes.of(Prefix.parse("198.51.100.0/24"));
  private static final Prefixes OF_REACH = Prefixes.of(Prefix.parse("2001:db8:6450::/48"));
  private static final Prefixes OF_UNREACH = Prefixes.of(Prefix.parse("2001:db8:6451::/48"));

  /// The bits that RFC 7606 §3 c compares.
  private static final int CATEGORY = 0xc0;

  private static final int EXTENDED_LENGTH = 0x10;

  /// Flags as the RFC of the attribute has them, and a value without fault.
  enum KnownAttribute {
    ORIGIN(1, 0x40, "00"),
    AS_PATH(2, 0x40, "02010000fc59"),
    NEXT_HOP(3, 0x40, "c0000201"),
    MULTI_EXIT_DISC(4, 0x80, "00000007"),
    LOCAL_PREF(5, 0x40, "00000064"),
    ATOMIC_AGGREGATE(6, 0x40, ""),
    AGGREGATOR(7, 0xc0, "0000fc59c6336401"),
    COMMUNITIES(8, 0xc0, "fc590001"),
    ORIGINATOR_ID(9, 0x80, "0a000001"),
    CLUSTER_LIST(10, 0x80, "0a000001"),
    MP_REACH_NLRI(14, 0x80, "00020110" + "20010db8000000000000000000000001" + "003020010db86450"),
    MP_UNREACH_NLRI(15, 0x80, "0002013020010db86451"),
    EXTENDED_COMMUNITIES(16, 0xc0, "0002fc5900000064"),
    AS4_PATH(17, 0xc0, "02010000fc59"),
    AS4_AGGREGATOR(18, 0xc0, "0000fc59c6336401"),
    LARGE_COMMUNITY(32, 0xc0, "0000fc590000000100000002"),
    ONLY_TO_CUSTOMER(35, 0xc0, "0000fc59");

    final int type;
    final int flags;
    final String value;

    KnownAttribute(int type, int flags, String value) {
      this.type = type;
      this.flags = flags;
      this.value = value;
    }

    String bytes(int withFlags) {
      int length = value.length() / 2;
      String lengthField = (withFlags & EXTENDED_LENGTH) != 0 ? "%04x" : "%02x";
      return "%02x%02x".formatted(withFlags, type) + lengthField.formatted(length) + value;
    }

    /// RFC 7606 §7.5, §7.9, §7.10.
    boolean isForInternalOnly() {
      return this == LOCAL_PREF || this == ORIGINATOR_ID || this == CLUSTER_LIST;
    }
  }

  /// An UPDATE that announces a route with the attribute, beside what every route needs.
  private static BgpMessage.Update announce(
      KnownAttribute known, int flags, SessionOptions options) {
    Map<Integer, String> attributes = new TreeMap<>();
    for (KnownAttribute needed :
        List.of(KnownAttribute.ORIGIN, KnownAttribute.AS_PATH, KnownAttribute.NEXT_HOP)) {
      attributes.put(needed.type, needed.bytes(needed.flags));
    }
    if (options.internal()) {
      attributes.put(
          KnownAttribute.LOCAL_PREF.type,
          KnownAttribute.LOCAL_PREF.bytes(KnownAttribute.LOCAL_PREF.flags));
    }
    attributes.put(known.type, known.bytes(flags));
    return HexMessages.decodeUpdate(
        HexMessages.update("", String.join("", attributes.values()), "18c63364"), options);
  }

  private static IntStream allFlags() {
    return IntStream.range(0, 256);
  }

  @ParameterizedTest
  @EnumSource
  void wrong_optional_or_transitive_bits_cost_the_routes(KnownAttribute known) {
    for (SessionOptions options : List.of(EXTERNAL, INTERNAL)) {
      allFlags()
          .filter(flags -> (flags & CATEGORY) != known.flags)
          .forEach(flags -> {
            BgpMessage.Update update = announce(known, flags, options);

            List<Prefixes> lost = new ArrayList<>(List.of(CLASSIC));
            if (known == KnownAttribute.MP_REACH_NLRI) {
              lost.add(OF_REACH);
            } else if (known == KnownAttribute.MP_UNREACH_NLRI) {
              lost.addFirst(OF_UNREACH);
            }
            assertThat(update.announcements()).as("flags %02x", flags).isEmpty();
            assertThat(update.withdrawals()).containsExactlyInAnyOrderElementsOf(lost);
            assertThat(update.faults())
                .containsExactly(
                    new UpdateFault(
                        UpdateFault.Action.TREAT_AS_WITHDRAW,
                        known.type,
                        "%s flags: 0x%02x (expected: 0x%02x)"
                            .formatted(known.name(), flags, known.flags)));
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void partial_extended_length_and_unused_bits_cost_nothing(KnownAttribute known) {
    for (SessionOptions options : List.of(EXTERNAL, INTERNAL)) {
      allFlags()
          .filter(flags -> (flags & CATEGORY) == known.flags)
          .forEach(flags -> {
            BgpMessage.Update update = announce(known, flags, options);

            assertThat(update.announcements())
                .as("flags %02x", flags)
                .extracting(BgpMessage.Announcement::prefixes)
                .contains(CLASSIC);
            if (known.isForInternalOnly() && !options.internal()) {
              assertThat(update.faults())
                  .extracting(UpdateFault::action)
                  .containsExactly(UpdateFault.Action.DISCARD_ATTRIBUTE);
            } else {
              assertThat(update.faults()).isEmpty();
            }
          });
    }
  }

  private static Stream<Integer> wrongFlags() {
    return allFlags().filter(flags -> (flags & CATEGORY) != 0x80).boxed();
  }

  @Test
  void routes_of_mp_reach_nlri_alone_are_withdrawn_when_its_flags_are_wrong() {
    String rest = KnownAttribute.ORIGIN.bytes(0x40) + KnownAttribute.AS_PATH.bytes(0x40);

    assertThat(wrongFlags())
        .allSatisfy(flags -> {
          String attributes = KnownAttribute.MP_REACH_NLRI.bytes(flags) + rest;
          BgpMessage.Update update =
              HexMessages.decodeUpdate(HexMessages.update("", attributes, ""), EXTERNAL);

          assertThat(update.announcements()).isEmpty();
          assertThat(update.withdrawals()).containsExactly(OF_REACH);
          assertThat(update.faults()).hasSize(1);
        });
  }

  /// RFC 7606 §5.2 is about routes that may be hidden in what could not be read. Nothing is, here.
  @Test
  void routes_of_mp_unreach_nlri_alone_are_withdrawn_when_its_flags_are_wrong() {
    String rest = KnownAttribute.ORIGIN.bytes(0x40) + KnownAttribute.AS_PATH.bytes(0x40);

    assertThat(wrongFlags())
        .allSatisfy(flags -> {
          for (String attributes :
              List.of(
                  KnownAttribute.MP_UNREACH_NLRI.bytes(flags),
                  rest + KnownAttribute.MP_UNREACH_NLRI.bytes(flags))) {
            BgpMessage.Update update =
                HexMessages.decodeUpdate(HexMessages.update("", attributes, ""), EXTERNAL);

            assertThat(update.withdrawals()).containsExactly(OF_UNREACH);
            assertThat(update.faults()).hasSize(1);
          }
        });
  }

  @Test
  void an_end_of_rib_with_wrong_flags_is_none_and_costs_nothing() {
    BgpMessage.Update update =
        HexMessages.decodeUpdate(HexMessages.update("", "c0 0f 03 000201", ""), EXTERNAL);

    assertThat(update.announcements()).isEmpty();
    assertThat(update.withdrawals()).isEmpty();
    assertThat(update.faults()).hasSize(1);
  }
}
