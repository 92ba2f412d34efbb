package net.donut.agent;

import static net.donut.agent.BirdNetwork.NEIGHBOR;
import static net.donut.agent.BirdNetwork.configuration;
import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.donut.agent.rib.RibReplay;
import net.donut.api.AttributeMapping;
import net.donut.api.agent.v1.WatchRoutesRequest;
import net.donut.fixtures.NeedsPrograms;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `donut agent --record`, with a real BIRD as neighbor: what an agent records is replayed to the
/// same end. `donut.record.keep` names a directory where the recording is kept, to be copied as a
/// test's input.
@NeedsPrograms
@Timeout(120)
class AgentRecordingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ROUTES = 3;
  private static final List<Prefix> OURS = List.of(Prefix.parse("203.0.113.0/24"));

  private final Path directory;
  private final BirdNetwork network = new BirdNetwork();

  AgentRecordingTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void cleanUp() throws Exception {
    network.end();
  }

  private AgentOptions options(Path recording) {
    return AgentOptions.of("edge1", directory.resolve("state")).withRecording(recording);
  }

  private static PathAttributes announcement(int communities) {
    int[] values = new int[communities];
    for (int i = 0; i < communities; i++) {
      values[i] = 64700 << 16 | i;
    }
    return PathAttributes.of(Origin.IGP, AsPath.of(64500), AttributeMapping.NO_NEXT_HOP).toBuilder()
        .communities(Communities.of(values))
        .build();
  }

  @Test
  void what_an_agent_records_is_replayed_to_the_same_end() throws Exception {
    Path file = directory.resolve("rib.donutrec");
    BirdNeighbor bird = network.keep(new BirdNeighbor(network.there, directory, ROUTES)).start();
    try (AgentProcess agent = network.namespace.call(() -> AgentProcess.open(options(file)));
        AgentClient client = new AgentClient(network.namespace, agent.address())) {
      RouteStreamView<WatchRoutesRequest> routes = client.watchRoutes();
      StateView states = client.watchState();
      client.blocking().configure(configuration());
      client.advertise(NEIGHBOR, OURS, announcement(1));
      eventually(PATIENCE, () -> assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(1));
      eventually(PATIENCE, () -> assertThat(routes.routes(NEIGHBOR)).hasSize(ROUTES));
      eventually(PATIENCE, () -> assertThat(states.session(NEIGHBOR).getAdvertisedIpv4()).isOne());

      client.advertise(NEIGHBOR, OURS, announcement(1_100));

      eventually(PATIENCE, () -> assertThat(bird.heard("AS64500i", "100.64.1.1")).isEmpty());
      eventually(
          PATIENCE,
          () -> assertThat(states.notices()).anyMatch(notice -> notice.contains("too long")));
      eventually(PATIENCE, () -> assertThat(states.session(NEIGHBOR).getAdvertisedIpv4()).isZero());
      eventually(PATIENCE, () -> assertReplayed(file, states.notices(), routes.routes(NEIGHBOR)));
      keep(file);
    }

    assertThat(RibReplay.of(Files.newInputStream(file)).withheld(NEIGHBOR))
        .as("the session ended with the agent")
        .isEmpty();
  }

  /// The file may be read, and copied, while it grows.
  private static void assertReplayed(
      Path file, List<String> notices, Map<Prefix, PathAttributes> heard) throws IOException {
    RibReplay replay = RibReplay.of(Files.newInputStream(file));

    assertThat(replay.notices()).isNotEmpty().isSubsetOf(notices);
    assertThat(replay.withheld(NEIGHBOR))
        .singleElement()
        .satisfies(withheld -> assertThat(withheld.prefix()).isEqualTo(OURS.getFirst()));
    assertThat(replay.told(NEIGHBOR)).isEmpty();
    assertThat(replay.heard(1, NEIGHBOR, Family.IPV4)).isEqualTo(heard);
  }

  private static void keep(Path file) throws IOException {
    String keep = System.getProperty("donut.record.keep", "");
    if (!keep.isEmpty()) {
      Files.copy(file, Path.of(keep).resolve("too-long-for-a-neighbor.donutrec"));
    }
  }

  @Test
  void a_recording_that_cannot_begin_is_said_at_the_start() {
    Path file = directory.resolve("nowhere").resolve("rib.donutrec");

    assertThatThrownBy(() -> network.namespace.call(() -> AgentProcess.open(options(file))))
        .hasStackTraceContaining("--record " + file + ": ")
        .hasStackTraceContaining("(expected: a file in a directory that is there)");
  }
}
