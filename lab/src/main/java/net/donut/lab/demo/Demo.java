package net.donut.lab.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.FibNextHop;
import net.donut.api.operator.v1.CoverageResponse;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.api.operator.v1.RelationCount;
import net.donut.api.operator.v1.RouteCounts;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.lab.demo.Outcome.Check;
import net.donut.lab.demo.Outcome.Event;
import net.donut.lab.demo.Outcome.FlowOutcome;
import net.donut.lab.demo.Outcome.Kernel;
import net.donut.lab.demo.Outcome.Neighbor;
import net.donut.lab.demo.Outcome.Routes;
import net.donut.lab.demo.Outcome.Verdict;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import net.donut.lab.probe.PathTrace;
import net.donut.lab.probe.Probes;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.LabOptions;
import net.donut.lab.run.Operator;
import net.donut.lab.run.Story;
import net.donut.lab.topology.Link;
import net.donut.lab.topology.Node;
import net.donut.lab.topology.Topology;

/// The story of a donut network, told as it happens: the network comes up, hears its table, and
/// survives three cuts while streams run. Owned by the command's thread.
public final class Demo {
  /// Most packets that a cut may cost a direction that has a local backup.
  public static final long MOST_LOST = 2;

  private static final Duration LEAD = Duration.ofMillis(250);
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(3);
  private static final Duration CONVERGE_LIMIT = Duration.ofSeconds(20);
  private static final Duration RETURN_LIMIT = Duration.ofSeconds(40);

  private final LabOptions options;
  private final int packetsPerSecond;
  private final Story story;
  private final List<Check> checks = new ArrayList<>();

  public Demo(LabOptions options, int packetsPerSecond, Story story) {
    this.options = options;
    this.packetsPerSecond = packetsPerSecond;
    this.story = story;
  }

  /// A direction of a flow.
  private record Direction(Topology.Flow flow, Topology.Place from, Topology.Place to) {}

  /// Runs the whole story; the lab is put away when this returns or throws.
  public Outcome run() {
    story.chapter("1. The network comes up");
    try (DonutLab lab = DonutLab.up(options, story)) {
      return run(lab);
    }
  }

