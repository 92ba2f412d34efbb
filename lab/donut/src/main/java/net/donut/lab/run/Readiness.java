package net.donut.lab.run;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;

/// Waits for a donut lab. Owned by the thread that runs the lab.
final class Readiness {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration TABLE_LIMIT = Duration.ofMinutes(4);
  private static final Duration STABLE = Duration.ofSeconds(1);

  private final DonutLab lab;
  private final Narration story;

  Readiness(DonutLab lab, Narration story) {
    this.lab = lab;
    this.story = story;
  }

  /// Waits until the controller answers, has heard the table and has it in every kernel. Throws
  /// LabException saying what is missing.
  void awaitTable(long expected) {
    Pause.until(
        "controller answers on " + lab.socket(),
        START_LIMIT,
        () -> {
          lab.requireAlive();
          return Files.exists(lab.socket()) && lab.operator().tryStatus().isPresent();
        });
    // Nothing is cheaper than to ask for the feeds once more: the daemons listen by now.
    lab.neighbors().kickFeeds();
    long deadline = System.nanoTime() + TABLE_LIMIT.toNanos();
    while (true) {
      lab.requireAlive();
      Optional<StatusResponse> now = lab.operator().tryStatus();
      long heard = now.map(status -> status.getRoutes().getTotal()).orElse(0L);
      // The policy may refuse a few routes of a real dump, such as those longer than /24.
      boolean most = heard >= expected - expected / 20;
      if (most && now.filter(StatusResponse::getConverged).isPresent() && isStable()) {
        return;
      }
      story.progress(
          "%,d of %,d prefixes%s"
              .formatted(
                  heard,
                  expected,
                  now.map(StatusResponse::getWaitingList)
                      .filter(waiting -> !waiting.isEmpty())
                      .map(waiting -> "; waiting: " + waiting.getFirst())
                      .orElse("")));
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "%,d of %,d prefixes after %d s; waiting: %s"
                .formatted(
                    heard,
                    expected,
                    TABLE_LIMIT.toSeconds(),
                    now.map(StatusResponse::getWaitingList).orElse(null)));
      }
      Pause.of(Duration.ofMillis(100));
    }
  }

  /// Whether the control plane has been converged without a change for a second.
  private boolean isStable() {
    StatusResponse first = lab.operator().status();
    long until = System.nanoTime() + STABLE.toNanos();
    while (System.nanoTime() < until) {
      Pause.of(Duration.ofMillis(100));
      StatusResponse now = lab.operator().status();
      if (!now.getConverged() || now.getGeneration() != first.getGeneration()) {
        return false;
      }
    }
    return first.getConverged();
  }

  /// Waits until the control plane has been converged without a change for a second; gives the
  /// status then. Throws LabException naming what it waits for.
  StatusResponse awaitStable(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isStable()) {
      lab.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "control plane not at rest within %d s; waiting: %s"
                .formatted(limit.toSeconds(), lab.operator().status().getWaitingList()));
      }
      Pause.of(Duration.ofMillis(50));
    }
    return lab.operator().status();
  }
}
