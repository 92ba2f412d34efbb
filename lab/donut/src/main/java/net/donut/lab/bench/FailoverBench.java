package net.donut.lab.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.donut.lab.bench.FailoverResult.Case;
import net.donut.lab.run.HeldLab;
import net.donut.lab.run.Narration;
import net.donut.lab.table.PathGenerator;
import net.donut.lab.table.PrefixList;

/// Loses the preferred exit of one routing system after the other, each alone beside the same
/// neighbors, and measures how long packets are lost. Owned by the thread that runs it.
public final class FailoverBench {
  private static final long FIRST_FEED_AS = 64601;

  private final FailoverOptions options;
  private final Narration story;
  private final List<SystemUnderTest> systems;
  private final List<FeedLink> feeds;

  public FailoverBench(FailoverOptions options, Narration story) {
    this.options = options;
    this.story = story;
    systems = options.systems().stream().map(SystemUnderTest::of).toList();
    int count = options.feeds();
    feeds =
        IntStream.rangeClosed(1, count)
            .mapToObj(n ->
                new FeedLink(
                    n, options.family(), FIRST_FEED_AS + n - 1, 10 * (count - n + 1), true))
            .toList();
  }

  /// Runs everything but what is `known`; puts everything away also when it fails. `soFar` hears
  /// what there is after each system and size: a long bench that is ended has measured something.
  public FailoverResult run(List<Case> known, Consumer<FailoverResult> soFar) {
    List<Case> cases = new ArrayList<>(known);
    String table = "";
    for (int size : options.sizes()) {
      PrefixList list = PrefixList.find(options.prefixes(), options.family(), size, options.seed());
      table = list.source();
      story.chapter("%,d prefixes: %s".formatted(size, table));
      for (SystemUnderTest system : systems) {
        List<FailureKind> missing = missing(system, list.prefixes().size(), cases);
        if (!missing.isEmpty()) {
          cases.addAll(run(system, list, missing));
          soFar.accept(result(table, cases));
        }
      }
    }
    return result(table, cases);
  }

  private List<FailureKind> missing(SystemUnderTest system, int routes, List<Case> known) {
    List<FailureKind> missing = new ArrayList<>(options.kinds());
    known.stream()
        .filter(each -> each.system().equals(system.name()) && each.routes() == routes)
        .forEach(each -> missing.remove(each.kind()));
    return missing;
  }

  private FailoverResult result(String table, List<Case> cases) {
    List<Case> sorted = new ArrayList<>(cases);
    sorted.sort(
        Comparator.comparingInt(Case::routes)
            .thenComparingInt(each -> SystemUnderTest.NAMES.indexOf(each.system()))
            .thenComparing(Case::kind));
    return new FailoverResult(options, Machine.text(), table, sorted);
  }

  private List<Case> run(SystemUnderTest system, PrefixList list, List<FailureKind> kinds) {
    PathGenerator generator =
        new PathGenerator(list.prefixes(), options.seed(), Set.of(FeedLink.ROUTER_AS));
    HeldLab state = HeldLab.claim(options.name());
    try (BenchPrograms children = new BenchPrograms(options.logs());
        FailoverNetwork network = new FailoverNetwork(state, feeds);
        BirdFeeds full =
            new BirdFeeds(
                network,
                children,
                state.directory(),
                feeds,
                feed -> generator.feed(feed.asn()),
                list.prefixes().size())) {
      Path directory =
          Configurations.directory(state.directory().resolve(system.name()).toAbsolutePath());
      system.prepare(directory, feeds);
      List<Case> cases = new ArrayList<>();
      try (FailoverRun run =
          new FailoverRun(
              options, system, list.prefixes(), feeds, network, full, children, directory, story)) {
        run.fill();
        for (FailureKind kind : kinds) {
          cases.add(run.measure(kind));
        }
      }
      return cases;
    } finally {
      state.remove();
    }
  }
}
