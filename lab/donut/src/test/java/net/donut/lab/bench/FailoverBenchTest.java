package net.donut.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.bench.FailoverResult.Case;
import net.donut.lab.bench.FailoverResult.Trial;
import net.donut.lab.run.HeldLab;
import net.donut.lab.run.Narration;
import net.donut.model.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPrograms
class FailoverBenchTest {
  private static final int ROUTES = 1_000;

  @TempDir Path logs;

  /// No figure is asked for, only that each failure is seen, survived and undone: a busy machine
  /// may spoil trials.
  @Test
  void donut_and_bird_lose_their_exit_and_find_the_other() {
    List<FailureKind> kinds =
        List.of(FailureKind.FIBRE, FailureKind.SILENT, FailureKind.SESSION, FailureKind.WITHDRAW);
    StringWriter told = new StringWriter();
    String name = "t-fo" + ProcessHandle.current().pid();
    FailoverOptions options =
        new FailoverOptions(
            name,
            List.of(ROUTES),
            kinds,
            List.of("donut", "bird"),
            Family.IPV4,
            1,
            1,
            Duration.ofMinutes(1),
            4,
            1_000,
            1,
            null,
            logs);

    FailoverResult result =
        new FailoverBench(options, new Narration(new PrintWriter(told))).run(List.of(), _ -> {});

    assertThat(result.cases()).hasSize(8);
    for (Case each : result.cases()) {
      Trial trial = each.trials().getFirst();
      assertThat(trial.problems())
          .as("%s %s\n%s", each.system(), each.kind(), told)
          .doesNotContain("not every destination was reached again");
      assertThat(trial.destinations()).hasSizeBetween(4, 5);
      assertThat(trial.destinations()).allSatisfy(it -> assertThat(it.sent()).isPositive());
      assertThat(trial.phases().detect() + trial.phases().kernel()).isNotNegative();
    }
    Case silent = result.cases().get(1);
    assertThat(silent.trials().getFirst().mostLost()).as("BFD needs its time").isPositive();
    Case bird = result.cases().get(4);
    assertThat(bird.trials().getFirst().kernelRoutes()).as("BIRD, %s", bird.kind()).isPositive();
    assertThat(HeldLab.read(name)).as("state of the lab").isEmpty();
  }
}
