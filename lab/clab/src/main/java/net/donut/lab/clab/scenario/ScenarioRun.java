package net.donut.lab.clab.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.model.Scenario;
import net.donut.lab.clab.model.Scenario.Check;
import net.donut.lab.clab.model.Scenario.Event;
import net.donut.lab.clab.model.Scenario.Expectation;
import net.donut.lab.clab.model.Scenario.Flow;
import net.donut.lab.clab.model.Scenario.FlowEnd;
import net.donut.lab.clab.model.Scenario.Step;
import net.donut.lab.clab.parse.ShellWords;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.scenario.ScenarioResult.StepResult;
import net.donut.lab.clab.scenario.ScenarioResult.Verdict;
import net.donut.lab.net.ImpairmentKind;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.lab.probe.Audience;
import net.donut.lab.probe.Probes;
import net.donut.lab.probe.StreamLog;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.probe.Streaming;
import org.jspecify.annotations.Nullable;

/// Takes a deployed lab through a scenario. A wait that ends without, or a step that the machine
/// refuses, skips the rest; an expectation that does not hold fails its step only.
///
/// Owned by the thread that runs it.
public final class ScenarioRun implements AutoCloseable {
  /// Before a change, so that the first packet after it has one before it.
  static final Duration LEAD = Duration.ofMillis(300);

  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(200);

  private final LabRuntime runtime;
  private final LabRecord lab;
  private final Consumer<String> story;
  private @Nullable Probes probes;
  private @Nullable Streaming streaming;

  private ScenarioRun(LabRuntime runtime, LabRecord lab, Consumer<String> story) {
    this.runtime = runtime;
    this.lab = lab;
    this.story = story;
  }

  /// Runs every step. Throws nothing for what the lab does: that is in the result.
  ///
  /// @param story hears of each step, a line each
  public static ScenarioResult run(
      Scenario scenario, LabRuntime runtime, LabRecord lab, Consumer<String> story) {
    try (ScenarioRun run = new ScenarioRun(runtime, lab, story)) {
      List<StepResult> results = new ArrayList<>();
      boolean goesOn = true;
      for (Step step : scenario.steps()) {
        StepResult result =
            goesOn
                ? run.timed(step)
                : new StepResult(
                    step, Verdict.Plain.SKIPPED, System.nanoTime(), Duration.ZERO, List.of());
        run.tell(result);
        results.add(result);
        boolean isFailed = result.verdict() instanceof Verdict.Failed;
        goesOn &= !isFailed || !result.streams().isEmpty() || step instanceof Scenario.Assertion;
      }
      return new ScenarioResult(scenario.name(), lab.lab(), results, run.viewers());
    }
  }

  /// Waits a little for what was asked for before the last step ended.
  private List<StreamLog> viewers() {
    Streaming running = streaming;
    if (running == null) {
      return List.of();
    }
    Pause.of(LEAD);
    return running.end();
  }

  private void tell(StepResult result) {
    String verdict =
        switch (result.verdict()) {
          case Verdict.Plain.PASSED -> "passed";
          case Verdict.Plain.SKIPPED -> "skipped";
          case Verdict.Failed(String reason) -> "FAILED: " + reason;
        };
    story.accept(
        "%6.1f s  %s: %s"
            .formatted(result.took().toMillis() / 1000.0, result.step().title(), verdict));
  }

  private StepResult timed(Step step) {
    long begun = System.nanoTime();
    List<StreamResult> streams = new ArrayList<>();
    Verdict verdict;
    try {
      List<String> faults = act(step, streams);
      verdict =
          faults.isEmpty() ? Verdict.Plain.PASSED : new Verdict.Failed(String.join("\n", faults));
    } catch (LabException | IllegalArgumentException e) {
      verdict = new Verdict.Failed(String.valueOf(e.getMessage()));
    }
    return new StepResult(
        step, verdict, begun, Duration.ofNanos(System.nanoTime() - begun), streams);
  }

