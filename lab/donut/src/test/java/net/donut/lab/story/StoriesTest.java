package net.donut.lab.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.clab.netns.NamespaceRuntime;
import net.donut.model.Relation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The story in its shortest form: what must hold of it on any machine, however slow.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 400, unit = TimeUnit.SECONDS)
@NeedsPrograms
class StoriesTest {
  private final Map<StoryNetwork, NetworkResult> results = new EnumMap<>(StoryNetwork.class);

  @BeforeAll
  void run() {
    Path stories = Stories.directory(Path.of(System.getProperty("donut.root", "..")));
    Stories.run(
            new NamespaceRuntime(),
            stories,
            List.of(StoryNetwork.values()),
            StoryLength.QUICK,
            line -> System.out.println("story: " + line))
        .forEach(result -> results.put(result.network(), result));
  }

  private NetworkResult result(StoryNetwork network) {
    NetworkResult result = results.get(network);
    assertThat(result).as(network.word()).isNotNull();
    return java.util.Objects.requireNonNull(result);
  }

  private static long bytes(NetworkResult result, Relation relation) {
    return result.bill().bytes().getOrDefault(relation, 0L);
  }

  @Test
  void every_network_is_taken_through_its_scenario() {
    assertThat(results).hasSize(StoryNetwork.values().length);
    assertThat(results.values())
        .allSatisfy(result -> {
          assertThat(result.faults()).isEmpty();
          assertThat(result.failures()).hasSize(1);
        });
  }

  @Test
  void each_direct_link_takes_routers_out_of_the_way() {
    double traditional = result(StoryNetwork.TRADITIONAL).routers();
    double direct = result(StoryNetwork.DIRECT).routers();
    double donut = result(StoryNetwork.DONUT).routers();

    assertThat(direct).isLessThan(traditional);
    assertThat(donut).isLessThan(direct);
  }

  @Test
  void each_direct_link_takes_traffic_off_the_bill() {
    assertThat(bytes(result(StoryNetwork.TRADITIONAL), Relation.PRIVATE_PEER)).isZero();
    assertThat(result(StoryNetwork.DIRECT).transitBill())
        .isLessThan(result(StoryNetwork.TRADITIONAL).transitBill());
    assertThat(result(StoryNetwork.DONUT).transitBill())
        .isPositive()
        .isLessThan(result(StoryNetwork.DIRECT).transitBill());
  }

  @Test
  void what_the_donut_has_no_direct_link_to_goes_through_a_tier_1_as_before() {
    int far = 2;

    assertThat(result(StoryNetwork.DONUT).fair().get(far).routers())
        .isEqualTo(result(StoryNetwork.TRADITIONAL).fair().get(far).routers());
  }

  @Test
  void nobody_stalls_when_the_donut_loses_a_direct_link() {
    NetworkResult donut = result(StoryNetwork.DONUT);

    assertThat(donut.broken().getFirst().event()).contains("edge1:bba");
    assertThat(donut.stalls()).isZero();
  }

  @Test
  void the_loss_of_the_link_in_use_costs_the_donut_less_than_the_traditional_network() {
    NetworkResult.Failure traditional = result(StoryNetwork.TRADITIONAL).broken().getFirst();
    NetworkResult.Failure donut = result(StoryNetwork.DONUT).broken().getFirst();

    assertThat(traditional.event()).contains("edge1:tier1a");
    assertThat(donut.longestOutage()).isLessThan(traditional.longestOutage());
  }

  @Test
  void viewers_of_a_place_that_died_are_served_from_the_other() {
    NetworkResult cdn = result(StoryNetwork.CDN);

    assertThat(cdn.wayChanges()).isPositive();
    assertThat(cdn.broken().getFirst().viewings())
        .allSatisfy(viewing -> assertThat(viewing.came()).isPositive());
  }

  @Test
  void the_report_names_every_network(@TempDir Path directory) throws IOException {
    StoryReport.write(List.copyOf(results.values()), directory);

    for (StoryNetwork network : StoryNetwork.values()) {
      assertThat(directory.resolve("report.html")).content().contains(network.title());
      assertThat(directory.resolve("report.json")).content().contains(network.word());
      assertThat(directory.resolve(network.word() + ".svg")).content().contains("edge1");
    }
    assertThat(StoryReport.lines(List.copyOf(results.values())))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    assertThat(Files.size(directory.resolve("report.html"))).isPositive();
  }
}
