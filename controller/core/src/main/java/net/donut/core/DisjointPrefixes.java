package net.donut.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// Prefixes of which none contains another, asked which of them contains a prefix. Immutable.
final class DisjointPrefixes {
  private final List<Prefix> sorted;

  /// Prefixes that others contain are left out.
  DisjointPrefixes(Collection<Prefix> prefixes) {
    List<Prefix> found = new ArrayList<>();
    for (Prefix prefix : prefixes.stream().sorted().toList()) {
      if (found.isEmpty() || !found.getLast().contains(prefix)) {
        found.add(prefix);
      }
    }
    sorted = List.copyOf(found);
  }

  List<Prefix> all() {
    return sorted;
  }

  /// The one that is a prefix or contains it, else null.
  @Nullable Prefix covering(Prefix prefix) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).compareTo(prefix) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && sorted.get(low - 1).contains(prefix) ? sorted.get(low - 1) : null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DisjointPrefixes that && sorted.equals(that.sorted);
  }

  @Override
  public int hashCode() {
    return sorted.hashCode();
  }

  @Override
  public String toString() {
    return sorted.toString();
  }
}
