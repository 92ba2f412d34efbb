package net.donut.controller.policy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.donut.api.PolicyChecker.Problem;
import net.donut.api.PolicyChecker.Severity;
import net.donut.fuzz.FuzzTarget;
import net.donut.fuzz.SavedInputs;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The policy reader on any text: a document that becomes a policy, or at least one error with a
/// place in the file. `./donut fuzz policy` runs this class; [PolicyFuzzTest] a part of it.
class PolicyFuzz {
  static final FuzzTarget TARGET = new FuzzTarget(PolicyFuzz::read, 64 << 20, 50_000);

  static List<byte[]> inputs() {
    List<byte[]> inputs = new ArrayList<>(SavedInputs.of(PolicyFuzz.class, "policy"));
    inputs.add(PolicyReaderTest.GOOD.getBytes(StandardCharsets.UTF_8));
    return inputs;
  }

  static Stream<Arguments> seeds() {
    return inputs().stream().map(input -> Arguments.of((Object) input));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void policy(byte[] input) {
    TARGET.acceptInstrumented(input);
  }

  private static void read(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    PolicyReader.Reading reading = PolicyReader.read("fuzz.yaml", text);
    boolean errors =
        reading.problems().stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    if (errors == (reading.document() != null)) {
      throw new AssertionError("errors: " + errors + ", document: " + reading.document());
    }
    for (Problem problem : reading.problems()) {
      if (problem.line() < 1 || problem.column() < 1 || problem.message().isBlank()) {
        throw new AssertionError("problem: " + problem);
      }
    }
    if (reading.document() != null) {
      reading.document().toPolicy();
    }
  }
}
