package net.donut.controller.southbound;

import java.util.ArrayList;
import java.util.List;
import net.donut.api.AttributeMapping;
import net.donut.api.FamilyMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.AttributeSet;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.api.agent.v1.RouteRuns;
import net.donut.model.Family;
import net.donut.model.Prefixes;
import net.donut.model.table.SharedAttributes;
import org.agrona.collections.Int2ObjectHashMap;

/// Turns the batches of one WatchRoutes stream into values; remembers the attribute sets the stream
/// defined. Owned by `south-NAME`.
final class RouteDecoder {
  private final String router;
  private final long connection;
  private final Int2ObjectHashMap<SharedAttributes> defined = new Int2ObjectHashMap<>();

  RouteDecoder(String router, long connection) {
    this.router = router;
    this.connection = connection;
  }

  /// Throws IllegalArgumentException when the batch makes no sense.
  Report.Routes decode(RouteBatch batch) {
    for (AttributeSet set : batch.getAttributeSetsList()) {
      defined.put(set.getId(), new SharedAttributes(AttributeMapping.fromProto(set)));
    }
    List<Report.Heard> heard = new ArrayList<>(batch.getGroupsCount());
    for (RouteGroup group : batch.getGroupsList()) {
      heard.add(heard(group));
    }
    if (batch.hasRuns()) {
      addRuns(batch.getRuns(), heard);
    }
    return new Report.Routes(
        router,
        connection,
        batch.getNeighbor(),
        batch.getEpoch(),
        heard,
        families(batch.getEndOfSnapshotList()),
        families(batch.getClearedList()),
        batch.getRemoved() ? Report.Membership.REMOVED : Report.Membership.CONFIGURED);
  }

  private Report.Heard heard(RouteGroup group) {
    Family family = FamilyMapping.fromProto(group.getFamily());
    int id = group.getAttributeSetId();
    return new Report.Heard(id == 0 ? null : set(id), NlriMapping.unpack(family, group.getNlri()));
  }

  private void addRuns(RouteRuns runs, List<Report.Heard> heard) {
    Prefixes prefixes =
        NlriMapping.unpack(FamilyMapping.fromProto(runs.getFamily()), runs.getNlri());
    int from = 0;
    for (int i = 0; i < runs.getAttributeSetIdsCount() && i < runs.getCountsCount(); i++) {
      int count = runs.getCounts(i);
      if (count < 0 || count > prefixes.size() - from) {
        break;
      }
      heard.add(
          new Report.Heard(set(runs.getAttributeSetIds(i)), prefixes.slice(from, from + count)));
      from += count;
    }
    if (from != prefixes.size() || runs.getAttributeSetIdsCount() != runs.getCountsCount()) {
      throw new IllegalArgumentException(
          "runs: "
              + runs.getAttributeSetIdsCount()
              + " sets and "
              + runs.getCountsCount()
              + " counts for "
              + prefixes.size()
              + " prefixes (expected: a count each, and their sum)");
    }
  }

  private SharedAttributes set(int id) {
    SharedAttributes found = defined.get(id);
    if (found == null) {
      throw new IllegalArgumentException(
          "attribute set: " + Integer.toUnsignedString(id) + " (expected: one defined before)");
    }
    return found;
  }

  private static List<Family> families(List<net.donut.api.agent.v1.Family> families) {
    return families.stream().map(FamilyMapping::fromProto).toList();
  }
}
