package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.donut.core.ValidatedPayloads.Payload;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.OriginValidity;
import net.donut.core.answer.PathView;
import net.donut.core.answer.Refusals;
import net.donut.core.answer.RejectReason;
import net.donut.core.policy.Filters;
import net.donut.core.policy.Treatment;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 6811.
class ValidatedPayloadsTest {
  private static Payload payload(String prefix, int maxLength, long asn) {
    return new Payload(Prefix.parse(prefix), maxLength, asn);
  }

  private static final ValidatedPayloads PAYLOADS =
      new ValidatedPayloads(
          List.of(
              payload("20.0.0.0/8", 16, 64603),
              payload("20.1.0.0/16", 24, 64999),
              payload("21.0.0.0/8", 24, 0),
              payload("2001:db8::/32", 48, 64603)));

  @ParameterizedTest
  @CsvSource({
    "20.0.0.0/8, 64603, VALID",
    "20.1.0.0/16, 64603, VALID",
    "20.1.0.0/16, 64999, VALID",
    "20.1.2.0/24, 64999, VALID",
    "20.1.2.0/24, 64603, INVALID",
    "20.2.0.0/17, 64603, INVALID",
    "20.2.0.0/16, 64604, INVALID",
    "20.2.0.0/16, 0, INVALID",
    "21.0.0.0/16, 64603, INVALID",
    "21.0.0.0/16, 0, INVALID",
    "22.0.0.0/16, 64603, NOT_FOUND",
    "0.0.0.0/0, 64603, NOT_FOUND",
    "2001:db8:1::/48, 64603, VALID",
    "2001:db8:1::/49, 64603, INVALID",
    "2001:db9::/32, 64603, NOT_FOUND"
  })
  void an_origin_is_judged_by_every_payload_that_covers(
      String prefix, int origin, OriginValidity validity) {
    assertThat(PAYLOADS.validity(Prefix.parse(prefix), origin)).isEqualTo(validity);
  }

  @Test
  void a_max_length_shorter_than_the_prefix_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> payload("20.0.0.0/8", 7, 1))
        .withMessage("20.0.0.0/8: max length 7 (expected: 8..32)");
  }

  @Test
  void random_questions_get_the_answer_of_a_scan_over_all_payloads() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Payload> payloads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Prefix prefix = prefix(random);
      int room = 32 - prefix.length();
      payloads.add(
          new Payload(prefix, prefix.length() + random.nextInt(room + 1), random.nextInt(4)));
    }
    ValidatedPayloads table = new ValidatedPayloads(payloads);

    for (int i = 0; i < 2000; i++) {
      Prefix prefix = prefix(random);
      int origin = random.nextInt(4);
      boolean covered = payloads.stream().anyMatch(p -> p.prefix().contains(prefix));
      boolean matched =
          payloads.stream()
              .anyMatch(p ->
                  p.prefix().contains(prefix)
                      && origin != 0
                      && p.asn() == origin
                      && prefix.length() <= p.maxLength());
      OriginValidity expected =
          matched
              ? OriginValidity.VALID
              : covered ? OriginValidity.INVALID : OriginValidity.NOT_FOUND;
      assertThat(table.validity(prefix, origin))
          .as("seed %d: %s from AS%d", seed, prefix, origin)
          .isEqualTo(expected);
    }
  }

  private static Prefix prefix(Random random) {
    return Prefix.masked(IpAddress.ofIpv4(random.nextInt() & 0x0f0f0000), 4 + random.nextInt(24));
  }

  private final SmallNetwork network = new SmallNetwork();

  private Engine engine(Treatment invalidOrigins) {
    Filters base = network.filters;
    network.filters =
        new Filters(
            base.ipv4Lengths(),
            base.ipv6Lengths(),
            base.maxAsPath(),
            base.bogonPrefixes(),
            base.bogonAsns(),
            base.asSets(),
            base.thirdPartyNextHops(),
            invalidOrigins);
    Engine engine = new Engine(network.policy());
    network.announce(engine, "tier2a", "20.0.0.0/8");
    network.announce(engine, "tier1a", "20.2.0.0/16", 64998);
    engine.commit();
    engine.validateOrigins(PAYLOADS);
    network.announce(engine, "tier1b", "20.2.0.0/16", 64603);
    network.announce(engine, "tier1b", "20.3.0.0/16", 64997);
    engine.commit();
    return engine;
  }

  private static String best(Engine engine, String address) {
    List<String> best = new ArrayList<>();
    engine.explain(IpAddress.parse(address), "edge1").chain().getFirst().paths().stream()
        .filter(PathView::isBest)
        .forEach(path -> best.add(path.neighbor()));
    return String.join(",", best);
  }

  @Test
  void an_invalid_path_is_not_used_whether_it_came_before_or_after_the_payloads() {
    Engine engine = engine(Treatment.REJECT);

    assertThat(best(engine, "20.2.0.1")).isEqualTo("tier1b");
    assertThat(best(engine, "20.3.0.1")).isEmpty();
    assertThat(engine.neighborCounts(engine.neighbor("tier1a")).rejects())
        .isEqualTo(Map.of(RejectReason.INVALID_ORIGIN, 1L));
    assertThat(engine.neighborCounts(engine.neighbor("tier1b")).rejects())
        .isEqualTo(Map.of(RejectReason.INVALID_ORIGIN, 1L));
  }

  @Test
  void refusals_are_counted_with_examples_and_origins_whatever_became_of_them() {
    Refusals refusals = engine(Treatment.REJECT).refusals(1);

    assertThat(refusals.refusals()).hasSize(1);
    assertThat(refusals.refusals().getFirst().paths()).isEqualTo(2);
    assertThat(refusals.refusals().getFirst().examples())
        .extracting(Refusals.Example::neighbor)
        .containsExactly("tier1a");
    assertThat(refusals.origins())
        .isEqualTo(Map.of(OriginValidity.VALID, 2L, OriginValidity.INVALID, 2L));
  }

  @Test
  void what_is_refused_for_its_origin_follows_the_prefix_around_it_and_is_named() {
    Coverage coverage = engine(Treatment.REJECT).coverage(10);

    assertThat(coverage.coveredHoles())
        .extracting(block -> block.prefix().toString(), Coverage.Block::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "20.3.0.0/16",
                "rejected (invalid-origin), follows 20.0.0.0/8 of another origin to tier2a"));
  }

  @Test
  void invalid_is_accepted_where_policy_says_so() {
    Engine engine = engine(Treatment.ACCEPT);

    assertThat(best(engine, "20.3.0.1")).isEqualTo("tier1b");
    assertThat(engine.refusals(1).refusals()).isEmpty();
    assertThat(engine.refusals(1).origins()).containsEntry(OriginValidity.INVALID, 2L);
  }

  @Test
  void both_families_are_asked_apart() {
    assertThat(PAYLOADS.covers(Family.IPV4, 0x2001_0db8_0000_0000L, 0, 32)).isFalse();
    assertThat(PAYLOADS.covers(Family.IPV6, 0x2001_0db8_0000_0000L, 0, 32)).isTrue();
  }
}
