package net.donut.lab.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.donut.lab.bench.FailoverResult.Case;
import net.donut.lab.bench.FailoverResult.Destination;
import net.donut.lab.bench.FailoverResult.Phases;
import net.donut.lab.bench.FailoverResult.Trial;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.probe.Probes;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.run.Narration;
import net.donut.model.IpAddress;
import net.donut.model.Prefixes;

/// One system with one table, whose preferred exit fails again and again. Owned by the thread that
/// runs the bench.
final class FailoverRun implements AutoCloseable {
  private static final Duration FILL_LIMIT = Duration.ofMinutes(6);
  private static final Duration RETURN_LIMIT = Duration.ofMinutes(2);
  private static final Duration CALM_LIMIT = Duration.ofSeconds(15);

  /// No packet may be lost in this time before a failure.
  private static final Duration BASELINE = Duration.ofSeconds(2);

  /// A system that has not found another exit by then is given up on.
  private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(60);

  /// The kernel is at rest when nothing has changed in it for so long.
  private static final Duration REST = Duration.ofMillis(800);

  private static final Duration BETWEEN_CUTS = Duration.ofMillis(50);

  /// A sender that stood still longer, and longer than the worst gap, may have missed a worse one.
  private static final double MOST_STALL_MS = 5;

  private final FailoverOptions options;
  private final SystemUnderTest system;
  private final String version;
  private final Prefixes prefixes;
  private final List<FeedLink> feeds;
  private final FailoverNetwork network;
  private final BirdFeeds full;
  private final BenchPrograms children;
  private final Path directory;
  private final Narration story;
  private final KernelChanges kernel;
  private final Set<IpAddress> destinations = new LinkedHashSet<>();
  private List<ProcessId> processes = List.of();

  FailoverRun(
      FailoverOptions options,
      SystemUnderTest system,
      Prefixes prefixes,
      List<FeedLink> feeds,
      FailoverNetwork network,
      BirdFeeds full,
      BenchPrograms children,
      Path directory,
      Narration story) {
    this.options = options;
    this.system = system;
    this.version = system.version();
    this.prefixes = prefixes;
    this.feeds = feeds;
    this.network = network;
    this.full = full;
    this.children = children;
    this.directory = directory;
    this.story = story;
    kernel = new KernelChanges(network.router(), options.family(), system.protocol());
    int last = prefixes.size() - 1;
    for (int i = 0; i < options.destinations(); i++) {
      long share = options.destinations() == 1 ? 0 : (long) last * i / (options.destinations() - 1);
      add(prefixes.get((int) share).address());
    }
  }

  private void add(IpAddress destination) {
    if (destinations.add(destination)) {
      network.addDestination(destination);
    }
  }

  /// Starts the system and waits until it has filled the kernel and is at rest.
  void fill() {
    startDaemons();
    Pause.until(
        "%s puts %,d routes into the kernel, see %s"
            .formatted(system.name(), prefixes.size(), options.logs()),
        FILL_LIMIT,
        () -> kernel.present() >= prefixes.size() && kernel.quiet().compareTo(REST) > 0);
    awaitUsual();
    story.tell("%s: %,d routes in the kernel".formatted(system.name(), kernel.present()));
  }

  /// A rehearsal, and then the trials that count.
  Case measure(FailureKind kind) {
    rehearse(kind);
    List<Trial> trials = new ArrayList<>();
    int wanted = options.trialsOf(system.name());
    try (Probes probes = probes()) {
      long deadline = System.nanoTime() + options.caseLimit().toNanos();
      do {
        trials.add(trial(kind, trials.size() + 1, probes));
      } while (stillWanted(trials, wanted) && System.nanoTime() < deadline);
    }
    Case measured = new Case(system.name(), version, system.setup(), kind, prefixes.size(), trials);
    tell(measured);
    return measured;
  }

  /// As many trials as asked for shall count; a machine that spoils half of them is not waited for.
  private static boolean stillWanted(List<Trial> trials, int wanted) {
    return trials.stream().filter(Trial::isValid).count() < wanted && trials.size() < 2 * wanted;
  }

