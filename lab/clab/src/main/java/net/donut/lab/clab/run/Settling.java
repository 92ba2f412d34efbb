package net.donut.lab.clab.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Profile;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;

/// The first moments of a lab's programs after its deployment: one that cannot live has ended by
/// then.
public final class Settling {
  private static final Duration SOON = Duration.ofMillis(700);

  /// A program in Java reads its configuration later.
  private static final Duration SOON_OF_OURS = Duration.ofSeconds(2);

  private Settling() {}

  /// Waits until every program has run for a moment, or has ended.
  ///
  /// @return a line per node whose program ended with a failure or ends again and again, with the
  ///   last line that it wrote
  public static List<String> failures(LabRuntime runtime, LabRecord lab, Plan plan) {
    List<String> failures = new ArrayList<>();
    for (Plan.Node node : plan.nodes()) {
      if (node.definition().isExternal() || isPlain(node)) {
        continue;
      }
      LabRecord.Node record = lab.node(node.name());
      awaitMoment(runtime, lab, record, node);
      runtime
          .ending(lab, record)
          .filter(LabRuntime.Ending::isFailure)
          .ifPresent(ending -> failures.add(line(lab, node, ending)));
    }
    return failures;
  }

  /// Whether it runs nothing but a pause.
  private static boolean isPlain(Plan.Node node) {
    return node.known().filter(profile -> profile == Profile.IDLE).isPresent()
        && node.definition().start().entrypoint().isEmpty()
        && node.definition().start().command().isEmpty();
  }

  private static void awaitMoment(
      LabRuntime runtime, LabRecord lab, LabRecord.Node record, Plan.Node node) {
    boolean ours = node.known().filter(profile -> !profile.entrypoint().isEmpty()).isPresent();
    Duration moment = ours ? SOON_OF_OURS : SOON;
    try {
      Pause.until(
          node.name() + " runs or ends",
          moment.multipliedBy(4),
          () ->
              runtime.ending(lab, record).isPresent()
                  || (runtime.state(lab, record) instanceof LabRuntime.NodeState.Running running
                      && running.since().compareTo(moment) >= 0));
    } catch (LabException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // It neither runs nor has it ended: its state tells.
    }
  }

  private static String line(LabRecord lab, Plan.Node node, LabRuntime.Ending ending) {
    // Docker forgets the code of a program that it has started again.
    return "node %s %s: %s (all it wrote: donut lab logs %s --name %s)"
        .formatted(
            node.name(),
            ending.again()
                ? "ends again and again"
                : "has ended with exit code " + ending.exitCode(),
            ending.lastWords(),
            node.name(),
            lab.lab());
  }
}
