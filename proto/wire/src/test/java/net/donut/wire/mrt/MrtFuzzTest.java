package net.donut.wire.mrt;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.List;
import net.donut.fixtures.RealData;
import net.donut.fuzz.Mutator;
import org.junit.jupiter.api.Test;

class MrtFuzzTest {
  private static final int ROUNDS = 20_000;

  @Test
  void a_broken_dump_is_read_up_to_its_fault_within_bounds() throws IOException {
    readAll(MrtFuzz.inputs());
  }

  @RealData
  @Test
  void a_broken_recorded_dump_is_read_up_to_its_fault_within_bounds() throws IOException {
    readAll(MrtFuzz.recordedInputs());
  }

  private static void readAll(List<byte[]> inputs) {
    long seed = Long.getLong("donut.fuzz.seed", 20_250_607L);
    assertThatCode(() -> Mutator.run(MrtFuzz.TARGET, seed, ROUNDS, inputs))
        .doesNotThrowAnyException();
  }
}
