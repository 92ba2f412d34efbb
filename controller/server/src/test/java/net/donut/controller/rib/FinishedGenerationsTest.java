package net.donut.controller.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.donut.controller.southbound.Report;
import net.donut.controller.southbound.StageTickets;
import org.junit.jupiter.api.Test;

class FinishedGenerationsTest {
  private static final long NOW = 5_000;

  private final FinishedGenerations done = new FinishedGenerations();

  private static Report.Progress at(Report.Phase phase, long settled, long ticket) {
    return new Report.Progress("edge", phase, settled, ticket, 0, 0, 0, 0, 0, 0, "");
  }

  private static Report.Progress synced(long settled, long ticket) {
    return at(Report.Phase.SYNCED, settled, ticket);
  }

  @Test
  void a_generation_is_done_when_every_router_has_settled_its_last_stage() {
    long last = new StageTickets(7).of(2);
    done.add(7, IntStream.of(0, 2, 1), NOW);

    assertThat(done.advance(List.of(synced(7, last), synced(6, last)), NOW)).isZero();
    assertThat(done.advance(List.of(synced(7, last), synced(7, last - 1)), NOW)).isZero();
    assertThat(done.advance(List.of(synced(7, last), synced(8, last)), NOW)).isEqualTo(7);
  }

  @Test
  void a_router_that_cannot_be_reached_or_is_not_compared_holds_nobody_up() {
    done.add(7, IntStream.empty(), NOW);

    assertThat(
            done.advance(
                List.of(
                    synced(7, 0),
                    at(Report.Phase.UNREACHABLE, 0, 0),
                    at(Report.Phase.CONNECTED, 0, 0)),
                NOW))
        .isEqualTo(7);
  }

  @Test
  void generations_are_done_in_order_and_each_in_bounded_time() {
    done.add(7, IntStream.empty(), NOW);
    done.add(8, IntStream.empty(), NOW + 10);
    List<Report.Progress> silent = List.of(synced(6, 0));

    assertThat(done.advance(silent, NOW + FinishedGenerations.BOUND_NANOS - 1)).isZero();
    assertThat(done.nextLook()).isEqualTo(NOW + FinishedGenerations.BOUND_NANOS);
    assertThat(done.advance(silent, NOW + FinishedGenerations.BOUND_NANOS)).isEqualTo(7);
    assertThat(done.advance(List.of(synced(8, 0)), NOW + FinishedGenerations.BOUND_NANOS))
        .isEqualTo(8);
    assertThat(done.nextLook()).isEqualTo(Long.MAX_VALUE);
  }
}
