package net.donut.wire.bfd;

import static org.assertj.core.api.Assertions.assertThatCode;

import net.donut.fuzz.Mutator;
import org.junit.jupiter.api.Test;

class BfdFuzzTest {
  private static final int ROUNDS = 300_000;

  @Test
  void a_broken_packet_is_discarded_or_written_as_it_was_read() {
    long seed = Long.getLong("donut.fuzz.seed", 20_250_607L);

    assertThatCode(() -> Mutator.run(BfdFuzz.TARGET, seed, ROUNDS, BfdFuzz.inputs()))
        .doesNotThrowAnyException();
  }
}
