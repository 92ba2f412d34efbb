package net.donut.controller.rib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.donut.core.answer.PathView;
import net.donut.core.answer.RouteQuery;
import net.donut.model.Prefix;
import net.donut.model.record.RecordingException;
import net.donut.model.record.RecordingHeader;
import net.donut.model.record.RecordingLimits;
import net.donut.model.record.RecordingWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recordings of real controllers, replayed: each is a bug that was. A new one is a file copied to
/// the resources beside this class, and what should have come of it.
class DecisionReplayTest {
  @TempDir private Path directory = Path.of("");

  private static DecisionReplay replay(String name) throws IOException {
    try (InputStream recording =
        Objects.requireNonNull(
            DecisionReplayTest.class.getResourceAsStream(name + ".donutrec"), name)) {
      return new DecisionReplay(recording).toEnd();
    }
  }

  /// Within `stale-hold` the only path of a prefix was listed as its best, though its neighbor's
  /// session had ended and no kernel had the route any more.
  @Test
  void the_only_path_of_a_lost_neighbor_is_kept_and_not_best() throws IOException {
    Prefix prefix = Prefix.parse("203.0.113.0/24");

    DecisionReplay replay = replay("routes-of-a-lost-neighbor");

    assertThat(replay.engine().routes(RouteQuery.all(100)).routes())
        .filteredOn(route -> route.prefix().equals(prefix))
        .singleElement()
        .satisfies(route -> {
          PathView path = route.paths().getFirst();
          assertThat(path.neighbor()).isEqualTo("babulous");
          assertThat(path.liveness()).isEqualTo(PathView.Liveness.STALE);
          assertThat(path.isHeld()).isTrue();
          assertThat(path.isBest()).isFalse();
        });
    assertThat(replay.agent("edge1").routes()).doesNotContainKey(prefix);
    assertThat(replay.agent("edge2").routes()).doesNotContainKey(prefix);
    assertThat(replay.events())
        .filteredOn(event -> event.subject().equals("babulous/ipv4"))
        .extracting(OperatorEvent::text)
        .containsExactly("session up", "session down: hold timer expired");
  }

  @Test
  void a_replay_comes_out_the_same_every_time() throws IOException {
    DecisionReplay one = replay("routes-of-a-lost-neighbor");
    DecisionReplay other = replay("routes-of-a-lost-neighbor");

    assertThat(one.events()).isNotEmpty().isEqualTo(other.events());
    assertThat(one.agent("edge1").changes()).isEqualTo(other.agent("edge1").changes());
    assertThat(one.rib().generation()).isEqualTo(other.rib().generation());
  }

  @Test
  void what_is_no_recording_of_a_rib_is_refused() throws IOException {
    byte[] text = "as: 64500".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> new DecisionReplay(new ByteArrayInputStream(text)))
        .isInstanceOf(RecordingException.class)
        .hasMessageContaining("no recording");

    List<String> stopped = new ArrayList<>();
    Path file = directory.resolve("agent.rec");
    RecordingHeader header = new RecordingHeader("agent-rib", 1, "test", Instant.EPOCH);
    RecordingWriter.open(file, header, RecordingLimits.DEFAULT, stopped::add).close();
    try (InputStream recording = Files.newInputStream(file)) {
      assertThatThrownBy(() -> new DecisionReplay(recording))
          .isInstanceOf(RecordingException.class)
          .hasMessageContaining("recording of agent-rib");
    }
    assertThat(stopped).isEmpty();
  }
}
