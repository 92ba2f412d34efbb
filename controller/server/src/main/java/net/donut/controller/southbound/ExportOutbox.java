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
import net.donut.core.change.ExportBlock;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.table.PrefixTable;
import org.jspecify.annotations.Nullable;

/// What waits to be announced over one Advertise stream, one entry per session and prefix: a later
/// announcement replaces one that still waits. Owned by `south-NAME`.
final class ExportOutbox {
  /*
   * Withdrawals go at once and first. An announcement attracts packets, so it is held until they are
   * forwarded: until the other routers acknowledged its generation, and this router the prefix. What
   * this router refused is withdrawn, and announced when a retry succeeds.
   *
   * An entry is in one of three queues of its session, named by its state; one that changed queue
   * leaves a stale number behind, which is skipped. Held entries are looked at in turn, a bounded
   * number at a time. One that is announced again before its withdrawal went keeps its place.
   */
  private static final int MOST_SETS = 4096;
  private static final int MOST_LOOKS = 4096;

  /// Which announcements may go.
  ///
  /// @param generation the generation up to which all other routers are done
  record Gate(long generation, Intent intent) {}

  private final Map<SessionName, Waiting> bySession = new LinkedHashMap<>();
  private final Map<PathAttributes, Integer> numbers = new LinkedHashMap<>(64, 0.75f, true);
  private int size;
  private int held;

  private static final byte TO_WITHDRAW = 1;
  private static final byte TO_ANNOUNCE = 2;
  private static final byte HELD = 3;
  private static final byte REFUSED = 4;

  /// The prefixes of one session that wait.
  private static final class Waiting {
    final PrefixTable table;
    final IntQueue withdrawals = new IntQueue();
    final IntQueue announcements = new IntQueue();
    final IntQueue held = new IntQueue();
    @Nullable PathAttributes[] attributes = new @Nullable PathAttributes[16];
    long[] generations = new long[16];
    byte[] states = new byte[16];

    Waiting(SessionName session) {
      table = new PrefixTable(session.family());
    }

    void reserve(int slot) {
      if (slot >= attributes.length) {
        int room = Math.max(slot + 1, slot * 2);
        attributes = Arrays.copyOf(attributes, room);
        generations = Arrays.copyOf(generations, room);
        states = Arrays.copyOf(states, room);
      }
    }

    boolean isHeld(int slot) {
      return table.isPresent(slot) && (states[slot] == HELD || states[slot] == REFUSED);
    }

    void ready(int slot, byte state) {
      if (states[slot] != state && states[slot] != TO_WITHDRAW) {
        states[slot] = state;
        (state == TO_WITHDRAW ? withdrawals : announcements).add(slot);
      }
    }

    Programmed programmed(int slot, Gate gate) {
      return generations[slot] > gate.generation()
          ? Programmed.NOT_YET
          : gate.intent()
              .programmed(table.family(), table.high(slot), table.low(slot), table.length(slot));
    }
  }

  /// The session a change is told over.
  static SessionName session(ExportBlock block) {
    return switch (block) {
      case ExportBlock.Announce(var neighbor, var prefixes, var _) ->
          new SessionName(neighbor, prefixes.family());
      case ExportBlock.Withdraw(var neighbor, var prefixes) ->
          new SessionName(neighbor, prefixes.family());
    };
  }

  /// Takes a change of a generation.
  void put(ExportBlock block, long generation) {
    switch (block) {
      case ExportBlock.Announce(var neighbor, var prefixes, var attributes) ->
          put(neighbor, prefixes, attributes, generation);
      case ExportBlock.Withdraw(var neighbor, var prefixes) ->
          put(neighbor, prefixes, null, generation);
    }
  }

