package net.donut.agent.rib;

import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.table.AttributeTable;
import net.donut.model.table.PrefixTable;

/// The routes of one session and family as received, before policy (RFC 4271 §3.2). Owned by
/// `agent-rib`.
final class AdjRibIn implements RouteSource {
  /// Without End-of-RIB, the initial routes count as complete after this long without one.
  static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// ... and at the latest after this long.
  static final long LONGEST_INITIAL_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final SessionColumn column;
  private final BitSet stale = new BitSet();
  private Snapshot snapshot = Snapshot.INCOMPLETE;
  private long establishedNanos;
  private long announcedNanos;
  private boolean established;
  private int receivedUntilLost;
  private int voids;

  AdjRibIn(SessionColumn column) {
    this.column = column;
  }

  @Override
  public SessionColumn column() {
    return column;
  }

  int size() {
    return column.size();
  }

  @Override
  public int voids() {
    return voids;
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  /// The routes announced on this session, or on the last one up to its end: not those that are
  /// kept from before.
  int received() {
    return established ? column.size() - stale.cardinality() : receivedUntilLost;
  }

  boolean hasStale() {
    return !stale.isEmpty();
  }

  void established(long nowNanos) {
    established = true;
    establishedNanos = nowNanos;
    announcedNanos = nowNanos;
    snapshot = Snapshot.INCOMPLETE;
  }

  void announce(Prefixes prefixes, PathAttributes attributes, long nowNanos) {
    announcedNanos = nowNanos;
    AttributeTable sets = column.attributes();
    CountedPrefixes table = column.prefixes();
    int id = sets.intern(attributes);
    for (int i = 0; i < prefixes.size(); i++) {
      int slot = table.retain(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      column.put(slot, sets.retain(id));
      stale.clear(slot);
      table.release(slot);
    }
    sets.release(id);
  }

  void withdraw(Prefixes prefixes) {
    for (int i = 0; i < prefixes.size(); i++) {
      int slot = column.prefixes().find(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      if (slot != PrefixTable.NONE) {
        stale.clear(slot);
        column.remove(slot);
      }
    }
  }

  void endOfRib() {
    if (established) {
      snapshot = Snapshot.COMPLETE;
    }
  }

  /// Lets the initial routes be complete when their end was waited for long enough. Returns whether
  /// that happened now.
  boolean age(long nowNanos) {
    if (!established
        || snapshot == Snapshot.COMPLETE
        || (nowNanos - announcedNanos < QUIET_NANOS
            && nowNanos - establishedNanos < LONGEST_INITIAL_NANOS)) {
      return false;
    }
    endOfRib();
    return true;
  }

  /// The session ended and its routes are void.
  void lost() {
    receivedUntilLost = received();
    if (established || column.size() > 0) {
      clear();
    }
    established = false;
  }

  /// The session ended and its routes are kept for its return (RFC 4724 §4.2).
  void lostForAWhile() {
    receivedUntilLost = received();
    established = false;
    snapshot = Snapshot.INCOMPLETE;
    markStale();
  }

  void markStale() {
    for (int slot = 0; slot < column.capacity(); slot++) {
      if (column.id(slot) != AttributeTable.NONE) {
        stale.set(slot);
      }
    }
  }

  /// Removes what is still stale.
  void sweepStale() {
    if (!established) {
      clear();
      return;
    }
    for (int slot = stale.nextSetBit(0); slot >= 0; slot = stale.nextSetBit(slot + 1)) {
      column.remove(slot);
    }
    stale.clear();
  }

  private void clear() {
    column.clear();
    stale.clear();
    snapshot = Snapshot.INCOMPLETE;
    voids++;
  }
}
