package net.donut.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsPathTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "64500 64501 64502 | 3 | 64500 | 64502",
        "64500 {64501,64502} | 2 | 64500 | 0",
        "{64501,64502} | 1 | 0 | 0",
        "(65001 65002) 64500 | 1 | 64500 | 64500",
        "[65001,65002] 64500 4200000000 | 2 | 64500 | 4200000000"
      })
  void length_neighbor_and_origin_follow_the_segments(
      String text, int length, long neighbor, long origin) {
    AsPath path = AsPath.parse(text);

    assertThat(path).hasToString(text);
    assertThat(path.length()).isEqualTo(length);
    assertThat(Integer.toUnsignedLong(path.neighborAs())).isEqualTo(neighbor);
    assertThat(Integer.toUnsignedLong(path.originAs())).isEqualTo(origin);
  }

  @Test
  void prepending_joins_the_first_sequence_until_it_holds_255() {
    AsPath full = AsPath.of(LongStream.range(0, 254).map(i -> 1).toArray());

    assertThat(full.prepend(7, 1).segments()).hasSize(1);
    assertThat(full.prepend(7, 2).segments()).hasSize(2);
    assertThat(full.prepend(7, 2).length()).isEqualTo(256);
    assertThat(AsPath.parse("{1,2}").prepend(64500, 2)).hasToString("64500 64500 {1,2}");
  }

  @Test
  void text_that_is_no_path_is_refused_with_its_place() {
    assertThatThrownBy(() -> AsPath.parse("64500 x")).hasMessageContaining("unexpected 'x' at 6");
    assertThatThrownBy(() -> Asn.parse("4294967296"))
        .hasMessageContaining("expected: 0..4294967295");
  }
}
