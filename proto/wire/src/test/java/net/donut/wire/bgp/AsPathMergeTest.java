package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What AS_PATH and AS4_PATH of an old speaker mean together (RFC 6793 §4.2.3).
class AsPathMergeTest {
  private static final SessionOptions OLD = new SessionOptions(false, false, false, false, false);

  private record Row(String name, String path, String wide, String merged) {}

  @TestFactory
  Stream<DynamicTest> the_wide_path_replaces_the_tail_of_the_short_one() {
    return Stream.of(
            new Row("of the same length", "1 23456 3", "1 70000 3", "1 70000 3"),
            new Row(
                "shorter: old speakers put themselves in front",
                "9 8 1 23456",
                "1 70000",
                "9 8 1 70000"),
            new Row("longer: it is stale", "1 2", "1 70000 3", "1 2"),
            new Row("a set counts one", "9 {1,2} 23456", "70000", "9 {1,2} 70000"),
            new Row(
                "a set at the place of a number", "9 23456 {1,2}", "70000 {1,2}", "9 70000 {1,2}"),
            new Row("the front ends within a segment", "9 8 23456 7", "70000 7", "9 8 70000 7"))
        .map(row ->
            DynamicTest.dynamicTest(
                row.name(),
                () ->
                    assertThat(
                            AsPathCodec.merge(AsPath.parse(row.path()), AsPath.parse(row.wide())))
                        .hasToString(row.merged())));
  }

  @Test
  void a_rewritten_aggregator_makes_the_wide_attributes_stale() {
    var update =
        HexMessages.decodeUpdate(
            HexMessages.update(
                "",
                "40 01 01 00 40 02 04 02 01 5ba0 40 03 04 c0000201 c0 07 06 fc59 c6336401"
                    + "c0 11 06 02 01 00011170 c0 12 08 00011170 c6336402",
                "18 c63364"),
            OLD);

    var attributes = update.announcements().getFirst().attributes();
    assertThat(attributes.asPath()).hasToString("23456");
    assertThat(attributes.aggregator())
        .isEqualTo(new Aggregator(64601, IpAddress.parse("198.51.100.1")));
  }

  @Test
  void confederation_segments_of_the_wide_path_are_dropped() {
    var update =
        HexMessages.decodeUpdate(
            HexMessages.update(
                "",
                "40 01 01 00 40 02 04 02 01 5ba0 40 03 04 c0000201"
                    + "c0 11 0c 03 01 0000fc59 02 01 00011170",
                "18 c63364"),
            OLD);

    assertThat(update.announcements().getFirst().attributes().asPath()).hasToString("70000");
  }
}
