package net.donut.controller.southbound;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.table.PrefixTable;

/// The prefixes of one family at one agent: the group wanted and the group sent, 18 bytes per
/// prefix beside the table, and which of them differ. Owned by `south-NAME`.
final class PrefixIntent {
  /// The agent may have anything: the last operation was refused, or nobody knows.
  static final long UNKNOWN = -1;

  private static final int QUEUED = 1;
  private static final int DEFERRED = 2;
  private static final int REFUSED = 4;

  /// Once wanted, and not any more because neighbors withdrew it.
  private static final int WITHDRAWN = 8;

  /// The agent says that its kernel does not have the route, whatever it acknowledged.
  private static final int TROUBLED = 16;

  private final PrefixTable table;
  private final Map<Long, Integer> prefixesOn;
  private final IntQueue queue = new IntQueue();
  private final IntQueue deferred = new IntQueue();
  private final Runs tickets = new Runs();
  private long[] wanted = new long[16];
  private long[] sent = new long[16];
  private byte[] flags = new byte[16];
  private byte[] inFlight = new byte[16];
  private int refused;
  private int wantedCount;
  private long latest;

  /// `prefixesOn` counts, over both families, the prefixes the agent has on each group.
  PrefixIntent(Family family, Map<Long, Integer> prefixesOn) {
    this.table = new PrefixTable(family);
    this.prefixesOn = prefixesOn;
  }

  Family family() {
    return table.family();
  }

  /// Sets the group of a prefix, 0 to remove it. `ticket` 0 goes at once, others when they are
  /// open.
  void set(long high, long low, int length, long group, long ticket, AgentDriver.Cause cause) {
    int slot = group == 0 ? table.find(high, low, length) : table.findOrAdd(high, low, length);
    if (slot == PrefixTable.NONE) {
      return;
    }
    reserve(slot);
    wantedCount += (group == 0 ? 0 : 1) - (wanted[slot] == 0 ? 0 : 1);
    if (group != 0) {
      flags[slot] &= (byte) ~WITHDRAWN;
    } else if (wanted[slot] != 0 && cause == AgentDriver.Cause.NEIGHBORS) {
      flags[slot] |= WITHDRAWN;
    }
    wanted[slot] = group;
    clear(slot, REFUSED);
    enqueue(slot, ticket);
    forgetIfGone(slot);
  }

  /// The agent says that its kernel does not have a route as intended. Returns whether that is
  /// news.
  boolean troubled(Prefix prefix) {
    int slot = table.findOrAdd(prefix);
    reserve(slot);
    boolean news = (flags[slot] & TROUBLED) == 0;
    raise(slot, TROUBLED);
    return news;
  }

  /// The agent says that its kernel has a route again, or should no longer: what was refused is
  /// asked for once more. Returns whether that is news.
  boolean troubleOver(Prefix prefix) {
    int slot = table.find(prefix);
    if (slot == PrefixTable.NONE || (flags[slot] & TROUBLED) == 0) {
      return false;
    }
    clear(slot, TROUBLED);
    if ((flags[slot] & REFUSED) != 0) {
      clear(slot, REFUSED);
      enqueue(slot, 0);
    }
    forgetIfGone(slot);
    return true;
  }

  private void raise(int slot, int flag) {
    refused += (flags[slot] & (REFUSED | TROUBLED)) == 0 ? 1 : 0;
    flags[slot] |= (byte) flag;
  }

  private void clear(int slot, int flag) {
    boolean counted = (flags[slot] & (REFUSED | TROUBLED)) != 0;
    flags[slot] &= (byte) ~flag;
    refused -= counted && (flags[slot] & (REFUSED | TROUBLED)) == 0 ? 1 : 0;
  }

  /// Queues a prefix again although its group is the one that was sent.
  void renew(Prefix prefix) {
    int slot = table.find(prefix);
    if (slot != PrefixTable.NONE && wanted[slot] != 0 && !isDirty(slot)) {
      move(sent[slot], 0);
      sent[slot] = UNKNOWN;
      enqueue(slot, 0);
    }
  }

  private void reserve(int slot) {
    if (slot >= wanted.length) {
      int room = Math.max(slot + 1, wanted.length * 2);
      wanted = Arrays.copyOf(wanted, room);
      sent = Arrays.copyOf(sent, room);
      flags = Arrays.copyOf(flags, room);
      inFlight = Arrays.copyOf(inFlight, room);
    }
  }

  private boolean isDirty(int slot) {
    return wanted[slot] != sent[slot];
  }

  private void enqueue(int slot, long ticket) {
    if (!isDirty(slot) || (flags[slot] & (REFUSED | QUEUED)) != 0) {
      return;
    }
    if (ticket == 0) {
      flags[slot] |= QUEUED;
      queue.add(slot);
    } else if ((flags[slot] & DEFERRED) == 0) {
      latest = Math.max(latest, ticket);
      flags[slot] |= DEFERRED;
      deferred.add(slot);
      tickets.add(latest);
    }
  }

  /// The slot of a prefix that is to be on a group, or NONE.
  int wantedSlot(long high, long low, int length) {
    int slot = table.find(high, low, length);
    return slot == PrefixTable.NONE || wanted[slot] == 0 ? PrefixTable.NONE : slot;
  }

