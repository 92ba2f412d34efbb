package net.donut.agent.rib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.donut.api.RouteDigest;
import net.donut.model.table.AttributeTable;

/// One attribute set id a prefix slot, 0 for none: the routes of one session, family and direction.
/// Holds a reference on each of its slots and ids. Owned by `agent-rib`.
final class SessionColumn {
  private final CountedPrefixes prefixes;
  private final AttributeTable attributes;
  private final List<Pending> readers = new ArrayList<>();
  private int[] ids = new int[16];
  private int size;

  SessionColumn(CountedPrefixes prefixes, AttributeTable attributes) {
    this.prefixes = prefixes;
    this.attributes = attributes;
  }

  CountedPrefixes prefixes() {
    return prefixes;
  }

  AttributeTable attributes() {
    return attributes;
  }

  /// The id at a slot, 0 for none; any slot may be asked for.
  int id(int slot) {
    return slot < ids.length ? ids[slot] : AttributeTable.NONE;
  }

  /// The number of slots that have an id.
  int size() {
    return size;
  }

  /// One more than the largest slot that can have an id.
  int capacity() {
    return Math.min(ids.length, prefixes.capacity());
  }

  /// Has a reader told of every change from now on.
  void addReader(Pending reader) {
    readers.add(reader);
  }

  void removeReader(Pending reader) {
    readers.remove(reader);
    reader.forget();
  }

  /// Sets a slot on which the caller holds a reference, taking over the caller's reference on `id`.
  /// Returns whether anything changed.
  boolean put(int slot, int id) {
    if (slot >= ids.length) {
      ids = Arrays.copyOf(ids, Math.max(prefixes.capacity(), ids.length + (ids.length >> 1)));
    }
    int before = ids[slot];
    if (before == id) {
      attributes.release(id);
      return false;
    }
    if (before == AttributeTable.NONE) {
      prefixes.retain(slot);
      size++;
    } else {
      attributes.release(before);
    }
    ids[slot] = id;
    tellReaders(slot);
    return true;
  }

  /// Empties a slot. Returns whether it had an id.
  boolean remove(int slot) {
    int before = id(slot);
    if (before == AttributeTable.NONE) {
      return false;
    }
    ids[slot] = AttributeTable.NONE;
    size--;
    tellReaders(slot);
    attributes.release(before);
    prefixes.release(slot);
    return true;
  }

  private void tellReaders(int slot) {
    for (int i = 0; i < readers.size(); i++) {
      readers.get(i).changed(slot);
    }
  }

  /// Empties every slot; readers are owed nothing, and have to learn of it another way.
  void clear() {
    readers.forEach(Pending::forget);
    for (int slot = 0; slot < ids.length && size > 0; slot++) {
      int before = ids[slot];
      if (before != AttributeTable.NONE) {
        ids[slot] = AttributeTable.NONE;
        size--;
        attributes.release(before);
        prefixes.release(slot);
      }
    }
    ids = new int[16];
  }

  /// The sum of [RouteDigest#of] over all routes: equal for equal routes, in whatever order they
  /// came.
  long digest() {
    long[] contents = new long[attributes.capacity()];
    long sum = 0;
    for (int slot = 0; slot < capacity(); slot++) {
      int id = ids[slot];
      if (id != AttributeTable.NONE) {
        if (contents[id] == 0) {
          contents[id] = RouteDigest.content(attributes.get(id));
        }
        sum += prefixes.digest(slot, contents[id]);
      }
    }
    return sum;
  }
}
