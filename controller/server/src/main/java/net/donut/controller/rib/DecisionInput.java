package net.donut.controller.rib;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyReader;
import net.donut.controller.southbound.Report;
import net.donut.controller.southbound.ReportCodec;
import net.donut.controller.state.SavedOverride;
import net.donut.model.Prefix;
import net.donut.model.record.RecordedEntry;
import net.donut.model.record.RecordingException;

/// What the owner of the [ControllerRib] does with it, each as one input of a recording. Asking it
/// something is no input: it changes nothing.
sealed interface DecisionInput {
  /// The owner thread, as recordings name it.
  String OWNER = "rib";

  /// Counts up when what is written here changes.
  int VERSION = 1;

  /// The beginning: the policy in use and what operators said before.
  record Start(ControllerRib.PolicyInUse policy, OperatorWords words) implements DecisionInput {}

  record Reported(Report report) implements DecisionInput {}

  record Routes(Report.Routes batch) implements DecisionInput {}

  record Progressed(Report.Progress latest) implements DecisionInput {}

  /// What was taken in is decided.
  record Commit() implements DecisionInput {}

  /// Time passed.
  record Tick() implements DecisionInput {}

  record Apply(ControllerRib.PolicyInUse next) implements DecisionInput {}

  record Drain(String neighbor) implements DecisionInput {}

  record Undrain(String neighbor) implements DecisionInput {}

  record SetOverride(SavedOverride override) implements DecisionInput {}

  record EndOverride(Prefix prefix) implements DecisionInput {}

  /// The number of the kind in a recording.
  default int kind() {
    return switch (this) {
      case Start _ -> 1;
      case Reported _ -> 2;
      case Routes _ -> 3;
      case Progressed _ -> 4;
      case Commit _ -> 5;
      case Tick _ -> 6;
      case Apply _ -> 7;
      case Drain _ -> 8;
      case Undrain _ -> 9;
      case SetOverride _ -> 10;
      case EndOverride _ -> 11;
    };
  }

  /// The content in a recording.
  default byte[] content() {
    return switch (this) {
      case Start start ->
          write(out -> {
            policy(out, start.policy());
            out.writeInt(start.words().drained().size());
            for (String neighbor : new TreeSet<>(start.words().drained())) {
              text(out, neighbor);
            }
            out.writeInt(start.words().overrides().size());
            for (SavedOverride override : start.words().overrides()) {
              override(out, override);
            }
          });
      case Reported(var report) -> ReportCodec.write(report);
      case Routes(var batch) -> ReportCodec.write(batch);
      case Progressed(var latest) -> ReportCodec.write(latest);
      case Commit() -> new byte[0];
      case Tick() -> new byte[0];
      case Apply(var next) -> write(out -> policy(out, next));
      case Drain(var neighbor) -> write(out -> text(out, neighbor));
      case Undrain(var neighbor) -> write(out -> text(out, neighbor));
      case SetOverride(var override) -> write(out -> override(out, override));
      case EndOverride(var prefix) -> write(out -> text(out, prefix.toString()));
    };
  }

  /// Throws [RecordingException] for an entry that is none of these.
  static DecisionInput read(RecordedEntry.Input entry) {
    ByteBuffer content = entry.content();
    return switch (entry.kind()) {
      case 2 -> new Reported(ReportCodec.readReport(content));
      case 3 -> new Routes(ReportCodec.readRoutes(content));
      case 4 -> new Progressed(ReportCodec.readProgress(content));
      case 5 -> new Commit();
      case 6 -> new Tick();
      default -> read(entry.kind(), content);
    };
  }

  private static DecisionInput read(int kind, ByteBuffer content) {
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      return switch (kind) {
        case 1 -> new Start(policy(in), words(in));
        case 7 -> new Apply(policy(in));
        case 8 -> new Drain(text(in));
        case 9 -> new Undrain(text(in));
        case 10 -> new SetOverride(override(in));
        case 11 -> new EndOverride(Prefix.parse(text(in)));
        default -> throw new RecordingException("kind: " + kind + " (expected: 1..11)");
      };
    } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
      throw new RecordingException("input of kind " + kind + ": " + e, e);
    }
  }

  /// Writes the content of one input.
  interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] write(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("text of " + length + " bytes (expected: 0.." + in.available() + ")");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static void policy(DataOutputStream out, ControllerRib.PolicyInUse policy)
      throws IOException {
    out.writeLong(policy.generation());
    text(out, policy.fileName());
    text(out, PolicyWithoutKeys.of(policy));
  }

  private static ControllerRib.PolicyInUse policy(DataInputStream in) throws IOException {
    long generation = in.readLong();
    String fileName = text(in);
    String policy = text(in);
    PolicyDocument document = PolicyReader.read(fileName, policy).document();
    if (document == null) {
      throw new RecordingException("policy " + fileName + ": this release does not accept it");
    }
    return new ControllerRib.PolicyInUse(fileName, policy, document, generation);
  }

  private static OperatorWords words(DataInputStream in) throws IOException {
    Set<String> drained = new TreeSet<>();
    for (int left = in.readInt(); left > 0; left--) {
      drained.add(text(in));
    }
    List<SavedOverride> overrides = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      overrides.add(override(in));
    }
    return new OperatorWords(drained, overrides);
  }

  private static void override(DataOutputStream out, SavedOverride override) throws IOException {
    text(out, override.prefix().toString());
    text(out, override.neighbor());
    text(out, override.until().toString());
  }

  private static SavedOverride override(DataInputStream in) throws IOException {
    Prefix prefix = Prefix.parse(text(in));
    String neighbor = text(in);
    return new SavedOverride(prefix, neighbor, Instant.parse(text(in)));
  }
}
