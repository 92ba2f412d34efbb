package net.donut.lab.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.lab.bench.FullTableResult.Phase;
import net.donut.lab.net.LabException;
import net.donut.lab.run.Operator;

/// Asks the controller five times a second how far it is, to tell where the time goes. The asking
/// costs Donut a little and the others nothing.
///
/// Owned by the thread that follows; ends when that is interrupted.
final class DonutPhases {
  private static final Duration STEP = Duration.ofMillis(200);

  private final Path socket;
  private final long start;
  private final long paths;
  private final List<Phase> phases = new ArrayList<>();

  /// @param paths that the controller shall have heard
  DonutPhases(Path socket, long start, long paths) {
    this.socket = socket;
    this.start = start;
    this.paths = paths;
  }

  List<Phase> follow() {
    Progress progress = new Progress();
    try {
      while (!Files.exists(socket)) {
        Thread.sleep(STEP.toMillis() / 10);
      }
      try (Operator operator = new Operator(socket)) {
        while (!progress.done) {
          operator.tryStatus().ifPresent(status -> progress.see(status, operator));
          Thread.sleep(STEP.toMillis());
        }
      }
    } catch (InterruptedException | LabException e) {
      // The run is over, or the controller is: what was seen by then is the answer.
      return List.copyOf(phases);
    }
    return List.copyOf(phases);
  }

  private void reached(String what) {
    if (phases.stream().noneMatch(phase -> phase.what().equals(what))) {
      phases.add(new Phase(what, (System.nanoTime() - start) / 1e9));
    }
  }

  /// What was seen so far.
  private final class Progress {
    boolean done;

    void see(StatusResponse status, Operator operator) {
      reached("controller answers");
      if (phases.stream().noneMatch(phase -> phase.what().equals("sessions established"))) {
        sessions(operator).ifPresent(at -> phases.add(new Phase("sessions established", at)));
      }
      if (status.getRoutes().getPaths() > 0) {
        reached("first route decided");
      }
      if (status.getRoutes().getPaths() >= paths) {
        reached("last route decided");
        if (status.getConverged()) {
          reached("last gRIBI operation acknowledged");
          done = true;
        }
      }
    }

    /// When the last session came up, by the agent's clock; empty while one is not up.
    private Optional<Double> sessions(Operator operator) {
      List<NeighborInfo> neighbors = operator.neighbors().getNeighborsList();
      long last = 0;
      for (NeighborInfo neighbor : neighbors) {
        long established = neighbor.getSession().getEstablishedUnixMs();
        if (established == 0) {
          return Optional.empty();
        }
        last = Math.max(last, established);
      }
      double ago = (System.currentTimeMillis() - last) / 1e3;
      return neighbors.isEmpty()
          ? Optional.empty()
          : Optional.of((System.nanoTime() - start) / 1e9 - ago);
    }
  }
}
