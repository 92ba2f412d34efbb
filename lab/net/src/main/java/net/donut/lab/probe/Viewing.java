package net.donut.lab.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.donut.lab.probe.PlayoutBuffer.Playback;
import net.donut.lab.probe.PlayoutBuffer.Player;
import org.HdrHistogram.Histogram;

/// What an audience saw between two times. Pure.
///
/// @param asked packets asked for
/// @param came packets that came
/// @param roundTrips from asking to coming, in microseconds
/// @param jitterMicros mean difference between the round trips of packets that followed each other
///   in a stream
/// @param routers passed from the server by most packets; 0 when none came
/// @param outage longest time in which nothing that was asked for came, by the times of asking;
///   zero without loss
/// @param interrupted streams that lost two packets in a row or more
/// @param wayChanges how often a stream came over more or fewer routers than before, or from
///   another server
public record Viewing(
    Audience audience,
    long asked,
    long came,
    Histogram roundTrips,
    double jitterMicros,
    int routers,
    Duration outage,
    int interrupted,
    long wayChanges) {

  /// Looks at what was asked for from one time to another.
  public static Viewing of(StreamLog log, long fromNanos, long toNanos) {
    int from = log.firstSince(fromNanos);
    int to = log.firstSince(toNanos);
    Tally tally = new Tally(log, from);
    for (int packet = from; packet < to; packet++) {
      tally.count(packet);
    }
    return tally.result(to - from);
  }

  public long lost() {
    return asked - came;
  }

  public double lossPercent() {
    return 100.0 * lost() / Math.max(1, asked);
  }

  /// A percentile of the round trips, in milliseconds; 0 when nothing came.
  public double roundTripMillis(double percentile) {
    return roundTrips.getValueAtPercentile(percentile) / 1e3;
  }

  /// What each viewer of an audience saw from the beginning to the end.
  public static List<Playback> playbacks(StreamLog log, Player player, long endNanos) {
    return IntStream.range(0, Math.min(log.size(), log.audience().streams()))
        .mapToObj(stream -> playback(log, stream, player, endNanos))
        .toList();
  }

  private static Playback playback(StreamLog log, int stream, Player player, long endNanos) {
    List<Long> arrivals = new ArrayList<>();
    for (int i = stream; i < log.size(); i += log.audience().streams()) {
      if (log.hasCome(i)) {
        arrivals.add(log.cameNanos(i));
      }
    }
    PlayoutBuffer buffer =
        new PlayoutBuffer(player, log.audience().packetsPerSecond(), log.askedNanos(stream));
    arrivals.stream().sorted().filter(nanos -> nanos < endNanos).forEach(buffer::came);
    return buffer.end(endNanos);
  }

  /// Counts packet after packet.
  private static final class Tally {
    private final StreamLog log;
    private final Histogram roundTrips = new Histogram(3);
    private final Histogram routers = new Histogram(2);
    private final int[] lastCome;
    private final int[] lostInARow;
    private final boolean[] isInterrupted;
    private int before = -1;
    private boolean isMissing;
    private long firstAsked;
    private long outageNanos;
    private long differencesMicros;
    private long differences;
    private long wayChanges;

    Tally(StreamLog log, int from) {
      int streams = log.audience().streams();
      this.log = log;
      this.lastCome = new int[streams];
      this.lostInARow = new int[streams];
      this.isInterrupted = new boolean[streams];
      this.firstAsked = from < log.size() ? log.askedNanos(from) : 0;
      Arrays.fill(lastCome, -1);
    }

    void count(int packet) {
      int stream = packet % lastCome.length;
      if (!log.hasCome(packet)) {
        isMissing = true;
        lostInARow[stream]++;
        isInterrupted[stream] |= lostInARow[stream] >= 2;
        noteOutage(packet);
        return;
      }
      lostInARow[stream] = 0;
      if (isMissing) {
        noteOutage(packet);
      }
      isMissing = false;
      before = packet;
      compare(packet, lastCome[stream]);
      lastCome[stream] = packet;
    }

    private void noteOutage(int packet) {
      long since = before < 0 ? firstAsked : log.askedNanos(before);
      outageNanos = Math.max(outageNanos, log.askedNanos(packet) - since);
    }

    private void compare(int packet, int last) {
      long micros = roundTripMicros(packet);
      roundTrips.recordValue(micros);
      routers.recordValue(log.routers(packet));
      if (last >= 0) {
        differencesMicros += Math.abs(micros - roundTripMicros(last));
        differences++;
        wayChanges += log.differ(packet, last) ? 1 : 0;
      }
    }

    private long roundTripMicros(int packet) {
      return Math.max(0, log.cameNanos(packet) - log.askedNanos(packet)) / 1000;
    }

    Viewing result(int asked) {
      return new Viewing(
          log.audience(),
          asked,
          roundTrips.getTotalCount(),
          roundTrips,
          (double) differencesMicros / Math.max(1, differences),
          roundTrips.getTotalCount() == 0 ? 0 : (int) routers.getValueAtPercentile(50),
          Duration.ofNanos(outageNanos),
          (int) IntStream.range(0, isInterrupted.length).filter(i -> isInterrupted[i]).count(),
          wayChanges);
    }
  }
}
