package net.donut.core;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.donut.core.answer.BestRoute;
import net.donut.core.answer.OriginValidity;
import net.donut.core.answer.Refusals;
import net.donut.core.answer.RejectReason;
import net.donut.model.AsPath;
import net.donut.model.Prefix;
import org.agrona.collections.IntHashSet;
import org.jspecify.annotations.Nullable;

/// Walks over every prefix of a family in order, for questions about all of them. Reads only.
final class Survey {
  private final CoreRib rib;
  private final CoreNeighbors neighbors;

  Survey(CoreRib rib, CoreNeighbors neighbors) {
    this.rib = rib;
    this.neighbors = neighbors;
  }

  /// Hands over the best path of each prefix that has one, decided anew with a decider of its own.
  void best(Decider decider, int router, Consumer<BestRoute> into) {
    decider.begin();
    for (int slot : rib.table().sortedSlots()) {
      int winner = decider.winner(slot, router);
      if (winner != Decider.NOBODY) {
        int neighbor = rib.grades().neighbor(decider.gathered(winner));
        into.accept(
            new BestRoute(
                rib.table().prefix(slot),
                neighbor,
                rib.attributes().get(rib.column(neighbor).get(slot)),
                decider.lastStep(winner)));
      }
    }
  }

  /// What is counted on the way of [#refusals].
  static final class Found {
    final Map<RejectReason, Long> paths = new EnumMap<>(RejectReason.class);
    final Map<RejectReason, List<Refusals.Example>> examples = new EnumMap<>(RejectReason.class);
    final Map<OriginValidity, Long> origins = new EnumMap<>(OriginValidity.class);

    Refusals toRefusals() {
      List<Refusals.Refusal> refusals = new ArrayList<>();
      paths.forEach((reason, count) ->
          refusals.add(
              new Refusals.Refusal(reason, count, examples.getOrDefault(reason, List.of()))));
      refusals.sort((one, other) -> Long.compare(other.paths(), one.paths()));
      return new Refusals(refusals, origins);
    }
  }

  void refusals(int examples, Found into) {
    IntHashSet origins = new IntHashSet();
    for (int slot : rib.table().sortedSlots()) {
      origins.clear();
      for (int neighbor = Neighbor.OWN + 1; neighbor < rib.columnCount(); neighbor++) {
        int id = rib.column(neighbor).get(slot);
        if (id != 0) {
          refusal(slot, neighbor, id, examples, into);
          int origin = rib.attributes().get(id).asPath().originAs();
          if (origins.add(origin)) {
            into.origins.merge(rib.validity(slot, id), 1L, Long::sum);
          }
        }
      }
    }
  }

  private void refusal(int slot, int neighbor, int id, int most, Found into) {
    @Nullable RejectReason reason = rib.reason(neighbor, slot, id);
    if (reason == null) {
      return;
    }
    into.paths.merge(reason, 1L, Long::sum);
    List<Refusals.Example> known = into.examples.computeIfAbsent(reason, r -> new ArrayList<>());
    if (known.size() < most) {
      Prefix prefix = rib.table().prefix(slot);
      AsPath path = rib.attributes().get(id).asPath();
      known.add(new Refusals.Example(prefix, neighbors.get(neighbor).name, path));
    }
  }
}
