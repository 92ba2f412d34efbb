package net.donut.lab.chaos;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.donut.lab.net.Cut;
import net.donut.lab.topology.Link;
import net.donut.lab.topology.Topology;

/// What the faults of a storm have left: which exits nobody touched, which links are dead now, and
/// whether a lost exit is still excused. Every `now` is as of `System.nanoTime`.
final class Situation {
  private final Topology topology;
  private final Set<String> touched = new HashSet<>();
  private final Set<String> dead = new HashSet<>();
  private final Grace grace;

  Situation(Topology topology, long now) {
    this.topology = topology;
    this.grace = new Grace(now);
  }

  void begun(Fault fault, long now) {
    if (fault.stopsPrograms()) {
      grace.programStopped(now);
    }
    if (fault.takesExits()) {
      grace.exitsChanged(now);
    }
    topology.links().stream().filter(fault::touches).map(Link::name).forEach(touched::add);
    if (fault instanceof Fault.CutLink(var link, var how) && how == Cut.Plain.FIBRE) {
      dead.add(link);
    }
  }

  void ended(Fault fault, long now) {
    if (fault.stopsPrograms()) {
      grace.programReturned(now);
    }
    if (fault.takesExits()) {
      grace.exitsChanged(now);
    }
    if (fault instanceof Fault.CutLink(var link, _)) {
      dead.remove(link);
    }
  }

  boolean excuses(long now) {
    return grace.excuses(now);
  }

  /// Whether a way ends at a neighbor. That a link is silently cut nobody can know at once: it
  /// counts as an exit.
  boolean isExit(Way way) {
    return way instanceof Way.Leaves(_, var exit) && !dead.contains(exit.name());
  }

  /// Whether a router could send an address out although all that happened in this storm happened.
  ///
  /// @param announcers the neighbors that announce the address
  boolean hasExit(String router, List<String> announcers) {
    return topology
        .ourPeerings()
        .filter(link -> announcers.contains(link.b().node()) && isUntouched(link))
        .anyMatch(link -> link.a().node().equals(router) || isInsideUntouched());
  }

  private boolean isInsideUntouched() {
    return topology.links().stream()
        .filter(link -> link.kind() instanceof Link.Kind.Internal)
        .allMatch(this::isUntouched);
  }

  private boolean isUntouched(Link link) {
    return !touched.contains(link.name());
  }
}
