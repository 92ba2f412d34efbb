package net.donut.lab.table;

import java.util.List;
import java.util.Map;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;

/// What every fed network hears: routes with attributes, by the network's name.
public record RoutingTable(Map<String, List<Announcement>> feeds) {

  /// Prefixes of one family that share attributes. The path lacks the network's own number, which
  /// it puts in front when it announces the route; the next hop is the feeder's to set.
  public record Announcement(PathAttributes attributes, Prefixes prefixes) {}

  public RoutingTable {
    feeds = Map.copyOf(feeds);
  }

  public List<Announcement> feed(String network) {
    return feeds.getOrDefault(network, List.of());
  }

  /// How many prefixes of a family a network hears, defaults not counted.
  public int count(String network, Family family) {
    int count = 0;
    for (Announcement announcement : feed(network)) {
      if (announcement.prefixes().family() == family
          && !announcement.attributes().asPath().equals(AsPath.EMPTY)) {
        count += announcement.prefixes().size();
      }
    }
    return count;
  }
}
