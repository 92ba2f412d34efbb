package net.donut.controller.policy;

import java.util.List;
import net.donut.controller.policy.Section.Entry;
import net.donut.core.policy.Filters;
import net.donut.core.policy.LengthRange;
import net.donut.model.Family;

/// Reads `filters`; what is not given has its default.
final class FilterReader {
  private static final List<String> KEYS =
      List.of(
          "prefix-length",
          "max-as-path",
          "bogon-prefixes",
          "bogon-asns",
          "as-sets",
          "third-party-next-hops",
          "invalid-origins");
  private static final String RANGE = "a range of lengths such as 8..24";

  private FilterReader() {}

  static Filters read(Section top) {
    Entry entry = top.entry("filters");
    Filters defaults = Filters.DEFAULT;
    if (entry == null) {
      return defaults;
    }
    Section filters = top.keys(entry, KEYS);
    String paths = "a number of ASNs 1..1000";
    int maxAsPath =
        filters.valueOr(
            "max-as-path",
            paths,
            defaults.maxAsPath(),
            text -> Parse.integer(text, 1, 1000, paths));
    String truth = "true or false";
    LengthRange ipv4 = defaults.ipv4Lengths();
    LengthRange ipv6 = defaults.ipv6Lengths();
    Entry lengths = filters.entry("prefix-length");
    if (lengths != null) {
      Section ranges = filters.keys(lengths, List.of("ipv4", "ipv6"));
      ipv4 = ranges.valueOr("ipv4", RANGE, ipv4, text -> Parse.lengths(Family.IPV4, text));
      ipv6 = ranges.valueOr("ipv6", RANGE, ipv6, text -> Parse.lengths(Family.IPV6, text));
    }
    String treatment = "accept or reject";
    return new Filters(
        ipv4,
        ipv6,
        maxAsPath,
        filters.valueOr("bogon-prefixes", truth, defaults.bogonPrefixes(), Parse::rejects),
        filters.valueOr("bogon-asns", truth, defaults.bogonAsns(), Parse::rejects),
        filters.valueOr("as-sets", treatment, defaults.asSets(), Parse::treatment),
        filters.valueOr(
            "third-party-next-hops", treatment, defaults.thirdPartyNextHops(), Parse::treatment),
        filters.valueOr("invalid-origins", treatment, defaults.invalidOrigins(), Parse::treatment));
  }
}
