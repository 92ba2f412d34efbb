package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import net.donut.core.answer.RejectReason;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BogonsTest {
  private static final Path DOCS = Path.of("../../docs/policy.md");

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, RFC 1918",
    "10.200.0.0/16, RFC 1918",
    "100.127.255.0/24, RFC 6598",
    "192.88.99.0/24, RFC 7526",
    "192.88.99.128/25, RFC 7526",
    "255.255.255.255/32, RFC 1112",
    "2002::/16, RFC 7526",
    "2002:c000:200::/40, RFC 7526",
    "3ffe::/16, RFC 3701",
    "3ffe:ffff::/32, RFC 3701",
    "2001:db8::/32, RFC 3849",
    "fc00::/7, RFC 4291",
    "::/8, RFC 4291",
    "::/1, RFC 4291",
    "64:ff9b::/96, RFC 4291"
  })
  void special_purpose_space_and_its_parts_are_bogons(String prefix, String document) {
    assertThat(Objects.requireNonNull(Bogons.space(Prefix.parse(prefix))).document())
        .isEqualTo(document);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0/0",
        "::/0",
        "9.0.0.0/8",
        "11.0.0.0/8",
        "192.88.98.0/24",
        "192.88.0.0/16",
        "2000::/3",
        "2003::/16",
        "3ffd::/16",
        "2001::/16",
        "1.1.1.0/24"
      })
  void other_space_and_what_contains_bogons_is_not(String prefix) {
    assertThat(Bogons.contains(Prefix.parse(prefix))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        23456,
        64496,
        64511,
        64512,
        65534,
        65535,
        65536,
        65551,
        65552,
        131071,
        4200000000L,
        4294967294L,
        4294967295L
      })
  void reserved_numbers_are_bogons(long asn) {
    assertThat(Bogons.containsAsn((int) asn)).isTrue();
    assertThat(Bogons.reservation(asn)).contains("RFC ");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 23455, 23457, 64495, 131072, 4199999999L})
  void numbers_beside_them_are_not(long asn) {
    assertThat(Bogons.containsAsn((int) asn)).isFalse();
    assertThat(Bogons.reservation(asn)).isEmpty();
  }

  @Test
  void the_docs_have_every_line_of_the_table() throws IOException {
    List<String> lines = Files.readAllLines(DOCS);
    BogonTable table = BogonTable.read();

    for (BogonTable.Space space : table.spaces()) {
      assertThat(lines)
          .contains(
              "| `%s` | %s | %s | %s |"
                  .formatted(space.prefix(), space.document(), space.since(), space.purpose()));
    }
    for (BogonTable.Numbers numbers : table.numbers()) {
      String ends =
          numbers.first() == numbers.last()
              ? "AS" + numbers.first()
              : "AS" + numbers.first() + "-AS" + numbers.last();
      assertThat(lines)
          .contains(
              "| `%s` | %s | %s | %s |"
                  .formatted(ends, numbers.document(), numbers.since(), numbers.purpose()));
    }
  }

  /// The reasons are listed in the order in which they are checked, which is the order of the docs.
  @Test
  void the_docs_list_every_reason_in_the_order_of_the_checks() throws IOException {
    List<String> documented =
        Files.readAllLines(DOCS).stream()
            .dropWhile(line -> !line.equals("| reason | refused is |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .toList();

    assertThat(documented)
        .containsExactlyElementsOf(
            List.of(RejectReason.values()).stream().map(RejectReason::word).toList());
  }
}
