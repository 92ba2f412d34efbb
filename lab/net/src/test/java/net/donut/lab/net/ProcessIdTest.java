package net.donut.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessIdTest {
  @Test
  void a_process_of_the_same_number_but_another_start_is_left_alone() throws Exception {
    Process bystander = new ProcessBuilder("sleep", "60").start();
    ProcessId real = ProcessId.of("x", bystander.pid()).orElseThrow();

    ProcessId.terminate(List.of(new ProcessId("x", real.pid(), real.start() - 1)));

    assertThat(bystander.isAlive()).isTrue();
    bystander.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
  }
}
