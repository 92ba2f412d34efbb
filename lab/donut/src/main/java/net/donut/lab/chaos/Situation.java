package net.donut.lab.chaos;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import net.donut.lab.net.Cut;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.Topology;

/// What the faults of a storm have left: which exits nobody touched, which links are dead now, and
/// whether a lost exit is still excused. Every `now` is as of `System.nanoTime`.
///
/// A lost exit is excused only after a fault that takes exits away: for a while, and if programs of
/// ours were stopped as well, until they run and say that they are converged. Stopping programs
/// excuses nothing by itself: the kernel forwards without them.
final class Situation {
  /* What a control plane that runs may take, on a machine that a dozen programs share. */
  static final long HEAL_NANOS = 3_000_000_000L;

  private final Topology topology;
  private final Set<String> touched = new HashSet<>();
  private final Set<String> dead = new HashSet<>();
  private boolean exitsTaken;
  private boolean programsStopped;
  private int stoppedNow;
  private long lastChange;

  Situation(Topology topology) {
    this.topology = topology;
  }

  void begun(Fault fault, long now) {
    lastChange = now;
    exitsTaken |= fault.takesExits();
    if (fault.stopsPrograms()) {
      programsStopped = true;
      stoppedNow++;
    }
    topology.links().stream().filter(fault::touches).map(LabLink::name).forEach(touched::add);
    if (fault instanceof Fault.CutLink(var link, var how) && how == Cut.Plain.FIBRE) {
      dead.add(link);
    }
  }

  void ended(Fault fault, long now) {
    lastChange = now;
    if (fault.stopsPrograms()) {
      stoppedNow--;
    }
    if (fault instanceof Fault.CutLink(var link, _)) {
      dead.remove(link);
    }
  }

  /// Whether an address may be without an exit now.
  ///
  /// @param converged what the control plane says of itself; asked only where it matters
  boolean excuses(long now, BooleanSupplier converged) {
    if (!exitsTaken) {
      return false;
    }
    return stoppedNow > 0
        || now - lastChange < HEAL_NANOS
        || (programsStopped && !converged.getAsBoolean());
  }

  /// Whether a way ends at a neighbor. That a link is silently cut nobody can know at once: it
  /// counts as an exit.
  boolean isExit(ForwardingPath way) {
    return way instanceof ForwardingPath.Leaves(_, var exit) && !dead.contains(exit.name());
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
        .filter(link -> link.kind() instanceof LabLink.Kind.Internal)
        .allMatch(this::isUntouched);
  }

  private boolean isUntouched(LabLink link) {
    return !touched.contains(link.name());
  }
}
