package net.donut.lab.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.Operator;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.netlink.KernelRoute;
import net.donut.netlink.NextHopObject;

/// What must hold when a lab is at rest: the kernels are as intended, nothing is uncovered, and
/// nothing has grown. Each check gives what does not hold, one line each.
final class ChecksAtRest {
  private static final int MOST_TOLD = 5;

  private final DonutLab lab;
  private final Map<String, Footprint> footprints = new HashMap<>();
  private final Map<String, Long> objects = new HashMap<>();
  private final Map<String, Map<Prefix, Integer>> groupsAtFirst = new TreeMap<>();

  /// Takes what there is now as the measure of growth and of what has changed.
  ChecksAtRest(DonutLab lab) {
    this.lab = lab;
    Targets.programs(lab.topology())
        .forEach(program -> footprints.put(program, Footprint.of(lab.process(program))));
    for (String router : Targets.routers(lab.topology())) {
      objects.put(router, objectsIn(router));
      groupsAtFirst.put(router, groupsOf(router));
    }
  }

  List<String> check() {
    List<String> broken = new ArrayList<>();
    for (String router : Targets.routers(lab.topology())) {
      broken.addAll(kernel(router));
      broken.addAll(objects(router));
    }
    long holes = lab.operator().coverage().getHoleCount();
    if (holes != 0) {
      broken.add("coverage: " + holes + " holes (expected: 0)");
    }
    broken.addAll(new Announcements(lab).leaks());
    footprints.forEach((program, before) ->
        Footprint.of(lab.process(program))
            .growthSince(before)
            .forEach(grown -> broken.add(program + ": " + grown)));
    return broken;
  }

  private List<String> kernel(String router) {
    Operator.Kernel kernel = lab.operator().drift(router);
    long counted = lab.routesInKernel(router);
    if (kernel.equalsIntent() && counted == kernel.summary().getIntended()) {
      return List.of();
    }
    return List.of(
        "kernel of %s: %d intended, %d installed, %d missing, %d unexpected; %d by a dump of our own"
            .formatted(
                router,
                kernel.summary().getIntended(),
                kernel.summary().getInstalled(),
                kernel.summary().getMissing(),
                kernel.summary().getUnexpected(),
                counted));
  }

  private List<String> objects(String router) {
    long now = objectsIn(router);
    long before = objects.getOrDefault(router, 0L);
    return now > 2 * before
        ? List.of(
            "kernel of %s: %d next hops and groups, %d at first".formatted(router, now, before))
        : List.of();
  }

  private long objectsIn(String router) {
    return lab.network()
        .inside(
            router,
            kernel ->
                kernel.nextHops().stream().map(NextHopObject::protocol).filter(DonutLab::isOurs))
        .count();
  }

  /// One address of each next-hop group that routes of a router have, and of each network that is
  /// alive; our own networks end here.
  Set<IpAddress> addressesOfClasses() {
    Set<IpAddress> addresses = new HashSet<>();
    List<Prefix> ours = lab.topology().networks();
    for (String router : Targets.routers(lab.topology())) {
      Map<Integer, Prefix> classes = new HashMap<>();
      for (KernelRoute route : lab.routesOf(router)) {
        if (route.prefix().length() > 0 && !ours.contains(route.prefix())) {
          classes.putIfAbsent(route.nextHopId(), route.prefix());
        }
      }
      classes.values().forEach(prefix -> addresses.add(prefix.address()));
    }
    for (Family family : Family.values()) {
      lab.topology().liveNetworks(family).stream()
          .filter(prefix -> !ours.contains(prefix))
          .forEach(prefix -> addresses.add(prefix.address()));
    }
    return addresses;
  }

  /// The prefixes that have another group than at first, a line per router.
  List<String> changes() {
    List<String> changes = new ArrayList<>();
    groupsAtFirst.forEach((router, before) -> {
      Map<Prefix, Integer> now = groupsOf(router);
      Set<Prefix> changed = new TreeSet<>(before.keySet());
      changed.addAll(now.keySet());
      changed.removeIf(prefix -> Objects.equals(before.get(prefix), now.get(prefix)));
      if (!changed.isEmpty()) {
        changes.add(
            "kernel of %s: %d prefixes have another group than at first, such as %s"
                .formatted(router, changed.size(), changed.stream().limit(MOST_TOLD).toList()));
      }
    });
    return changes;
  }

  private Map<Prefix, Integer> groupsOf(String router) {
    Map<Prefix, Integer> groups = new HashMap<>();
    lab.routesOf(router).forEach(route -> groups.put(route.prefix(), route.nextHopId()));
    return groups;
  }
}
