package net.donut.controller.policy;

import static org.assertj.core.api.Assertions.assertThatCode;

import net.donut.fuzz.Mutator;
import org.junit.jupiter.api.Test;

class PolicyFuzzTest {
  private static final int ROUNDS = 2_000;

  @Test
  void a_broken_policy_is_a_document_or_has_errors_with_places() {
    long seed = Long.getLong("donut.fuzz.seed", 20_250_607L);

    assertThatCode(() -> Mutator.run(PolicyFuzz.TARGET, seed, ROUNDS, PolicyFuzz.inputs()))
        .doesNotThrowAnyException();
  }
}
