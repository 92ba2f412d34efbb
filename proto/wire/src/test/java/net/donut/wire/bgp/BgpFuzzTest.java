package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.List;
import net.donut.fixtures.RealData;
import net.donut.fuzz.Mutator;
import org.junit.jupiter.api.Test;

class BgpFuzzTest {
  private static final int ROUNDS = 200_000;

  @Test
  void a_broken_message_is_a_value_or_a_fault_within_bounds() throws IOException {
    decodeAll(BgpFuzz.inputs());
  }

  @RealData
  @Test
  void a_broken_recorded_message_is_a_value_or_a_fault_within_bounds() throws IOException {
    decodeAll(BgpFuzz.recordedInputs());
  }

  private static void decodeAll(List<byte[]> inputs) {
    long seed = Long.getLong("donut.fuzz.seed", 20_250_607L);
    assertThatCode(() -> Mutator.run(BgpFuzz.TARGET, seed, ROUNDS, inputs))
        .doesNotThrowAnyException();
  }
}
