package net.donut.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import net.donut.core.answer.BestRoute;
import net.donut.core.answer.Counts;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.Health;
import net.donut.core.answer.Loss;
import net.donut.core.answer.NeighborCounts;
import net.donut.core.answer.Refusals;
import net.donut.core.answer.RejectReason;
import net.donut.core.answer.RoutePage;
import net.donut.core.answer.RouteQuery;
import net.donut.core.answer.WhatIf;
import net.donut.core.change.Delta;
import net.donut.core.change.ExportBlock;
import net.donut.core.change.OverrideEnd;
import net.donut.core.change.RouterDelta;
import net.donut.core.change.RouterView;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.table.AttributeTable;
import net.donut.model.table.PrefixTable;
import net.donut.model.table.SharedAttributes;

/// The network's routing state and its decision. Changes are collected until [#commit], which
/// decides what they touch and returns what changed for routers and neighbors. Queries answer as of
/// the last commit. Owned by the RIB thread.
public final class Engine {
  private final AttributeTable attributes = new AttributeTable();
  private final CoreNeighbors neighbors = new CoreNeighbors();
  private final Routers routers = new Routers();
  private final Links links = new Links();
  private final InterfaceAddresses addresses = new InterfaceAddresses();
  private final CoreRib ipv4;
  private final CoreRib ipv6;
  private final RibCommit ipv4Commit;
  private final RibCommit ipv6Commit;
  private final LostPrefixes ipv4Lost;
  private final LostPrefixes ipv6Lost;
  private Policy policy;
  private long generation;

  public Engine(Policy policy) {
    this(policy, ClassTable.MOST_UNUSED);
  }

  /// An engine that keeps so many classes without prefixes.
  Engine(Policy policy, int mostUnusedClasses) {
    this.policy = policy;
    routers.configure(policy);
    links.configure(policy, routers);
    neighbors.configure(policy, routers);
    ipv4 =
        new CoreRib(Family.IPV4, policy, attributes, neighbors, routers, links, mostUnusedClasses);
    ipv6 =
        new CoreRib(Family.IPV6, policy, attributes, neighbors, routers, links, mostUnusedClasses);
    ipv4Commit = new RibCommit(ipv4, neighbors, routers, policy);
    ipv6Commit = new RibCommit(ipv6, neighbors, routers, policy);
    ipv4Lost = new LostPrefixes(ipv4);
    ipv6Lost = new LostPrefixes(ipv6);
    learnNetworks(Set.of());
  }

  public Policy policy() {
    return policy;
  }

  /// Grows with every commit that changed something.
  public long generation() {
    return generation;
  }

  /// The number of a neighbor of the policy, which it keeps as long as it is in the policy. Throws
  /// IllegalArgumentException naming those known.
  public int neighbor(String name) {
    return neighbors.named(name).index;
  }

  private Neighbor checked(int neighbor) {
    if (neighbor <= Neighbor.OWN
        || neighbor >= neighbors.size()
        || !neighbors.get(neighbor).isConfigured()) {
      throw new IllegalArgumentException(
          "neighbor: " + neighbor + " (expected: a number that neighbor(name) gave)");
    }
    return neighbors.get(neighbor);
  }

  private CoreRib rib(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }

  private RibCommit commit(Family family) {
    return family == Family.IPV4 ? ipv4Commit : ipv6Commit;
  }

  /// A neighbor announced prefixes.
  public void announce(int neighbor, Prefixes prefixes, PathAttributes path) {
    rib(prefixes.family()).announce(checked(neighbor).index, prefixes, path);
  }

  /// A neighbor announced prefixes with attributes it will use again.
  public void announce(int neighbor, Prefixes prefixes, SharedAttributes path) {
    rib(prefixes.family()).announce(checked(neighbor).index, prefixes, path);
  }

  /// A neighbor withdrew prefixes; those it never announced are ignored.
  public void withdraw(int neighbor, Prefixes prefixes) {
    rib(prefixes.family()).withdraw(checked(neighbor).index, prefixes);
  }

