package net.donut.agent.rib;

import java.util.Arrays;
import net.donut.api.RouteDigest;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.table.PrefixTable;

/// The prefixes of one family that any column or reader still speaks of: a slot lives until its
/// last reference is given back. Owned by `agent-rib`.
final class CountedPrefixes {
  private final PrefixTable table;
  private int[] references = new int[16];

  CountedPrefixes(Family family) {
    this.table = new PrefixTable(family);
  }

  Family family() {
    return table.family();
  }

  /// The slot of a prefix, with one reference for the caller.
  int retain(long high, long low, int length) {
    int slot = table.findOrAdd(high, low, length);
    if (slot >= references.length) {
      references = Arrays.copyOf(references, Math.max(slot + 1, references.length * 2));
    }
    references[slot]++;
    return slot;
  }

  void retain(int slot) {
    references[slot]++;
  }

  void release(int slot) {
    if (--references[slot] == 0) {
      table.remove(slot);
    }
  }

  /// The slot of a prefix or [PrefixTable#NONE]; takes no reference.
  int find(long high, long low, int length) {
    return table.find(high, low, length);
  }

  /// The slot of a prefix or [PrefixTable#NONE]; takes no reference.
  int find(Prefix prefix) {
    return table.find(prefix);
  }

  void addTo(Prefixes.Builder prefixes, int slot) {
    prefixes.add(table.high(slot), table.low(slot), table.length(slot));
  }

  Prefix prefix(int slot) {
    return table.prefix(slot);
  }

  int size() {
    return table.size();
  }

  /// One more than the largest slot ever used.
  int capacity() {
    return table.capacity();
  }

  /// [RouteDigest#of] for the prefix of a slot.
  long digest(int slot, long content) {
    return RouteDigest.of(table.high(slot), table.low(slot), table.length(slot), content);
  }
}