  private void put(
      String neighbor, Prefixes prefixes, @Nullable PathAttributes attributes, long generation) {
    SessionName session = new SessionName(neighbor, prefixes.family());
    Waiting waiting = bySession.computeIfAbsent(session, Waiting::new);
    for (int i = 0; i < prefixes.size(); i++) {
      int before = waiting.table.size();
      int slot = waiting.table.findOrAdd(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      waiting.reserve(slot);
      if (waiting.table.size() > before) {
        size++;
        waiting.states[slot] = 0;
      } else if (waiting.isHeld(slot)) {
        held--;
      }
      waiting.attributes[slot] = attributes;
      waiting.generations[slot] = generation;
      waiting.ready(slot, attributes == null ? TO_WITHDRAW : TO_ANNOUNCE);
    }
  }

  /// Entries that wait, those held included.
  int size() {
    return size;
  }

  /// Announcements that wait for a forwarding table.
  int held() {
    return held;
  }

  /// Looks whether some of those held may go.
  void look(Gate gate) {
    for (Waiting waiting : bySession.values()) {
      look(waiting, gate, MOST_LOOKS);
    }
  }

  private void look(Waiting waiting, Gate gate, int most) {
    int looks = Math.min(most, waiting.held.size());
    for (int i = 0; i < looks; i++) {
      int slot = waiting.held.remove();
      if (!waiting.isHeld(slot)) {
        continue;
      }
      boolean stays =
          switch (waiting.programmed(slot, gate)) {
            case YES -> false;
            case NOT_YET -> true;
            case REFUSED -> waiting.states[slot] == REFUSED;
          };
      if (stays) {
        waiting.held.add(slot);
      } else {
        held--;
        waiting.ready(slot, TO_ANNOUNCE);
      }
    }
  }

  /// Whether something that was not refused is held.
  boolean isExpecting(Gate gate) {
    for (Waiting waiting : bySession.values()) {
      for (int i = waiting.held.size(); i > 0; i--) {
        int slot = waiting.held.remove();
        if (waiting.isHeld(slot)) {
          waiting.held.add(slot);
          if (waiting.programmed(slot, gate) != Programmed.REFUSED) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Takes up to `most` prefixes of one session, or null when nothing may go.
  @Nullable RouteBatch next(int most, Gate gate) {
    for (Map.Entry<SessionName, Waiting> entry : bySession.entrySet()) {
      RouteBatch batch =
          next(entry.getKey(), entry.getValue(), entry.getValue().withdrawals, most, gate);
      if (batch != null) {
        return batch;
      }
    }
    for (Map.Entry<SessionName, Waiting> entry : bySession.entrySet()) {
      RouteBatch batch =
          next(entry.getKey(), entry.getValue(), entry.getValue().announcements, most, gate);
      if (batch != null) {
        return batch;
      }
    }
    return null;
  }

  private @Nullable RouteBatch next(
      SessionName session, Waiting waiting, IntQueue queue, int most, Gate gate) {
    while (!queue.isEmpty()) {
      RouteBatch batch = take(session, waiting, queue, most, gate);
      if (batch.getGroupsCount() > 0) {
        return batch;
      }
    }
    return null;
  }

  private RouteBatch take(
      SessionName session, Waiting waiting, IntQueue queue, int most, Gate gate) {
    RouteBatch.Builder batch = RouteBatch.newBuilder().setNeighbor(session.toString());
    Map<Integer, NlriMapping.Packer> groups = new HashMap<>();
    for (int i = 0; i < most && !queue.isEmpty(); i++) {
      int slot = queue.remove();
      byte state = queue == waiting.withdrawals ? TO_WITHDRAW : TO_ANNOUNCE;
      if (!waiting.table.isPresent(slot) || waiting.states[slot] != state) {
        continue;
      }
      PathAttributes attributes = waiting.attributes[slot];
      Programmed programmed = attributes == null ? Programmed.YES : waiting.programmed(slot, gate);
      if (programmed == Programmed.NOT_YET) {
        hold(waiting, slot, HELD);
        continue;
      }
      boolean goes = attributes != null && programmed == Programmed.YES;
      groups
          .computeIfAbsent(
              attributes != null && goes ? number(attributes, batch) : 0,
              _ -> new NlriMapping.Packer(16))
          .add(waiting.table.high(slot), waiting.table.low(slot), waiting.table.length(slot));
      if (programmed == Programmed.REFUSED) {
        hold(waiting, slot, REFUSED);
      } else {
        waiting.attributes[slot] = null;
        waiting.table.remove(slot);
        size--;
      }
    }
    groups.forEach((number, packer) ->
        batch.addGroups(
            RouteGroup.newBuilder()
                .setAttributeSetId(number)
                .setFamily(FamilyMapping.toProto(session.family()))
                .setNlri(packer.build())));
    return batch.build();
  }

  private void hold(Waiting waiting, int slot, byte state) {
    waiting.states[slot] = state;
    waiting.held.add(slot);
    held++;
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