  /// A full snapshot of a neighbor's routes of a family begins: what is known stays until the end.
  public void sweepStart(int neighbor, Family family) {
    rib(family).sweepStart(checked(neighbor).index);
  }

  /// The snapshot is complete: what it did not repeat is withdrawn. Returns how many prefixes.
  /// Without a beginning nothing happens.
  public int sweepEnd(int neighbor, Family family) {
    return rib(family).sweepEnd(checked(neighbor).index);
  }

  /// A neighbor's first table is on its way. Until [#tableHeard], a prefix that was never decided
  /// is decided only when this neighbor announced it too: so that it is not given to routers twice.
  /// Route selection deferral (RFC 4724 section 4.1), prefix by prefix.
  public void awaitTable(int neighbor, Family family) {
    rib(family).awaitTable(checked(neighbor).index);
  }

  /// The neighbor's first table was heard, or is not waited for any longer.
  public void tableHeard(int neighbor, Family family) {
    rib(family).tableHeard(checked(neighbor).index);
  }

  /// Forgets everything heard from a neighbor in a family. Returns how many prefixes.
  public int clear(int neighbor, Family family) {
    return rib(family).clear(checked(neighbor).index);
  }

  /// Notes what a lost neighbor announced in a family before [#clear] forgets it, so that [#health]
  /// can say what is missing until [#forgetLoss]. O(prefixes).
  public void rememberLoss(int neighbor, Family family) {
    lost(family).remember(checked(neighbor).index);
  }

  /// The neighbor announces its routes again, or nobody waits for it. O(1).
  public void forgetLoss(int neighbor, Family family) {
    lost(family).forget(checked(neighbor).index);
  }

  private LostPrefixes lost(Family family) {
    return family == Family.IPV4 ? ipv4Lost : ipv6Lost;
  }

  /// What became of a session. Costs O(classes), not O(prefixes), unless prefixes lose all of their
  /// exit list.
  public void setSession(int neighbor, Family family, SessionLiveness liveness) {
    Neighbor known = checked(neighbor);
    boolean usable = known.session(family).isUsable();
    if (known.setSession(family, liveness)) {
      rib(family).reorder(neighbor);
    }
    if (usable != liveness.isUsable()) {
      rib(family).livenessChanged();
    }
  }

  /// What became of an interface of a router, whether towards neighbors or another router of ours;
  /// others are ignored. Unless told, interfaces are up. Costs as [#setSession].
  public void setInterface(String router, String interfaceName, InterfaceState state) {
    if (links.set(router, interfaceName, state)) {
      ipv4.livenessChanged();
      ipv6.livenessChanged();
    }
  }

  /// The families that an interface which is up cannot be used for: it lost its addresses. Costs as
  /// [#setSession].
  public void setLostFamilies(String router, String interfaceName, Set<Family> families) {
    if (links.setLost(router, interfaceName, families)) {
      ipv4.livenessChanged();
      ipv6.livenessChanged();
    }
  }

  /// The next hops at a router that do not answer, in place of those said before: exits by them are
  /// not used. Costs as [#setSession].
  public void setSilentGateways(String router, Set<SilentGateway> gateways) {
    if (links.setSilent(router, gateways)) {
      ipv4.livenessChanged();
      ipv6.livenessChanged();
    }
  }

  /// What neighbors of a router are told of some prefixes, as of the last commit.
  public List<ExportBlock.Announce> exportsOf(String router, Prefixes prefixes) {
    List<ExportBlock.Announce> exports = new ArrayList<>();
    commit(prefixes.family()).exports(routers.index(router), prefixes, exports);
    return exports;
  }

  /// The addresses of a router on one of its interfaces, all of them; none for one that has none.
  /// They say which next hops a public peer or a route server may name, which addresses are ours,
  /// and which prefixes are the LAN of an exchange. As long as nothing is told, next hops are the
  /// addresses of sessions only. What that changes is judged again, without a word of neighbors:
  /// O(paths of the neighbors concerned). Returns whether it may have changed anything. Throws
  /// IllegalArgumentException for a router that is not in the policy.
  public boolean connected(String router, String interfaceName, List<InterfaceAddress> all) {
    routers.index(router);
    Set<IpAddress> changed = addresses.set(router, interfaceName, all);
    return !changed.isEmpty() && learnNetworks(changed);
  }

