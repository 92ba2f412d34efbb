package net.donut.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.PathView;
import net.donut.core.answer.RejectReason;
import net.donut.core.answer.RouteView;
import net.donut.core.change.Hop;
import net.donut.core.change.NumberedHop;
import net.donut.core.decision.BestPath;
import net.donut.core.decision.LossText;
import net.donut.core.decision.Step;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.table.PrefixTable;
import org.jspecify.annotations.Nullable;

/// Answers why, for one family, from the live state: runs the decision again for single prefixes
/// and keeps the reasons. Reads only.
final class RouteInspection {
  private final CoreRib rib;
  private final RibCommit commit;
  private final CoreNeighbors neighbors;
  private final Routers routers;
  private final Links links;

  RouteInspection(
      CoreRib rib, RibCommit commit, CoreNeighbors neighbors, Routers routers, Links links) {
    this.rib = rib;
    this.commit = commit;
    this.neighbors = neighbors;
    this.routers = routers;
    this.links = links;
  }

  CoreRib rib() {
    return rib;
  }

  Explanation explain(IpAddress address, int router) {
    List<Explanation.Covering> chain = new ArrayList<>();
    boolean taken = false;
    for (int slot : rib.table().coveringChain(address)) {
      boolean alive = isAlive(slot, router);
      Explanation.Selection selection =
          !alive
              ? Explanation.Selection.NOT_PROGRAMMED
              : taken ? Explanation.Selection.SHORTER : Explanation.Selection.SELECTED;
      taken |= alive;
      chain.add(covering(slot, router, selection));
    }
    return new Explanation(address, routers.get(router).name(), chain);
  }

  private boolean isAlive(int slot, int router) {
    int number = rib.classOf(slot);
    return number != 0 && commit.current(number).isAlive(router);
  }

  private Explanation.Covering covering(int slot, int router, Explanation.Selection selection) {
    int number = rib.classOf(slot);
    List<NumberedHop> hops = new ArrayList<>();
    List<Explanation.Carrier> carriers = new ArrayList<>();
    List<Explanation.ExcludedBackup> excluded = new ArrayList<>();
    if (number != 0) {
      ClassForwarding meaning = commit.current(number);
      for (int index : meaning.hops(router)) {
        Hop hop = routers.get(router).hop(index);
        hops.add(new NumberedHop(index, hop));
        carriers.add(carrier(hop, router, meaning));
      }
      addExcluded(number, router, meaning, excluded);
    }
    return new Explanation.Covering(
        rib.table().prefix(slot),
        selection,
        paths(slot, router),
        number,
        isAlive(slot, router) ? rib.group(number) : 0,
        hops,
        carriers,
        excluded);
  }

  /// Who takes a packet that a router sends by a hop now: behind another router of ours that is the
  /// exit which that one uses, not the path for which the hop was taken.
  private Explanation.Carrier carrier(Hop hop, int router, ClassForwarding meaning) {
    return switch (hop) {
      case Hop.Local(String neighbor, _, _) ->
          carrier(neighbors.named(neighbor), router, List.of());
      case Hop.Discard() -> carrier(neighbors.get(Neighbor.OWN), router, List.of());
      case Hop.Via via -> {
        List<Integer> way =
            rib.forwarding().way(meaning, routers.index(via.router()), commit.liveness());
        List<String> passes = way.stream().map(at -> routers.get(at).name()).toList();
        int exit = way.isEmpty() ? Exits.NONE : meaning.exit(way.getLast());
        yield exit == Exits.NONE
            ? new Explanation.Carrier(null, null, null, passes)
            : carrier(neighbors.get(rib.exits().neighbor(exit)), way.getLast(), passes);
      }
    };
  }

  private Explanation.Carrier carrier(Neighbor neighbor, int router, List<String> passes) {
    return new Explanation.Carrier(
        neighbor.isOwn() ? "" : neighbor.name,
        neighbor.relation(),
        routers.get(router).name(),
        passes);
  }

  private void addExcluded(
      int number, int router, ClassForwarding meaning, List<Explanation.ExcludedBackup> into) {
    int[] primaries = rib.primaries(number, commit.liveness());
    Map<Integer, String> byHop = new HashMap<>();
    for (int i = 0; i < ClassTable.LIST; i++) {
      int exit = rib.exit(number, router, i);
      if (exit == Exits.NONE) {
        continue;
      }
      Neighbor neighbor = neighbors.get(rib.exits().neighbor(exit));
      String name = neighbor.name;
      String reason = whyDown(neighbor);
      if (reason.isEmpty()) {
        reason = rib.forwarding().exclusion(exit, router, primaries, commit.liveness());
      }
      if (reason.isEmpty() && meaning.isAlive(router)) {
        int hop = rib.forwarding().hop(exit, router, commit.liveness());
        String same = byHop.putIfAbsent(hop, name);
        reason = same == null ? "" : "leaves by the same next hop as " + same;
      }
      if (!reason.isEmpty()) {
        into.add(new Explanation.ExcludedBackup(name, reason));
      }
    }
  }

