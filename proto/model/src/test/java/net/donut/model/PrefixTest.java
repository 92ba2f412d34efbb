package net.donut.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0/0",
        "10.0.0.0/8",
        "192.0.2.128/25",
        "255.255.255.255/32",
        "::/0",
        "2001:db8::/32",
        "2001:db8:0:1::/64",
        "fe80::1/128",
        "::ffff:192.0.2.1/128"
      })
  void text_is_read_and_written_back(String text) {
    assertThat(Prefix.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1/24 | host bits set (expected: 10.0.0.0/24)",
        "2001:db8::1/32 | host bits set (expected: 2001:db8::/32)",
        "10.0.0.0/33 | length: 33 (expected: 0..32)",
        "::/129 | length: 129 (expected: 0..128)",
        "10.0.0.0/-1 | length '-1' (expected: 0..32)",
        "10.0.0.0/08 | length '08' (expected: 0..32)",
        "10.0.0.0 | expected: address/length",
        "10.0.0/8 | expected: an IPv4 or IPv6 address",
        "10.0.0.256/32 | expected: an IPv4 or IPv6 address",
        "1::2::3/64 | expected: an IPv4 or IPv6 address",
        "1:2:3:4:5:6:7/64 | expected: an IPv4 or IPv6 address",
        "12345::/16 | expected: an IPv4 or IPv6 address"
      })
  void bad_text_says_what_is_expected(String text, String expected) {
    assertThatThrownBy(() -> Prefix.parse(text)).hasMessageContaining(expected);
  }

  @Test
  void addresses_agree_with_the_jdk() throws Exception {
    long seed = 7;
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      for (int zero = random.nextInt(bytes.length); zero < bytes.length; zero++) {
        bytes[zero] = random.nextInt(3) == 0 ? bytes[zero] : 0;
      }
      IpAddress address = IpAddress.ofBytes(bytes);

      assertThat(IpAddress.parse(address.toString())).as("seed %d", seed).isEqualTo(address);
      assertThat(address.bytes()).isEqualTo(bytes);
      if (!address.toString().startsWith("::ffff:")) {
        assertThat(InetAddress.getByName(address.toString()).getAddress()).isEqualTo(bytes);
      }
    }
  }

  @Test
  void a_covering_prefix_sorts_before_what_it_covers() {
    List<Prefix> prefixes =
        new ArrayList<>(
            List.of(
                Prefix.parse("2001:db8::/32"),
                Prefix.parse("192.0.2.0/24"),
                Prefix.parse("10.1.0.0/16"),
                Prefix.parse("10.0.0.0/8"),
                Prefix.parse("10.0.0.0/16")));

    prefixes.sort(null);

    assertThat(prefixes.toString())
        .isEqualTo("[10.0.0.0/8, 10.0.0.0/16, 10.1.0.0/16, 192.0.2.0/24, 2001:db8::/32]");
  }

  @Test
  void contains_holds_for_addresses_and_more_specifics_only() {
    Prefix block = Prefix.parse("10.64.0.0/10");

    assertThat(block.contains(IpAddress.parse("10.127.255.255"))).isTrue();
    assertThat(block.contains(IpAddress.parse("10.128.0.0"))).isFalse();
    assertThat(block.contains(Prefix.parse("10.65.0.0/16"))).isTrue();
    assertThat(block.contains(Prefix.parse("10.0.0.0/8"))).isFalse();
    assertThat(block.contains(IpAddress.parse("::"))).isFalse();
    assertThat(block.lastAddress()).isEqualTo(IpAddress.parse("10.127.255.255"));
  }

  @Test
  void packed_prefixes_give_back_what_was_put_in() {
    Random random = new Random(11);
    for (Family family : Family.values()) {
      List<Prefix> expected = new ArrayList<>();
      Prefixes.Builder builder = new Prefixes.Builder(family, 1);
      for (int i = 0; i < 1000; i++) {
        IpAddress address =
            family == Family.IPV4
                ? IpAddress.ofIpv4(random.nextInt())
                : IpAddress.ofIpv6(random.nextLong(), random.nextLong());
        Prefix prefix = Prefix.masked(address, random.nextInt(family.bits() + 1));
        expected.add(prefix);
        builder.add(prefix);
      }

      assertThat(builder.build()).containsExactlyElementsOf(expected);
    }
  }
}
