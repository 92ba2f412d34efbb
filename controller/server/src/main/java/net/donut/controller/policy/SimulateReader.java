package net.donut.controller.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.policy.PolicyDocument.SimulateEntry;
import net.donut.controller.policy.Section.Entry;
import net.donut.model.IpAddress;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// Reads `simulate`: who the peers of dumps are. The controller does not look at it.
final class SimulateReader {
  private static final String PEERS = "an address or an AS number such as AS64601";
  private static final String OTHERS = "ignore, or a relation such as transit";

  private SimulateReader() {}

  static SimulateEntry read(Section top, PolicyProblems problems, List<NeighborEntry> neighbors) {
    Entry entry = top.entry("simulate");
    if (entry == null) {
      return new SimulateEntry(Map.of(), null);
    }
    Section section = top.keys(entry, List.of("peers", "others"));
    Map<String, String> peers = new HashMap<>();
    Entry list = section.entry("peers");
    if (list != null) {
      Section names = Section.ofNames(list.path(), list.keyPlace(), list.value(), problems);
      names.entries().forEach(one -> peer(one, names, problems, neighbors, peers));
    }
    @Nullable Relation others = section.optional("others", OTHERS, SimulateReader::others);
    return new SimulateEntry(peers, others == Relation.OWN ? null : others);
  }

  private static void peer(
      Entry one,
      Section section,
      PolicyProblems problems,
      List<NeighborEntry> neighbors,
      Map<String, String> into) {
    List<String> known = neighbors.stream().map(NeighborEntry::name).toList();
    String name = section.parse(one, "the name of a neighbor", text -> text);
    if (name != null && !known.contains(name)) {
      problems.error(
          one.place(), one.path() + ": " + one.found() + " (expected: one of " + known + ")");
    }
    try {
      into.put(key(one.key()), name == null ? "" : name);
    } catch (IllegalArgumentException e) {
      problems.error(
          one.keyPlace(), one.path() + ": '" + one.key() + "' (expected: " + PEERS + ")");
    }
  }

  private static String key(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    return upper.startsWith("AS")
        ? "AS" + Parse.asn(upper.substring(2))
        : IpAddress.parse(text).toString();
  }

  /// OWN stands for ignore, since no neighbor has it.
  private static Relation others(String text) {
    if (text.equals("ignore")) {
      return Relation.OWN;
    }
    try {
      return Parse.relation(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(OTHERS, e);
    }
  }
}
