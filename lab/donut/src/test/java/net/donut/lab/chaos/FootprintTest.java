package net.donut.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import net.donut.lab.net.ProcessId;
import org.junit.jupiter.api.Test;

class FootprintTest {
  private static final Footprint BEFORE = new Footprint(100, 30, 100_000);

  @Test
  void what_comes_and_goes_is_no_growth() {
    assertThat(new Footprint(200, 60, 200_000).growthSince(BEFORE)).isEmpty();
  }

  @Test
  void files_threads_and_memory_that_pile_up_are_told() {
    assertThat(new Footprint(1_000, 300, 900_000).growthSince(BEFORE))
        .containsExactly(
            "1000 open files, 100 at first",
            "300 threads, 30 at first",
            "900,000 KiB resident, 100,000 at first");
  }

  @Test
  void a_living_process_has_files_threads_and_memory() {
    Footprint own = Footprint.of(ProcessId.self("test"));

    assertThat(own.files()).isPositive();
    assertThat(own.threads()).isPositive();
    assertThat(own.residentKib()).isPositive();
  }
}
