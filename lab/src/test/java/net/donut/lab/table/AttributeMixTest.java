package net.donut.lab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.wire.mrt.MrtReader;
import net.donut.wire.mrt.MrtRecord;
import org.junit.jupiter.api.Test;

/// The table of rates against the dump it was counted in, and the generator against the table.
class AttributeMixTest {
  private static final Path DUMP =
      Path.of(System.getProperty("donut.data", "../shared/data"))
          .resolve("mrt/rib/rv2-20140523-first.mrt.xz");

  /// What routes carry, counted.
  private static final class Counted {
    int routes;
    int incomplete;
    int egp;
    int med;
    int aggregator;
    int atomic;
    int prepended;
    final int[] hops = new int[64];
    final int[] prepends = new int[256];
    final int[] communities = new int[512];

    void add(PathAttributes attributes, int times, int hopsBefore) {
      routes += times;
      incomplete += attributes.origin() == Origin.INCOMPLETE ? times : 0;
      egp += attributes.origin() == Origin.EGP ? times : 0;
      med += attributes.med() >= 0 ? times : 0;
      aggregator += attributes.aggregator() == null ? 0 : times;
      atomic += attributes.atomicAggregate() ? times : 0;
      communities[attributes.communities().values().length] += times;
      int distinct = 0;
      int repeated = 0;
      int last = 0;
      for (AsPath.Segment segment : attributes.asPath().segments()) {
        if (segment.type() == AsPath.SegmentType.AS_SEQUENCE) {
          for (int asn : segment.asns()) {
            distinct += asn == last ? 0 : 1;
            repeated += asn == last ? 1 : 0;
            last = asn;
          }
        }
      }
      hops[distinct + hopsBefore] += times;
      prepended += repeated > 0 ? times : 0;
      prepends[repeated] += times;
    }

    double rate(int count) {
      return 10_000.0 * count / routes;
    }
  }

  private static Counted dump() throws Exception {
    assertThat(Files.exists(DUMP)).as("needs %s (system property donut.data)", DUMP).isTrue();
    Counted counted = new Counted();
    try (MrtReader reader = MrtReader.open(DUMP)) {
      for (MrtRecord record = reader.next(); record != null; record = reader.next()) {
        if (record instanceof MrtRecord.Rib rib) {
          rib.entries().forEach(entry -> counted.add(entry.attributes(), 1, 0));
        }
      }
    }
    return counted;
  }

  private static void agrees(Counted counted, double tolerance) {
    List<ToIntFunction<Counted>> counts =
        List.of(
            c -> c.incomplete,
            c -> c.egp,
            c -> c.med,
            c -> c.aggregator,
            c -> c.atomic,
            c -> c.prepended);
    List<Integer> rates =
        List.of(
            AttributeMix.ORIGIN_INCOMPLETE,
            AttributeMix.ORIGIN_EGP,
            AttributeMix.MED,
            AttributeMix.AGGREGATOR,
            AttributeMix.ATOMIC_AGGREGATE,
            AttributeMix.PREPENDED);
    for (int i = 0; i < counts.size(); i++) {
      assertThat(counted.rate(counts.get(i).applyAsInt(counted)))
          .as("rate %d", i)
          .isCloseTo(rates.get(i), within(tolerance));
    }
    for (int i = 3; i < AttributeMix.HOPS.length; i++) {
      assertThat(counted.rate(counted.hops[i + 1]))
          .as("%d networks", i + 1)
          .isCloseTo(AttributeMix.HOPS[i], within(tolerance));
    }
    for (int i = 0; i < 12; i++) {
      assertThat(counted.rate(counted.communities[i]))
          .as("%d communities", i)
          .isCloseTo(AttributeMix.COMMUNITIES[i], within(tolerance));
    }
    for (int i = 0; i < 4; i++) {
      assertThat(10_000.0 * counted.prepends[i + 1] / counted.prepended)
          .as("%d more numbers", i + 1)
          .isCloseTo(AttributeMix.PREPENDS[i], within(4 * tolerance));
    }
  }

  @Test
  void the_rates_are_those_of_the_dump() throws Exception {
    agrees(dump(), 1.5);
  }

  @Test
  void generated_feeds_follow_the_rates() {
    PathGenerator generator =
        new PathGenerator(PrefixList.generate(Family.IPV4, 60_000, 3).prefixes(), 3, Set.of());
    Counted counted = new Counted();
    for (long asn = 64601; asn <= 64606; asn++) {
      // One set of attributes counts once, as it is drawn once.
      generator.feed(asn).forEach(entry -> counted.add(entry.attributes(), 1, 1));
    }

    agrees(counted, 130);
  }
}
