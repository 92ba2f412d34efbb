package net.donut.lab.probe;

import java.util.List;

/// What happened to one direction of a flow between two marks.
///
/// @param from the node that sent
/// @param sent packets sent; a packet the sender's kernel refused for want of a route counts
/// @param reordered packets that arrived after one sent later
/// @param maxGapMs longest time between two packets that arrived with some lost in between, by the
///   times of sending; one period without loss
/// @param gaps how many times at least one packet in a row was lost
/// @param stallMs longest time in which the sender itself sent nothing: what it cannot see
/// @param firstLossNanos `System.nanoTime` when the last packet before the first loss was sent; 0
///   without loss
/// @param recoveredNanos when the packet that ended the longest gap was sent; 0 without loss, the
///   end of the window if nothing ended it
/// @param bins packets that arrived, by time of sending, a bin each [Probes#BIN_MILLIS]
/// @param lostBins packets lost, in the same bins
/// @param lateMicrosP99 how late the sender was, 99th percentile: the resolution of this result
public record StreamResult(
    String flow,
    String family,
    String from,
    String to,
    long sent,
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
    List<Integer> lostBins,
    long lateMicrosP99) {
  public StreamResult {
    bins = List.copyOf(bins);
    lostBins = List.copyOf(lostBins);
  }

  /// The rate over the window.
  public double sentPerMs() {
    return (double) sent / Math.max(1, bins.size() * Probes.BIN_MILLIS);
  }
}
