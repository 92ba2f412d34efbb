package net.donut.controller.southbound;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The few entries of one kind at one agent (next hops, next-hop groups) by number: what is wanted,
/// what was sent, and which of them differ. `V` has value equality. Owned by `south-NAME`.
final class EntryTable<V> {

  /// One entry. `wanted` null is to be absent, `sent` null was never sent or is deleted.
  static final class Cell<V> {
    final long id;
    @Nullable V wanted;
    @Nullable V sent;
    int inFlight;
    State state = State.CLEAR;

    Cell(long id) {
      this.id = id;
    }
  }

  enum State {
    CLEAR,
    /// The last operation was refused: the agent may have anything, and nothing is sent until a
    /// retry.
    REFUSED,
    /// The agent may have anything.
    UNKNOWN
  }

  private final Map<Long, Cell<V>> cells = new HashMap<>();
  private final Set<Cell<V>> dirty = new LinkedHashSet<>();
  private int refused;

  void want(long id, V value) {
    change(cells.computeIfAbsent(id, Cell<V>::new), value);
  }

  void remove(long id) {
    Cell<V> cell = cells.get(id);
    if (cell != null) {
      change(cell, null);
    }
  }

  private void change(Cell<V> cell, @Nullable V value) {
    cell.wanted = value;
    if (cell.state == State.REFUSED) {
      refused--;
      cell.state = State.UNKNOWN;
    }
    mark(cell);
    forgetIfGone(cell);
  }

  private void mark(Cell<V> cell) {
    if (cell.state != State.CLEAR || !Objects.equals(cell.wanted, cell.sent)) {
      dirty.add(cell);
    } else {
      dirty.remove(cell);
    }
  }

  private void forgetIfGone(Cell<V> cell) {
    boolean gone = cell.wanted == null && cell.sent == null;
    if (gone && cell.inFlight == 0 && cell.state == State.CLEAR) {
      cells.remove(cell.id, cell);
      dirty.remove(cell);
    }
  }

  @Nullable Cell<V> find(long id) {
    return cells.get(id);
  }

  boolean isDirty(Cell<V> cell) {
    return dirty.contains(cell);
  }

  /// Whether the agent acknowledged what is wanted of an entry.
  Programmed programmed(long id) {
    Cell<V> cell = cells.get(id);
    if (cell == null) {
      return Programmed.YES;
    }
    if (cell.state == State.REFUSED) {
      return Programmed.REFUSED;
    }
    return cell.inFlight > 0 || isDirty(cell) ? Programmed.NOT_YET : Programmed.YES;
  }

  Iterable<Cell<V>> all() {
    return cells.values();
  }

  /// Entries to add or replace, those dirty first coming first.
  List<Cell<V>> additions() {
    return select(true);
  }

  /// Entries to delete, unless something still refers to them.
  List<Cell<V>> deletions() {
    return select(false);
  }

  private List<Cell<V>> select(boolean there) {
    if (dirty.isEmpty()) {
      return List.of();
    }
    List<Cell<V>> chosen = new ArrayList<>();
    for (Cell<V> cell : dirty) {
      if ((cell.wanted != null) == there && cell.state != State.REFUSED) {
        chosen.add(cell);
      }
    }
    return chosen;
  }

  /// Notes that what is wanted goes to the agent.
  void send(Cell<V> cell) {
    cell.sent = cell.wanted;
    cell.state = State.CLEAR;
    cell.inFlight++;
    dirty.remove(cell);
  }

  void done(long id) {
    Cell<V> cell = cells.get(id);
    if (cell != null) {
      cell.inFlight--;
      forgetIfGone(cell);
    }
  }

  void refused(long id) {
    Cell<V> cell = cells.get(id);
    if (cell != null) {
      cell.inFlight--;
      refused += cell.state == State.REFUSED ? 0 : 1;
      cell.state = State.REFUSED;
      dirty.add(cell);
    }
  }

  void retry() {
    for (Cell<V> cell : dirty) {
      cell.state = State.UNKNOWN;
    }
    refused = 0;
  }

  int refused() {
    return refused;
  }

  /// How many entries are wanted.
  int wanted() {
    int count = 0;
    for (Cell<V> cell : cells.values()) {
      count += cell.wanted == null ? 0 : 1;
    }
    return count;
  }

  int pending() {
    return dirty.size();
  }

  /// Forgets what was sent; the agent has `found`, where null stands for something else.
  void adopt(Map<Long, @Nullable V> found) {
    refused = 0;
    dirty.clear();
    for (Cell<V> cell : List.copyOf(cells.values())) {
      cell.sent = null;
      cell.inFlight = 0;
      cell.state = State.CLEAR;
      forgetIfGone(cell);
    }
    found.forEach((id, value) -> {
      Cell<V> cell = cells.computeIfAbsent(id, Cell<V>::new);
      cell.sent = value;
      cell.state = value == null ? State.UNKNOWN : State.CLEAR;
    });
    cells.values().forEach(this::mark);
  }
}
