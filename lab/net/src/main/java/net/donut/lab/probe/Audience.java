package net.donut.lab.probe;

/// Viewers in one place, each of whom pulls a stream of its own at a constant rate.
///
/// @param site where they are
/// @param streams how many
/// @param packetsPerSecond of each stream
/// @param packetBytes of each packet of a stream, without headers
public record Audience(
    String name, Probes.Site site, int streams, int packetsPerSecond, int packetBytes) {
  /// Time from one packet of the audience to the next: its streams take turns.
  long spacingNanos() {
    return 1_000_000_000L / ((long) streams * packetsPerSecond);
  }
}
