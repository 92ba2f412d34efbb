package net.donut.lab.story;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.donut.model.Relation;

/// What neighbors carried in a time, and what that costs a month.
///
/// @param items a neighbor each
record Bill(List<Item> items) {
  private static final double BITS_A_MEGABIT = 1e6;

  /// A neighbor's part.
  ///
  /// @param mbitIn what came from it, at the 95th percentile of the samples
  /// @param mbitOut what went to it, likewise
  record Item(Price price, long bytesIn, long bytesOut, double mbitIn, double mbitOut) {
    /// The larger direction is what is paid for.
    double mbit() {
      return Math.max(mbitIn, mbitOut);
    }

    double amount() {
      return mbit() * price.perMbit();
    }
  }

  Bill {
    items = List.copyOf(items);
  }

  /// Counts between readings: a sample is from one reading to the next, and stands for an equal
  /// share of a month.
  static Bill of(List<Price> prices, List<Counters.Reading> readings) {
    return new Bill(prices.stream().map(price -> item(price, readings)).toList());
  }

  private static Item item(Price price, List<Counters.Reading> readings) {
    List<Double> in = new ArrayList<>();
    List<Double> out = new ArrayList<>();
    long bytesIn = 0;
    long bytesOut = 0;
    for (int i = 1; i < readings.size(); i++) {
      Counters.Bytes before = bytes(readings.get(i - 1), price);
      Counters.Bytes after = bytes(readings.get(i), price);
      double seconds = (readings.get(i).nanos() - readings.get(i - 1).nanos()) / 1e9;
      bytesIn += after.in() - before.in();
      bytesOut += after.out() - before.out();
      in.add((after.in() - before.in()) * 8 / BITS_A_MEGABIT / seconds);
      out.add((after.out() - before.out()) * 8 / BITS_A_MEGABIT / seconds);
    }
    return new Item(price, bytesIn, bytesOut, percentile95(in), percentile95(out));
  }

  private static Counters.Bytes bytes(Counters.Reading reading, Price price) {
    return reading.ports().getOrDefault(price.port(), new Counters.Bytes(0, 0));
  }

  /// The highest sample after the top twentieth is thrown away; 0 of none.
  static double percentile95(List<Double> samples) {
    double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(sorted.length * 0.95) - 1)];
  }

  /// Bytes in both directions, by what the neighbors are to us.
  Map<Relation, Long> bytes() {
    Map<Relation, Long> bytes = new EnumMap<>(Relation.class);
    items.forEach(
        item -> bytes.merge(item.price().relation(), item.bytesIn() + item.bytesOut(), Long::sum));
    return bytes;
  }

  /// Of all bytes from and to neighbors that are no customers, the share of transits.
  double transitPercent() {
    Map<Relation, Long> bytes = bytes();
    long transit = bytes.getOrDefault(Relation.TRANSIT, 0L);
    long outside =
        Arrays.stream(Relation.values())
            .filter(relation -> relation != Relation.CUSTOMER)
            .mapToLong(relation -> bytes.getOrDefault(relation, 0L))
            .sum();
    return 100.0 * transit / Math.max(1, outside);
  }

  /// What is paid for transit at, each transit by itself.
  double transitMbit() {
    return items.stream()
        .filter(item -> item.price().relation() == Relation.TRANSIT)
        .mapToDouble(Item::mbit)
        .sum();
  }

  double amount() {
    return items.stream().mapToDouble(Item::amount).sum();
  }
}