  /// Takes over what the addresses of our routers mean; `changed` are those that came or went.
  private boolean learnNetworks(Set<IpAddress> changed) {
    InterfaceAddresses.Meaning meaning = addresses.meaning(policy);
    boolean named = isNextHop(changed);
    boolean any = false;
    for (Neighbor neighbor : neighbors.configured()) {
      NextHopRules before = neighbor.nextHops();
      NextHopRules next = meaning.nextHops(neighbor.config());
      if (before.subnets().equals(next.subnets()) && !named) {
        neighbor.setNextHops(next);
      } else if (!before.equals(next)) {
        BitSet refused4 = ipv4.refused(neighbor.index);
        BitSet refused6 = ipv6.refused(neighbor.index);
        neighbor.setNextHops(next);
        ipv4.judgeAgain(neighbor.index, refused4);
        ipv6.judgeAgain(neighbor.index, refused6);
        any = true;
      }
    }
    for (Family family : Family.values()) {
      DisjointPrefixes lans = meaning.lans(family, neighbors.configured());
      any |= !rib(family).verdicts().lans().equals(lans);
      rib(family).setLans(lans);
    }
    return any;
  }

  /// Whether a path that was heard has one of these next hops.
  private boolean isNextHop(Set<IpAddress> some) {
    for (int id = 1; !some.isEmpty() && id < attributes.capacity(); id++) {
      if (attributes.isPresent(id) && some.contains(attributes.get(id).nextHop())) {
        return true;
      }
    }
    return false;
  }

  /// A router hears nobody, or hears us again. Until it does, it is taken to forward every prefix
  /// as of the last commit, and nobody sends it what it would send back. Costs as [#setSession];
  /// when it hears again also what was decided meanwhile. Throws IllegalArgumentException for a
  /// router that is not in the policy.
  public void setHeadless(String router, boolean headless) {
    int index = routers.index(router);
    for (Family family : Family.values()) {
      if (headless) {
        commit(family).loseRouter(index);
      } else {
        rib(family).regainRouter(index);
      }
    }
  }

  /// Ranks the paths of a neighbor below all others until [#undrain].
  public void drain(int neighbor) {
    setDrained(checked(neighbor), true);
  }

  public void undrain(int neighbor) {
    setDrained(checked(neighbor), false);
  }

  private void setDrained(Neighbor neighbor, boolean drained) {
    if (neighbor.isDrained() != drained) {
      neighbor.setDrained(drained);
      ipv4.reorder(neighbor.index);
      ipv6.reorder(neighbor.index);
    }
  }

  public boolean isDrained(int neighbor) {
    return checked(neighbor).isDrained();
  }

  /// Sends a prefix by one neighbor until [#endOverride], whether or not it is announced now; takes
  /// the place of an earlier override of the prefix. Costs O(1). Throws IllegalArgumentException
  /// for a neighbor that is not in the policy.
  public void override(RouteOverride override) {
    CoreRib rib = rib(override.prefix().family());
    rib.override(override, neighbor(override.neighbor()));
  }

  /// Ends the override of a prefix, if there is one.
  public void endOverride(Prefix prefix) {
    CoreRib rib = rib(prefix.family());
    rib.endOverride(prefix);
  }

  /// The overrides that stand. Those by neighbors that left the policy ended.
  public List<RouteOverride> overrides() {
    List<RouteOverride> all = new ArrayList<>(ipv4.overrides().all());
    all.addAll(ipv6.overrides().all());
    return all;
  }

