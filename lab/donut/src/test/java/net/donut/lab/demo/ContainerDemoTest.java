package net.donut.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.fixtures.NeedsDocker;
import net.donut.fixtures.RunsAlone;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.demo.DemoResult.Check;
import net.donut.lab.demo.DemoResult.Verdict;
import net.donut.lab.neighbor.LabNeighbors;
import net.donut.lab.run.LabOptions;
import net.donut.lab.run.Narration;
import net.donut.lab.table.TableSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole demo in containers, on a small table. Needs root, a Docker engine and the images of
/// `./donut lab images`.
@NeedsDocker
@RunsAlone
class ContainerDemoTest {
  @TempDir private Path out = Path.of("unset");

  @Test
  void in_containers_every_check_holds() throws Exception {
    String lab = "t-cdemo" + ProcessHandle.current().pid();
    LabOptions options =
        new LabOptions(
            lab,
            out,
            LabNeighbors.Choice.REAL,
            5,
            new TableSize(800, 200),
            List.of(),
            Map.of(),
            LabOptions.Hops.MUTUAL_TLS,
            RuntimeKind.DOCKER);

    DemoResult result =
        new Demo(
                options,
                1000,
                new Narration(new PrintWriter(System.out, true, StandardCharsets.UTF_8)))
            .run();

    // How many packets a cut costs is judged on a machine that does nothing else, see DemoTest.
    assertThat(result.checks())
        .filteredOn(check -> check.verdict() == Verdict.FAILS)
        .filteredOn(check -> !check.name().contains("loses at most"))
        .extracting(Check::name)
        .isEmpty();
    assertThat(result.routes().total()).isGreaterThan(1_000);
    assertThat(result.events()).hasSize(6);
    assertThat(result.neighbors())
        .extracting(neighbor -> neighbor.name() + " " + neighbor.software())
        .containsExactlyInAnyOrder(
            "tier1a bird", "tier1b frr", "tier2a bird", "tier2b frr", "babulous bird");
    assertThat(Files.readString(out.resolve("feeds.log"))).isNotNull();
    assertThat(Files.readString(out.resolve("controller.log"))).contains("INFO");
    assertThat(LabRecord.names()).doesNotContain("donut-" + lab);
  }
}
