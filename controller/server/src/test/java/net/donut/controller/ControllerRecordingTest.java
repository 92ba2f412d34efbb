package net.donut.controller;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import net.donut.api.operator.v1.DrainRequest;
import net.donut.api.operator.v1.OverrideRequest;
import net.donut.controller.rib.DecisionReplay;
import net.donut.controller.rib.OperatorEvent;
import net.donut.controller.rib.ReplayedAgent;
import net.donut.core.RouteOverride;
import net.donut.core.answer.PathView;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a controller recorded makes the same decisions again, without agents.
class ControllerRecordingTest {
  @TempDir private Path directory = Path.of("");

  private ControllerNetwork network;

  @BeforeEach
  void record() throws Throwable {
    network = new ControllerNetwork(directory);
    network.recordTo(directory.resolve("rib.donutrec"));
    network.start();
    network.usualRoutes();
    eventually(() -> assertThat(network.edge1.routes()).hasSize(6));
    network.untilConverged();
  }

  @AfterEach
  void close() {
    network.close();
  }

  private DecisionReplay replay() throws IOException {
    network.stop();
    try (InputStream recording = Files.newInputStream(directory.resolve("rib.donutrec"))) {
      return new DecisionReplay(recording).toEnd();
    }
  }

  @Test
  void a_replay_intends_the_routes_that_the_agents_got_and_announces_the_same() throws Throwable {
    Set<String> forwarded = network.edge1.routes().keySet();
    eventually(() -> assertThat(network.edge2.announcedTo("babulous/ipv4")).isNotEmpty());
    Set<Prefix> announced = network.edge2.announcedTo("babulous/ipv4");

    DecisionReplay replay = replay();

    ReplayedAgent edge1 = replay.agent("edge1");
    assertThat(edge1.isReleased()).isTrue();
    assertThat(edge1.routes().keySet().stream().map(Prefix::toString).collect(Collectors.toSet()))
        .isEqualTo(forwarded);
    assertThat(replay.agent("edge2").announced("babulous").keySet()).isEqualTo(announced);
    assertThat(replay.failures()).isEmpty();
  }

  @Test
  void what_operators_do_is_recorded_with_the_rest() throws Throwable {
    Object _ = network.operator().drain(DrainRequest.newBuilder().setNeighbor("tier1a").build());
    Object _ =
        network
            .operator()
            .override(
                OverrideRequest.newBuilder()
                    .setPrefix("20.2.0.0/16")
                    .setNeighbor("tier1b")
                    .setSeconds(600)
                    .build());

    DecisionReplay replay = replay();

    assertThat(replay.rib().drained()).containsExactly("tier1a");
    assertThat(replay.engine().overrides())
        .extracting(RouteOverride::prefix, RouteOverride::neighbor)
        .containsExactly(tuple(Prefix.parse("20.2.0.0/16"), "tier1b"));
    assertThat(replay.rib().generation()).isGreaterThan(1);
    assertThat(best(replay, "20.1.0.1", "edge1")).isEqualTo("tier1b");
  }

  @Test
  void a_lost_session_is_told_again() throws Throwable {
    network.edge2.session("babulous/ipv4", "Idle");
    eventually(() -> assertThat(network.edge1.routes()).doesNotContainKey("203.0.113.0/24"));

    DecisionReplay replay = replay();

    assertThat(replay.events())
        .extracting(OperatorEvent::kind, OperatorEvent::subject)
        .contains(tuple("session", "babulous/ipv4"));
    assertThat(best(replay, "203.0.113.1", "edge2")).isEqualTo("none");
  }

  private static String best(DecisionReplay replay, String address, String router) {
    return replay
        .engine()
        .explain(IpAddress.parse(address), router)
        .chain()
        .getFirst()
        .paths()
        .stream()
        .filter(PathView::isBest)
        .map(PathView::neighbor)
        .findFirst()
        .orElse("none");
  }
}
