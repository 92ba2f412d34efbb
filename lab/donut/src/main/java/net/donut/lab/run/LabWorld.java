package net.donut.lab.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.lab.net.LabException;
import net.donut.lab.table.MrtTable;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.table.TableGenerator;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import net.donut.model.Prefix;

/// What a donut lab is made of: who is there, what each announces, and who of a dump became whom.
///
/// @param story empty for a generated table
record LabWorld(Topology topology, RoutingTable table, List<String> story) {
  LabWorld {
    story = List.copyOf(story);
  }

  /// Throws LabException when options contradict each other or a dump cannot be read.
  static LabWorld of(LabOptions options) {
    if (options.dumps().isEmpty()) {
      if (!options.asns().isEmpty()) {
        throw new LabException("--as: names peers of a dump (expected: with --mrt FILE)");
      }
      Topology topology = DonutTopology.create(Map.of());
      return new LabWorld(
          topology, TableGenerator.generate(topology, options.size(), options.seed()), List.of());
    }
    MrtTable mrt = MrtTable.load(options.dumps(), wish(options.asns()));
    return new LabWorld(DonutTopology.create(mrt.asns()), mrt.table(), mrt.story());
  }

  private static MrtTable.Wish wish(Map<String, Long> asns) {
    Topology plain = DonutTopology.create(Map.of());
    List<String> fed =
        plain.networkNodes().filter(node -> node.feed() > 0).map(LabNode.Network::name).toList();
    for (String name : asns.keySet()) {
      if (!fed.contains(name)) {
        throw new LabException(
            "--as: '" + name + "' (expected one of: " + String.join(", ", fed) + ")");
      }
    }
    Set<Long> reserved = new HashSet<>(Set.of(plain.asn()));
    plain.networkNodes().filter(node -> node.feed() == 0).forEach(node -> reserved.add(node.asn()));
    List<Prefix> live = new ArrayList<>(plain.liveNetworks(Family.IPV4));
    live.addAll(plain.liveNetworks(Family.IPV6));
    return new MrtTable.Wish(
        names(plain, LabNode.Tier.TIER1), names(plain, LabNode.Tier.TIER2), asns, reserved, live);
  }

  private static List<String> names(Topology topology, LabNode.Tier tier) {
    return topology
        .networkNodes()
        .filter(node -> node.tier() == tier)
        .map(LabNode.Network::name)
        .toList();
  }

  /// How many distinct prefixes our neighbors announce: the table, what is alive, the defaults.
  long expectedPrefixes() {
    Set<Prefix> all = new HashSet<>();
    topology
        .ourPeerings()
        .forEach(link ->
            table
                .feed(link.b().node())
                .forEach(announcement -> announcement.prefixes().forEach(all::add)));
    for (Family family : Family.values()) {
      all.addAll(topology.liveNetworks(family));
    }
    return all.size();
  }
}
