package net.donut.agent.fib;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.ReturnHolds;
import net.donut.netlink.KernelGroup;
import net.donut.netlink.KernelLink;
import net.donut.netlink.KernelNextHop;
import net.donut.netlink.NetlinkError;
import net.donut.netlink.NextHopObject;
import org.jspecify.annotations.Nullable;

/// Next hops and groups: resolves hops to interfaces, follows their life, and keeps the kernel's
/// objects as the plans of the groups say. Owned by `agent-fib`.
final class GroupPlane {
  /*
   * Requests for routes gather in RoutePlane, and name kernel groups. Before groups change, those
   * requests are sent and answered: every method that others call to change hops or groups begins
   * with `routes.flush()`. Only `need`, which makes a group for the next route, does not.
   */
  private static final int ENETDOWN = 100;
  private static final int MOST_REFUSALS = 5;
  private static final Set<Family> FAMILIES = Set.of(Family.IPV4, Family.IPV6);

  private final FibOptions options;
  private final KernelObjects objects;
  private final KernelIds ids;
  private final Interfaces interfaces;
  private final KernelNeighbors neighbors;
  private final Adjacencies adjacencies;
  private final RoutePlane routes;
  private final FibCapabilities capabilities;
  private final Weights.Rule weights;
  private final ReturnHolds<Place> holds;
  private final Set<FibHop> hops = new LinkedHashSet<>();
  private final List<KernelGroup> replacements = new ArrayList<>();
  private boolean suspect;

  /// What fails and returns, whichever hop of a client stands for it.
  private record Place(HopSpec spec, String interfaceName) {}

  GroupPlane(
      FibOptions options,
      KernelObjects objects,
      KernelIds ids,
      Interfaces interfaces,
      KernelNeighbors neighbors,
      Adjacencies adjacencies,
      RoutePlane routes,
      FibCapabilities capabilities,
      Weights.Rule weights) {
    this.options = options;
    this.objects = objects;
    this.ids = ids;
    this.interfaces = interfaces;
    this.neighbors = neighbors;
    this.adjacencies = adjacencies;
    this.routes = routes;
    this.capabilities = capabilities;
    this.weights = weights;
    this.holds = new ReturnHolds<>(options.returnHold());
  }

  int hopCount() {
    return hops.size();
  }

  /// What returns is held so long from now on.
  void holds(ReturnHolds.Range range) {
    holds.range(range);
    neighbors.holds(range);
  }

  /// The kernel's id of a hop in groups for routes of a family.
  int kernelIdOf(FibHop hop, Family routeFamily) {
    return idOf(hop, routeFamily);
  }

  // ---- next hops

  @Nullable String putHop(FibHop hop, long nowNanos) {
    routes.flush();
    hops.add(hop);
    KernelLink link = resolve(hop);
    keepResolved(hop, link, nowNanos);
    FibHop.Life life = observedLife(hop, link);
    boolean held = hop.life() == FibHop.Life.HOLDING && life == FibHop.Life.LIVE;
    boolean asked = life == FibHop.Life.LIVE && link != null && !isResolved(hop, link);
    if (asked && !held) {
      hop.hold(Duration.ZERO);
    }
    hop.update(path(link), held || asked ? FibHop.Life.HOLDING : life, nowNanos);
    if (life.isInKernel()) {
      for (Family family : familiesOf(hop)) {
        ensure(hop, family);
      }
    }
    programAll(dependents(List.of(hop)));
    dropUnused(hop);
    if (hop.spec() instanceof HopSpec.Unsupported(String reason)) {
      return hop + ": " + reason;
    }
    return hop.refusal().isEmpty() ? null : hop.refusal();
  }

  void removeHop(FibHop hop) {
    routes.flush();
    hops.remove(hop);
    hop.update(null, FibHop.Life.UNRESOLVED, 0);
    neighbors.leave(hop, System.nanoTime());
    dropUnused(hop);
    for (Family family : FAMILIES) {
      int id = ids.take(KernelIds.Kind.hop(family), hop.instance(), hop.index(), hop);
      ids.release(id);
    }
  }