  private Outcome run(DonutLab lab) {
    story.chapter("2. The neighbors announce their tables");
    lab.tableStory().forEach(story::tell);
    lab.awaitTable();
    awaitPaths(lab);
    story.tell("every prefix is heard, decided and in both kernels");

    story.chapter("3. What the controller sees, and what the kernels have");
    List<Neighbor> neighbors = neighbors(lab);
    Routes routes = routes(lab);
    tell(neighbors, routes);
    Map<String, Kernel> kernel = checkKernel(lab, "after the table");
    check("no hole in the table", routes.holes() == 0, routes.holes() + " holes");

    story.chapter(
        "4. Streams run at %,d packets a second and direction; links are cut"
            .formatted(packetsPerSecond));
    List<Event> events = new ArrayList<>();
    Map<String, String> environment = Environment.describe(options, lab, packetsPerSecond);
    try (Probes probes = Probes.start(lab.network(), probeFlows(lab), packetsPerSecond)) {
      baseline(lab, probes);
      String direct = "edge1-tier2a";
      events.addAll(cutAndRestore(lab, probes, "the direct link to tier2a", direct));
      String transit = tier1LinkToFar(lab);
      events.addAll(cutAndRestore(lab, probes, "the Tier 1 link that carries far", transit));
      events.addAll(cutAndRestore(lab, probes, "the link between our routers", "edge1-edge2"));
      environment.put("sender_late_us_p99", lateness(events));
    }
    environment.put("load_average_end", Environment.loadAverage());
    kernel = events.isEmpty() ? kernel : events.getLast().kernel();
    return new Outcome(
        lab.topology(),
        lab.tableStory(),
        neighbors,
        routes,
        kernel,
        events,
        checks,
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

  private void check(String name, boolean holds, String detail) {
    checks.add(new Check(name, holds ? Verdict.HOLDS : Verdict.FAILS, detail));
    if (!holds) {
      story.tell("NOT AS IT SHOULD BE: " + name + ": " + detail);
    }
  }

  private static List<Direction> directions(DonutLab lab) {
    List<Direction> directions = new ArrayList<>();
    for (Topology.Flow flow : lab.topology().flows()) {
      directions.add(new Direction(flow, flow.from(), flow.to()));
      directions.add(new Direction(flow, flow.to(), flow.from()));
    }
    return directions;
  }

  private static List<Probes.Flow> probeFlows(DonutLab lab) {
    return lab.topology().flows().stream()
        .map(flow -> new Probes.Flow(flow.name(), end(flow.from()), end(flow.to())))
        .toList();
  }

  private static Probes.End end(Topology.Place place) {
    return new Probes.End(place.node(), place.address());
  }

  private static List<PathTrace> traces(DonutLab lab) {
    return directions(lab).stream()
        .map(direction ->
            PathTrace.trace(
                lab.network(),
                direction.from().node(),
                direction.from().address(),
                direction.to().address()))
        .toList();
  }

  private static void awaitPaths(DonutLab lab) {
    Pause.until(
        "a way for every flow, both directions",
        RETURN_LIMIT,
        () -> traces(lab).stream().allMatch(trace -> trace.end() == PathTrace.End.ARRIVED));
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
      byName.merge(name, one, Demo::sum);
    }
    return List.copyOf(byName.values());
  }

  private static Neighbor sum(Neighbor a, Neighbor b) {
    return new Neighbor(
        a.name(),
        a.software(),
        a.asn(),
        a.relation(),
        a.router(),
        a.prefixes() + b.prefixes(),
        a.accepted() + b.accepted(),
        a.rejected() + b.rejected(),
        a.best() + b.best());
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

  private static Map<String, Kernel> kernel(DonutLab lab) {
    Map<String, Kernel> kernels = new LinkedHashMap<>();
    lab.topology()
        .edges()
        .forEach(edge -> {
          Operator.Kernel kernel = lab.operator().drift(edge.name());
          kernels.put(
              edge.name(),
              new Kernel(
                  kernel.summary().getIntended(),
                  kernel.summary().getInstalled(),
                  kernel.summary().getMissing(),
                  kernel.summary().getUnexpected(),
                  lab.routesInKernel(edge.name()),
                  kernel.summary().getGroups(),
                  kernel.summary().getNextHops()));
        });
    return kernels;
  }

  private Map<String, Kernel> checkKernel(DonutLab lab, String when) {
    Map<String, Kernel> kernels = kernel(lab);
    kernels.forEach((router, kernel) ->
        check(
            "kernel of " + router + " is as intended " + when,
            kernel.equalsIntent(),
            ("%,d intended, %,d installed, %d missing, %d unexpected; %,d counted by a dump of"
                    + " the lab's own")
                .formatted(
                    kernel.intended(),
                    kernel.installed(),
                    kernel.missing(),
                    kernel.unexpected(),
                    kernel.counted())));
    kernels.forEach((router, kernel) ->
        story.tell(
            "kernel of %s: %,d routes intended, %,d installed, %d missing, %d unexpected"
                .formatted(
                    router,
                    kernel.intended(),
                    kernel.installed(),
                    kernel.missing(),
                    kernel.unexpected())));
    return kernels;
  }

  // --- 4. the cuts ---

  private void baseline(DonutLab lab, Probes probes) {
    Pause.of(Duration.ofMillis(500));
    Probes.Mark start = probes.mark();
    Pause.of(Duration.ofSeconds(2));
    List<StreamResult> results = probes.between(start, probes.mark());
    List<PathTrace> traces = traces(lab);
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
    check("nothing is lost while nothing happens", lost == 0, lost + " packets in 2 s");
  }

  /// The link between us and the Tier 1 through which the flow to `far` leaves.
  private static String tier1LinkToFar(DonutLab lab) {
    List<Direction> directions = directions(lab);
    List<PathTrace> traces = traces(lab);
    for (int i = 0; i < traces.size(); i++) {
      if (directions.get(i).to().node().equals("far")) {
        for (String name : traces.get(i).links(lab.topology())) {
          Link link = lab.topology().link(name);
          if (isTransitOfOurs(lab.topology(), link)) {
            return name;
          }
        }
      }
    }
    throw new LabException("flow to far: not by a Tier 1 link of ours: " + traces);
  }

  private static boolean isTransitOfOurs(Topology topology, Link link) {
    return topology.node(link.a().node()) instanceof Node.Edge
        && topology.node(link.b().node()) instanceof Node.Network network
        && network.tier() == Node.Tier.TIER1;
  }

  private List<Event> cutAndRestore(DonutLab lab, Probes probes, String what, String link) {
    List<PathTrace> usual = traces(lab);
    Event cut = event(lab, probes, "cut " + what + " (" + link + ")", "cut", link, () -> true);
    Event restored =
        event(
            lab,
            probes,
            "restore " + what + " (" + link + ")",
            "restore",
            link,
            () -> nodes(traces(lab)).equals(nodes(usual)));
    return List.of(cut, restored);
  }

  private static List<List<String>> nodes(List<PathTrace> traces) {
    return traces.stream().map(PathTrace::nodes).toList();
  }

  /// Cuts or restores a link and watches until the control plane is at rest and `back` holds.
  private Event event(
      DonutLab lab, Probes probes, String name, String kind, String link, BooleanSupplier back) {
    List<PathTrace> before = traces(lab);
    Map<Integer, String> backups = backups(lab, link, before);
    long generation = lab.operator().status().getGeneration();
    Probes.Mark start = probes.mark();
    Pause.of(LEAD);
    Instant at = Instant.now();
    long begun = System.nanoTime();
    story.tell(name);
    if (kind.equals("cut")) {
      lab.network().cut(link);
    } else {
      lab.network().restore(link);
    }
    double convergedMs = awaitConverged(lab, generation, at);
    awaitBack(name, kind, back);
    StatusResponse rest = lab.awaitStable(RETURN_LIMIT);
    while (System.nanoTime() - begun < SHORTEST_WINDOW.toNanos()) {
      Pause.of(Duration.ofMillis(20));
    }
    Probes.Mark end = probes.mark();
    double settledMs = Math.max(convergedMs, since(at, rest.getConvergedUnixNs()));
    List<FlowOutcome> flows = flows(probes.between(start, end), before, traces(lab), backups);
    tell(kind, convergedMs, settledMs, flows);
    Map<String, Kernel> kernel = checkKernel(lab, "after " + name);
    long holes = lab.operator().coverage().getHoleCount();
    check("no hole after " + name, holes == 0, holes + " holes");
    checkLosses(name, kind, flows);
    double leadMs = LEAD.toNanos() / 1e6;
    return new Event(name, kind, link, leadMs, convergedMs, settledMs, flows, kernel, holes);
  }

  private static double since(Instant at, long unixNanos) {
    Duration duration = Duration.between(at, Instant.ofEpochSecond(0, unixNanos));
    return duration.toNanos() / 1e6;
  }

  private double awaitConverged(DonutLab lab, long generation, Instant at) {
    long deadline = System.nanoTime() + CONVERGE_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<StatusResponse> now = lab.operator().tryStatus();
      if (now.isPresent() && now.get().getGeneration() > generation && now.get().getConverged()) {
        return Math.max(0, since(at, now.get().getConvergedUnixNs()));
      }
      story.progress("waiting for the control plane");
      Pause.of(Duration.ofMillis(5));
    }
    throw new LabException(
        "control plane has not caught up within " + CONVERGE_LIMIT.toSeconds() + " s");
  }

  private void awaitBack(String name, String kind, BooleanSupplier back) {
    long deadline = System.nanoTime() + RETURN_LIMIT.toNanos();
    while (!back.getAsBoolean() && System.nanoTime() < deadline) {
      story.progress("waiting for the sessions and the usual ways to return");
      Pause.of(Duration.ofMillis(200));
    }
    if (kind.equals("restore")) {
      check(
          "the usual ways are back after " + name,
          back.getAsBoolean(),
          "within " + RETURN_LIMIT.toSeconds() + " s");
    }
  }

  /// For each direction that leads over the link, what stands behind it: empty text for a backup in
  /// our own kernel, else who has to find another way.
  private static Map<Integer, String> backups(
      DonutLab lab, String linkName, List<PathTrace> before) {
    Map<Integer, String> backups = new HashMap<>();
    Link link = lab.topology().link(linkName);
    List<Direction> directions = directions(lab);
    for (int i = 0; i < before.size(); i++) {
      int at = before.get(i).links(lab.topology()).indexOf(linkName);
      if (at >= 0) {
        String upstream = before.get(i).nodes().get(at);
        backups.put(i, backup(lab, link, upstream, directions.get(i)));
      }
    }
    return backups;
  }

  private static String backup(DonutLab lab, Link link, String upstream, Direction direction) {
    if (!(lab.topology().node(upstream) instanceof Node.Edge)) {
      return upstream + " is not ours: it has to find another way by itself";
    }
    String device = link.end(upstream).device();
    for (FibEntry entry :
        lab.operator().lookup(upstream, direction.to().address().toString()).entries()) {
      for (FibNextHop hop : entry.getNextHopsList()) {
        if (hop.getRank() > 0 && hop.getAlive() && !hop.getInterface().equals(device)) {
          return "";
        }
      }
    }
    return upstream + " has no other exit for it: the neighbors have to find another way";
  }

  private static List<FlowOutcome> flows(
      List<StreamResult> results,
      List<PathTrace> before,
      List<PathTrace> after,
      Map<Integer, String> backups) {
    List<FlowOutcome> flows = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      String note = backups.getOrDefault(i, "");
      flows.add(
          new FlowOutcome(
              results.get(i),
              before.get(i),
              after.get(i),
              backups.containsKey(i),
              backups.containsKey(i) && note.isEmpty(),
              note));
    }
    return flows;
  }