  /// Finds the destination that the system reaches last.
  private void rehearse(FailureKind kind) {
    try (Probes probes = probes()) {
      if (trial(kind, 0, probes).kernelRoutes() > 0) {
        add(kernel.seen().latest().address());
      }
    }
  }

  private Probes probes() {
    Probes probes =
        Probes.start(destinations.stream().map(network::stream).toList(), options.rate());
    try {
      awaitSink(probes, 0, System.nanoTime(), RETURN_LIMIT);
      return probes;
    } catch (RuntimeException e) {
      probes.close();
      throw e;
    }
  }

  private void tell(Case measured) {
    story.tell(
        "%s, %s: worst gap %s ms (median of %d trials; longest %s)"
            .formatted(
                measured.system(),
                measured.kind().word(),
                FailoverReport.millis(measured.worstGapMs(0.5)),
                measured.valid().size(),
                FailoverReport.millis(measured.worstGapMs(1))));
    measured.trials().stream()
        .filter(trial -> !trial.isValid())
        .forEach(trial ->
            story.tell(
                "  trial %d does not count: %s".formatted(trial.number(), trial.problems())));
  }

  private Trial trial(FailureKind kind, int number, Probes probes) {
    List<String> problems = new ArrayList<>();
    Probes.Mark start = probes.mark();
    Pause.of(BASELINE);
    if (!allAt(probes, 0, start.nanos())) {
      problems.add("a destination was not reached by " + feeds.getFirst().name() + " before");
    }
    if (kind == FailureKind.NO_DAEMON) {
      killDaemons();
    }
    kernel.arm();
    Probes.Mark failing = probes.mark();
    long failed = fail(kind, failing.nanos());
    if (!awaitSink(probes, kind.exitAfter(), failed, RECOVERY_LIMIT)) {
      problems.add("not every destination was reached again");
    }
    awaitRest();
    KernelChanges.Seen seen = kernel.seen();
    Probes.Mark end = probes.mark();
    Probes.Stale stale =
        kind.staleExit() < 0 ? Probes.Stale.NONE : new Probes.Stale(kind.staleExit(), failed);
    long lostBefore = mostLost(probes.between(start, failing));
    if (lostBefore > 0) {
      problems.add("%d packets lost before the failure".formatted(lostBefore));
    }
    List<StreamResult> results = probes.between(failing, end, stale);
    undo(kind);
    if (!awaitSink(probes, 0, System.nanoTime(), RETURN_LIMIT)) {
      throw new LabException(
          "%s does not go back to %s within %d s, see %s"
              .formatted(
                  system.name(),
                  feeds.getFirst().name(),
                  RETURN_LIMIT.toSeconds(),
                  options.logs()));
    }
    awaitUsual();
    List<StreamResult> returned = probes.between(end, probes.mark());
    return judged(kind, number, problems, failed, results, seen, mostLost(returned));
  }

  /// Makes the failure. Returns when it began: when the neighbor was heard to leave, else `now`.
  private long fail(FailureKind kind, long now) {
    FeedLink first = feeds.getFirst();
    switch (kind) {
      case FIBRE, NO_DAEMON -> network.cut(first);
      case SILENT -> network.silence(first);
      case SESSION -> {
        return firstSign(first, () -> full.session(first, false));
      }
      case WITHDRAW -> {
        return firstSign(first, () -> full.announce(first, false));
      }
      case BURST -> {
        FeedLink second = feeds.get(1);
        long begun = firstSign(second, () -> full.announce(second, false));
        Pause.of(BETWEEN_CUTS);
        network.cut(first);
        return begun;
      }
      case TWO_CUTS -> {
        network.cut(first);
        Pause.of(BETWEEN_CUTS);
        network.cut(feeds.get(1));
      }
      case RESTART -> {
        killDaemons();
        startDaemons();
        awaitRestarted();
      }
      case RESTART_WRITER -> restart(processes.getFirst());
      case RESTART_DECIDER -> restart(processes.getLast());
    }
    return now;
  }

  private long firstSign(FeedLink feed, Runnable leave) {
    try (FirstSign sign = new FirstSign(network.router(), feed)) {
      leave.run();
      return sign.nanos();
    }
  }

  private void killDaemons() {
    processes.forEach(process -> children.kill(process.name()));
    Pause.of(BASELINE);
  }