  private static FibHop.@Nullable Path path(@Nullable KernelLink link) {
    return link == null ? null : new FibHop.Path(link.index(), link.name());
  }

  private @Nullable KernelLink resolve(FibHop hop) {
    return switch (hop.spec()) {
      case HopSpec.Discard() -> null;
      case HopSpec.Unsupported _ -> null;
      case HopSpec.Direct(String name) -> interfaces.byName(name);
      case HopSpec.Gateway(IpAddress address, String name) ->
          name == null ? interfaces.onSubnetOf(address) : interfaces.byName(name);
    };
  }

  /// The families of kernel next hops that stand for a hop.
  private static Set<Family> familiesOf(FibHop hop) {
    return hop.spec() instanceof HopSpec.Gateway(var address, _)
        ? Set.of(address.family())
        : hop.spec() instanceof HopSpec.Direct ? Set.of(Family.IPV4) : Set.of();
  }

  /// Has the gateway of a hop kept resolved where that can be, one that failed included.
  private void keepResolved(FibHop hop, @Nullable KernelLink link, long nowNanos) {
    if (hop.spec() instanceof HopSpec.Gateway(var address, _)
        && link != null
        && link.hasCarrier()
        && link.resolvesNeighbors()
        && !interfaces.isOutOfReach(link, address)) {
      neighbors.use(hop, link.index(), address, nowNanos);
    } else {
      neighbors.leave(hop, nowNanos);
    }
  }

  private boolean isResolved(FibHop hop, KernelLink link) {
    return !(hop.spec() instanceof HopSpec.Gateway(var address, _))
        || !link.resolvesNeighbors()
        || neighbors.isResolved(link.index(), address);
  }

  /// The kernel's id of a hop in a group for routes of a family; IPv4 routes may use an IPv6
  /// gateway.
  private int idOf(FibHop hop, Family routeFamily) {
    Family family =
        hop.spec() instanceof HopSpec.Gateway(var address, _) ? address.family() : routeFamily;
    return ids.take(KernelIds.Kind.hop(family), hop.instance(), hop.index(), hop);
  }

  /// Makes the kernel hold a hop that lives. Returns whether it does.
  private boolean ensure(FibHop hop, Family routeFamily) {
    FibHop.Path path = hop.path();
    if (path == null) {
      return false;
    }
    int id = idOf(hop, routeFamily);
    NextHopObject wanted =
        hop.spec() instanceof HopSpec.Gateway(var address, _)
            ? new KernelNextHop.Gateway(
                id, path.interfaceIndex(), address, KernelNextHop.Reach.ON_LINK, options.protocol())
            : new KernelNextHop.Connected(
                id, routeFamily, path.interfaceIndex(), options.protocol());
    NetlinkError error = objects.put(wanted);
    if (error != null) {
      hop.refuse(
          error.message(), error.errno() == ENETDOWN ? FibHop.Life.DOWN : FibHop.Life.UNRESOLVED);
      suspect = true;
    }
    return error == null;
  }

  /// Deletes the kernel next hops of a hop that does not live or no longer means them.
  private void dropUnused(FibHop hop) {
    boolean lives = hop.life().isInKernel();
    for (Family family : FAMILIES) {
      boolean meant =
          lives && (hop.spec() instanceof HopSpec.Direct || familiesOf(hop).contains(family));
      int id = ids.take(KernelIds.Kind.hop(family), hop.instance(), hop.index(), hop);
      if (!meant && objects.get(id) != null) {
        objects.delete(id);
      }
    }
  }

  /// Looks again where every hop leads, after links or addresses changed, and programs what depends
  /// on those that changed.
  void resolveAgain(long nowNanos) {
    routes.flush();
    List<FibHop> changed = new ArrayList<>();
    for (FibHop hop : hops) {
      KernelLink link = resolve(hop);
      FibHop.Path path = path(link);
      FibHop.Life life = lifeAfter(hop, link);
      if (life != hop.life() || (path != null && !path.equals(hop.path()))) {
        countFailure(hop, life, nowNanos);
        hop.update(path, life, nowNanos);
        changed.add(hop);
      }
    }
    if (changed.isEmpty()) {
      return;
    }
    takeOut(changed);
    for (FibHop hop : changed) {
      keepResolved(hop, resolve(hop), nowNanos);
    }
    programAll(dependents(changed));
    changed.forEach(this::dropUnused);
  }

