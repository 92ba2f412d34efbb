package net.donut.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.donut.core.change.Hop;
import net.donut.core.policy.LinkEnd;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.agrona.collections.Long2LongHashMap;

/// Turns the exit lists of a class into hop lists of routers, so that following them never loops:
/// neither while everything is as decided, nor when any one exit or link is gone.
///
/// Pure in (class, liveness); the numbering of hops is a cache. Made anew for each policy.
final class Forwarding {
  /*
   * Primary: the first usable exit of the router's own list. All routers rank by the same rounds up
   * to interior cost, so following primaries leads to the exit by ever smaller distance. MED can
   * break that in theory; `agree` then makes every router of the partition use one exit, which
   * shortest paths to one place cannot turn into a loop.
   *
   * A router that hears nobody keeps the primary it had. The others know that, and go down their
   * lists until no packet comes around.
   *
   * Backups are used by a router alone, the moment its primary is gone and before anybody else knows.
   * So a backup through router n is taken only if n's primaries do not lead back here (RFC 5286
   * inequality 1, checked by walking). After the exits of the list come links to other routers that
   * forward the class without us: a second way to the same exit.
   *
   * A discard forwards nothing and cannot be one of several members, so it stands alone or not at
   * all.
   */
  static final int MOST_HOPS = ClassTable.LIST;

  private static final long MISSING = -1;

  private final Family family;
  private final Exits exits;
  private final CoreNeighbors neighbors;
  private final Routers routers;
  private final Links links;
  private final HeadlessRouters headless;
  private final Long2LongHashMap hopOfExit = new Long2LongHashMap(MISSING);
  private final Long2LongHashMap hopOfLink = new Long2LongHashMap(MISSING);

  Forwarding(
      Family family,
      Exits exits,
      CoreNeighbors neighbors,
      Routers routers,
      Links links,
      HeadlessRouters headless) {
    this.family = family;
    this.exits = exits;
    this.neighbors = neighbors;
    this.routers = routers;
    this.links = links;
    this.headless = headless;
  }

  /// Forgets hop numbers: names and interfaces may mean something else now.
  void restart() {
    hopOfExit.clear();
    hopOfLink.clear();
  }

  ClassForwarding of(ClassTable classes, int number, Liveness liveness) {
    int[] primary = primaries(classes, number, liveness);
    int[][] hops = new int[primary.length][];
    int[] depths = new int[primary.length];
    for (int router = 0; router < primary.length; router++) {
      hops[router] = hops(classes, number, liveness.seenBy(router), primary, router);
      depths[router] = Math.max(0, depth(primary, router, liveness));
    }
    return new ClassForwarding(primary, hops, depths);
  }

  /// The exit that each router uses.
  int[] primaries(ClassTable classes, int number, Liveness liveness) {
    int[] primary = new int[routers.size()];
    for (int router = 0; router < primary.length; router++) {
      int last =
          liveness.isHeadless(router)
              ? headless.exit(classes, number, router)
              : HeadlessRouters.UNKNOWN;
      primary[router] =
          last == HeadlessRouters.UNKNOWN
              ? usable(classes, number, router, 0, liveness.seenBy(router))
              : last;
    }
    if (liveness.hasHeadless()) {
      descend(classes, number, primary, liveness);
      descendForOthers(classes, number, primary, liveness);
      return primary;
    }
    for (int router = 0; router < primary.length; router++) {
      if (primary[router] != Exits.NONE && depth(primary, router, liveness) < 0) {
        agree(primary, router, liveness);
      }
    }
    return primary;
  }

  /// The first exit that a router can use, from place `from` of its list on.
  private int usable(ClassTable classes, int number, int router, int from, Liveness liveness) {
    for (int i = from; i < ClassTable.LIST; i++) {
      int exit = classes.exit(number, router, i);
      if (exit != Exits.NONE && isUsable(exit, router, liveness)) {
        return exit;
      }
    }
    return Exits.NONE;
  }

  /// Takes routers whose packets come around or end nowhere to the next exit of their list, first
  /// those that are part of a loop themselves.
  private void descend(ClassTable classes, int number, int[] primary, Liveness liveness) {
    int router = misled(primary, liveness);
    while (router >= 0) {
      int place = 0;
      while (classes.exit(number, router, place) != primary[router]) {
        place++;
      }
      primary[router] = usable(classes, number, router, place + 1, liveness);
      router = misled(primary, liveness);
    }
  }

