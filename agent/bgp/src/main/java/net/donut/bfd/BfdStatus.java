package net.donut.bfd;

import net.donut.wire.bfd.BfdState;
import net.donut.wire.bfd.Diagnostic;

/// How a session stands, for operators and for those who act on it. Intervals are in microseconds.
///
/// @param state ours
/// @param remoteState as heard last
/// @param diagnostic why we left Up last
/// @param remoteDiagnostic why the neighbor says it left Up last
/// @param transmitMicros between our packets, before jitter; 0 while we send none
/// @param detectionMicros without a packet until we say the neighbor is down; 0 before it was heard
/// @param losses how often the session went from Up to Down because the path or the neighbor failed
public record BfdStatus(
    String name,
    BfdState state,
    BfdState remoteState,
    Diagnostic diagnostic,
    Diagnostic remoteDiagnostic,
    long transmitMicros,
    long detectionMicros,
    long losses,
    Path path) {

  /// What the session says about the path to the neighbor (RFC 5882 §3.2, §4.2).
  public enum Path {
    /// Nothing: it was never Up, or one side switched it off.
    UNKNOWN,
    ALIVE,
    /// It was Up, and failed.
    DEAD
  }
}
