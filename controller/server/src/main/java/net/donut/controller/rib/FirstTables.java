package net.donut.controller.rib;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.core.Engine;

/// The sessions whose first table is waited for after a start of the controller, so that routers
/// are not given a table once for each neighbor that sends it (see [Engine#awaitTable]). Owned by
/// `rib`.
final class FirstTables {
  /// For a session to come up.
  private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(3);

  /// Without a route from a neighbor that sends no end marker.
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Engine engine;
  private final long started;
  private final Map<String, Awaited> awaited = new LinkedHashMap<>();

  private static final class Awaited {
    private final SessionTable.Session session;
    private long until;

    Awaited(SessionTable.Session session, long until) {
      this.session = session;
      this.until = until;
    }
  }

  FirstTables(Engine engine, Iterable<SessionTable.Session> sessions, long now) {
    this.engine = engine;
    this.started = now;
    for (SessionTable.Session session : sessions) {
      awaited.put(session.name.toString(), new Awaited(session, now + CONNECT_NANOS));
      engine.awaitTable(neighbor(session), session.name.family());
    }
  }

  private int neighbor(SessionTable.Session session) {
    return engine.neighbor(session.name.neighbor());
  }

  /// A session came up, or brought routes: it is worth waiting for. Its end marker ends the wait.
  /// Returns whether it did.
  boolean heardFrom(String name, long now) {
    Awaited entry = awaited.get(name);
    if (entry == null) {
      return false;
    }
    if (entry.session.complete) {
      end(entry);
      return true;
    }
    if (entry.session.isUp()) {
      entry.until = Math.min(now + SILENCE_NANOS, started + MOST_NANOS);
    }
    return false;
  }

  /// Waits for nobody any longer: there is something to lose, or the policy changes.
  void stop() {
    List.copyOf(awaited.values()).forEach(this::end);
  }

  private void end(Awaited entry) {
    awaited.remove(entry.session.name.toString());
    engine.tableHeard(neighbor(entry.session), entry.session.name.family());
  }

  /// Gives up on who stayed silent. Returns whether anybody did.
  boolean tick(long now) {
    boolean any = false;
    for (Awaited entry : List.copyOf(awaited.values())) {
      if (entry.until <= now) {
        end(entry);
        any = true;
      }
    }
    return any;
  }

  /// When [#tick] has something to do next.
  long nextTick() {
    long soonest = Long.MAX_VALUE;
    for (Awaited entry : awaited.values()) {
      soonest = Math.min(soonest, entry.until);
    }
    return soonest;
  }
}