  /// Remembers a failure of what was well, and how long to hold what returns.
  private void countFailure(FibHop hop, FibHop.Life next, long nowNanos) {
    FibHop.Path path = hop.path();
    if (path == null) {
      return;
    }
    Place place = new Place(hop.spec(), path.interfaceName());
    boolean wasWell = hop.life().compareTo(FibHop.Life.HOLDING) >= 0;
    if (wasWell && next.compareTo(FibHop.Life.HOLDING) < 0) {
      holds.failed(place, nowNanos);
    }
    if (next == FibHop.Life.HOLDING) {
      hop.hold(holds.hold(place, nowNanos));
    }
  }

  /// What is to be seen of a hop now, whatever was before.
  private FibHop.Life observedLife(FibHop hop, @Nullable KernelLink link) {
    if (link == null) {
      return FibHop.Life.UNRESOLVED;
    }
    if (!link.hasCarrier()) {
      return FibHop.Life.DOWN;
    }
    if (!(hop.spec() instanceof HopSpec.Gateway gateway)) {
      return FibHop.Life.LIVE;
    }
    if (interfaces.isOutOfReach(link, gateway.address())) {
      return FibHop.Life.ADDRESSLESS;
    }
    if (neighbors.hasFailed(link.index(), gateway.address())) {
      return FibHop.Life.UNREACHABLE;
    }
    Failure failure = adjacencies.failureOf(gateway, new FibHop.Path(link.index(), link.name()));
    return switch (failure) {
      case null -> FibHop.Life.LIVE;
      case WITHDRAWING -> FibHop.Life.WITHDRAWING;
      case SESSION_ENDED -> FibHop.Life.LOST;
      case UNREACHABLE -> FibHop.Life.UNREACHABLE;
    };
  }

  private FibHop.Life lifeAfter(FibHop hop, @Nullable KernelLink link) {
    FibHop.Life observed = observedLife(hop, link);
    boolean refused = !hop.refusal().isEmpty();
    if (observed != FibHop.Life.LIVE) {
      return refused && observed.isInKernel() ? hop.life() : observed;
    }
    if (refused) {
      return hop.life();
    }
    return switch (hop.life()) {
      case LIVE, HOLDING -> hop.life();
      case UNRESOLVED, DOWN, ADDRESSLESS, UNREACHABLE, LOST, WITHDRAWING ->
          holds.range().first().isZero() ? FibHop.Life.LIVE : FibHop.Life.HOLDING;
    };
  }

  /// Has the kernel move traffic away from those that packets do not reach, before anything else:
  /// what it then makes of the groups is what their plans say.
  private void takeOut(List<FibHop> changed) {
    Set<Integer> out = new HashSet<>();
    for (FibHop hop : changed) {
      FibLog.life(hop);
      if (hop.life() == FibHop.Life.UNREACHABLE || hop.life() == FibHop.Life.ADDRESSLESS) {
        familiesOf(hop).forEach(family -> out.add(idOf(hop, family)));
      }
    }
    forgetGroups(objects.deleteHops(out));
  }

  /// Trusts the hops whose hold is over. Returns nanoseconds until the next is due, or
  /// Long.MAX_VALUE.
  long releaseHolds(long nowNanos) {
    long next = Long.MAX_VALUE;
    List<FibHop> trusted = new ArrayList<>();
    for (FibHop hop : hops) {
      if (hop.life() == FibHop.Life.HOLDING) {
        long due = untilTrusted(hop, nowNanos);
        if (due <= 0) {
          trusted.add(hop);
        } else {
          next = Math.min(next, due);
        }
      }
    }
    if (trusted.isEmpty()) {
      return next;
    }
    routes.flush();
    for (FibHop hop : trusted) {
      hop.update(hop.path(), FibHop.Life.LIVE, nowNanos);
      FibLog.trusted(hop);
    }
    programAll(dependents(trusted));
    return next;
  }

