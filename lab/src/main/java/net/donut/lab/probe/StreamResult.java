package net.donut.lab.probe;

import java.util.List;

/// What happened to one direction of a flow between two marks.
///
/// @param from the node that sent
/// @param sent packets sent; a packet the sender's kernel refused for want of a route counts
/// @param reordered packets that arrived after one sent later
/// @param maxGapMs longest time without a packet that arrived, by the times of sending
/// @param gaps how many times at least one packet in a row was lost
/// @param bins packets that arrived, by time of sending, a bin each [Probes#BIN_MILLIS]
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
    List<Integer> bins,
    long lateMicrosP99) {
  public StreamResult {
    bins = List.copyOf(bins);
  }
}