  /// Returns what is not as expected.
  private List<String> act(Step step, List<StreamResult> streams) {
    return switch (step) {
      case Scenario.Await(var _, Check check, Duration within) -> await(check, within);
      case Scenario.Assertion(var _, Check check) -> faults(check);
      case Scenario.Wait(var _, Duration length) -> {
        Pause.of(length);
        yield List.of();
      }
      case Scenario.Flows flows -> {
        start(flows);
        yield List.of();
      }
      case Scenario.Streams pulled -> {
        start(pulled);
        yield List.of();
      }
      case Scenario.Change change -> change(change, streams);
    };
  }

  private List<String> await(Check check, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    List<String> faults = faults(check);
    while (!faults.isEmpty() && System.nanoTime() < deadline) {
      Pause.of(POLL);
      faults = faults(check);
    }
    return faults.stream().map(fault -> fault + " after " + ImpairmentKind.text(within)).toList();
  }

  private List<String> faults(Check check) {
    LabRuntime.ExecResult result =
        runtime.exec(lab, lab.node(check.node()), ShellWords.of(check.command()), COMMAND_LIMIT);
    return check.faults(result.output() + result.errors());
  }

  private void start(Scenario.Flows flows) {
    List<Probes.Stream> streams = new ArrayList<>();
    for (Flow flow : flows.flows()) {
      streams.add(stream(flow.name(), flow.a(), flow.b()));
      streams.add(stream(flow.name(), flow.b(), flow.a()));
    }
    probes = Probes.start(streams, flows.packetsPerSecond());
  }

  private void start(Scenario.Streams streams) {
    streaming =
        Streaming.start(
            streams.server().nodes().stream().map(this::site).toList(),
            streams.server().address(),
            streams.viewers().stream().map(this::audience).toList());
  }

  private Audience audience(Scenario.Viewers viewers) {
    return new Audience(
        viewers.name(),
        site(viewers.node()),
        viewers.count(),
        viewers.packetsPerSecond(),
        viewers.packetBytes());
  }

  private Probes.Stream stream(String name, FlowEnd from, FlowEnd to) {
    return new Probes.Stream(
        name, site(from.node()), from.address(), to.address(), List.of(site(to.node())));
  }

  private Probes.Site site(String node) {
    return new Probes.Site(node, new Namespace(lab.node(node).namespace()));
  }

  private List<String> change(Scenario.Change change, List<StreamResult> streams) {
    Probes running = probes;
    if (running == null) {
      make(change.event());
      Pause.of(streaming == null ? Duration.ZERO : change.watch());
      return List.of();
    }
    Probes.Mark before = running.mark();
    Pause.of(LEAD);
    make(change.event());
    Pause.of(change.watch());
    streams.addAll(running.between(before, running.mark()));
    return change.expectations().stream()
        .flatMap(expected -> streams.stream().flatMap(stream -> faults(expected, stream).stream()))
        .toList();
  }

  private void make(Event event) {
    CuttableLab links = new CuttableLab(runtime, lab);
    switch (event) {
      case Event.Cutting(String target, var how) -> links.cuts().cut(target, how);
      case Event.Restoring(String target) -> {
        if (target.equals("all")) {
          links.cuts().restoreAll();
        } else {
          links.cuts().restore(target);
        }
      }
      case Event.Impairing(String link, var asked) -> links.impairments().impair(link, asked);
    }
  }

  private static List<String> faults(Expectation expected, StreamResult stream) {
    List<String> faults = new ArrayList<>();
    if (stream.flow().equals(expected.flow())) {
      String direction = "%s: %s to %s: ".formatted(expected.place(), stream.from(), stream.to());
      double outageMs = expected.outage().toNanos() / 1e6;
      double lossPercent = 100.0 * stream.lost() / Math.max(1, stream.sent());
      if (stream.maxGapMs() > outageMs) {
        faults.add(
            direction
                + "outage %.0f ms (expected: at most %s)"
                    .formatted(stream.maxGapMs(), ImpairmentKind.text(expected.outage())));
      }
      if (lossPercent > expected.lossPercent()) {
        faults.add(
            direction
                + "loss %.2f %% (expected: at most %s %%)"
                    .formatted(lossPercent, expected.lossPercent()));
      }
    }
    return faults;
  }

  @Override
  public void close() {
    if (probes != null) {
      probes.close();
    }
    if (streaming != null) {
      streaming.close();
    }
  }
}
