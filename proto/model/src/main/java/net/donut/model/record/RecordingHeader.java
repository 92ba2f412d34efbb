package net.donut.model.record;

import java.time.Instant;

/// What a recording says of itself before its first input.
///
/// @param owner the thread whose inputs they are, such as `agent-rib`
/// @param version of the inputs' content, counted by the owner's package from 1
/// @param program who recorded, with its release: for people
/// @param started when the recording began
public record RecordingHeader(String owner, int version, String program, Instant started) {
  public RecordingHeader {
    if (version < 1) {
      throw new IllegalArgumentException(
          "recording version: " + version + " (expected: 1 or more)");
    }
  }
}
