package net.donut.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FuzzTargetTest {
  @Test
  void an_exception_is_a_finding_with_its_input() {
    FuzzTarget target =
        new FuzzTarget(
            _ -> {
              throw new IllegalStateException("on purpose");
            },
            1 << 20,
            100);

    assertThatThrownBy(() -> target.accept(new byte[] {1, (byte) 0xab}))
        .isInstanceOf(AssertionError.class)
        .hasMessage("input 01ab")
        .hasRootCauseMessage("on purpose");
  }

  @Test
  void too_much_memory_is_a_finding() {
    List<byte[]> kept = new ArrayList<>();
    FuzzTarget target = new FuzzTarget(_ -> kept.add(new byte[8 << 20]), 1 << 20, 100);

    assertThatThrownBy(() -> target.accept(new byte[3]))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("bytes allocated")
        .hasMessageContaining("at most 1048876");
  }

  @Test
  void the_same_seed_gives_the_same_inputs() {
    List<byte[]> inputs = List.of(new byte[] {1, 2, 3, 4, 5}, new byte[40]);

    List<byte[]> first = sequence(new Mutator(7, inputs));
    List<byte[]> second = sequence(new Mutator(7, inputs));

    assertThat(first).usingRecursiveComparison().isEqualTo(second);
    assertThat(first).anyMatch(bytes -> bytes.length > 40).anyMatch(bytes -> bytes.length < 5);
    assertThat(inputs.getFirst()).containsExactly(1, 2, 3, 4, 5);
  }

  private static List<byte[]> sequence(Mutator mutator) {
    List<byte[]> sequence = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      sequence.add(mutator.next());
    }
    return sequence;
  }

  @Test
  void a_finding_of_a_run_names_seed_and_round() {
    FuzzTarget target =
        new FuzzTarget(
            input -> {
              if (input.length != 5) {
                throw new IllegalStateException("length");
              }
            },
            1 << 20,
            100);

    assertThatThrownBy(() -> Mutator.run(target, 9, 1000, List.of(new byte[5])))
        .hasMessageStartingWith("seed 9, round ");
  }
}
