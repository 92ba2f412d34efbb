package net.donut.model.record;

import java.nio.ByteBuffer;

/// One entry of a recording.
public sealed interface RecordedEntry {
  /// The owner looked at its clock.
  ///
  /// @param nanos of the owner's clock, which never goes back; only differences mean something
  record Time(long nanos) implements RecordedEntry {}

  /// The owner took one input.
  ///
  /// @param kind which one, 1 or more; numbered by the owner's package
  /// @param content as that package wrote it
  record Input(int kind, ByteBuffer content) implements RecordedEntry {}
}
