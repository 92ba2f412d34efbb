package net.donut.lab.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.FibNextHop;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.lab.demo.DemoResult.Event;
import net.donut.lab.demo.DemoResult.FlowOutcome;
import net.donut.lab.demo.DemoResult.Kernel;
import net.donut.lab.net.Cut;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import net.donut.lab.probe.CarrierWatch;
import net.donut.lab.probe.EventStrip;
import net.donut.lab.probe.PathTrace;
import net.donut.lab.probe.Probes;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.Narration;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;

/// Cuts and restores links under running streams and finds out what each cost. Owned by the
/// command's thread.
final class LinkCuts {
  /// A cut that the machine was too busy to judge is tried again, so often in all.
  private static final int MOST_TRIALS = 3;

  private static final Duration LEAD = Duration.ofMillis(250);
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(3);
  private static final Duration CONVERGE_LIMIT = Duration.ofSeconds(20);
  private static final Duration RETURN_LIMIT = Duration.ofSeconds(40);
  private static final double WORTH_TELLING_MS = 5;

  private final DonutLab lab;
  private final Probes probes;
  private final Narration story;
  private final DemoChecks checks;
  private final List<Event> disturbed = new ArrayList<>();

  LinkCuts(DonutLab lab, Probes probes, Narration story, DemoChecks checks) {
    this.lab = lab;
    this.probes = probes;
    this.story = story;
    this.checks = checks;
  }

  /// Trials that were repeated.
  List<Event> disturbed() {
    return disturbed;
  }

  /// An event to come.
  private record Plan(String name, String kind, String link, int trial) {
    boolean isCut() {
      return kind.equals("cut");
    }
  }

  /// Cuts a link and restores it, again where the machine was too busy to judge.
  List<Event> cutAndRestore(String what, String link) {
    List<List<String>> usual = nodes();
    int trial = 1;
    while (true) {
      Plan cutting = new Plan("cut " + what + " (" + link + ")", "cut", link, trial);
      Event cut = event(cutting, () -> true);
      Plan restoring = new Plan("restore " + what + " (" + link + ")", "restore", link, trial);
      Event restored = event(restoring, () -> nodes().equals(usual));
      if (!cut.isDisturbed() || trial == MOST_TRIALS) {
        checkLosses(cut);
        return List.of(cut, restored);
      }
      story.tell("the machine was too busy to judge this cut: once more");
      disturbed.add(cut);
      trial++;
    }
  }

  private List<List<String>> nodes() {
    return FlowDirection.traces(lab).stream().map(PathTrace::nodes).toList();
  }

  /// Cuts or restores a link and watches until the control plane is at rest and `back` holds.
  private Event event(Plan plan, BooleanSupplier back) {
    List<PathTrace> before = FlowDirection.traces(lab);
    LabLink link = lab.topology().link(plan.link());
    Map<Integer, String> backups = backups(link, before);
    long generation = lab.operator().status().getGeneration();
    Probes.Mark start = probes.mark();
    Pause.of(LEAD);
    story.tell(plan.name());
    try (CarrierWatch carrier = new CarrierWatch(lab.network(), link)) {
      Instant at = Instant.now();
      long begun = System.nanoTime();
      if (plan.isCut()) {
        lab.network().cuts().cut(plan.link(), Cut.Plain.FIBRE);
      } else {
        lab.network().cuts().restore(plan.link());
      }
      double convergedMs = awaitConverged(generation, at);
      awaitBack(plan, back);
      StatusResponse rest = lab.awaitStable(RETURN_LIMIT);
      while (System.nanoTime() - begun < SHORTEST_WINDOW.toNanos()) {
        Pause.of(Duration.ofMillis(20));
      }
      double settledMs = Math.max(convergedMs, since(at, rest.getConvergedUnixNs()));
      Probes.Mark end = probes.mark();
      List<StreamResult> results = probes.between(start, end);
      long moment = plan.isCut() ? cutNanos(results, backups, carrier, begun) : begun;
      List<EventStrip> strips = probes.around(moment, start, end);
      List<FlowOutcome> flows =
          flows(results, strips, before, FlowDirection.traces(lab), backups, carrier);
      tell(plan, convergedMs, settledMs, flows);
      Map<String, Kernel> kernel = checks.kernels(lab, "after " + plan.name());
      long holes = lab.operator().coverage().getHoleCount();
      checks.that("no hole after " + plan.name(), holes == 0, holes + " holes");
      return new Event(
          plan.name(),
          plan.kind(),
          plan.link(),
          plan.trial(),
          LEAD.toNanos() / 1e6,
          plan.isCut() ? carrier.millisSince(begun) : Map.of(),
          convergedMs,
          settledMs,
          flows,
          kernel,
          holes);
    }
  }

  /// When the link was cut, which a busy machine does late: at the first loss of what led over it,
  /// or when the kernel had word of it.
  private static long cutNanos(
      List<StreamResult> results, Map<Integer, String> affected, CarrierWatch carrier, long asked) {
    long known = carrier.knownAt().orElse(asked);
    return affected.keySet().stream()
        .mapToLong(flow -> results.get(flow).firstLossNanos())
        .filter(nanos -> nanos >= asked)
        .reduce(known, Math::min);
  }

