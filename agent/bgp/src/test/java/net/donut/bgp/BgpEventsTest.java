package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// How much a neighbor can make the speaker write.
@Isolated("takes System.err")
class BgpEventsTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream before = System.err;

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
  }

  private List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void malformed_updates_of_a_neighbor_write_five_lines_a_second() {
    long from = System.nanoTime();
    for (int i = 0; i < 5000; i++) {
      BgpLog.malformedUpdate("tier1a", "192.0.2.0/24", "ORIGIN value: 9 (expected: 0..2)", 0);
    }
    BgpLog.malformedUpdate("tier1b", "192.0.2.0/24", "AS_PATH segment type: 0", 0);

    long seconds = 1 + Duration.ofNanos(System.nanoTime() - from).toSeconds();
    assertThat(lines().size()).isLessThanOrEqualTo((int) (5 * seconds) + 1);
    assertThat(lines()).as("another neighbor's").anyMatch(line -> line.contains("tier1b"));
  }

  @Test
  void text_of_a_neighbor_stays_on_its_line() {
    BgpLog.attemptFailed("tier1c", "closed\n2026-01-01 ERROR forged\u001b[2J");

    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst()).contains("closed 2026-01-01 ERROR forged [2J");
  }
}