  /// The same whichever of two exits headless routers use that may use either.
  private void descendForOthers(ClassTable classes, int number, int[] primary, Liveness liveness) {
    int[] other = primary.clone();
    for (int router = 0; router < other.length; router++) {
      int perhaps = classes.perhaps(number, router);
      if (liveness.isHeadless(router) && perhaps != Exits.NONE) {
        other[router] = perhaps;
      }
    }
    boolean differs = !Arrays.equals(other, primary);
    while (differs) {
      int[] before = primary.clone();
      takeOver(primary, other, liveness);
      descend(classes, number, other, liveness);
      takeOver(other, primary, liveness);
      descend(classes, number, primary, liveness);
      differs = !Arrays.equals(before, primary);
    }
  }

  /// Copies what the routers use that are not headless.
  private static void takeOver(int[] from, int[] to, Liveness liveness) {
    for (int router = 0; router < from.length; router++) {
      if (!liveness.isHeadless(router)) {
        to[router] = from[router];
      }
    }
  }

  private int misled(int[] primary, Liveness liveness) {
    int found = -1;
    for (int router = 0; router < primary.length; router++) {
      if (primary[router] != Exits.NONE
          && !liveness.isHeadless(router)
          && depth(primary, router, liveness) < 0) {
        if (comesBack(primary, router, liveness)) {
          return router;
        }
        found = router;
      }
    }
    return found;
  }

  /// Whether packets at a router can leave by an exit.
  boolean isUsable(int exit, int router, Liveness liveness) {
    int neighbor = exits.neighbor(exit);
    return liveness.isUsable(neighbor)
        && !isSilent(exit, liveness)
        && routers.isConfigured(router)
        && (isHere(exit, router) || liveness.reaches(router, neighbors.get(neighbor).router()));
  }

  private boolean isSilent(int exit, Liveness liveness) {
    Neighbor neighbor = neighbors.get(exits.neighbor(exit));
    return !neighbor.isOwn()
        && liveness.isSilent(
            neighbor.config().router(),
            neighbor.config().interfaceName(),
            exits.get(exit).gateway());
  }

  private boolean isHere(int exit, int router) {
    Neighbor neighbor = neighbors.get(exits.neighbor(exit));
    return neighbor.isOwn() || neighbor.router() == router;
  }

  private void agree(int[] primary, int router, Liveness liveness) {
    int first = 0;
    while (primary[first] == Exits.NONE || !liveness.reaches(router, first)) {
      first++;
    }
    int common = primary[first];
    for (int other = 0; other < primary.length; other++) {
      if (liveness.reaches(router, other)) {
        primary[other] = common;
      }
    }
  }

  /// How many other routers a packet passes from here when all follow their primaries; -1 when it
  /// comes around or nobody takes it.
  private int depth(int[] primary, int from, Liveness liveness) {
    int at = from;
    for (int depth = 0; depth <= primary.length; depth++) {
      if (at < 0 || primary[at] == Exits.NONE) {
        return -1;
      }
      if (isHere(primary[at], at)) {
        return depth;
      }
      at = next(primary[at], at, liveness);
    }
    return -1;
  }

  /// The routers that a packet of a class passes from one of them on, the last one hands it to its
  /// neighbor; empty when it comes around or nobody takes it.
  List<Integer> way(ClassForwarding meaning, int from, Liveness liveness) {
    List<Integer> passed = new ArrayList<>();
    int at = from;
    while (at >= 0 && meaning.exit(at) != Exits.NONE && !passed.contains(at)) {
      passed.add(at);
      if (isHere(meaning.exit(at), at)) {
        return passed;
      }
      at = next(meaning.exit(at), at, liveness);
    }
    return List.of();
  }

  /// The next router towards an exit at another router; -1 when the link to it, by which a headless
  /// router goes, is down.
  private int next(int exit, int router, Liveness liveness) {
    int to = neighbors.get(exits.neighbor(exit)).router();
    int link = liveness.seenBy(router).nextLink(router, to);
    return link < 0 || !liveness.isUp(link) ? -1 : links.all().get(link).far(router);
  }

  /// What becomes of a packet of the class.
  private enum Fate {
    /// A router hands it to a neighbor, or discards it as decided.
    LEAVES,
    /// It comes to the router that is asked about.
    RETURNS,
    /// Nobody takes it, or it circles elsewhere.
    LOST
  }

  /// What becomes of a packet that `router` handed to router `from`, -1 for a link that is down.
  private Fate fate(int router, int from, int[] primary, Liveness liveness) {
    int at = from;
    for (int steps = 0; steps <= primary.length; steps++) {
      if (at == router) {
        return Fate.RETURNS;
      }
      if (at < 0 || primary[at] == Exits.NONE) {
        return Fate.LOST;
      }
      if (isHere(primary[at], at)) {
        return Fate.LEAVES;
      }
      at = next(primary[at], at, liveness);
    }
    return Fate.LOST;
  }

