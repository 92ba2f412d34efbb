package net.donut.lab.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.api.operator.v1.CoverageResponse;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.api.operator.v1.RelationCount;
import net.donut.api.operator.v1.RouteCounts;
import net.donut.lab.demo.DemoResult.Event;
import net.donut.lab.demo.DemoResult.Kernel;
import net.donut.lab.demo.DemoResult.Neighbor;
import net.donut.lab.demo.DemoResult.Routes;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import net.donut.lab.probe.PathTrace;
import net.donut.lab.probe.Probes;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.LabOptions;
import net.donut.lab.run.Narration;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;

/// The story of a donut network, told as it happens: the network comes up, hears its table, and
/// survives three cuts while streams run. Owned by the command's thread.
public final class Demo {
  /// Most packets that a cut may cost a direction that has a local backup.
  public static final long MOST_LOST = 2;

  private static final Duration CONVERGE_LIMIT = Duration.ofSeconds(20);
  private static final Duration RETURN_LIMIT = Duration.ofSeconds(40);

  private final LabOptions options;
  private final int packetsPerSecond;
  private final Narration story;
  private final DemoChecks checks;

  public Demo(LabOptions options, int packetsPerSecond, Narration story) {
    this.options = options;
    this.packetsPerSecond = packetsPerSecond;
    this.story = story;
    this.checks = new DemoChecks(story);
  }

  /// Runs the whole story; the lab is put away when this returns or throws.
  public DemoResult run() {
    story.chapter("1. The network comes up");
    try (DonutLab lab = DonutLab.up(options, story)) {
      return run(lab);
    }
  }

  private DemoResult run(DonutLab lab) {
    story.chapter("2. The neighbors announce their tables");
    lab.tableStory().forEach(story::tell);
    lab.awaitTable();
    awaitPaths(lab);
    story.tell("every prefix is heard, decided and in both kernels");

    story.chapter("3. What the controller sees, and what the kernels have");
    List<Neighbor> neighbors = neighbors(lab);
    Routes routes = routes(lab);
    tell(neighbors, routes);
    Map<String, Kernel> kernel = checks.kernels(lab, "after the table");
    checks.that("no hole in the table", routes.holes() == 0, routes.holes() + " holes");

    story.chapter(
        "4. Streams run at %,d packets a second and direction; links are cut"
            .formatted(packetsPerSecond));
    story.line(
        "  Packets around each event, a character per 5 ms: . all arrived, 1-9 lost, # none arrived");
    List<Event> events = new ArrayList<>();
    List<Event> disturbed = new ArrayList<>();
    Map<String, String> environment = Environment.describe(options, lab, packetsPerSecond);
    try (Probes probes = Probes.start(lab.network(), probeFlows(lab), packetsPerSecond)) {
      baseline(lab, probes);
      LinkCuts cuts = new LinkCuts(lab, probes, story, checks);
      String direct = "edge1-tier2a";
      events.addAll(cuts.cutAndRestore("the direct link to tier2a", direct));
      String transit = tier1LinkToFar(lab);
      events.addAll(cuts.cutAndRestore("the Tier 1 link that carries far", transit));
      events.addAll(cuts.cutAndRestore("the link between our routers", "edge1-edge2"));
      disturbed.addAll(cuts.disturbed());
      environment.put("sender_late_us_p99", lateness(events));
    }
    environment.put("load_average_end", Environment.loadAverage());
    kernel = events.isEmpty() ? kernel : events.getLast().kernel();
    return new DemoResult(
        lab.topology(),
        lab.tableStory(),
        neighbors,
        routes,
        kernel,
        events,
        disturbed,
        checks.all(),
        environment,
        story.seconds());
  }

  private static String lateness(List<Event> events) {
    return events.stream()
        .flatMap(event -> event.flows().stream())
        .mapToLong(flow -> flow.stream().lateMicrosP99())
        .max()
        .stream()
        .mapToObj(String::valueOf)
        .findFirst()
        .orElse("");
  }

  private static List<Probes.Flow> probeFlows(DonutLab lab) {
    return lab.topology().flows().stream()
        .map(flow -> new Probes.Flow(flow.name(), end(flow.from()), end(flow.to())))
        .toList();
  }

  private static Probes.End end(Topology.FlowEnd place) {
    return new Probes.End(place.node(), place.address());
  }

  private static void awaitPaths(DonutLab lab) {
    Pause.until(
        "a way for every flow, both directions",
        RETURN_LIMIT,
        () ->
            FlowDirection.traces(lab).stream()
                .allMatch(trace -> trace.end() == PathTrace.End.ARRIVED));
    lab.awaitStable(CONVERGE_LIMIT);
  }

  // --- 3. the view ---

