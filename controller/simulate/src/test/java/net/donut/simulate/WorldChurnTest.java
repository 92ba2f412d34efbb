package net.donut.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import net.donut.core.answer.Counts;
import net.donut.fixtures.MadeDump;
import net.donut.fixtures.Packing;
import net.donut.fixtures.RealData;
import net.donut.fixtures.RealDataDirectory;
import net.donut.fixtures.SeededDump;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three quarters of an hour of churn, the Internet's and out of a seed, as fast as it goes, with
/// many commits on the way: at the end the engine is where the naive model is.
class WorldChurnTest {
  private static final int CHANGES_A_COMMIT = 1000;

  @TempDir private Path directory = Path.of("");

  /// Commits after every so many changes.
  private static final class Committing implements Peers {
    private final EveryPeer peers;
    private int changes;
    private int commits;

    Committing(EveryPeer peers) {
      this.peers = peers;
    }

    private void changed() {
      if (++changes % CHANGES_A_COMMIT == 0) {
        peers.engine().commit();
        commits++;
      }
    }

    @Override
    public Collection<RouteSink> sinks(MrtPeer peer) {
      return peers.sinks(peer);
    }

    @Override
    public RouteSink sink(MrtPeer peer, long pathId) {
      RouteSink sink = peers.sink(peer, pathId);
      return new RouteSink() {
        @Override
        public void announce(Prefixes prefixes, PathAttributes attributes) {
          sink.announce(prefixes, attributes);
          changed();
        }

        @Override
        public void withdraw(Prefixes prefixes) {
          sink.withdraw(prefixes);
          changed();
        }

        @Override
        public void clear() {
          sink.clear();
          changed();
        }
      };
    }
  }

  @RealData
  @Test
  void the_engine_ends_where_the_naive_model_ends() throws IOException {
    // Of the 120,341 announcements 587 are for the multicast table.
    assertSameEnd(
        List.of(
            RealDataDirectory.path("mrt/updates/csunetsec-arch0-2013.mrt.xz"),
            RealDataDirectory.path("mrt/updates/csunetsec-arch1-2013.mrt.xz"),
            RealDataDirectory.path("mrt/updates/csunetsec-arch2-2013.mrt.xz")),
        119_754);
  }

  @Test
  void the_engine_ends_where_the_naive_model_ends_after_seeded_churn() throws IOException {
    List<Path> updates = new ArrayList<>();
    int announcements = 0;
    for (int seed = 1; seed <= 2; seed++) {
      MadeDump dump = SeededDump.CHURN.make(seed);
      updates.add(dump.write(directory.resolve("updates" + seed + ".xz"), Packing.XZ));
      announcements += dump.announcements();
      assertThat(dump.multicast()).isPositive();
    }
    assertSameEnd(updates, announcements);
  }

  private void assertSameEnd(List<Path> updates, int announcements) throws IOException {
    EveryPeer peers = new EveryPeer();
    Committing committing = new Committing(peers);

    LoadCounts counts =
        new Loader(committing, Progress.on(new PrintWriter(Writer.nullWriter()))).load(updates);
    peers.engine().commit();

    assertThat(counts.entries).isEqualTo(announcements);
    assertThat(committing.commits).isGreaterThan(20);
    NaiveBest naive = new NaiveBest();
    naive.readAll(updates);
    assertThat(best(peers)).isNotEmpty().isEqualTo(naive.rows());
    Counts engine = peers.engine().counts();
    assertThat(engine.paths())
        .isEqualTo(naive.heard.values().stream().mapToLong(java.util.Map::size).sum());
  }

  private List<String> best(EveryPeer peers) throws IOException {
    Path file = directory.resolve("best.tsv");
    BestFile.write(file, peers.engine(), EveryPeer.ROUTER, peers::peer);
    return new ArrayList<>(java.nio.file.Files.readAllLines(file));
  }
}
