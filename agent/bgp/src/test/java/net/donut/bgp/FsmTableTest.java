package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.donut.bgp.FsmFixture.At;
import net.donut.bgp.FsmFixture.What;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every state crossed with every event: `fsm-table.txt`.
class FsmTableTest {
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
    try (InputStream in = FsmTableTest.class.getResourceAsStream("fsm-table.txt")) {
      byte[] bytes = Objects.requireNonNull(in, "fsm-table.txt").readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void a_state_and_an_event_give_a_state_and_actions(Row row) {
    SessionFsm fsm = row.at().reach();

    String actions = FsmFixture.text(fsm.handle(row.what().event()));

    assertThat(fsm.state() + " | " + actions).isEqualTo(row.state() + " | " + row.actions());
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
