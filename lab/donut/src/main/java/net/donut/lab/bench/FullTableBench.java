package net.donut.lab.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import net.donut.lab.bench.FullTableResult.Phase;
import net.donut.lab.bench.FullTableResult.Row;
import net.donut.lab.bench.FullTableResult.Trial;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.ProcessId;
import net.donut.lab.run.HeldLab;
import net.donut.lab.run.Narration;
import net.donut.lab.table.PathGenerator;
import net.donut.lab.table.PrefixList;
import net.donut.lab.table.RoutingTable.Announcement;
import net.donut.model.AsPath;
import net.donut.netlink.NetworkNamespace;

/// Runs one routing system after the other, each alone, beside the same feeds, and measures how
/// long it takes from its start until the whole table is in the kernel. Owned by the thread that
/// runs it.
public final class FullTableBench {
  private static final Duration RUN_LIMIT = Duration.ofMinutes(5);
  private static final Duration CALM_LIMIT = Duration.ofSeconds(20);
  private static final long FIRST_FEED_AS = 64601;

  private final FullTableOptions options;
  private final Narration story;
  private final List<SystemUnderTest> systems;
  private final List<FeedLink> feeds;
  private final Set<AsPath> distinctPaths = new HashSet<>();
  private int attributeSets;

  public FullTableBench(FullTableOptions options, Narration story) {
    this.options = options;
    this.story = story;
    systems = options.systems().stream().map(SystemUnderTest::of).toList();
    feeds =
        IntStream.rangeClosed(1, options.feeds())
            .mapToObj(n -> FeedLink.plain(n, options.family(), FIRST_FEED_AS + n - 1))
            .toList();
  }

  /// Runs everything; puts everything away also when it fails.
  public FullTableResult run() {
    Map<String, String> versions = new LinkedHashMap<>();
    systems.forEach(system -> versions.put(system.name(), system.version()));
    HeldLab state = HeldLab.claim(options.name());
    try (BenchPrograms children = new BenchPrograms(options.logs())) {
      PrefixList list =
          PrefixList.find(options.prefixes(), options.family(), options.routes(), options.seed());
      story.tell(list.source());
      Map<String, List<Trial>> trials = new LinkedHashMap<>();
      try (BenchNetwork network = BenchNetwork.create(state, feeds);
          BirdFeeds full = fill(network, children, state.directory(), list)) {
        for (int trial = 1; trial <= options.trials(); trial++) {
          for (SystemUnderTest system : systems) {
            trials
                .computeIfAbsent(system.name(), _ -> new ArrayList<>())
                .add(run(system, trial, network, children, full, state.directory()));
          }
        }
      }
      return new FullTableResult(
          options,
          list.source(),
          distinctPaths.size(),
          attributeSets,
          Machine.text(),
          systems.stream()
              .map(system ->
                  new Row(
                      system.name(),
                      versions.getOrDefault(system.name(), ""),
                      system.setup(),
                      trials.getOrDefault(system.name(), List.of())))
              .toList());
    } finally {
      state.remove();
    }
  }

  private BirdFeeds fill(
      BenchNetwork network, BenchPrograms children, Path directory, PrefixList list) {
    PathGenerator generator =
        new PathGenerator(list.prefixes(), options.seed(), Set.of(FeedLink.ROUTER_AS));
    BirdFeeds full =
        new BirdFeeds(
            network,
            children,
            directory,
            feeds,
            feed -> counted(generator.feed(feed.asn())),
            options.routes());
    story.tell(
        "%d feeds full: BIRD, %,d routes each, %,d distinct AS paths"
            .formatted(feeds.size(), options.routes(), distinctPaths.size()));
    return full;
  }

  private List<Announcement> counted(List<Announcement> table) {
    table.forEach(announcement -> distinctPaths.add(announcement.attributes().asPath()));
    attributeSets = attributeSets == 0 ? table.size() : attributeSets;
    return table;
  }

  private Trial run(
      SystemUnderTest system,
      int number,
      BenchNetwork network,
      BenchPrograms children,
      BirdFeeds full,
      Path directory) {
    Path own =
        Configurations.directory(directory.resolve(system.name() + "-" + number).toAbsolutePath());
    system.prepare(own, feeds);
    Namespace namespace = network.makeRouter();
    Machine.awaitCalm(CALM_LIMIT);
    try {
      Trial trial = measure(system, namespace, children, full, own);
      story.tell(
          "%s %d/%d: %.2f s to the last route, %,d in the kernel"
              .formatted(
                  system.name(), number, options.trials(), trial.seconds(), trial.installed()));
      return trial;
    } finally {
      network.removeRouter();
    }
  }

  /// Only the watch is inside the router's namespace: a thread or a process inherits the namespace
  /// of the thread that starts it, and would keep it from being deleted.
  private Trial measure(
      SystemUnderTest system,
      Namespace namespace,
      BenchPrograms children,
      BirdFeeds full,
      Path directory) {
    try (NetworkNamespace inside = NetworkNamespace.open(namespace.name());
        ExecutorService watching =
            Executors.newSingleThreadExecutor(inside.threadFactory("kernel-watch"))) {
      KernelWatch watch =
          outcome(watching.submit(() -> new KernelWatch(options.family(), system.protocol())));
      ProcessUsage feedersBefore = ProcessUsage.of(full.processes());
      long start = System.nanoTime();
      List<ProcessId> processes = system.start(children, namespace, directory);
      Future<KernelWatch.Filling> filling =
          watching.submit(() -> watch.await(start, options.routes(), processes, RUN_LIMIT));
      FutureTask<List<Phase>> phases = new FutureTask<>(() -> phases(system, directory, start));
      Thread asking = Thread.ofVirtual().name("phases").start(phases);
      KernelWatch.Filling filled = outcome(filling);
      double feeders = ProcessUsage.of(full.processes()).cpuSeconds() - feedersBefore.cpuSeconds();
      asking.interrupt();
      List<Phase> seen = outcome(phases);
      long installed = outcome(watching.submit(watch::dump));
      outcome(watching.submit(watch::close));
      children.end(processes);
      return trial(filled, installed, feeders, seen);
    }
  }

  private List<Phase> phases(SystemUnderTest system, Path directory, long start) {
    return system instanceof DonutUnderTest
        ? new DonutPhases(
                DonutUnderTest.socket(directory), start, (long) options.routes() * options.feeds())
            .follow()
        : List.of();
  }

  private static <T> T outcome(Future<T> work) {
    try {
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new LabException("bench: " + e.getCause(), e);
    }
  }

  private static Trial trial(
      KernelWatch.Filling filling, long installed, double feederCpuSeconds, List<Phase> phases) {
    List<Phase> all = new ArrayList<>(phases);
    all.add(new Phase("first route in the kernel", filling.firstSeconds()));
    all.add(new Phase("last route in the kernel", filling.lastSeconds()));
    all.sort(java.util.Comparator.comparingDouble(Phase::seconds));
    ProcessUsage usage = filling.usage();
    return new Trial(
        filling.lastSeconds(),
        filling.firstSeconds(),
        filling.completeSeconds(),
        usage.cpuSeconds(),
        usage.residentKib() / 1024.0,
        usage.peakKib() / 1024.0,
        installed,
        filling.changes(),
        filling.overrun(),
        feederCpuSeconds,
        all);
  }
}
