package net.donut.controller.policy;

import java.util.List;
import net.donut.controller.policy.PolicyDocument.FilterEntry;
import net.donut.controller.policy.PolicyDocument.LengthRange;
import net.donut.controller.policy.Section.Entry;
import net.donut.model.Family;

/// Reads `filters`; what is not given has its default.
final class FilterReader {
  private static final String RANGE = "a range of lengths such as 8..24";

  private FilterReader() {}

  static FilterEntry read(Section top) {
    Entry entry = top.entry("filters");
    FilterEntry defaults = FilterEntry.DEFAULTS;
    if (entry == null) {
      return defaults;
    }
    Section filters =
        top.keys(
            entry,
            List.of("prefix-length", "max-as-path", "bogon-prefixes", "bogon-asns", "as-sets"));
    String paths = "a number of ASNs 1..1000";
    int maxAsPath =
        filters.valueOr(
            "max-as-path",
            paths,
            defaults.maxAsPath(),
            text -> Parse.integer(text, 1, 1000, paths));
    String truth = "true or false";
    LengthRange ipv4 = defaults.ipv4();
    LengthRange ipv6 = defaults.ipv6();
    Entry lengths = filters.entry("prefix-length");
    if (lengths != null) {
      Section ranges = filters.keys(lengths, List.of("ipv4", "ipv6"));
      ipv4 = ranges.valueOr("ipv4", RANGE, ipv4, text -> Parse.lengths(Family.IPV4, text));
      ipv6 = ranges.valueOr("ipv6", RANGE, ipv6, text -> Parse.lengths(Family.IPV6, text));
    }
    return new FilterEntry(
        ipv4,
        ipv6,
        maxAsPath,
        filters.valueOr("bogon-prefixes", truth, defaults.bogonPrefixes(), Parse::truth),
        filters.valueOr("bogon-asns", truth, defaults.bogonAsns(), Parse::truth),
        filters.valueOr("as-sets", "accept or reject", defaults.asSets(), Parse::asSets));
  }
}