  private static double since(Instant at, long unixNanos) {
    return Duration.between(at, Instant.ofEpochSecond(0, unixNanos)).toNanos() / 1e6;
  }

  private double awaitConverged(long generation, Instant at) {
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
        "control plane has not caught up within "
            + CONVERGE_LIMIT.toSeconds()
            + " s; waiting: "
            + lab.operator().status().getWaitingList());
  }

  private void awaitBack(Plan plan, BooleanSupplier back) {
    if (plan.isCut()) {
      return;
    }
    long deadline = System.nanoTime() + RETURN_LIMIT.toNanos();
    boolean isBack = back.getAsBoolean();
    while (!isBack && System.nanoTime() < deadline) {
      story.progress("waiting for the sessions and the usual ways to return");
      Pause.of(Duration.ofMillis(200));
      isBack = back.getAsBoolean();
    }
    checks.that(
        "the usual ways are back after " + plan.name(),
        isBack,
        "within " + RETURN_LIMIT.toSeconds() + " s");
  }

  /// What stands behind a link for each direction that leads over it: empty text for a backup in
  /// the kernel of our router before the link, else who has to find another way.
  private Map<Integer, String> backups(LabLink link, List<PathTrace> before) {
    Map<Integer, String> backups = new HashMap<>();
    List<FlowDirection> directions = FlowDirection.all(lab);
    for (int i = 0; i < before.size(); i++) {
      int at = before.get(i).links(lab.topology()).indexOf(link.name());
      if (at >= 0) {
        String upstream = before.get(i).nodes().get(at);
        backups.put(i, missingBackup(link, upstream, directions.get(i)));
      }
    }
    return backups;
  }

  private String missingBackup(LabLink link, String upstream, FlowDirection direction) {
    if (!(lab.topology().node(upstream) instanceof LabNode.Edge)) {
      return upstream + " is not ours: it has to find another way by itself";
    }
    String device = link.end(upstream).device();
    for (FibEntry entry :
        lab.operator().lookup(upstream, direction.to().address().toString()).entries()) {
      for (FibNextHop hop : entry.getNextHopsList()) {
        boolean leadsOn = !hop.getAddress().isEmpty() && !hop.getInterface().equals(device);
        if (hop.getRank() > 0 && hop.getAlive() && leadsOn) {
          return "";
        }
      }
    }
    return upstream + " has no other exit for it: the neighbors have to find another way";
  }

  private static List<FlowOutcome> flows(
      List<StreamResult> results,
      List<EventStrip> strips,
      List<PathTrace> before,
      List<PathTrace> after,
      Map<Integer, String> backups,
      CarrierWatch carrier) {
    List<FlowOutcome> flows = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      String note = backups.get(i);
      long firstLoss = results.get(i).firstLossNanos();
      double detectMs = 0;
      if (note != null && firstLoss != 0) {
        detectMs = Math.max(0, (carrier.knownAt().orElse(firstLoss) - firstLoss) / 1e6);
      }
      flows.add(
          new FlowOutcome(
              results.get(i),
              before.get(i),
              after.get(i),
              note != null,
              note != null && note.isEmpty(),
              note == null ? "" : note,
              detectMs,
              strips.get(i)));
    }
    return flows;
  }

  private void tell(Plan plan, double convergedMs, double settledMs, List<FlowOutcome> flows) {
    double stallMs = flows.stream().mapToDouble(flow -> flow.stream().stallMs()).max().orElse(0);
    story.tell(
        "control plane caught up after %.1f ms, at rest after %.0f ms%s"
            .formatted(
                convergedMs,
                settledMs,
                stallMs > WORTH_TELLING_MS
                    ? "; busy machine: the sender stood still for %.0f ms".formatted(stallMs)
                    : ""));
    for (FlowOutcome flow : flows) {
      String why = "";
      if (plan.isCut() && flow.affected()) {
        why =
            flow.localBackup()
                ? "; local backup, kernel knew after %.1f ms".formatted(flow.detectMs())
                : "; " + flow.note();
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
      if (flow.isTouched()) {
        story.tell("      " + flow.strip().text());
      }
      if (!flow.before().nodes().equals(flow.after().nodes())) {
        story.tell("      was " + flow.before());
        story.tell("      now " + flow.after());
      }
    }
  }

  private void checkLosses(Event cut) {
    for (FlowOutcome flow : cut.flows()) {
      if (flow.isProtected()) {
        checks.that(
            "%s to %s (%s) loses at most %d packets by: %s"
                .formatted(
                    flow.stream().from(),
                    flow.stream().to(),
                    flow.stream().family(),
                    Demo.MOST_LOST,
                    cut.name()),
            flow.stream().lost() <= Demo.MOST_LOST,
            "%,d of %,d lost, longest gap %.1f ms, of which %.1f ms until the kernel knew"
                .formatted(
                    flow.stream().lost(),
                    flow.stream().sent(),
                    flow.stream().maxGapMs(),
                    flow.detectMs()));
      }
    }
  }
}