  /// The group that a slot is to be on.
  long wanted(int slot) {
    return wanted[slot];
  }

  /// Whether the agent acknowledged the group that a slot is to be on.
  Programmed programmed(int slot) {
    if ((flags[slot] & (REFUSED | TROUBLED)) != 0) {
      return Programmed.REFUSED;
    }
    return isDirty(slot) || inFlight[slot] > 0 ? Programmed.NOT_YET : Programmed.YES;
  }

  private void forgetIfGone(int slot) {
    if (table.isPresent(slot)
        && wanted[slot] == 0
        && sent[slot] == 0
        && inFlight[slot] == 0
        && (flags[slot] & ~WITHDRAWN) == 0) {
      flags[slot] = 0;
      table.remove(slot);
    }
  }

  /// The next slot to send, or NONE; deferred ones only up to ticket `open`.
  int next(long open) {
    while (!queue.isEmpty()) {
      int slot = queue.remove();
      flags[slot] &= (byte) ~QUEUED;
      if (isSendable(slot)) {
        return slot;
      }
    }
    while (!deferred.isEmpty() && tickets.first() <= open) {
      int slot = deferred.remove();
      tickets.removeFirst();
      flags[slot] &= (byte) ~DEFERRED;
      if (isSendable(slot)) {
        return slot;
      }
    }
    return PrefixTable.NONE;
  }

  private boolean isSendable(int slot) {
    if (!table.isPresent(slot)) {
      return false;
    }
    if (isDirty(slot) && inFlight[slot] < Byte.MAX_VALUE) {
      return true;
    }
    forgetIfGone(slot);
    return false;
  }

  /// Whether a slot is to be removed because neighbors withdrew it.
  boolean isWithdrawn(int slot) {
    return wanted[slot] == 0 && (flags[slot] & WITHDRAWN) != 0;
  }

  /// Notes that the wanted group of a slot goes to the agent; returns it, 0 for a removal.
  long send(int slot) {
    long group = wanted[slot];
    move(sent[slot], group);
    sent[slot] = group;
    inFlight[slot]++;
    return group;
  }

  private void move(long from, long to) {
    if (from > 0) {
      prefixesOn.merge(from, -1, Integer::sum);
    }
    if (to > 0) {
      prefixesOn.merge(to, 1, Integer::sum);
    }
  }

  void done(int slot) {
    inFlight[slot]--;
    forgetIfGone(slot);
  }

  void refused(int slot) {
    inFlight[slot]--;
    move(sent[slot], 0);
    sent[slot] = UNKNOWN;
    raise(slot, REFUSED);
  }

  /// Queues everything that was refused again.
  void retry() {
    if (refused == 0) {
      return;
    }
    for (int slot = 0; slot < slots(); slot++) {
      if ((flags[slot] & REFUSED) != 0) {
        clear(slot, REFUSED);
        enqueue(slot, 0);
      }
    }
  }

  private int slots() {
    return Math.min(wanted.length, table.capacity());
  }

  /// How many prefixes the agent refused, or has not in its kernel although it took them.
  int refused() {
    return refused;
  }

  int pending() {
    return queue.size() + deferred.size();
  }

  /// Whether nothing is left to send up to ticket `open`.
  boolean isSent(long open) {
    return queue.isEmpty() && (deferred.isEmpty() || tickets.first() > open);
  }

  int size() {
    return wantedCount;
  }

  Prefix prefix(int slot) {
    return table.prefix(slot);
  }

  /// Forgets what was sent, before what the agent has is read.
  void beginAdopt() {
    queue.clear();
    deferred.clear();
    tickets.clear();
    refused = 0;
    for (int slot = 0; slot < slots(); slot++) {
      sent[slot] = 0;
      inFlight[slot] = 0;
      flags[slot] &= WITHDRAWN;
      if (flags[slot] == 0) {
        forgetIfGone(slot);
      }
    }
  }

  /// The agent has this prefix on a group; [#UNKNOWN] when it is not in its kernel.
  void found(Prefix prefix, long group) {
    int slot = table.findOrAdd(prefix);
    reserve(slot);
    sent[slot] = group;
  }

  /// Queues what differs. Returns how many prefixes do.
  int endAdopt() {
    int count = 0;
    for (int slot = 0; slot < slots(); slot++) {
      if (table.isPresent(slot)) {
        move(0, sent[slot]);
        count += isDirty(slot) ? 1 : 0;
        enqueue(slot, 0);
        forgetIfGone(slot);
      }
    }
    return count;
  }

  /// Numbers that never fall, one entry a run of equal ones.
  private static final class Runs {
    private final ArrayDeque<Long> values = new ArrayDeque<>();
    private final Map<Long, Integer> lengths = new HashMap<>();

    void add(long value) {
      Long last = values.peekLast();
      if (last == null || last != value) {
        values.addLast(value);
      }
      lengths.merge(value, 1, Integer::sum);
    }

    long first() {
      return Objects.requireNonNull(values.peekFirst());
    }

    void removeFirst() {
      long first = first();
      if (lengths.merge(first, -1, Integer::sum) == 0) {
        lengths.remove(first);
        values.removeFirst();
      }
    }

    void clear() {
      values.clear();
      lengths.clear();
    }
  }
}
