package net.donut.lab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import net.donut.fixtures.MadeAddress;
import net.donut.fixtures.MadeDump;
import net.donut.fixtures.MadePeer;
import net.donut.fixtures.MadePrefix;
import net.donut.fixtures.MadeRoute;
import net.donut.fixtures.RealData;
import net.donut.fixtures.RealDataDirectory;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.wire.mrt.MrtReader;
import net.donut.wire.mrt.MrtRecord;
import org.junit.jupiter.api.Test;

/// The table of rates against the dump it was counted in, and the generator against the table.
class AttributeMixTest {
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

  private static Counted counted(MrtReader reader, int hopsBefore) {
    Counted counted = new Counted();
    for (MrtRecord record = reader.next(); record != null; record = reader.next()) {
      if (record instanceof MrtRecord.Rib rib) {
        rib.entries().forEach(entry -> counted.add(entry.attributes(), 1, hopsBefore));
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

  @RealData
  @Test
  void the_rates_are_those_of_the_dump() throws Exception {
    try (MrtReader reader =
        MrtReader.open(RealDataDirectory.path("mrt/rib/rv2-20140523-first.mrt.xz"))) {
      agrees(counted(reader, 0), 1.5);
    }
  }

  /// Counting a dump gives the rates that its routes were drawn with.
  @Test
  void the_rates_of_a_dump_of_generated_routes_are_counted_in_it() throws Exception {
    PathGenerator generator =
        new PathGenerator(PrefixList.generate(Family.IPV4, 60_000, 3).prefixes(), 3, Set.of());
    MadePeer peer = new MadePeer(MadeAddress.ipv4(0xc000_0201), 64_601, 1);
    MadeDump dump = MadeDump.table(List.of(peer));
    for (long asn = 64601; asn <= 64606; asn++) {
      generator
          .feed(asn)
          .forEach(announcement ->
              dump.rib(
                  made(announcement.prefixes().get(0)),
                  false,
                  List.of(new MadeDump.Entry(0, 0, made(announcement.attributes())))));
    }

    try (MrtReader reader = MrtReader.of(new ByteArrayInputStream(dump.bytes()))) {
      Counted counted = counted(reader, 1);
      assertThat(counted.routes).isEqualTo(dump.entries());
      agrees(counted, 130);
    }
  }

  private static MadePrefix made(Prefix prefix) {
    return MadePrefix.ipv4(prefix.address().ipv4(), prefix.length());
  }

  private static MadeRoute made(PathAttributes attributes) {
    Aggregator aggregator = attributes.aggregator();
    return new MadeRoute(
        switch (attributes.origin()) {
          case IGP -> 0;
          case EGP -> 1;
          case INCOMPLETE -> 2;
        },
        attributes.asPath().segments().stream()
            .map(segment ->
                new MadeRoute.MadeSegment(
                    segment.type() == AsPath.SegmentType.AS_SET,
                    IntStream.of(segment.asns()).mapToLong(Integer::toUnsignedLong).toArray()))
            .toList(),
        0,
        MadeAddress.ipv4(0xc000_0201),
        attributes.med(),
        attributes.localPref(),
        attributes.communities().values(),
        attributes.atomicAggregate(),
        aggregator == null ? -1 : aggregator.asn(),
        aggregator == null ? 0 : aggregator.address().ipv4());
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
