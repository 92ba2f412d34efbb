package net.donut.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The steps of the decision in docs/policy.md are those of the code, in its order.
final class StepDocumentTest {
  private static final Path DOCUMENT = Path.of("../../docs/policy.md");

  @Test
  void the_table_of_steps_is_the_enum() throws IOException {
    List<String> lines = Files.readAllLines(DOCUMENT);
    int head = lines.indexOf("| step | what wins | where it is defined |");
    List<String> rows =
        lines.stream().skip(head + 2L).takeWhile(line -> line.startsWith("|")).toList();

    assertThat(head).as("the table's head in %s", DOCUMENT).isPositive();
    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Step.values())
                .map(step ->
                    "| `%s` | %s | %s |".formatted(step.word(), step.rule(), step.section()))
                .toList());
  }
}
