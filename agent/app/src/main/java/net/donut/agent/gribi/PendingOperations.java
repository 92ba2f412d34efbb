package net.donut.agent.gribi;

import gribi.Gribi.AFTOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Operations that wait for an entry they refer to. Owned by `agent-fib`.
final class PendingOperations {
  /// Beyond this an operation with a forward reference fails: a client cannot fill the memory.
  static final int MOST = 100_000;

  /// @param arrivedNanos when the operation reached the agent
  record Waiting(
      EntryKey entry,
      EntryKey missing,
      AFTOperation operation,
      OperationSink sink,
      long arrivedNanos) {}

  private final Map<EntryKey, Waiting> byEntry = new LinkedHashMap<>();
  private final Map<EntryKey, Map<EntryKey, Waiting>> byMissing = new HashMap<>();

  boolean isEmpty() {
    return byEntry.isEmpty();
  }

  boolean isFull() {
    return byEntry.size() >= MOST;
  }

  void add(Waiting waiting) {
    byEntry.put(waiting.entry(), waiting);
    byMissing
        .computeIfAbsent(waiting.missing(), _ -> new LinkedHashMap<>())
        .put(waiting.entry(), waiting);
  }

  /// Takes out what waits to change an entry, or null.
  @Nullable Waiting takeOf(EntryKey entry) {
    Waiting waiting = byEntry.remove(entry);
    if (waiting != null) {
      Map<EntryKey, Waiting> others = byMissing.getOrDefault(waiting.missing(), Map.of());
      others.remove(entry);
      if (others.isEmpty()) {
        byMissing.remove(waiting.missing());
      }
    }
    return waiting;
  }

  /// Takes out what waits for an entry, in the order it came.
  List<Waiting> takeWaitingFor(EntryKey present) {
    Map<EntryKey, Waiting> waiting = byMissing.remove(present);
    if (waiting == null) {
      return List.of();
    }
    waiting.keySet().forEach(byEntry::remove);
    return List.copyOf(waiting.values());
  }

  /// Takes out all that the predicate holds for.
  List<Waiting> takeAll(Predicate<Waiting> which) {
    List<Waiting> taken = new ArrayList<>(byEntry.values());
    taken.removeIf(which.negate());
    taken.forEach(waiting -> takeOf(waiting.entry()));
    return taken;
  }
}
