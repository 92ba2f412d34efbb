package net.donut.controller.southbound;

import java.util.ArrayList;
import java.util.List;
import net.donut.api.AttributeMapping;
import net.donut.api.FamilyMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.AttributeSet;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.model.Family;
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
    SharedAttributes attributes = null;
    if (group.getAttributeSetId() != 0) {
      attributes = defined.get(group.getAttributeSetId());
      if (attributes == null) {
        throw new IllegalArgumentException(
            "attribute set: "
                + Integer.toUnsignedString(group.getAttributeSetId())
                + " (expected: one defined before)");
      }
    }
    return new Report.Heard(attributes, NlriMapping.unpack(family, group.getNlri()));
  }

  private static List<Family> families(List<net.donut.api.agent.v1.Family> families) {
    return families.stream().map(FamilyMapping::fromProto).toList();
  }
}