  /// After the hold a hop is trusted as soon as its gateway is resolved, and in any case after four
  /// first holds more: then it is for BFD and BGP to say that nobody is there.
  private long untilTrusted(FibHop hop, long nowNanos) {
    Duration hold = hop.hold();
    long held = nowNanos - hop.heldSinceNanos();
    if (held < hold.toNanos()) {
      return hold.toNanos() - held;
    }
    KernelLink link = resolve(hop);
    boolean resolved = link == null || isResolved(hop, link);
    long patience = holds.range().first().multipliedBy(4).toNanos();
    return resolved || held >= hold.toNanos() + patience ? 0 : Duration.ofMillis(50).toNanos();
  }

  /// Whether the kernel refused something, so that what is known of it may be wrong.
  boolean isSuspect() {
    return suspect;
  }

  /// Tries again what the kernel refused, after something changed or some time passed.
  void retryRefused(long nowNanos) {
    routes.flush();
    suspect = false;
    for (FibHop hop : List.copyOf(hops)) {
      if (!hop.refusal().isEmpty()) {
        putHop(hop, nowNanos);
      }
    }
    for (Group group : routes.groups()) {
      for (Family family : FAMILIES) {
        if (group.presence(family) instanceof Group.Presence.Refused) {
          program(group, family);
        }
      }
    }
  }

  /// A link died: takes note of what the kernel did to its next hops and groups.
  void linkGone(int interfaceIndex) {
    routes.flush();
    neighbors.linkGone(interfaceIndex);
    forgetGroups(objects.linkGone(interfaceIndex));
  }

  private void forgetGroups(List<Integer> vanished) {
    for (int id : vanished) {
      if (ids.owner(id) instanceof Group group) {
        for (Family family : FAMILIES) {
          if (group.kernelId(family) == id) {
            group.setPresence(family, new Group.Presence.Unknown());
          }
        }
      }
    }
    routes.groupsVanished(new HashSet<>(vanished));
  }

  // ---- groups

  @Nullable String putGroup(Group group) {
    routes.flush();
    programAll(group.dependents());
    for (Family family : FAMILIES) {
      if (group.presence(family) instanceof Group.Presence.Refused(String error)) {
        return error;
      }
    }
    return null;
  }

  void removeGroup(Group group) {
    routes.flush();
    for (Family family : FAMILIES) {
      int id = idOf(group, family);
      if (objects.get(id) != null) {
        deleteGroup(id);
      }
      ids.release(id);
      group.setPresence(family, new Group.Presence.Unknown());
    }
  }

  /// Deletes the kernel groups of groups, and with them all routes on them at once.
  void removeWithRoutes(Iterable<Group> removed) {
    routes.flush();
    Set<Integer> vanished = new HashSet<>();
    for (Group group : removed) {
      for (Family family : FAMILIES) {
        int id = idOf(group, family);
        if (objects.get(id) != null) {
          objects.delete(id);
          vanished.add(id);
        }
        group.setPresence(family, new Group.Presence.Unknown());
      }
    }
    routes.groupsVanished(vanished);
  }

  private void deleteGroup(int id) {
    objects.delete(id);
    routes.groupsVanished(Set.of(id));
  }

  private int idOf(Group group, Family family) {
    return ids.take(KernelIds.Kind.group(family), group.instance(), group.id(), group);
  }

  /// Programs a group for a family the first time a route of it comes.
  void need(Group group, Family family) {
    if (group.presence(family) instanceof Group.Presence.Unknown) {
      program(group, family);
    }
  }

  private static Set<Group> dependents(List<FibHop> hops) {
    Set<Group> found = new LinkedHashSet<>();
    for (FibHop hop : hops) {
      for (Group user : hop.users()) {
        found.addAll(user.dependents());
      }
    }
    return found;
  }

