package net.donut.controller.rib;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.TreeSet;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyReader;
import net.donut.controller.southbound.Report;
import net.donut.controller.southbound.ReportCodec;
import net.donut.controller.state.SavedOverride;
import net.donut.model.Prefix;
import net.donut.model.record.ContentReader;
import net.donut.model.record.ContentWriter;
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
      case Start(var policy, var words) -> {
        ContentWriter out = new ContentWriter();
        policy(out, policy);
        out.all(new TreeSet<>(words.drained()), ContentWriter::text);
        yield out.all(words.overrides(), DecisionInput::override).toBytes();
      }
      case Reported(var report) -> ReportCodec.write(report);
      case Routes(var batch) -> ReportCodec.write(batch);
      case Progressed(var latest) -> ReportCodec.write(latest);
      case Commit() -> new byte[0];
      case Tick() -> new byte[0];
      case Apply(var next) -> policy(new ContentWriter(), next).toBytes();
      case Drain(var neighbor) -> new ContentWriter().text(neighbor).toBytes();
      case Undrain(var neighbor) -> new ContentWriter().text(neighbor).toBytes();
      case SetOverride(var override) -> override(new ContentWriter(), override).toBytes();
      case EndOverride(var prefix) -> new ContentWriter().text(prefix.toString()).toBytes();
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
      default -> ContentReader.whole(content, in -> read(entry.kind(), in));
    };
  }

  private static DecisionInput read(int kind, ContentReader in) {
    return switch (kind) {
      case 1 -> new Start(policy(in), words(in));
      case 7 -> new Apply(policy(in));
      case 8 -> new Drain(in.text());
      case 9 -> new Undrain(in.text());
      case 10 -> new SetOverride(override(in));
      case 11 -> new EndOverride(Prefix.parse(in.text()));
      default -> throw new RecordingException("kind: " + kind + " (expected: 1..11)");
    };
  }

  private static ContentWriter policy(ContentWriter out, ControllerRib.PolicyInUse policy) {
    return out.number(policy.generation())
        .text(policy.fileName())
        .text(PolicyWithoutKeys.of(policy));
  }

  private static ControllerRib.PolicyInUse policy(ContentReader in) {
    long generation = in.number();
    String fileName = in.text();
    String policy = in.text();
    PolicyDocument document = PolicyReader.read(fileName, policy).document();
    if (document == null) {
      throw new RecordingException("policy " + fileName + ": this release does not accept it");
    }
    return new ControllerRib.PolicyInUse(fileName, policy, document, generation);
  }

  private static OperatorWords words(ContentReader in) {
    return new OperatorWords(
        new TreeSet<>(in.all(ContentReader::text)), in.all(DecisionInput::override));
  }

  private static ContentWriter override(ContentWriter out, SavedOverride override) {
    return out.text(override.prefix().toString())
        .text(override.neighbor())
        .text(override.until().toString());
  }

  private static SavedOverride override(ContentReader in) {
    return new SavedOverride(Prefix.parse(in.text()), in.text(), Instant.parse(in.text()));
  }
}