  private void tell(String kind, double convergedMs, double settledMs, List<FlowOutcome> flows) {
    story.tell(
        "control plane caught up after %.1f ms, at rest after %.0f ms"
            .formatted(convergedMs, settledMs));
    for (FlowOutcome flow : flows) {
      String why = "";
      if (kind.equals("cut") && flow.affected()) {
        why = flow.localBackup() ? "; local backup" : "; " + flow.note();
      }
      story.tell(
          "  %-9s to %-9s %s: lost %,d of %,d, longest gap %.1f ms%s"
              .formatted(
                  flow.stream().from(),
                  flow.stream().to(),
                  flow.stream().family(),
                  flow.stream().lost(),
                  flow.stream().sent(),
                  flow.stream().maxGapMs(),
                  why));
      if (!flow.before().nodes().equals(flow.after().nodes())) {
        story.tell("      was " + flow.before());
        story.tell("      now " + flow.after());
      }
    }
  }

  private void checkLosses(String name, String kind, List<FlowOutcome> flows) {
    if (!kind.equals("cut")) {
      return;
    }
    for (FlowOutcome flow : flows) {
      if (flow.isProtected()) {
        check(
            "%s to %s (%s) loses at most %d packets by: %s"
                .formatted(
                    flow.stream().from(),
                    flow.stream().to(),
                    flow.stream().family(),
                    MOST_LOST,
                    name),
            flow.stream().lost() <= MOST_LOST,
            "%,d of %,d lost, longest gap %.1f ms"
                .formatted(flow.stream().lost(), flow.stream().sent(), flow.stream().maxGapMs()));
      }
    }
  }
}
