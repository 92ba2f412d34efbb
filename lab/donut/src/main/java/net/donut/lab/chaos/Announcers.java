package net.donut.lab.chaos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.topology.Topology;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// What each neighbor of ours announces by itself, whoever else is cut off: its feed with its
/// defaults, and its own networks.
final class Announcers {
  private final Map<String, List<Prefix>> prefixes = new LinkedHashMap<>();

  Announcers(Topology topology, RoutingTable table) {
    for (String neighbor : Targets.neighbors(topology)) {
      prefixes.put(
          neighbor,
          Stream.concat(fed(table, neighbor), topology.network(neighbor).own().stream()).toList());
    }
  }

  private static Stream<Prefix> fed(RoutingTable table, String neighbor) {
    return table.feed(neighbor).stream()
        .flatMap(
            announcement -> StreamSupport.stream(announcement.prefixes().spliterator(), false));
  }

  /// The neighbors that announce a prefix that holds an address.
  List<String> of(IpAddress address) {
    return prefixes.entrySet().stream()
        .filter(neighbor -> neighbor.getValue().stream().anyMatch(each -> each.contains(address)))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Everything announced, defaults left out, in order.
  List<Prefix> all() {
    return prefixes.values().stream()
        .flatMap(List::stream)
        .filter(prefix -> prefix.length() > 0)
        .distinct()
        .sorted()
        .toList();
  }
}