  /// Why nothing can leave by a neighbor; empty where its link and its session are up.
  private String whyDown(Neighbor neighbor) {
    if (neighbor.isOwn()) {
      return "";
    }
    if (!links.isUp(neighbor.config().router(), neighbor.config().interfaceName())) {
      return "its link is down";
    }
    return neighbor.session(rib.family()).isUsable() ? "" : "its session is down";
  }

  /// A path of the prefix in hand.
  private record Path(Neighbor neighbor, PathAttributes attributes, int exit) {}

  /// The paths of a prefix as a router sees them: those of the exit list in order, then the rest in
  /// the order of the decision, then rejected ones.
  List<PathView> paths(int slot, int router) {
    Map<BestPath.Candidate, Path> accepted = new HashMap<>();
    List<BestPath.Candidate> candidates = new ArrayList<>();
    List<PathView> rejected = new ArrayList<>();
    int chosen = rib.overrides().neighbor(slot);
    for (int index = 0; index < rib.columnCount(); index++) {
      int id = rib.column(index).get(slot);
      if (id == 0) {
        continue;
      }
      Neighbor neighbor = neighbors.get(index);
      PathAttributes attributes = rib.attributes().get(id);
      RejectReason reason = rib.reason(index, slot, id);
      if (reason != null) {
        String evidence = rib.evidence(reason, index, slot, id);
        rejected.add(view(neighbor, attributes, router, -1, reason, evidence, NOT_COMPARED));
      } else {
        BestPath.Candidate candidate = candidate(neighbor, attributes, router, chosen);
        int exit = rib.grades().exit(rib.grades().grade(index, id));
        accepted.put(candidate, new Path(neighbor, attributes, exit));
        candidates.add(candidate);
      }
    }
    List<PathView> views = accepted(slot, router, candidates, accepted);
    views.addAll(rejected);
    return views;
  }

  private List<PathView> accepted(
      int slot,
      int router,
      List<BestPath.Candidate> candidates,
      Map<BestPath.Candidate, Path> paths) {
    List<Integer> exitList = exitList(rib.classOf(slot), router);
    Map<BestPath.Candidate, BestPath.Result> results = new HashMap<>();
    for (BestPath.Result result : results(candidates, paths, exitList, router)) {
      results.put(result.candidate(), result);
    }
    List<PathView> views = new ArrayList<>();
    for (BestPath.Candidate candidate : BestPath.order(candidates)) {
      Path path = path(paths, candidate);
      int rank = exitList.indexOf(path.exit());
      views.add(
          view(
              path.neighbor(),
              path.attributes(),
              router,
              rank,
              null,
              "",
              loss(results.get(candidate), paths)));
    }
    views.sort(Comparator.comparingInt(view -> view.rank() < 0 ? Integer.MAX_VALUE : view.rank()));
    return views;
  }

  private static Path path(Map<BestPath.Candidate, Path> paths, BestPath.Candidate candidate) {
    Path path = paths.get(candidate);
    if (path == null) {
      throw new IllegalStateException(candidate.name() + ": no path");
    }
    return path;
  }

  /// The exits that a router uses for a class, in order: the usable ones of its list, or all of
  /// them when none is usable.
  private List<Integer> exitList(int number, int router) {
    List<Integer> all = new ArrayList<>();
    List<Integer> usable = new ArrayList<>();
    for (int i = 0; number != 0 && i < ClassTable.LIST; i++) {
      int exit = rib.exit(number, router, i);
      if (exit != Exits.NONE) {
        all.add(exit);
        if (rib.forwarding().isUsable(exit, router, commit.liveness())) {
          usable.add(exit);
        }
      }
    }
    return usable.isEmpty() ? all : usable;
  }

