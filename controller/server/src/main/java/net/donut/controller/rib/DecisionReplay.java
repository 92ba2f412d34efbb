package net.donut.controller.rib;

import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.donut.core.Engine;
import net.donut.model.record.RecordedEntry;
import net.donut.model.record.RecordingException;
import net.donut.model.record.RecordingReader;
import org.jspecify.annotations.Nullable;

/// Does with a [ControllerRib] again what a recording says was done with one, without sockets,
/// threads and clocks: the same inputs give the same decisions. Owned by one thread.
public final class DecisionReplay {
  private final RecordingReader reader;
  private final Map<String, ReplayedAgent> agents = new LinkedHashMap<>();
  private final List<OperatorEvent> events = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Watcher watcher = new Watcher();
  private final Instant started;
  private @Nullable ControllerRib rib;
  private long now;

  /// Throws [RecordingException] unless it is a recording of `rib` that this release knows.
  public DecisionReplay(InputStream recording) {
    this.reader = new RecordingReader(recording);
    this.started = reader.require(DecisionInput.OWNER, DecisionInput.VERSION).started();
  }

  /// Replays everything that is left.
  public DecisionReplay toEnd() {
    RecordedEntry entry = reader.next();
    while (entry != null) {
      switch (entry) {
        case RecordedEntry.Time(var nanos) -> now = nanos;
        case RecordedEntry.Input input -> take(DecisionInput.read(input));
      }
      entry = reader.next();
    }
    return this;
  }

  private void take(DecisionInput input) {
    if (input instanceof DecisionInput.Start(var policy, var words)) {
      ControllerRib begun =
          new ControllerRib(
              policy,
              words,
              router ->
                  agents.computeIfAbsent(router.name(), _ -> new ReplayedAgent(router)).opened(),
              () -> started.plusNanos(now),
              now);
      begun.watch(watcher);
      rib = begun;
      return;
    }
    try {
      take(input, rib());
    } catch (IllegalArgumentException e) {
      // The operator who asked for it got the same answer.
      failures.add(input + ": " + e.getMessage());
    }
    keepEvents();
  }

  private void take(DecisionInput input, ControllerRib of) {
    switch (input) {
      case DecisionInput.Start _ -> throw new RecordingException("two beginnings");
      case DecisionInput.Reported(var report) -> of.report(report, now);
      case DecisionInput.Routes(var batch) -> of.routes(batch, now);
      case DecisionInput.Progressed(var latest) -> of.progress(latest);
      case DecisionInput.Commit() -> of.commit(now);
      case DecisionInput.Tick() -> of.tick(now);
      case DecisionInput.Apply(var next) -> {
        List<String> _ = of.apply(next, now);
      }
      case DecisionInput.Drain(var neighbor) -> {
        long _ = of.drain(neighbor, now);
      }
      case DecisionInput.Undrain(var neighbor) -> {
        long _ = of.undrain(neighbor, now);
      }
      case DecisionInput.SetOverride(var override) -> {
        long _ = of.override(override, now);
      }
      case DecisionInput.EndOverride(var prefix) -> {
        long _ = of.endOverride(prefix, now);
      }
    }
  }

  private void keepEvents() {
    try {
      events.addAll(watcher.take(0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What is known and decided by now. Throws [RecordingException] before the first input.
  public ControllerRib rib() {
    ControllerRib begun = rib;
    if (begun == null) {
      throw new RecordingException("an input before the beginning");
    }
    return begun;
  }

  public Engine engine() {
    return rib().engine();
  }

  /// What operators who watched were told, oldest first.
  public List<OperatorEvent> events() {
    return List.copyOf(events);
  }

  /// What operators asked for and did not get.
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /// What the agent of a router was told. Throws for a router that no policy had.
  public ReplayedAgent agent(String router) {
    return Objects.requireNonNull(agents.get(router), router);
  }
}