  private boolean avoids(int router, int from, int[] primary, Liveness liveness) {
    return fate(router, from, primary, liveness) == Fate.LEAVES;
  }

  private boolean comesBack(int[] primary, int router, Liveness liveness) {
    int from = next(primary[router], router, liveness);
    return fate(router, from, primary, liveness) == Fate.RETURNS;
  }

  private int[] hops(ClassTable classes, int number, Liveness liveness, int[] primary, int router) {
    if (primary[router] == Exits.NONE) {
      return new int[0];
    }
    int[] hops = new int[MOST_HOPS];
    hops[0] = hop(primary[router], router, liveness);
    int count = 1;
    if (neighbors.get(exits.neighbor(primary[router])).isOwn()) {
      return Arrays.copyOf(hops, count);
    }
    for (int i = 0; i < ClassTable.LIST; i++) {
      int exit = classes.exit(number, router, i);
      if (exit != Exits.NONE && exclusion(exit, router, primary, liveness).isEmpty()) {
        count = addOnce(hops, count, hop(exit, router, liveness));
      }
    }
    for (Links.Link link : detours(router, primary, liveness)) {
      count = addOnce(hops, count, hopOver(link, router));
    }
    return Arrays.copyOf(hops, count);
  }

  private static int addOnce(int[] hops, int count, int hop) {
    for (int i = 0; i < count; i++) {
      if (hops[i] == hop) {
        return count;
      }
    }
    if (count == hops.length) {
      return count;
    }
    hops[count] = hop;
    return count + 1;
  }

  /// The links by which a router can hand packets of the class to others without getting them back,
  /// cheapest first.
  private List<Links.Link> detours(int router, int[] primary, Liveness liveness) {
    List<Links.Link> found = new ArrayList<>();
    for (Links.Link link : links.all()) {
      int far = link.far(router);
      if (far >= 0 && liveness.isUp(link.index()) && avoids(router, far, primary, liveness)) {
        found.add(link);
      }
    }
    found.sort((one, other) -> Integer.compare(one.config().cost(), other.config().cost()));
    return found;
  }

  /// Why an exit of the list gives a router no backup; empty if it does.
  String exclusion(int exit, int router, int[] primary, Liveness liveness) {
    Neighbor neighbor = neighbors.get(exits.neighbor(exit));
    if (neighbor.isOwn()) {
      return exit == primary[router] ? "" : "our own network is discarded here, which is no backup";
    }
    if (!liveness.isUsable(neighbor.index)) {
      return "nothing can leave by it now";
    }
    if (isSilent(exit, liveness)) {
      return "its next hop " + exits.get(exit).gateway() + " does not answer ARP or ND";
    }
    if (isHere(exit, router)) {
      return "";
    }
    if (!liveness.reaches(router, neighbor.router())) {
      return routers.get(neighbor.router()).name() + " cannot be reached";
    }
    int far = next(exit, router, liveness);
    if (far < 0) {
      return "the internal link towards it is down";
    }
    return exit == primary[router] || avoids(router, far, primary, liveness)
        ? ""
        : routers.get(far).name() + " would send packets back here";
  }

  /// The hop index by which a router sends packets towards a usable exit.
  int hop(int exit, int router, Liveness liveness) {
    if (!isHere(exit, router)) {
      int link = liveness.nextLink(router, neighbors.get(exits.neighbor(exit)).router());
      return hopOver(links.all().get(link), router);
    }
    long key = (long) router << 32 | exit;
    long known = hopOfExit.get(key);
    if (known != MISSING) {
      return (int) known;
    }
    int index = routers.get(router).index(localHop(exits.get(exit)));
    hopOfExit.put(key, index);
    return index;
  }

  private Hop localHop(Exits.Exit exit) {
    Neighbor neighbor = neighbors.get(exit.neighbor());
    return neighbor.isOwn()
        ? new Hop.Discard()
        : new Hop.Local(neighbor.name, exit.gateway(), neighbor.config().interfaceName());
  }

  private int hopOver(Links.Link link, int router) {
    long key = (long) router << 32 | link.index();
    long known = hopOfLink.get(key);
    if (known != MISSING) {
      return (int) known;
    }
    LinkEnd here = link.end(router);
    LinkEnd there = link.end(link.far(router));
    IpAddress gateway = there.gateway(family);
    if (gateway == null) {
      throw new IllegalStateException(link.config().name() + ": no gateway for " + family);
    }
    int index =
        routers
            .get(router)
            .index(
                new Hop.Via(there.router(), link.config().name(), gateway, here.interfaceName()));
    hopOfLink.put(key, index);
    return index;
  }
}