  /// Programs groups. Those that only change their members are replaced in one send: that is how
  /// traffic leaves a hop, and there may be a hundred of them.
  private void programAll(Iterable<Group> groups) {
    replacements.clear();
    for (Group group : groups) {
      for (Family family : FAMILIES) {
        boolean wanted =
            family == preferred(group) || group.hasRoutes(family) || group.kernelId(family) != 0;
        if (wanted) {
          program(group, family, replacements::add);
        }
      }
    }
    for (KernelGroup refused : objects.replaceAll(replacements)) {
      if (ids.owner(refused.id()) instanceof Group group) {
        for (Family family : FAMILIES) {
          if (idOf(group, family) == refused.id()) {
            program(group, family);
          }
        }
      }
    }
  }

  /// The family whose kernel group a group has even when no route uses it: that of its gateways.
  private static Family preferred(Group group) {
    boolean ipv6 = false;
    for (Group at = group; at != null; at = at.backup()) {
      for (Group.Member member : at.members()) {
        if (member.hop().spec() instanceof HopSpec.Gateway(var address, _)) {
          if (address.family() == Family.IPV4) {
            return Family.IPV4;
          }
          ipv6 = true;
        }
      }
    }
    return ipv6 ? Family.IPV6 : Family.IPV4;
  }

  /// Makes the kernel's group what the plan says, now.
  private void program(Group group, Family family) {
    program(group, family, wanted -> replace(group, family, wanted));
  }

  /// Makes the kernel's group what the plan says, and hands on what only takes a replacement.
  private void program(Group group, Family family, Consumer<KernelGroup> replacement) {
    while (true) {
      switch (GroupPlan.of(group, family, weights)) {
        case GroupPlan.Down() -> {
          fault(group, family, "");
          programDown(group, family);
          return;
        }
        case GroupPlan.Blackhole() -> {
          fault(group, family, refusalOfMembers(group));
          programDiscard(group, family, replacement);
          return;
        }
        case GroupPlan.Members(var shares) -> {
          boolean complete = true;
          List<KernelGroup.Member> members = new ArrayList<>();
          for (GroupPlan.Share share : shares) {
            complete &= ensure(share.hop(), family);
            members.add(new KernelGroup.Member(idOf(share.hop(), family), share.weight()));
          }
          if (complete) {
            fault(group, family, "");
            write(group, family, members, replacement);
            return;
          }
          // A refused hop counts as unresolved now, so the next plan is without it.
        }
      }
    }
  }

  /// Takes note of why the routes of a group are discarded although nobody asked for that.
  private void fault(Group group, Family family, String fault) {
    boolean before = group.refusal(family) != null;
    group.setFault(family, fault);
    if (before != (group.refusal(family) != null) && group.hasRoutes(family)) {
      routes.putBack();
    }
  }

  private static String refusalOfMembers(Group group) {
    for (Group at = group; at != null; at = at.backup()) {
      for (Group.Member member : at.members()) {
        if (!member.hop().refusal().isEmpty()) {
          return group + " discards: " + member.hop() + ": " + member.hop().refusal();
        }
      }
    }
    return "";
  }

  /// What the kernel refuses of next hops and groups now, one line each, the first of many.
  List<String> refusals() {
    List<String> lines = new ArrayList<>();
    for (FibHop hop : hops) {
      if (!hop.refusal().isEmpty() && hop.life() != FibHop.Life.DOWN) {
        lines.add(hop + ": " + hop.refusal());
      }
    }
    for (Group group : routes.groups()) {
      for (Family family : FAMILIES) {
        if (group.presence(family) instanceof Group.Presence.Refused(String error)) {
          lines.add(error);
        }
      }
    }
    return lines.size() <= MOST_REFUSALS ? lines : lines.subList(0, MOST_REFUSALS);
  }

  private void programDown(Group group, Family family) {
    int id = idOf(group, family);
    group.setPresence(family, new Group.Presence.Down());
    if (objects.get(id) != null) {
      deleteGroup(id);
    }
  }