  /// Why an override of a prefix by a neighbor has no effect now, for people; empty when it has.
  public String overrideObstacle(Prefix prefix, int neighbor) {
    CoreRib rib = rib(prefix.family());
    int slot = rib.table().find(prefix);
    int index = checked(neighbor).index;
    int path = slot == PrefixTable.NONE ? 0 : rib.column(index).get(slot);
    if (path == 0) {
      return "does not announce it";
    }
    RejectReason reason = rib.reason(index, slot, path);
    if (reason != null) {
      return "announces it, but policy refuses that: "
          + reason.word()
          + ": "
          + rib.evidence(reason, index, slot, path);
    }
    Neighbor chosen = neighbors.get(index);
    if (chosen.isDrained()) {
      return "is drained, which wins over an override";
    }
    if (!links.isUp(chosen.config().router(), chosen.config().interfaceName(), prefix.family())) {
      return "cannot be used: its link is down";
    }
    return chosen.session(prefix.family()).isUsable() ? "" : "cannot be used: its session is down";
  }

  /// Replaces the policy and decides everything anew. Neighbors that remain, by name, keep what was
  /// heard from them. A commit has to come before the next policy.
  public void applyPolicy(Policy next) {
    policy = next;
    routers.configure(next);
    links.configure(next, routers);
    List<Neighbor> gone = neighbors.configure(next, routers);
    List<Neighbor> remaining =
        neighbors.configured().stream().filter(neighbor -> !gone.contains(neighbor)).toList();
    InterfaceAddresses.Meaning meaning = addresses.meaning(next);
    remaining.forEach(neighbor -> neighbor.setNextHops(meaning.nextHops(neighbor.config())));
    for (Family family : Family.values()) {
      rib(family).applyPolicy(next, gone, meaning.lans(family, remaining));
      gone.forEach(neighbor -> lost(family).forget(neighbor.index));
    }
    gone.forEach(neighbor -> neighbor.configure(null, -1));
    for (Family family : Family.values()) {
      commit(family).applyPolicy(next);
    }
  }

  /// Adds neighbors to the policy without judging again what is there: O(neighbors). They have
  /// heard nothing yet.
  public void addNeighbors(List<NeighborConfig> added) {
    List<NeighborConfig> all = new ArrayList<>(policy.neighbors());
    all.addAll(added);
    policy = policy.withNeighbors(all);
    neighbors.configure(policy, routers);
    for (Family family : Family.values()) {
      rib(family).neighborsAdded();
      commit(family).applyPolicy(policy);
    }
    learnNetworks(Set.of());
  }

  /// Judges the origins of routes by these payloads from now on (RFC 6811). Costs as
  /// [#applyPolicy].
  public void validateOrigins(ValidatedPayloads payloads) {
    ipv4.setPayloads(payloads);
    ipv6.setPayloads(payloads);
    applyPolicy(policy);
  }

  /// Decides what changed since the commit before.
  public Delta commit() {
    CommitLog log = new CommitLog(routers.size());
    ipv4Commit.commit(log);
    ipv6Commit.commit(log);
    List<RouterDelta> deltas = new ArrayList<>();
    for (int router = 0; router < routers.size(); router++) {
      RouterDelta delta = routers.get(router).finish(log.routes(router), log.overrideEnds(router));
      if (!delta.isEmpty() && routers.isConfigured(router)) {
        deltas.add(delta);
      }
    }
    List<ExportBlock> exports = log.exports();
    if (!deltas.isEmpty() || !exports.isEmpty()) {
      generation++;
    }
    return new Delta(generation, deltas, exports, log.moved);
  }

  /// Everything a router is to have and its neighbors to be told, as of the last commit.
  public RouterView snapshot(String router) {
    int index = routers.index(router);
    CommitLog log = new CommitLog(routers.size());
    List<ExportBlock.Announce> exports = new ArrayList<>();
    for (Family family : Family.values()) {
      commit(family).routes(index, log);
      commit(family).exports(index, -1, exports);
    }
    RouterState state = routers.get(index);
    List<OverrideEnd> overrideEnds = new ArrayList<>(ipv4.overrides().ends(index));
    overrideEnds.addAll(ipv6.overrides().ends(index));
    return new RouterView(
        router, state.hops(), state.groups(), log.routes(index), overrideEnds, exports);
  }

  /// What a neighbor is told, as of the last commit.
  public List<ExportBlock.Announce> exports(int neighbor) {
    Neighbor known = checked(neighbor);
    List<ExportBlock.Announce> exports = new ArrayList<>();
    for (Family family : Family.values()) {
      commit(family).exports(known.router(), neighbor, exports);
    }
    return exports;
  }

