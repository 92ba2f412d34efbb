package net.donut.agent.rib;

import java.util.Arrays;
import java.util.BitSet;
import net.donut.model.table.PrefixTable;

/// A queue of slots in the order they were first added, each at most once. Owned by `agent-rib`.
final class DirtySlots {
  private final BitSet waiting = new BitSet();
  private int[] ring = new int[16];
  private int head;
  private int size;
  private long added;

  /// Returns whether the slot was not waiting yet.
  boolean add(int slot) {
    if (waiting.get(slot)) {
      return false;
    }
    waiting.set(slot);
    if (size == ring.length) {
      grow();
    }
    ring[(head + size) & (ring.length - 1)] = slot;
    size++;
    added++;
    return true;
  }

  private void grow() {
    int[] larger = new int[ring.length * 2];
    int first = ring.length - head;
    System.arraycopy(ring, head, larger, 0, first);
    System.arraycopy(ring, 0, larger, first, head);
    ring = larger;
    head = 0;
  }

  /// Takes the slot that waits longest, or [PrefixTable#NONE].
  int poll() {
    if (size == 0) {
      return PrefixTable.NONE;
    }
    int slot = ring[head];
    head = (head + 1) & (ring.length - 1);
    size--;
    waiting.clear(slot);
    if (size == 0 && ring.length > 1 << 16) {
      ring = Arrays.copyOf(ring, 16);
      head = 0;
    }
    return slot;
  }

  int size() {
    return size;
  }

  /// How many slots were ever added; everything added so far has been taken once [#taken] reaches
  /// this.
  long added() {
    return added;
  }

  long taken() {
    return added - size;
  }
}