  private void restart(ProcessId process) {
    children.kill(process.name());
    Pause.of(BASELINE);
    children.again(process.name());
    processes = processes.stream().map(each -> children.id(each.name())).toList();
    awaitRestarted();
  }

  /// Waits until what was started again has read its tables and has nothing left to do.
  private void awaitRestarted() {
    awaitUsual();
    Machine.awaitIdle(processes, RETURN_LIMIT);
    awaitRest();
  }

  private void startDaemons() {
    processes = system.start(children, network.router(), directory);
  }

  private void undo(FailureKind kind) {
    FeedLink first = feeds.getFirst();
    switch (kind) {
      case FIBRE, SILENT -> network.restore(first);
      case SESSION -> full.session(first, true);
      case WITHDRAW -> full.announce(first, true);
      case BURST -> {
        full.announce(feeds.get(1), true);
        network.restore(first);
      }
      case TWO_CUTS -> {
        network.restore(feeds.get(1));
        network.restore(first);
      }
      case NO_DAEMON -> {
        network.restore(first);
        startDaemons();
      }
      case RESTART, RESTART_WRITER, RESTART_DECIDER -> {}
    }
  }

  /// Waits until what was sent after a moment comes to one sink only; false when it does not.
  private static boolean awaitSink(Probes probes, int sink, long since, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!allAt(probes, sink, since)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Pause.of(Duration.ofMillis(5));
    }
    return true;
  }

  private static boolean allAt(Probes probes, int sink, long since) {
    for (int stream = 0; stream < probes.size(); stream++) {
      Probes.Latest latest = probes.latest(stream);
      if (latest.sink() != sink || latest.sentNanos() < since) {
        return false;
      }
    }
    return true;
  }

  private void awaitRest() {
    Pause.until(
        "rest of the kernel under " + system.name(),
        RETURN_LIMIT,
        () -> kernel.quiet().compareTo(REST) > 0);
  }

  /// Waits until every neighbor is up and the system is at rest. While streams run the processors
  /// are never idle: the system's own use is looked at.
  private void awaitUsual() {
    Pause.until(
        "sessions and BFD of " + system.name(),
        RETURN_LIMIT,
        () -> feeds.stream().allMatch(full::isUp));
    awaitRest();
    Machine.awaitIdle(processes, CALM_LIMIT);
  }

  private static long mostLost(List<StreamResult> results) {
    return results.stream().mapToLong(StreamResult::lost).max().orElse(0);
  }

  private Trial judged(
      FailureKind kind,
      int number,
      List<String> problems,
      long asked,
      List<StreamResult> results,
      KernelChanges.Seen seen,
      long lostOnReturn) {
    StreamResult worst =
        results.stream().max(Comparator.comparingDouble(StreamResult::maxGapMs)).orElseThrow();
    double stallMs = results.stream().mapToDouble(StreamResult::stallMs).max().orElse(0);
    if (stallMs > Math.max(MOST_STALL_MS, worst.maxGapMs())) {
      problems.add("busy machine: the sender stood still for %.1f ms".formatted(stallMs));
    }
    // A cut takes milliseconds to be made: the failure is when the first packet was lost.
    long failed =
        kind.staleExit() == 0 || worst.firstLossNanos() == 0 ? asked : worst.firstLossNanos();
    long recovered = worst.recoveredNanos() == 0 ? failed : worst.recoveredNanos();
    return new Trial(
        number,
        problems,
        results.stream().map(result -> destination(result, failed)).toList(),
        Phases.of(failed, recovered, seen.firstNanos(), seen.lastNanos()),
        lostOnReturn,
        seen.routes(),
        stallMs);
  }

  private Destination destination(StreamResult result, long failed) {
    double fromMs =
        result.recoveredNanos() == 0
            ? 0
            : (result.recoveredNanos() - failed) / 1e6 - result.maxGapMs();
    return new Destination(
        result.flow(),
        result.sent(),
        result.lost(),
        result.maxGapMs(),
        1000.0 * result.lost() / options.rate(),
        fromMs);
  }

  @Override
  public void close() {
    Pause.undisturbed(() -> {
      children.end(processes);
      kernel.close();
    });
  }
}
