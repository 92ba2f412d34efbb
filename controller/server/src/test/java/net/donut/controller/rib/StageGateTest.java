package net.donut.controller.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.donut.controller.southbound.Report;
import net.donut.controller.southbound.StageTickets;
import org.junit.jupiter.api.Test;

final class StageGateTest {
  private final StageGate stages = new StageGate();

  @Test
  void a_stage_opens_when_every_router_has_done_the_one_before() {
    stages.add(5, IntStream.of(0, 2, 1, 1), 0);

    assertThat(stages.advance(List.of(at(5, 0), at(4, 0)), 0)).isZero();
    assertThat(stages.advance(List.of(at(5, 0), at(5, 0)), 0)).isEqualTo(ticket(5, 1));
    assertThat(stages.advance(List.of(at(5, ticket(5, 1)), at(5, 0)), 0)).isEqualTo(ticket(5, 1));
    assertThat(stages.advance(List.of(at(5, ticket(5, 1)), at(5, ticket(5, 1))), 0))
        .isEqualTo(ticket(5, 2));
    assertThat(stages.isWaiting()).isFalse();
  }

  @Test
  void a_stage_opens_after_the_bound_even_if_a_router_is_slow() {
    stages.add(5, IntStream.of(1), 100);

    assertThat(stages.advance(List.of(at(4, 0)), 100 + StageGate.BOUND_NANOS - 1)).isZero();
    assertThat(stages.advance(List.of(at(4, 0)), 100 + StageGate.BOUND_NANOS))
        .isEqualTo(ticket(5, 1));
  }

  @Test
  void a_router_that_is_away_holds_nobody_up() {
    stages.add(5, IntStream.of(1), 0);
    Report.Progress away =
        new Report.Progress("edge2", Report.Phase.UNREACHABLE, 0, 0, 0, 0, 0, 0, 0, 0, "gone");

    assertThat(stages.advance(List.of(at(5, 0), away), 0)).isEqualTo(ticket(5, 1));
  }

  private static long ticket(long generation, int stage) {
    return new StageTickets(generation).of(stage);
  }

  private static Report.Progress at(long settled, long ticket) {
    return new Report.Progress("edge1", Report.Phase.SYNCED, settled, ticket, 0, 0, 0, 0, 0, 0, "");
  }
}
