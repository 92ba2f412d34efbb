package net.donut.lab.impair;

import java.time.Duration;
import java.util.BitSet;
import net.donut.netlink.Frame;
import org.HdrHistogram.Histogram;

/// What has come in at one end of a link in a calibration. Owned by the thread that receives.
final class ArrivedFrames {
  /// A token bucket lets so much more through at first.
  private static final Duration FIRST_BURST = Duration.ofMillis(200);

  private final Histogram delays = new Histogram(3);
  private final BitSet probes;
  private long firstFill;
  private long countedSince;
  private long countedLast;
  private long countedBits;

  ArrivedFrames(int probes) {
    this.probes = new BitSet(probes);
  }

  void note(Frame frame, long now) {
    if (!ProbeFrame.isProbeFrame(frame)) {
      return;
    }
    switch (ProbeFrame.use(frame)) {
      case PROBE -> {
        probes.set(ProbeFrame.sequence(frame));
        delays.recordValue(Math.max(0, now - ProbeFrame.nanos(frame)));
      }
      case FILL -> noteFill(8L * frame.length(), now);
    }
  }

  private void noteFill(long bits, long now) {
    if (firstFill == 0) {
      firstFill = now;
    }
    if (now - firstFill < FIRST_BURST.toNanos()) {
      return;
    }
    if (countedSince == 0) {
      // The frame that opens the count is not in it: it came before.
      countedSince = now;
    } else {
      countedBits += bits;
      countedLast = now;
    }
  }

  Quality quality(int sent) {
    return new Quality(
        sent,
        percentile(50),
        percentile(99),
        percentile(99).minus(percentile(1)).dividedBy(2),
        100.0 * (sent - probes.cardinality()) / sent,
        countedLast == 0 ? 0 : Math.round(countedBits * 1e9 / (countedLast - countedSince)));
  }

  private Duration percentile(double percent) {
    return Duration.ofNanos(delays.getValueAtPercentile(percent));
  }
}
