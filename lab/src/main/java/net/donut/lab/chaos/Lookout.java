package net.donut.lab.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.donut.lab.net.LabNetwork;
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

  private final LabNetwork network;
  private final Topology topology;
  private final List<String> routers;
  private final Map<IpAddress, List<String>> announcers = new LinkedHashMap<>();
  private final Map<Spot, Long> lostSince = new HashMap<>();
  private long looks;
  private long longestLostNanos;

  /// An address as seen from a router.
  private record Spot(String router, IpAddress address) {}

  Lookout(LabNetwork network) {
    this.network = network;
    this.topology = network.topology();
    this.routers = Targets.routers(topology);
  }

  /// Takes other addresses to look at.
  void lookAt(Set<IpAddress> addresses, Announcers known) {
    announcers.clear();
    lostSince.clear();
    addresses.forEach(each -> announcers.put(each, known.of(each)));
  }

  /// Looks once; gives what may not be, one line each.
  List<String> look(Situation situation, long now) {
    looks++;
    Map<String, Map<IpAddress, String>> devices = new HashMap<>();
    routers.forEach(router -> devices.put(router, network.inside(router, this::devices)));
    List<String> broken = new ArrayList<>();
    for (String router : routers) {
      for (IpAddress address : announcers.keySet()) {
        Way way = Way.follow(topology, router, at -> device(devices, at, address));
        Spot spot = new Spot(router, address);
        if (situation.isExit(way)) {
          lostSince.remove(spot);
        } else if (situation.hasExit(router, announcers.get(address))) {
          judge(spot, way, situation, now).ifPresent(broken::add);
        }
      }
    }
    return broken.size() > MOST_TOLD ? broken.subList(0, MOST_TOLD) : broken;
  }

  private static String device(
      Map<String, Map<IpAddress, String>> devices, String router, IpAddress address) {
    return devices.getOrDefault(router, Map.of()).getOrDefault(address, "");
  }

  private Optional<String> judge(Spot spot, Way way, Situation situation, long now) {
    long lost = now - lostSince.computeIfAbsent(spot, _ -> now);
    longestLostNanos = Math.max(longestLostNanos, lost);
    if (situation.excuses(now) || lost < CONFIRM_NANOS) {
      return Optional.empty();
    }
    return Optional.of(
        "%s from %s: %s for %d ms, with an exit at %s"
            .formatted(
                spot.address,
                spot.router,
                text(way),
                Duration.ofNanos(lost).toMillis(),
                announcers.get(spot.address)));
  }

  private static String text(Way way) {
    return switch (way) {
      case Way.Leaves(var passed, var exit) ->
          "sent into the dead link " + exit.name() + " by way of " + passed;
      case Way.Ends(var passed) -> "no exit by way of " + passed;
      case Way.Circles(var passed) -> "loop " + passed;
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

  long looks() {
    return looks;
  }

  int addresses() {
    return announcers.size();
  }

  /// The longest time that an address was without an exit that existed, excused or not.
  Duration longestLost() {
    return Duration.ofNanos(longestLostNanos);
  }
}
