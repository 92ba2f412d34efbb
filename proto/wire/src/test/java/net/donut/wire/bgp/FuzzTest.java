package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FuzzTest {
  private static final int ROUNDS = 300_000;

  @Test
  void a_broken_message_is_a_value_or_a_fault_and_never_another_exception() throws IOException {
    long seed = Long.getLong("donut.fuzz.seed", 20_250_607L);
    FuzzLoop loop = new FuzzLoop(seed);

    assertThatCode(
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                loop.round();
              }
            })
        .as("seed %d", seed)
        .doesNotThrowAnyException();
  }
}
