package net.donut.agent.gribi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTextTest {
  private final PrefixText text = new PrefixText();

  private Prefix read(Family family, String source) {
    assertThat(text.parse(family, source)).as(source).isTrue();
    return new Prefix(family, text.high(), text.low(), text.length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::/0", "::1/128", "2001:db8::/32", "fd00:1:2:3:4:5:6:7/128", "2001:DB8:0:0::/64",
        "1::/16", "0:0:0:0:0:0:0:0/0", "::ffff:192.0.2.1/128", "fe80::1:0:0:1/128",
            "1:2:3:4:5:6:7::/112"
      })
  void ipv6_is_read_as_the_model_reads_it(String source) {
    int slash = source.indexOf('/');
    Prefix expected =
        Prefix.masked(
            IpAddress.parse(source.substring(0, slash)),
            Integer.parseInt(source.substring(slash + 1)));

    assertThat(read(Family.IPV6, source)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        ":/0",
        ":::/0",
        "1/16",
        "::1::/128",
        "1:2:3:4:5:6:7/128",
        "1:2:3:4:5:6:7:8:9/128",
        "12345::/16",
        "g::/16",
        "2001:db8::/129",
        "2001:db8::1/32",
        "::/00",
        "1:2:3:4:5:6:7:8::/128",
        ":1::/16",
        "1:/16",
        "10.0.0.0/8"
      })
  void what_is_no_ipv6_prefix_is_refused(String source) {
    assertThat(text.parse(Family.IPV6, source)).isFalse();
  }

  @Test
  void random_prefixes_survive_text() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
      long high = random.nextLong() & (random.nextBoolean() ? -1L : 0xffff_0000_ffff_0000L);
      Prefix prefix =
          family == Family.IPV4
              ? Prefix.masked(IpAddress.ofIpv4((int) (high >>> 32)), random.nextInt(33))
              : Prefix.masked(
                  IpAddress.ofIpv6(high, random.nextBoolean() ? 0 : random.nextLong()),
                  random.nextInt(129));

      assertThat(read(family, prefix.toString())).isEqualTo(prefix);
    }
  }
}
