package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.Test;

/// What is logged of gateways that fail one after the other.
class JudgedLinesTest {
  private final Adjacencies adjacencies = new Adjacencies();

  private static Adjacency gateway(int number) {
    return new Adjacency(IpAddress.ofIpv4(0x0a000000 + number), "p1");
  }

  private void put(String source, Adjacencies.Verdict verdict) {
    assertThat(adjacencies.put(source, verdict)).isTrue();
  }

  @Test
  void a_line_has_what_is_new_and_not_all_that_failed_before() {
    Set<Adjacency> failed = new HashSet<>();
    for (int i = 1; i <= 300; i++) {
      failed.add(gateway(i));
      put("sessions", new Adjacencies.Verdict(failed, Failure.SESSION_ENDED));

      Adjacencies.Told told = adjacencies.tell();

      assertThat(told.failed()).isEqualTo(i);
      assertThat(told.fails()).containsExactly(gateway(i));
    }
    assertThat(adjacencies.tell().isNothing()).isTrue();
  }

  @Test
  void sources_of_one_turn_are_one_line_with_a_count_and_three_names() {
    Set<Adjacency> many = new HashSet<>();
    for (int i = 1; i <= 40; i++) {
      many.add(gateway(i));
    }
    put("sessions", new Adjacencies.Verdict(many, Failure.SESSION_ENDED));
    put("bursts", new Adjacencies.Verdict(Set.of(gateway(41)), Failure.WITHDRAWING));

    Adjacencies.Told told = adjacencies.tell();

    assertThat(told.because()).containsExactly(Failure.WITHDRAWING, Failure.SESSION_ENDED);
    assertThat(FibLog.few(told.fails()))
        .startsWith("41 (")
        .contains("10.0.0.1")
        .endsWith(" and 38 more)")
        .hasSizeLessThan(300);
  }

  @Test
  void gateways_that_work_again_are_told_once() {
    put("sessions", new Adjacencies.Verdict(Set.of(gateway(1)), Failure.SESSION_ENDED));
    assertThat(adjacencies.tell().isNothing()).isFalse();
    put("sessions", new Adjacencies.Verdict(Set.of(), Failure.SESSION_ENDED));

    assertThat(adjacencies.tell())
        .isEqualTo(new Adjacencies.Told(0, Set.of(), Set.of(gateway(1)), Set.of()));
    assertThat(FibLog.few(Set.of())).isEqualTo("0");
  }
}
