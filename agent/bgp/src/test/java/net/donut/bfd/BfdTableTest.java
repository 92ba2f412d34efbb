package net.donut.bfd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.donut.bfd.BfdFixture.At;
import net.donut.bfd.BfdFixture.What;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every state crossed with every event: `bfd-table.txt`.
class BfdTableTest {
  record Row(At at, What what, String state, String actions) {}

  static Stream<Row> rows() {
    return lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> {
          List<String> cells = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
          return new Row(
              At.valueOf(cells.get(0)), What.valueOf(cells.get(1)), cells.get(2), cells.get(3));
        });
  }

  private static Stream<String> lines() {
    try (InputStream in = BfdTableTest.class.getResourceAsStream("bfd-table.txt")) {
      byte[] bytes = Objects.requireNonNull(in, "bfd-table.txt").readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void a_state_and_an_event_give_a_state_and_actions(Row row) {
    BfdSession session = row.at().reach();

    String actions = BfdFixture.text(session.handle(row.what().event(session)));

    assertThat(session.status().state() + " | " + actions)
        .isEqualTo(row.state() + " | " + row.actions());
  }

  @Test
  void the_table_is_complete() {
    List<String> wanted =
        Stream.of(At.values())
            .flatMap(at -> Stream.of(What.values()).map(what -> at + " " + what))
            .toList();

    assertThat(rows().map(row -> row.at() + " " + row.what())).containsExactlyElementsOf(wanted);
  }
}
