package net.donut.agent.gribi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverrideTextTest {
  private static OverrideText read(String text) {
    return OverrideText.read(ByteString.copyFromUtf8(text));
  }

  @ParameterizedTest
  @CsvSource({
    "override ms=1 then=1, 1, 1",
    "override ms=60000 then=7, 60000, 7",
    "override ms=604800000 then=18446744073709551615, 604800000, -1"
  })
  void terms_are_a_time_and_an_unsigned_group(String text, long millis, long then) {
    assertThat(read(text)).isEqualTo(new OverrideText.Terms(millis, then));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "withdrawn", "override", "overrides ms=1 then=1", " override ms=1"})
  void other_metadata_says_nothing(String text) {
    assertThat(read(text)).isEqualTo(new OverrideText.Absent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "override ",
        "override ms=1",
        "override then=1 ms=1",
        "override ms= then=1",
        "override ms=-1 then=1",
        "override ms=1.5 then=1",
        "override ms=0x10 then=1",
        "override ms=1  then=1",
        "override ms=1 then=1 ",
        "override ms=1 then=1\n",
        "override ms=١ then=1"
      })
  void another_form_is_unreadable_with_the_text_and_the_form(String text) {
    assertThat(read(text))
        .isEqualTo(
            new OverrideText.Unreadable(
                "'" + text + "' (expected: override ms=MILLIS then=GROUP)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "604800001", "18446744073709551615", "99999999999999999999"})
  void a_time_out_of_range_is_unreadable_with_the_range(String millis) {
    assertThat(read("override ms=" + millis + " then=1"))
        .isEqualTo(
            new OverrideText.Unreadable("override ms: " + millis + " (expected: 1..604800000)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "18446744073709551616"})
  void a_group_out_of_range_is_unreadable_with_the_range(String group) {
    assertThat(read("override ms=1 then=" + group))
        .isEqualTo(
            new OverrideText.Unreadable(
                "override then: "
                    + group
                    + " (expected: 1..18446744073709551615, the id of a next-hop group)"));
  }

  @Test
  void a_long_text_is_not_repeated() {
    assertThat(read("override ms=" + "1".repeat(1000) + " then=1"))
        .isEqualTo(
            new OverrideText.Unreadable("override: text of 1019 bytes (expected: at most 64)"));
  }

  @Test
  void bytes_that_are_not_utf_8_are_unreadable() {
    ByteString metadata =
        ByteString.copyFromUtf8("override ms=1 then=1")
            .concat(ByteString.copyFrom(new byte[] {-1}));

    assertThat(OverrideText.read(metadata)).isInstanceOf(OverrideText.Unreadable.class);
  }
}
