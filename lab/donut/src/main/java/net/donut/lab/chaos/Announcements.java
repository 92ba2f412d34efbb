package net.donut.lab.chaos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.lab.run.DonutLab;
import net.donut.model.Prefix;

/// What neighbors hear from us at rest: as many prefixes as they are to, and those that are not
/// customers nothing but our own and our customers' (RFC 7908, no leak).
final class Announcements {
  private static final int MOST_TOLD = 5;

  private final DonutLab lab;

  Announcements(DonutLab lab) {
    this.lab = lab;
  }

  /// Sessions whose Adj-RIB-Out does not have as many prefixes as the controller wants, one line
  /// each: it is still being filled, or wrong.
  List<String> unequal() {
    List<String> unequal = new ArrayList<>();
    byNeighbor()
        .forEach((neighbor, sessions) -> {
          long announced =
              sessions.stream()
                  .map(NeighborInfo::getSession)
                  .mapToLong(session ->
                      Integer.toUnsignedLong(session.getAdvertisedIpv4())
                          + Integer.toUnsignedLong(session.getAdvertisedIpv6()))
                  .sum();
          long wanted = lab.operator().advertised(neighbor).size();
          if (announced != wanted) {
            unequal.add("%s hears %,d prefixes of %,d".formatted(neighbor, announced, wanted));
          }
        });
    return unequal;
  }

  /// What a neighbor is to hear and must not, one line each.
  List<String> leaks() {
    Set<Prefix> free = new HashSet<>(lab.topology().networks());
    free.addAll(lab.operator().routesBy("customer"));
    List<String> leaks = new ArrayList<>();
    byNeighbor()
        .forEach((neighbor, sessions) -> {
          Set<Prefix> announced = lab.operator().advertised(neighbor);
          announced.removeAll(free);
          if (!sessions.getFirst().getRelation().equals("customer") && !announced.isEmpty()) {
            leaks.add(
                "%s, which is no customer, hears %,d prefixes of others, such as %s"
                    .formatted(
                        neighbor, announced.size(), announced.stream().limit(MOST_TOLD).toList()));
          }
        });
    return leaks;
  }

  /// The sessions of each neighbor, which has one or two.
  private Map<String, List<NeighborInfo>> byNeighbor() {
    return lab.operator().neighbors().getNeighborsList().stream()
        .collect(
            Collectors.groupingBy(
                info -> info.getName().replaceFirst("/.*", ""), TreeMap::new, Collectors.toList()));
  }
}
