package net.donut.agent.gribi;

import static org.assertj.core.api.Assertions.assertThatCode;

import net.donut.fuzz.Mutator;
import org.junit.jupiter.api.Test;

class GribiFuzzTest {
  private static final int ROUNDS = 50_000;

  @Test
  void each_operation_of_a_broken_request_gets_one_result_and_a_flush_leaves_nothing() {
    long seed = Long.getLong("donut.fuzz.seed", 20_250_607L);

    assertThatCode(() -> Mutator.run(GribiFuzz.TARGET, seed, ROUNDS, GribiFuzz.inputs()))
        .doesNotThrowAnyException();
  }
}
