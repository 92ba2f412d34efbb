package net.donut.lab.chaos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.donut.lab.net.Cut;
import net.donut.lab.topology.Topology;
import net.donut.model.Prefix;

/// Draws storms from a seed: the same seed, topology and prefixes give the same storms.
final class StormDraw {
  private static final int FAULTS = 7;
  private static final int MOST_PAUSE_MILLIS = 1500;
  private static final int LEAST_MILLIS = 500;
  private static final int MOST_MILLIS = 6000;
  /* Long enough for hold timers to expire: the shortest in the lab is 15 s. */
  private static final int MOST_SILENT_MILLIS = 18_000;

  private final Topology topology;
  private final List<Prefix> prefixes;
  private final SplittableRandom random;
  private int storm;

  /// @param prefixes whose routes may be deleted by hand
  StormDraw(Topology topology, List<Prefix> prefixes, long seed) {
    this.topology = topology;
    this.prefixes = List.copyOf(prefixes);
    this.random = new SplittableRandom(seed);
  }

  /// The next storm: faults that begin one after the other and overlap, each at another target.
  List<Disturbance> next() {
    storm++;
    List<Disturbance> drawn = new ArrayList<>();
    Set<String> targets = new HashSet<>();
    int at = 0;
    while (drawn.size() < FAULTS) {
      Fault fault = fault();
      if (targets.add(fault.target())) {
        drawn.add(new Disturbance(storm, at, lasts(fault), fault));
        at += random.nextInt(MOST_PAUSE_MILLIS);
      }
    }
    return drawn;
  }

  private Fault fault() {
    return switch (random.nextInt(14)) {
      case 0, 1 -> new Fault.Kill(pick(Targets.programs(topology)));
      case 2 -> new Fault.Freeze(pick(Targets.programs(topology)));
      case 3 -> new Fault.Partition(pick(Targets.routers(topology)));
      case 4, 5 -> new Fault.CutLink(pick(Targets.links(topology)), Cut.Plain.FIBRE);
      case 6 -> new Fault.CutLink(pick(Targets.links(topology)), pick(List.of(Cut.Plain.values())));
      case 7 -> new Fault.Restart(pick(Targets.neighbors(topology)));
      case 8 -> new Fault.LoseRoute(pick(Targets.routers(topology)), pick(prefixes));
      case 9 -> new Fault.LoseGroup(pick(Targets.routers(topology)), pick(prefixes));
      case 10 -> new Fault.HalfOpen(pick(Targets.programs(topology)));
      case 11 -> new Fault.Reset(pick(Targets.neighbors(topology)));
      case 12 -> new Fault.Detour(pick(Targets.neighbors(topology)), pick(prefixes));
      default -> new Fault.FullDisk(pick(Targets.routers(topology)));
    };
  }

  private int lasts(Fault fault) {
    boolean silent = fault instanceof Fault.CutLink(_, var how) && how != Cut.Plain.FIBRE;
    return random.nextInt(LEAST_MILLIS, silent ? MOST_SILENT_MILLIS : MOST_MILLIS);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
