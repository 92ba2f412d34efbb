package net.donut.controller.southbound;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import net.donut.api.AttributeMapping;
import net.donut.api.FamilyMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.core.ExportBlock;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.table.PrefixTable;
import org.jspecify.annotations.Nullable;

/// What waits to be announced over one Advertise stream, one entry a session and prefix: a later
/// announcement replaces one that still waits. Owned by `south-NAME`.
final class ExportOutbox {
  private static final int MOST_SETS = 4096;

  private final Map<SessionName, Waiting> bySession = new LinkedHashMap<>();
  private final Map<PathAttributes, Integer> numbers = new LinkedHashMap<>(64, 0.75f, true);
  private int size;

  /// The prefixes of one session that wait.
  private static final class Waiting {
    final PrefixTable table;
    final IntQueue order = new IntQueue();
    @Nullable PathAttributes[] attributes = new @Nullable PathAttributes[16];

    Waiting(SessionName session) {
      table = new PrefixTable(session.family());
    }
  }

  void put(ExportBlock block) {
    switch (block) {
      case ExportBlock.Announce(var neighbor, var prefixes, var attributes) ->
          put(neighbor, prefixes, attributes);
      case ExportBlock.Withdraw(var neighbor, var prefixes) -> put(neighbor, prefixes, null);
    }
  }

  private void put(String neighbor, Prefixes prefixes, @Nullable PathAttributes attributes) {
    SessionName session = new SessionName(neighbor, prefixes.family());
    Waiting waiting = bySession.computeIfAbsent(session, Waiting::new);
    for (int i = 0; i < prefixes.size(); i++) {
      int before = waiting.table.size();
      int slot = waiting.table.findOrAdd(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      if (slot >= waiting.attributes.length) {
        waiting.attributes = Arrays.copyOf(waiting.attributes, Math.max(slot + 1, slot * 2));
      }
      waiting.attributes[slot] = attributes;
      if (waiting.table.size() > before) {
        waiting.order.add(slot);
        size++;
      }
    }
  }

  int size() {
    return size;
  }

  /// Takes up to `most` prefixes of one session, or null when nothing waits.
  @Nullable RouteBatch next(int most) {
    for (Map.Entry<SessionName, Waiting> entry : bySession.entrySet()) {
      if (!entry.getValue().order.isEmpty()) {
        return take(entry.getKey(), entry.getValue(), most);
      }
    }
    return null;
  }

  private RouteBatch take(SessionName session, Waiting waiting, int most) {
    RouteBatch.Builder batch = RouteBatch.newBuilder().setNeighbor(session.toString());
    Map<Integer, NlriMapping.Packer> groups = new HashMap<>();
    for (int i = 0; i < most && !waiting.order.isEmpty(); i++) {
      int slot = waiting.order.remove();
      PathAttributes attributes = waiting.attributes[slot];
      int number = attributes == null ? 0 : number(attributes, batch);
      groups
          .computeIfAbsent(number, _ -> new NlriMapping.Packer(16))
          .add(waiting.table.high(slot), waiting.table.low(slot), waiting.table.length(slot));
      waiting.attributes[slot] = null;
      waiting.table.remove(slot);
      size--;
    }
    groups.forEach((number, packer) ->
        batch.addGroups(
            RouteGroup.newBuilder()
                .setAttributeSetId(number)
                .setFamily(FamilyMapping.toProto(session.family()))
                .setNlri(packer.build())));
    return batch.build();
  }

  /// The number of a set in the stream, defining it in the batch when it has none. Numbers are
  /// given anew, least recently used first; a batch never has as many sets as there are numbers.
  private int number(PathAttributes attributes, RouteBatch.Builder batch) {
    Integer known = numbers.get(attributes);
    if (known != null) {
      return known;
    }
    int number = numbers.size() + 1;
    if (numbers.size() >= MOST_SETS) {
      Map.Entry<PathAttributes, Integer> eldest = numbers.entrySet().iterator().next();
      number = eldest.getValue();
      numbers.remove(eldest.getKey());
    }
    numbers.put(attributes, number);
    batch.addAttributeSets(AttributeMapping.toProto(number, attributes));
    return number;
  }
}
