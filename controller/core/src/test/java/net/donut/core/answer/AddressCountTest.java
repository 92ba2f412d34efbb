package net.donut.core.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AddressCountTest {
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

  private static BigInteger exact(AddressCount count) {
    return new BigInteger(Long.toUnsignedString(count.high()))
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(count.low())));
  }

  @Test
  void the_addresses_of_a_prefix_are_a_power_of_two_and_the_whole_ipv6_space_is_one_short() {
    for (int bits = 0; bits < 128; bits++) {
      assertThat(exact(AddressCount.ofHostBits(bits))).isEqualTo(BigInteger.ONE.shiftLeft(bits));
    }
    assertThat(exact(AddressCount.ofHostBits(128))).isEqualTo(MOST);
  }

  @Test
  void sums_and_differences_are_those_of_large_integers_and_never_wrap() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      AddressCount one = random(random);
      AddressCount other = random(random);
      BigInteger sum = exact(one).add(exact(other)).min(MOST);
      assertThat(exact(one.plus(other))).as("%s + %s", one, other).isEqualTo(sum);
      assertThat(Integer.signum(one.compareTo(other)))
          .isEqualTo(exact(one).compareTo(exact(other)));
      if (one.compareTo(other) >= 0) {
        assertThat(exact(one.minus(other))).isEqualTo(exact(one).subtract(exact(other)));
      }
    }
  }

  private static AddressCount random(Random random) {
    return new AddressCount(edge(random), edge(random));
  }

  private static long edge(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Long.MIN_VALUE;
      default -> random.nextLong();
    };
  }

  @Test
  void it_is_told_in_whole_networks() {
    AddressCount some = AddressCount.ofHostBits(96).plus(AddressCount.ofHostBits(60));

    assertThat(some.slash48s()).isEqualTo(1L << 16);
    assertThat(some.slash64s()).isEqualTo(1L << 32);
    assertThat(some.shareOf(AddressCount.ofHostBits(97)))
        .isCloseTo(0.5, org.assertj.core.api.Assertions.within(1e-9));
    assertThat(some.shareOf(AddressCount.NONE)).isZero();
  }
}
