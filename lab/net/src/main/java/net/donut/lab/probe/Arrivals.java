package net.donut.lab.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What arrived of one stream, by sequence number. Pure; owned by the receiver thread.
final class Arrivals {
  private static final int REORDERED = 0x80;

  /// Nanoseconds at which packet `i` was sent, 0 for one that has not arrived.
  private long[] sentAt = new long[1 << 16];

  /// How often packet `i` arrived, and whether late.
  private byte[] seen = new byte[1 << 16];

  /// The sink where packet `i` arrived.
  private byte[] sinks = new byte[1 << 16];

  private long highest = -1;

  /// What a window of sequence numbers came to.
  ///
  /// @param stallMs longest time in which nothing was sent: the sender's own fault
  /// @param firstLossNanos when the last packet before the first loss was sent; 0 without loss
  /// @param recoveredNanos when the packet that ended the longest gap was sent; 0 without loss, the
  ///   end of the window if nothing ended it
  /// @param bins what arrived, by time of sending
  /// @param lostBins what did not, spread over the time between those around it
  record Window(
      long received,
      long lost,
      long duplicated,
      long reordered,
      double maxGapMs,
      long gaps,
      double stallMs,
      long firstLossNanos,
      long recoveredNanos,
      List<Integer> bins,
      List<Integer> lostBins) {}

  void arrived(long sequence, long sentNanos, int sink) {
    if (sequence < 0 || sequence > Integer.MAX_VALUE - 16) {
      return;
    }
    int at = (int) sequence;
    if (at >= seen.length) {
      int room = Math.max(at + 1, seen.length * 2);
      seen = Arrays.copyOf(seen, room);
      sentAt = Arrays.copyOf(sentAt, room);
      sinks = Arrays.copyOf(sinks, room);
    }
    int count = (seen[at] & 0x7f) + 1;
    int late = sequence < highest ? REORDERED : seen[at] & REORDERED;
    seen[at] = (byte) (Math.min(count, 0x7f) | late);
    sentAt[at] = sentNanos;
    sinks[at] = (byte) sink;
    highest = Math.max(highest, sequence);
  }

  /// The packets `from` (inclusive) to `to` (exclusive), sent between two times.
  ///
  /// A gap is the time between two packets that arrived with some lost in between; without loss it
  /// is one period. What a stale sink got counts as lost.
  Window window(
      long from, long to, long startNanos, long endNanos, long binNanos, Probes.Stale stale) {
    long received = 0;
    long duplicated = 0;
    long reordered = 0;
    long gaps = 0;
    long longest = to > from ? (endNanos - startNanos) / (to - from) : 0;
    long stall = 0;
    long firstLoss = 0;
    long recovered = 0;
    long before = startNanos;
    boolean missing = false;
    int[] bins = new int[(int) ((endNanos - startNanos + binNanos - 1) / binNanos)];
    int[] lostBins = new int[bins.length];
    int run = 0;
    for (long sequence = from; sequence < to; sequence++) {
      int at = (int) sequence;
      int count = at < seen.length && !isStale(at, stale) ? seen[at] & 0x7f : 0;
      if (count == 0) {
        gaps += missing ? 0 : 1;
        firstLoss = firstLoss == 0 ? before : firstLoss;
        missing = true;
        run++;
        continue;
      }
      spread(lostBins, run, before - startNanos, sentAt[at] - startNanos, binNanos);
      run = 0;
      if (missing) {
        recovered = recovered == 0 || sentAt[at] - before > longest ? sentAt[at] : recovered;
        longest = Math.max(longest, sentAt[at] - before);
      } else {
        stall = Math.max(stall, sentAt[at] - before);
      }
      missing = false;
      received++;
      duplicated += count - 1;
      reordered += (seen[at] & REORDERED) == 0 ? 0 : 1;
      before = sentAt[at];
      int bin = (int) ((sentAt[at] - startNanos) / binNanos);
      if (bin >= 0 && bin < bins.length) {
        bins[bin]++;
      }
    }
    if (missing) {
      recovered = recovered == 0 || endNanos - before > longest ? endNanos : recovered;
      longest = Math.max(longest, endNanos - before);
      spread(lostBins, run, before - startNanos, endNanos - startNanos, binNanos);
    }
    return new Window(
        received,
        to - from - received,
        duplicated,
        reordered,
        longest / 1e6,
        gaps,
        stall / 1e6,
        firstLoss,
        recovered,
        listOf(bins),
        listOf(lostBins));
  }

  /// The packets `from` (inclusive) to `to` (exclusive), each with its time of sending after
  /// `zeroNanos`. The time of one that did not arrive is not known: it stands between those around
  /// it.
  List<EventStrip.Packet> packets(
      long from, long to, long startNanos, long endNanos, long zeroNanos) {
    List<EventStrip.Packet> packets = new ArrayList<>();
    long before = startNanos;
    int run = 0;
    for (long sequence = from; sequence < to; sequence++) {
      int at = (int) sequence;
      if (at >= seen.length || seen[at] == 0) {
        run++;
        continue;
      }
      addLost(packets, run, before - zeroNanos, sentAt[at] - zeroNanos);
      packets.add(new EventStrip.Packet((sentAt[at] - zeroNanos) / 1e6, EventStrip.Fate.ARRIVED));
      before = sentAt[at];
      run = 0;
    }
    addLost(packets, run, before - zeroNanos, endNanos - zeroNanos);
    return packets;
  }

  private static void addLost(List<EventStrip.Packet> packets, int lost, long from, long to) {
    for (int i = 1; i <= lost; i++) {
      packets.add(
          new EventStrip.Packet((from + (to - from) * i / (lost + 1)) / 1e6, EventStrip.Fate.LOST));
    }
  }

  private boolean isStale(int at, Probes.Stale stale) {
    return sinks[at] == stale.sink() && sentAt[at] >= stale.sinceNanos();
  }

  private static void spread(int[] bins, int lost, long from, long to, long binNanos) {
    for (int i = 1; i <= lost; i++) {
      int bin = (int) ((from + (to - from) * i / (lost + 1)) / binNanos);
      if (bin >= 0 && bin < bins.length) {
        bins[bin]++;
      }
    }
  }

  private static List<Integer> listOf(int[] values) {
    List<Integer> list = new ArrayList<>(values.length);
    for (int value : values) {
      list.add(value);
    }
    return list;
  }
}
