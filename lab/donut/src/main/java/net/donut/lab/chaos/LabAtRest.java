package net.donut.lab.chaos;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.lab.run.DonutLab;

/// Whether a lab is at rest: every session is up, and the control plane has been converged on the
/// whole table without a change for a while.
final class LabAtRest {
  private static final Duration STABLE = Duration.ofSeconds(1);

  private final DonutLab lab;
  private final long prefixes;
  private String waitingFor = "";
  private long generation = -1;
  private long since;

  /// @param prefixes how many the control plane hears when all is well
  LabAtRest(DonutLab lab, long prefixes) {
    this.lab = lab;
    this.prefixes = prefixes;
  }

  boolean isReached(long now) {
    Optional<StatusResponse> status = lab.operator().tryStatus();
    long before = generation;
    generation = status.map(StatusResponse::getGeneration).orElse(-1L);
    waitingFor = generation == before ? reason(status) : "changes to end";
    if (!waitingFor.isEmpty()) {
      since = now;
      return false;
    }
    return now - since > STABLE.toNanos();
  }

  /// What rest waits for, as of the last look.
  String waitingFor() {
    return waitingFor.isEmpty() ? "a while without a change" : waitingFor;
  }

  private String reason(Optional<StatusResponse> status) {
    if (status.isEmpty()) {
      return "the controller";
    }
    if (!status.get().getConverged()) {
      return String.join(", ", status.get().getWaitingList());
    }
    if (!lab.operator().overrides().isEmpty()) {
      return "overrides to end";
    }
    long heard = status.get().getRoutes().getTotal();
    if (heard != prefixes) {
      return "prefixes: %,d (expected: %,d)".formatted(heard, prefixes);
    }
    String down =
        lab.operator().neighbors().getNeighborsList().stream()
            .filter(neighbor -> !neighbor.getSession().getState().equals("Established"))
            .map(NeighborInfo::getName)
            .collect(Collectors.joining(", "));
    return down.isEmpty() ? String.join(", ", new Announcements(lab).unequal()) : down;
  }
}