  private void programDiscard(Group group, Family family, Consumer<KernelGroup> replacement) {
    int discard = KernelIds.discard(family);
    NetlinkError error =
        objects.put(new KernelNextHop.Blackhole(discard, family, options.protocol()));
    if (error != null) {
      refused(group, family, error);
      return;
    }
    write(group, family, List.of(new KernelGroup.Member(discard, 1)), replacement);
  }

  private void write(
      Group group,
      Family family,
      List<KernelGroup.Member> members,
      Consumer<KernelGroup> replacement) {
    int id = idOf(group, family);
    NextHopObject before = objects.get(id);
    KernelGroup wanted = new KernelGroup(id, members, kind(), options.protocol());
    boolean sameKind = before instanceof KernelGroup old && old.kind().equals(wanted.kind());
    if (sameKind && group.kernelId(family) == id) {
      if (!wanted.equals(before)) {
        replacement.accept(wanted);
      }
      return;
    }
    if (before != null && !sameKind) {
      deleteGroup(id); // A group cannot change its kind.
    }
    replace(group, family, wanted);
  }

  private void replace(Group group, Family family, KernelGroup wanted) {
    int id = wanted.id();
    NextHopObject before = objects.get(id);
    NetlinkError error = objects.put(wanted);
    if (error != null) {
      refused(group, family, error);
      return;
    }
    boolean appeared = before == null || group.kernelId(family) == 0;
    group.setPresence(family, new Group.Presence.Held(id));
    if (appeared && group.hasRoutes(family)) {
      routes.putBack();
    }
  }

  private void refused(Group group, Family family, NetlinkError error) {
    suspect = true;
    if (objects.get(idOf(group, family)) == null) {
      group.setPresence(family, new Group.Presence.Refused(group + ": " + error.message()));
      if (group.hasRoutes(family)) {
        routes.putBack();
      }
    }
  }

  private KernelGroup.Kind kind() {
    return capabilities.resilientGroups()
        ? new KernelGroup.Resilient(Weights.BUCKETS, Duration.ZERO, Duration.ZERO)
        : new KernelGroup.HashThreshold();
  }

  // ---- reconciliation

  /// Compares our objects with a fresh dump and puts right what differs. Returns how many objects
  /// were not as they should be.
  int reconcile(long nowNanos) {
    routes.flush();
    List<Integer> before =
        objects.all().stream()
            .filter(KernelGroup.class::isInstance)
            .map(NextHopObject::id)
            .toList();
    Set<Integer> different = objects.refresh();
    if (different.isEmpty()) {
      return 0;
    }
    List<Integer> vanished =
        before.stream().filter(id -> !(objects.get(id) instanceof KernelGroup)).toList();
    forgetGroups(vanished);
    for (FibHop hop : hops) {
      if (hop.life().isInKernel() && !hop.isReferenced()) {
        familiesOf(hop).forEach(family -> ensure(hop, family));
      }
    }
    programAll(routes.groups());
    neighbors.refresh(nowNanos);
    return different.size();
  }

  /// Deletes kernel objects of ours that stand for nothing a client asked for. Returns how many.
  int sweepObjects() {
    List<NextHopObject> unclaimed =
        objects.all().stream()
            .filter(object -> KernelIds.isOurs(object.id()))
            .filter(object -> ids.owner(object.id()) == null)
            .filter(object -> !isDiscard(object.id()))
            .toList();
    List<NextHopObject> groupsFirst = new ArrayList<>(unclaimed);
    groupsFirst.sort(
        (a, b) -> Boolean.compare(a instanceof KernelNextHop, b instanceof KernelNextHop));
    for (NextHopObject object : groupsFirst) {
      if (object instanceof KernelGroup) {
        deleteGroup(object.id());
      } else {
        objects.delete(object.id());
      }
    }
    return groupsFirst.size();
  }

  private static boolean isDiscard(int id) {
    return id == KernelIds.discard(Family.IPV4) || id == KernelIds.discard(Family.IPV6);
  }
}