  private static List<Neighbor> neighbors(DonutLab lab) {
    Map<String, Neighbor> byName = new LinkedHashMap<>();
    for (NeighborInfo info : lab.operator().neighbors().getNeighborsList()) {
      String name = info.getName().replaceAll("/.*", "");
      long prefixes =
          (long) info.getSession().getPrefixesIpv4() + info.getSession().getPrefixesIpv6();
      Neighbor one =
          new Neighbor(
              name,
              lab.software(name).word(),
              lab.topology().asnOf(name),
              info.getRelation(),
              info.getRouter(),
              prefixes,
              info.getAccepted(),
              info.getRejected(),
              info.getBest());
      byName.merge(name, one, Demo::both);
    }
    return List.copyOf(byName.values());
  }

  /// The two sessions of a neighbor: what was heard adds up; the rest the controller already gives
  /// for the neighbor as a whole.
  private static Neighbor both(Neighbor a, Neighbor b) {
    return new Neighbor(
        a.name(),
        a.software(),
        a.asn(),
        a.relation(),
        a.router(),
        a.prefixes() + b.prefixes(),
        Math.max(a.accepted(), b.accepted()),
        Math.max(a.rejected(), b.rejected()),
        Math.max(a.best(), b.best()));
  }

  private static Routes routes(DonutLab lab) {
    CoverageResponse coverage = lab.operator().coverage();
    RouteCounts counts = lab.operator().status().getRoutes();
    Map<String, Long> byRelation = new LinkedHashMap<>();
    for (RelationCount count : counts.getByRelationList()) {
      byRelation.put(count.getRelation(), count.getPrefixes());
    }
    return new Routes(
        counts.getTotal(),
        counts.getDirect(),
        counts.getTransit(),
        counts.getProtected(),
        coverage.getHoleCount(),
        counts.getDonutRatio(),
        counts.getPaths(),
        coverage.getSingleExitCount(),
        coverage.getCostLeakCount(),
        byRelation);
  }

  private void tell(List<Neighbor> neighbors, Routes routes) {
    for (Neighbor neighbor : neighbors) {
      story.tell(
          "%-9s %-5s AS%-6d %-12s at %s: %,7d routes, best for %,7d"
              .formatted(
                  neighbor.name(),
                  neighbor.software(),
                  neighbor.asn(),
                  neighbor.relation(),
                  neighbor.router(),
                  neighbor.prefixes(),
                  neighbor.best()));
    }
    story.tell(
        "%,d prefixes by %,d paths: %,d direct, %,d by transit; donut ratio %.1f %%"
            .formatted(
                routes.total(),
                routes.paths(),
                routes.direct(),
                routes.transit(),
                100 * routes.donutRatio()));
    story.tell(
        "%,d have a backup in the kernel, %,d holes, %,d blocks with one exit only, %,d cost leaks"
            .formatted(routes.guarded(), routes.holes(), routes.singleExit(), routes.costLeaks()));
  }

  // --- 4. the cuts ---

  private void baseline(DonutLab lab, Probes probes) {
    Pause.of(Duration.ofMillis(500));
    Probes.Mark start = probes.mark();
    Pause.of(Duration.ofSeconds(2));
    List<StreamResult> results = probes.between(start, probes.mark());
    List<PathTrace> traces = FlowDirection.traces(lab);
    long lost = 0;
    for (int i = 0; i < results.size(); i++) {
      lost += results.get(i).lost();
      story.tell(
          "%-9s to %-9s %s: %s"
              .formatted(
                  results.get(i).from(),
                  results.get(i).to(),
                  results.get(i).family(),
                  traces.get(i)));
    }
    checks.that("nothing is lost while nothing happens", lost == 0, lost + " packets in 2 s");
  }

  /// The link between us and the Tier 1 through which the flow to `far` leaves.
  private static String tier1LinkToFar(DonutLab lab) {
    List<FlowDirection> directions = FlowDirection.all(lab);
    List<PathTrace> traces = FlowDirection.traces(lab);
    for (int i = 0; i < traces.size(); i++) {
      if (directions.get(i).to().node().equals("far")) {
        for (String name : traces.get(i).links(lab.topology())) {
          LabLink link = lab.topology().link(name);
          if (isTransitOfOurs(lab.topology(), link)) {
            return name;
          }
        }
      }
    }
    throw new LabException("flow to far: not by a Tier 1 link of ours: " + traces);
  }

  private static boolean isTransitOfOurs(Topology topology, LabLink link) {
    return topology.node(link.a().node()) instanceof LabNode.Edge
        && topology.node(link.b().node()) instanceof LabNode.Network network
        && network.tier() == LabNode.Tier.TIER1;
  }
}