  /// Why each lost: among the usable paths if that gives what is forwarded, else among all.
  private List<BestPath.Result> results(
      List<BestPath.Candidate> candidates,
      Map<BestPath.Candidate, Path> paths,
      List<Integer> exitList,
      int router) {
    List<BestPath.Candidate> usable =
        candidates.stream()
            .filter(one ->
                rib.forwarding().isUsable(path(paths, one).exit(), router, commit.liveness()))
            .toList();
    List<BestPath.Result> among = BestPath.decide(usable);
    boolean agrees =
        among.stream()
            .anyMatch(result ->
                result.lostAt() == null
                    && !exitList.isEmpty()
                    && exitList.getFirst() == path(paths, result.candidate()).exit());
    return agrees ? among : BestPath.decide(candidates);
  }

  private BestPath.Candidate candidate(
      Neighbor neighbor, PathAttributes attributes, int router, int chosen) {
    Verdicts verdicts = rib.verdicts();
    boolean here = neighbor.isOwn() || neighbor.router() == router;
    return new BestPath.Candidate(
        neighbor.name,
        neighbor.word(chosen),
        verdicts.band(neighbor),
        verdicts.shutdown(attributes),
        verdicts.degree(neighbor, attributes),
        attributes.asPath().length(),
        attributes.origin(),
        Verdicts.med(attributes),
        Verdicts.neighborAs(neighbor, attributes),
        here ? BestPath.EXTERNAL : commit.liveness().distance(router, neighbor.router()),
        neighbor.identifier(rib.family()),
        neighbor.address(rib.family()));
  }

  private PathView view(
      Neighbor neighbor,
      PathAttributes attributes,
      int router,
      int rank,
      @Nullable RejectReason rejected,
      String evidence,
      Lost lost) {
    return new PathView(
        neighbor.name,
        neighbor.isOwn() ? "" : neighbor.config().router(),
        neighbor.relation(),
        attributes,
        liveness(neighbor, router, attributes),
        rank,
        rejected,
        evidence,
        lost.at(),
        lost.to(),
        lost.text());
  }

  /// How a path lost the decision; without anything where it won or was not compared.
  private record Lost(@Nullable Step at, @Nullable String to, String text) {}

  private static final Lost NOT_COMPARED = new Lost(null, null, "");

  private static Lost loss(BestPath.@Nullable Result result, Map<BestPath.Candidate, Path> paths) {
    if (result == null || result.lostAt() == null || result.lostTo() == null) {
      return NOT_COMPARED;
    }
    return new Lost(
        result.lostAt(),
        result.lostTo().name(),
        LossText.of(
            result.lostAt(), side(result.candidate(), paths), side(result.lostTo(), paths)));
  }

  private static LossText.Side side(
      BestPath.Candidate candidate, Map<BestPath.Candidate, Path> paths) {
    Neighbor neighbor = path(paths, candidate).neighbor();
    return new LossText.Side(
        candidate, neighbor.relation(), neighbor.isOwn() ? "" : neighbor.config().router());
  }

  private PathView.Liveness liveness(Neighbor neighbor, int router, PathAttributes attributes) {
    if (neighbor.isOwn()) {
      return PathView.Liveness.USABLE;
    }
    if (!links.isUp(neighbor.config().router(), neighbor.config().interfaceName())) {
      return PathView.Liveness.INTERFACE_DOWN;
    }
    if (!neighbor.session(rib.family()).isUsable()) {
      return PathView.Liveness.STALE;
    }
    boolean silent =
        commit
            .liveness()
            .isSilent(
                neighbor.config().router(),
                neighbor.config().interfaceName(),
                attributes.nextHop());
    if (silent) {
      return PathView.Liveness.SILENT;
    }
    return commit.liveness().reaches(router, neighbor.router())
        ? PathView.Liveness.USABLE
        : PathView.Liveness.UNREACHABLE;
  }

  /// The paths of a prefix, each as its own router sees it; our own as the first router does.
  RouteView route(int slot) {
    Map<Integer, List<PathView>> byRouter = new HashMap<>();
    List<PathView> chosen = new ArrayList<>();
    int first = firstRouter();
    for (PathView view : paths(slot, first)) {
      int router = view.router().isEmpty() ? first : routers.index(view.router());
      for (PathView own : byRouter.computeIfAbsent(router, r -> paths(slot, r))) {
        if (own.neighbor().equals(view.neighbor())) {
          chosen.add(own);
        }
      }
    }
    return new RouteView(rib.table().prefix(slot), chosen);
  }

  private int firstRouter() {
    int router = 0;
    while (!routers.isConfigured(router)) {
      router++;
    }
    return router;
  }

  /// The slot of a prefix whose best path is asked for by relation; see [Tally#best].
  PrefixTable table() {
    return rib.table();
  }

  int best(int slot) {
    int number = rib.classOf(slot);
    return number == 0 ? -1 : Tally.best(rib, commit, routers, number);
  }
}
