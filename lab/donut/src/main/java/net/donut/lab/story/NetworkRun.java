package net.donut.lab.story;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.donut.lab.clab.graph.LabGraph;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.model.Scenario;
import net.donut.lab.clab.model.Scenario.Event;
import net.donut.lab.clab.parse.ScenarioReader;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.plan.Images;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Planner;
import net.donut.lab.clab.run.Deployment;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.run.Labs;
import net.donut.lab.clab.scenario.ScenarioResult;
import net.donut.lab.clab.scenario.ScenarioResult.StepResult;
import net.donut.lab.clab.scenario.ScenarioResult.Verdict;
import net.donut.lab.clab.scenario.ScenarioRun;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.lab.probe.PlayoutBuffer.Playback;
import net.donut.lab.probe.PlayoutBuffer.Player;
import net.donut.lab.probe.StreamLog;
import net.donut.lab.probe.Viewing;

/// One network of the story: deployed, taken through its scenario, and removed. Owned by the thread
/// that calls it.
final class NetworkRun {
  private final LabRuntime runtime;
  private final StoryNetwork network;
  private final List<Price> prices;
  private final Scenario scenario;
  private final ClabTopology topology;
  private final Consumer<String> story;

  NetworkRun(
      LabRuntime runtime,
      Path stories,
      StoryNetwork network,
      StoryLength length,
      Consumer<String> story) {
    this.runtime = runtime;
    this.network = network;
    this.story = story;
    this.prices = Price.read(network.policy(stories));
    this.scenario = length.of(ScenarioReader.read(network.scenario(stories)));
    this.topology =
        TopologyReader.read(
                scenario.topology(),
                new TopologyReader.Purpose(
                    "", RuntimeKind.NETNS, TopologyReader.Unsupported.REFUSE),
                System.getenv())
            .orThrow();
  }

  NetworkResult call() {
    long begun = System.nanoTime();
    Plan plan = Planner.plan(topology, Images.known(), RuntimeKind.NETNS, System.getenv());
    LabRecord lab =
        Deployment.deploy(
                runtime,
                plan,
                Deployment.Options.STANDARD,
                _ -> {},
                made -> new CuttableLab(runtime, made).impairUnmeasured(plan))
            .lab();
    try (Counters counters = Counters.start(routers(lab))) {
      LabGraph graph = connected(LabGraph.of(topology, lab, runtime));
      ScenarioResult result = ScenarioRun.run(scenario, runtime, lab, story);
      return judge(result, graph, counters.end(), System.nanoTime() - begun);
    } finally {
      Labs.destroyIfThere(runtime, plan.lab(), Labs.Directory.DELETE);
    }
  }

  /// The routers whose interfaces are on the bill.
  private Map<String, Namespace> routers(LabRecord lab) {
    Map<String, Namespace> routers = new LinkedHashMap<>();
    for (Price price : prices) {
      String router = price.port().router();
      routers.put(router, new Namespace(lab.node(router).namespace()));
    }
    return routers;
  }

  /// A graph without the nodes that packets have no way through.
  private LabGraph connected(LabGraph graph) {
    return new LabGraph(
        network.word() + ": " + network.title(),
        graph.vertices().stream()
            .filter(vertex ->
                graph.edges().stream()
                    .anyMatch(
                        edge -> edge.a().equals(vertex.name()) || edge.b().equals(vertex.name())))
            .toList(),
        graph.edges());
  }

  private NetworkResult judge(
      ScenarioResult result, LabGraph graph, List<Counters.Reading> readings, long tookNanos) {
    StepResult fair = fair(result);
    List<StreamLog> logs = result.viewers();
    long end = result.steps().getLast().endedNanos();
    return new NetworkResult(
        network,
        graph,
        result.viewings(fair),
        failures(result),
        playbacks(logs, end),
        logs.stream().mapToLong(log -> Viewing.of(log, 0, end).wayChanges()).sum(),
        Bill.of(
            prices,
            readings.stream()
                .filter(reading -> reading.nanos() >= fair.begunNanos())
                .filter(reading -> reading.nanos() < fair.endedNanos())
                .toList()),
        Duration.ofNanos(tookNanos),
        faults(result));
  }

  /// The first pause while streams run. Throws LabException when the scenario did not get there.
  private StepResult fair(ScenarioResult result) {
    return result.steps().stream()
        .dropWhile(step -> !(step.step() instanceof Scenario.Streams))
        .filter(step -> step.step() instanceof Scenario.Wait)
        .filter(step -> step.verdict() == Verdict.Plain.PASSED)
        .findFirst()
        .orElseThrow(() -> new LabException(network.word() + ": " + faults(result)));
  }

  private static List<NetworkResult.Failure> failures(ScenarioResult result) {
    List<NetworkResult.Failure> failures = new ArrayList<>();
    for (StepResult step : result.steps()) {
      if (step.step() instanceof Scenario.Change change && step.verdict() == Verdict.Plain.PASSED) {
        failures.add(
            new NetworkResult.Failure(change.title(), kind(change.event()), result.viewings(step)));
      }
    }
    return failures;
  }

  private static NetworkResult.Failure.Kind kind(Event event) {
    return switch (event) {
      case Event.Cutting _, Event.Impairing _ -> NetworkResult.Failure.Kind.FAILURE;
      case Event.Restoring _ -> NetworkResult.Failure.Kind.RETURN;
    };
  }

  private static List<Playback> playbacks(List<StreamLog> logs, long end) {
    return logs.stream().flatMap(log -> Viewing.playbacks(log, Player.LIVE, end).stream()).toList();
  }

  private static List<String> faults(ScenarioResult result) {
    List<String> faults = new ArrayList<>();
    for (StepResult step : result.steps()) {
      if (step.verdict() instanceof Verdict.Failed(String reason)) {
        faults.add(step.step().title() + ": " + reason);
      }
    }
    return faults;
  }
}
