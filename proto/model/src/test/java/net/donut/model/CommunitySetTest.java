package net.donut.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Communities of each kind are sets: one copy of a value, in order of the unsigned value (RFC
/// 1997, RFC 4360, RFC 8092 §3).
class CommunitySetTest {
  private static final long SEED = 8092;

  @Test
  void communities_are_each_there_once_in_order_of_value() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int run = 0; run < 1_000; run++) {
      int[] values = random.ints(random.nextInt(12), -3, 3).toArray();
      Set<Integer> expected = new TreeSet<>(Integer::compareUnsigned);
      for (int value : values) {
        expected.add(value);
      }

      Communities set = Communities.of(values.clone()).normalized();

      assertThat(set.values()).as("seed %d run %d", SEED, run).containsExactly(ints(expected));
      assertThat(set.normalized()).isSameAs(set);
    }
  }

  private static int[] ints(Set<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void extended_communities_are_each_there_once_in_order_of_value() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int run = 0; run < 1_000; run++) {
      long[] values = random.longs(random.nextInt(12), -3, 3).toArray();
      Set<Long> expected = new TreeSet<>(Long::compareUnsigned);
      for (long value : values) {
        expected.add(value);
      }

      ExtendedCommunities set = ExtendedCommunities.of(values.clone()).normalized();

      assertThat(set.values())
          .as("seed %d run %d", SEED, run)
          .containsExactly(expected.stream().mapToLong(Long::longValue).toArray());
      assertThat(set.normalized()).isSameAs(set);
    }
  }

  @Test
  void large_communities_are_each_there_once_in_order_of_value() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int run = 0; run < 1_000; run++) {
      int[] values = random.ints(3L * random.nextInt(12), -2, 2).toArray();
      Set<BigInteger> expected = new TreeSet<>(Comparator.naturalOrder());
      for (BigInteger value : wholes(values)) {
        expected.add(value);
      }

      LargeCommunities set = LargeCommunities.of(values.clone()).normalized();

      assertThat(wholes(set.values()))
          .as("seed %d run %d", SEED, run)
          .containsExactlyElementsOf(expected);
      assertThat(set.normalized()).isSameAs(set);
    }
  }

  private static List<BigInteger> wholes(int[] cells) {
    List<BigInteger> wholes = new ArrayList<>();
    for (int i = 0; i < cells.length; i += 3) {
      BigInteger whole = BigInteger.ZERO;
      for (int j = i; j < i + 3; j++) {
        whole = whole.shiftLeft(32).or(BigInteger.valueOf(Integer.toUnsignedLong(cells[j])));
      }
      wholes.add(whole);
    }
    return wholes;
  }
}