  /// Why an address goes where it goes at a router.
  public Explanation explain(IpAddress address, String router) {
    return inspection(address.family()).explain(address, routers.index(router));
  }

  private RouteInspection inspection(Family family) {
    return new RouteInspection(rib(family), commit(family), neighbors, routers, links);
  }

  /// A page of routes; paths are ranked as the neighbor's own router sees them. IPv4 comes before
  /// IPv6.
  public RoutePage routes(RouteQuery query) {
    return new RouteListing(inspection(Family.IPV4), inspection(Family.IPV6), neighbors)
        .page(query);
  }

  /// Judges the address space; lists are cut at `limit`. O(prefixes).
  public Coverage coverage(int limit) {
    return report(Math.max(0, limit)).coverage();
  }

  private CoverageReport report(int limit) {
    return new CoverageReport(ribs(), neighbors, routers, limit);
  }

  private List<CoverageReport.Side> ribs() {
    return List.of(
        new CoverageReport.Side(ipv4, ipv4Commit), new CoverageReport.Side(ipv6, ipv6Commit));
  }

  /// O(classes) as long as every prefix is forwarded everywhere, else O(prefixes).
  public Counts counts() {
    Tally tally = new Tally(ribs(), neighbors, routers);
    return tally.counts(tally.isWhole() ? 0 : report(0).coverage().holeCount());
  }

  /// The share of prefixes whose best path is direct, 0..1, as of the last commit. O(classes).
  public double donutRatio() {
    return new Tally(ribs(), neighbors, routers).donutRatio();
  }

  /// How well packets are served. Costs as [#counts], and O(prefixes) when neighbors are lost and
  /// something changed since the last time.
  public Health health() {
    Tally tally = new Tally(ribs(), neighbors, routers);
    int defaults = 0;
    int known = 0;
    for (Family family : Family.values()) {
      defaults += tally.defaults(family);
      known += tally.defaultsKnown(family, lost(family));
    }
    Loss loss = ipv4Lost.loss(generation).plus(ipv6Lost.loss(generation));
    if (tally.isWhole()) {
      return new Health(tally.counts(0), List.of(), loss, defaults, known);
    }
    Coverage coverage = coverage(1);
    return new Health(coverage.counts(), coverage.holeCauses(), loss, defaults, known);
  }

  /// How many prefixes of a family a neighbor has announced, refused ones included.
  public int prefixes(int neighbor, Family family) {
    return rib(family).column(checked(neighbor).index).size();
  }

  public NeighborCounts neighborCounts(int neighbor) {
    return new Tally(ribs(), neighbors, routers).neighbor(checked(neighbor));
  }

  /// Hands over the best path of every prefix at a router, in the order of prefixes, with the step
  /// that decided. Nothing may be uncommitted. O(paths).
  public void best(String router, Consumer<BestRoute> into) {
    checkClean();
    int index = routers.index(router);
    for (CoverageReport.Side side : ribs()) {
      CoreRib rib = side.rib();
      Decider decider = rib.decider(side.commit().liveness(), rib.newClassTable());
      new Survey(rib, neighbors).best(decider, index, into);
    }
  }

  /// What policy refuses, with so many examples a reason, and the validity of origins. O(paths).
  public Refusals refusals(int examples) {
    Survey.Found found = new Survey.Found();
    for (CoverageReport.Side side : ribs()) {
      new Survey(side.rib(), neighbors).refusals(examples, found);
    }
    return found.toRefusals();
  }

  private void checkClean() {
    if (!ipv4.isClean() || !ipv6.isClean()) {
      throw new IllegalStateException("uncommitted changes (expected: none)");
    }
  }

  /// What changes would do, without doing them. Nothing may be uncommitted. O(classes), and
  /// O(prefixes) for prefixes that would lose all of their exit list.
  public WhatIf whatIf(List<WhatIf.Change> changes) {
    checkClean();
    return new WhatIfTrial(ribs(), neighbors, routers, changes).run();
  }
}
