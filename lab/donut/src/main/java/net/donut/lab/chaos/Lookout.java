package net.donut.lab.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.lab.run.DonutLab;
import net.donut.lab.topology.Topology;
import net.donut.model.IpAddress;
import net.donut.netlink.KernelLink;
import net.donut.netlink.KernelView;
import net.donut.netlink.RouteLookup;

/// Looks all the time, through the kernels' own lookups, where addresses go: none may be without an
/// exit while one exists, and none may circle.
final class Lookout {
  /* The kernels of a way are asked one after the other: a change in between looks like a loop. */
  private static final long CONFIRM_NANOS = 250_000_000L;
  private static final int MOST_TOLD = 5;

  private final DonutLab lab;
  private final Topology topology;
  private final List<String> routers;
  private final Map<IpAddress, List<String>> announcers = new LinkedHashMap<>();
  private final DurationsByPlace<Spot> lost = new DurationsByPlace<>();
  private final DurationsByPlace<Spot> circling = new DurationsByPlace<>();
  private long looks;

  /// An address as seen from a router.
  private record Spot(String router, IpAddress address) {
    @Override
    public String toString() {
      return address + " from " + router;
    }
  }

  Lookout(DonutLab lab) {
    this.lab = lab;
    this.topology = lab.topology();
    this.routers = Targets.routers(topology);
  }

  /// Takes other addresses to look at.
  void lookAt(Set<IpAddress> addresses, Announcers known) {
    announcers.clear();
    lost.forget();
    circling.forget();
    addresses.forEach(each -> announcers.put(each, known.of(each)));
  }

  /// Looks; gives what may not be, one line each. What seems broken is looked at once more: the
  /// kernels may have been read just before they were put right, and the control plane asked just
  /// after.
  List<String> look(Situation situation) {
    List<String> broken = lookOnce(situation, System.nanoTime());
    return broken.isEmpty() ? broken : lookOnce(situation, System.nanoTime());
  }

  private List<String> lookOnce(Situation situation, long now) {
    looks++;
    Map<String, Map<IpAddress, String>> devices = new HashMap<>();
    routers.forEach(router -> devices.put(router, lab.network().inside(router, this::devices)));
    List<String> broken = new ArrayList<>();
    for (String router : routers) {
      for (IpAddress address : announcers.keySet()) {
        ForwardingPath way =
            ForwardingPath.follow(topology, router, at -> device(devices, at, address));
        judge(new Spot(router, address), way, situation, now).ifPresent(broken::add);
      }
    }
    return broken.size() > MOST_TOLD ? broken.subList(0, MOST_TOLD) : broken;
  }

  private static String device(
      Map<String, Map<IpAddress, String>> devices, String router, IpAddress address) {
    return devices.getOrDefault(router, Map.of()).getOrDefault(address, "");
  }

  private Optional<String> judge(Spot spot, ForwardingPath way, Situation situation, long now) {
    if (way instanceof ForwardingPath.Circles) {
      circling.goesOn(spot, now);
    } else {
      circling.ends(spot);
    }
    List<String> exits = announcers.getOrDefault(spot.address, List.of());
    if (situation.isExit(way) || !situation.hasExit(spot.router, exits)) {
      lost.ends(spot);
      return Optional.empty();
    }
    long nanos = lost.goesOn(spot, now);
    if (nanos < CONFIRM_NANOS || situation.excuses(now, this::isConverged)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: %s for %d ms, with an exit at %s"
            .formatted(spot, text(way), nanos / 1_000_000, exits));
  }

  private boolean isConverged() {
    return lab.operator().tryStatus().filter(StatusResponse::getConverged).isPresent();
  }

  private static String text(ForwardingPath way) {
    return switch (way) {
      case ForwardingPath.Leaves(var passed, var exit) ->
          "sent into the dead link " + exit.name() + " by way of " + passed;
      case ForwardingPath.Ends(var passed) -> "no exit by way of " + passed;
      case ForwardingPath.Circles(var passed) -> "loop " + passed;
    };
  }

  /// By which interface a router sends each address on; nothing for one it does not.
  private Map<IpAddress, String> devices(KernelView kernel) {
    Map<Integer, String> names = new HashMap<>();
    for (KernelLink link : kernel.links()) {
      names.put(link.index(), link.name());
    }
    Map<IpAddress, String> devices = new HashMap<>();
    for (IpAddress address : announcers.keySet()) {
      if (kernel.lookup(address) instanceof RouteLookup.Found found) {
        devices.put(address, names.getOrDefault(found.interfaceIndex(), ""));
      }
    }
    return devices;
  }

  int addresses() {
    return announcers.size();
  }

  /// What was seen, and what faults excused, in a line.
  String summary() {
    return "%,d looks; longest without an exit while one existed: %s; longest loop: %s"
        .formatted(looks, lost.longest(), circling.longest());
  }
}
