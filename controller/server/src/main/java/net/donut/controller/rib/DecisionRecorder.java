package net.donut.controller.rib;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import net.donut.model.record.RecordingHeader;
import net.donut.model.record.RecordingLimits;
import net.donut.model.record.RecordingWriter;
import org.jspecify.annotations.Nullable;

/// Writes down what the RIB thread does with its [ControllerRib], if that was asked for. Owned by
/// `rib`.
public final class DecisionRecorder implements AutoCloseable {
  private final @Nullable RecordingWriter writer;

  private DecisionRecorder(@Nullable RecordingWriter writer) {
    this.writer = writer;
  }

  /// Records nothing.
  public static DecisionRecorder none() {
    return new DecisionRecorder(null);
  }

  /// Records in a file. `onStop` hears why that ended, if it ended before [#close].
  public static DecisionRecorder open(Path file, String program, Consumer<String> onStop)
      throws IOException {
    RecordingHeader header =
        new RecordingHeader(DecisionInput.OWNER, DecisionInput.VERSION, program, Instant.now());
    return new DecisionRecorder(
        RecordingWriter.open(file, header, RecordingLimits.DEFAULT, onStop));
  }

  /// The clock was read: what follows happens then.
  void time(long now) {
    if (writer != null && writer.isRecording()) {
      writer.time(now);
    }
  }

  void input(DecisionInput input) {
    if (writer != null && writer.isRecording()) {
      writer.input(input.kind(), input.content());
    }
  }

  /// Nothing is to be done for now.
  void idle() {
    if (writer != null && writer.isRecording()) {
      writer.flush();
    }
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}
