package net.donut.agent.rib;

import net.donut.model.table.AttributeTable;
import net.donut.model.table.PrefixTable;

/// What of a column one reader has not been told yet. Owned by `agent-rib`.
final class Pending {
  /*
   * A reader is owed a scan of the whole column (`cursor` below its end) and the slots that changed
   * before the cursor. No value is queued, only slots: what is told is what the column holds when
   * the slot is taken, so a slow reader costs one bit and one int a changed prefix and never sees an
   * outdated route. Routes that appear or change at or after the cursor need no entry: the scan will
   * come by. Those that go there do: the reader may know them from before the scan.
   *
   * Bad news first: a slot whose route went away waits in `gone`, one that has a route in `changed`;
   * `gone` is taken first. A slot may wait in both; whichever disagrees with the column when taken is
   * skipped, because the other, or the scan, has it too.
   *
   * Slots that wait hold a reference, so that a slot cannot be given to another prefix before the
   * withdrawal of the first was told.
   */
  private final SessionColumn column;
  private final DirtySlots gone = new DirtySlots();
  private final DirtySlots changed = new DirtySlots();
  private int cursor = Integer.MAX_VALUE;
  private long mark = -1;

  Pending(SessionColumn column) {
    this.column = column;
  }

  /// Owes the reader the whole column again, beside the withdrawals that wait.
  void restart() {
    cursor = 0;
    mark = -1;
  }

  /// Owes the reader nothing.
  void forget() {
    for (int slot = gone.poll(); slot != PrefixTable.NONE; slot = gone.poll()) {
      column.prefixes().release(slot);
    }
    for (int slot = changed.poll(); slot != PrefixTable.NONE; slot = changed.poll()) {
      column.prefixes().release(slot);
    }
    cursor = Integer.MAX_VALUE;
    mark = -1;
  }

  /// Notes that the column changed at a slot. To be called before the column gives up its own
  /// reference, or while the caller holds one.
  void changed(int slot) {
    boolean present = column.id(slot) != AttributeTable.NONE;
    if (present && slot >= cursor) {
      return;
    }
    if ((present ? changed : gone).add(slot)) {
      column.prefixes().retain(slot);
    }
  }

  boolean isEmpty() {
    return gone.size() == 0 && changed.size() == 0 && !isScanning();
  }

  /// Routes waiting, without those the scan will find.
  int size() {
    return gone.size() + changed.size();
  }

  boolean isScanning() {
    if (cursor >= column.capacity()) {
      cursor = Integer.MAX_VALUE;
    }
    return cursor != Integer.MAX_VALUE;
  }

  boolean hasWithdrawals() {
    return gone.size() > 0;
  }

  /// Fills `batch`, which must be empty, with slots whose route went away. Slots in the batch hold
  /// a reference until [RouteSlots#clear].
  void takeWithdrawals(RouteSlots batch) {
    takeFrom(gone, batch);
  }

  /// Fills `batch`, which must be empty, with routes.
  void takeRoutes(RouteSlots batch) {
    takeFrom(changed, batch);
    scan(batch);
  }

  private void takeFrom(DirtySlots queue, RouteSlots batch) {
    while (!batch.isFull()) {
      int slot = queue.poll();
      if (slot == PrefixTable.NONE) {
        return;
      }
      int id = column.id(slot);
      if ((id == AttributeTable.NONE) == (queue == gone)) {
        batch.add(slot, id);
      } else {
        column.prefixes().release(slot);
      }
    }
  }

  private void scan(RouteSlots batch) {
    while (!batch.isFull() && isScanning()) {
      int id = column.id(cursor);
      if (id != AttributeTable.NONE) {
        column.prefixes().retain(cursor);
        batch.add(cursor, id);
      }
      cursor++;
    }
  }

  /// Remembers this moment: [#isMarkPassed] is true once everything owed now was taken.
  void mark() {
    mark = changed.added();
  }

  boolean isMarked() {
    return mark >= 0;
  }

  boolean isMarkPassed() {
    return mark >= 0 && !isScanning() && gone.size() == 0 && changed.taken() >= mark;
  }

  void unmark() {
    mark = -1;
  }
}
