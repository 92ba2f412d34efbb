package net.donut.agent.rib;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.model.Family;
import net.donut.model.Prefixes;
import net.donut.model.table.AttributeTable;
import org.jspecify.annotations.Nullable;

/// What one subscriber was told of one column, and what comes next. Owned by `agent-rib`.
final class RouteFlow {
  private static final int MOST_ROUTES = 2000;

  /// While a neighbor sends its first table, routes are gathered for so long, or until a batch is
  /// full: neighbors send a table in tens of thousands of messages, and handing each on would cost
  /// more than the routes in it. Afterwards nothing waits.
  static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final String session;
  private final Family family;
  private final RouteSource source;
  private final SessionColumn column;
  private final Pending pending;
  private final RouteSlots batch;
  private int voidsSeen;
  private long epoch = 1;
  private End end = End.OWED;
  private long gatherUntil = Long.MIN_VALUE;
  private boolean gathering;

  private enum End {
    OWED,
    TOLD
  }

  /// Owes everything in `source`.
  RouteFlow(String session, RouteSource source) {
    this.session = session;
    this.source = source;
    this.column = source.column();
    this.family = column.prefixes().family();
    this.pending = new Pending(column);
    this.batch = new RouteSlots(column.prefixes(), MOST_ROUTES);
    this.voidsSeen = source.voids();
    column.addReader(pending);
    pending.restart();
  }

  String session() {
    return session;
  }

  /// Whether the end marker of this epoch was told.
  boolean isCompleted() {
    return end == End.TOLD;
  }

  void close() {
    column.removeReader(pending);
  }

  /// Routes waiting, without those of a snapshot in progress.
  int waiting() {
    return pending.size();
  }

  /// The void or the withdrawals to tell next, or null.
  @Nullable RouteDelta nextBadNews() {
    if (source.voids() != voidsSeen) {
      voidsSeen = source.voids();
      epoch++;
      end = End.OWED;
      return new RouteDelta.Cleared(session, family, epoch);
    }
    if (!pending.hasWithdrawals()) {
      return null;
    }
    pending.takeWithdrawals(batch);
    if (batch.isEmpty()) {
      return null;
    }
    RouteDelta delta =
        new RouteDelta.Withdrawn(session, family, epoch, batch.prefixes(0, batch.size()));
    batch.clear();
    return delta;
  }

  /// Whether [#nextGathered] kept routes back for a batch worth sending.
  boolean isGathering() {
    return gathering;
  }

  private boolean isToGather(long nowNanos) {
    return source.snapshot() == RouteSource.Snapshot.INCOMPLETE
        && !pending.isScanning()
        && pending.size() > 0
        && pending.size() < MOST_ROUTES
        && nowNanos < gatherUntil;
  }

  /// [#nextRoutes], or null as long as routes are gathered. `nowNanos` never goes back.
  @Nullable RouteDelta nextGathered(long nowNanos) {
    gathering = isToGather(nowNanos);
    if (gathering) {
      return null;
    }
    RouteDelta delta = nextRoutes();
    if (delta != null) {
      gatherUntil = nowNanos + GATHER_NANOS;
    }
    return delta;
  }

  /// The routes or the end marker to tell next, or null. Everything of [#nextBadNews] must have
  /// been told.
  @Nullable RouteDelta nextRoutes() {
    RouteSource.Snapshot state = source.snapshot();
    if (state == RouteSource.Snapshot.INCOMPLETE) {
      pending.unmark();
    }
    if (end == End.OWED && state == RouteSource.Snapshot.COMPLETE) {
      if (!pending.isMarked()) {
        pending.mark();
      }
      if (pending.isMarkPassed()) {
        pending.unmark();
        end = End.TOLD;
        return new RouteDelta.Completed(session, family, epoch);
      }
    }
    pending.takeRoutes(batch);
    if (batch.isEmpty()) {
      return end == End.OWED && state == RouteSource.Snapshot.COMPLETE && pending.isMarkPassed()
          ? nextRoutes()
          : null;
    }
    RouteDelta delta = new RouteDelta.Announced(session, family, epoch, groups());
    batch.clear();
    return delta;
  }

  private List<RouteDelta.Group> groups() {
    AttributeTable attributes = column.attributes();
    batch.group();
    Prefixes prefixes = batch.prefixes(0, batch.size());
    List<RouteDelta.Group> groups = new ArrayList<>();
    for (int from = 0; from < batch.size(); ) {
      int to = batch.groupEnd(from, batch.size());
      int id = batch.id(from);
      groups.add(
          new RouteDelta.Group(
              id, attributes.generation(id), attributes.get(id), prefixes.slice(from, to)));
      from = to;
    }
    return groups;
  }
}
