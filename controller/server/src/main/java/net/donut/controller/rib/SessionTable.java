package net.donut.controller.rib;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.api.agent.v1.SessionState;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.policy.PolicyDocument.SessionEntry;
import net.donut.controller.southbound.Report;
import net.donut.controller.southbound.SessionName;
import net.donut.core.Engine;
import net.donut.core.SessionLiveness;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.ReturnHolds;
import org.jspecify.annotations.Nullable;

/// What is known of every session of the policy, and the routes it brings. Owned by `rib`.
final class SessionTable {
  /*
   * Missing is not empty. A session of an agent that has just started is not down before it had time
   * to come up; a new snapshot sweeps only at its end marker; the routes of a lost session stay,
   * masked, until the hold is over, so that its return costs nothing. A session that returns is masked
   * until it has stayed for a while: so long does the agent keep traffic away from its gateways.
   */

  private static final long TRUSTED = Long.MAX_VALUE;

  /// One session. Times are nanoseconds of `System.nanoTime`.
  static final class Session {
    final SessionName name;
    final String router;
    @Nullable SessionState state;

    /// When the agent said so.
    long reportedAt;

    SessionLiveness.State liveness = SessionLiveness.State.UNKNOWN;
    @Nullable SessionLiveness told;
    long connection;
    long epoch;
    boolean sweeping;

    /// Whether the end marker came on the current connection to the agent.
    boolean complete;

    boolean wasUp;
    long clearAt = Long.MAX_VALUE;

    /// Whether it was up at any time that the controller or its agent remembers.
    boolean everUp;

    /// When it was lost, by our clock; 0 while it is not.
    long lostUnixMs;

    /// The donut ratio just before it was lost.
    double ratioBefore;

    /// Whether a whole table came since it was lost.
    boolean heardSince;

    /// Until when a session that returned is not used yet.
    long heldUntil = TRUSTED;

    Session(SessionName name, String router) {
      this.name = name;
      this.router = router;
    }

    boolean isHeld() {
      return heldUntil != TRUSTED;
    }

    /// How long the routes of a lost session are still kept, in milliseconds; 0 when they are not.
    long heldMillis(long now) {
      return clearAt == Long.MAX_VALUE
          ? 0
          : Math.max(0, TimeUnit.NANOSECONDS.toMillis(clearAt - now));
    }

    boolean isUp() {
      return liveness == SessionLiveness.State.UP;
    }
  }

  private final Engine engine;
  private final Map<String, Session> sessions = new LinkedHashMap<>();
  private final ReturnHolds<String> holds = new ReturnHolds<>(ReturnHolds.Range.DEFAULT);
  private Duration staleHold = Duration.ZERO;

  SessionTable(Engine engine) {
    this.engine = engine;
  }

  /// Takes the sessions of a policy; those that stay keep what is known of them.
  void configure(PolicyDocument policy) {
    Map<String, Session> before = new LinkedHashMap<>(sessions);
    sessions.clear();
    staleHold = policy.timers().staleHold();
    holds.range(policy.timers().returnHold());
    for (NeighborEntry neighbor : policy.neighbors()) {
      for (SessionEntry entry : neighbor.sessions()) {
        SessionName name = new SessionName(neighbor.name(), entry.family());
        Session known = before.get(name.toString());
        boolean same = known != null && known.router.equals(neighbor.router());
        Session session = known != null && same ? known : new Session(name, neighbor.router());
        sessions.put(name.toString(), session);
      }
    }
    for (Session old : before.values()) {
      if (sessions.get(old.name.toString()) != old
          && policy.neighbor(old.name.neighbor()) != null) {
        forgetLoss(old);
      }
    }
    for (Session session : sessions.values()) {
      session.told = null;
      tellEngine(session);
    }
  }

  List<Session> all() {
    return List.copyOf(sessions.values());
  }

  List<Session> at(String router) {
    List<Session> found = new ArrayList<>();
    for (Session session : sessions.values()) {
      if (session.router.equals(router)) {
        found.add(session);
      }
    }
    return found;
  }

  @Nullable Session find(String name) {
    return sessions.get(name);
  }

  /// Whether the whole table of a session was heard on the current connection to its agent.
  boolean isComplete(String name) {
    Session session = sessions.get(name);
    return session != null && session.complete;
  }

  /// A new connection: every session's routes are told again.
  void connected(String router, long connection) {
    for (Session session : at(router)) {
      session.connection = connection;
      session.epoch = 0;
      session.complete = false;
      session.wasUp = false;
    }
  }

  /// Takes what an agent says of a session. An agent that is `young` may not have had time to bring
  /// its sessions up; one that it has lost since its start it had brought up. Returns the session
  /// if its liveness changed.
  @Nullable Session report(SessionState state, boolean young, long now) {
    Session session = sessions.get(state.getNeighbor());
    if (session == null) {
      return null;
    }
    session.state = state;
    session.reportedAt = now;
    SessionLiveness.State before = session.liveness;
    if (state.getState().equals("Established")) {
      session.wasUp = true;
      session.everUp = true;
      session.lostUnixMs = 0;
      session.clearAt = Long.MAX_VALUE;
      if (before == SessionLiveness.State.DOWN) {
        session.heldUntil = now + holds.hold(session.name.toString(), now).toNanos();
      }
      session.liveness = SessionLiveness.State.UP;
      forgetLossIfHeard(session);
    } else if (state.getStale()) {
      lost(session);
      session.heldUntil = TRUSTED;
      session.liveness = SessionLiveness.State.RESTARTING;
    } else if (session.wasUp || state.getFlaps() > 0 || !young) {
      down(session, now);
    }
    session.everUp |= state.getFlaps() > 0 || !state.getDownReason().isEmpty();
    if (isShutDown(session)) {
      forgetLoss(session);
    }
    tellEngine(session);
    return session.liveness == before ? null : session;
  }

  /// The agents of a router had time enough: what is not up is down. Returns what changed.
  List<Session> noLongerYoung(String router, long now) {
    List<Session> changed = new ArrayList<>();
    for (Session session : at(router)) {
      SessionState state = session.state;
      if (state != null
          && !state.getState().equals("Established")
          && !state.getStale()
          && session.liveness != SessionLiveness.State.DOWN) {
        down(session, now);
        tellEngine(session);
        changed.add(session);
      }
    }
    return changed;
  }

  private void down(Session session, long now) {
    session.heldUntil = TRUSTED;
    lost(session);
    if (session.liveness != SessionLiveness.State.DOWN) {
      if (session.wasUp) {
        holds.failed(session.name.toString(), now);
      }
      session.liveness = SessionLiveness.State.DOWN;
      session.clearAt = now + staleHold.toNanos();
    }
  }

  /// Notes since when a session is lost that was up, and how things were then.
  private void lost(Session session) {
    if (session.everUp && session.lostUnixMs == 0) {
      session.lostUnixMs = System.currentTimeMillis();
      session.ratioBefore = engine.donutRatio();
      session.heardSince = false;
    }
  }

  /// Whether we keep it down ourselves.
  static boolean isShutDown(Session session) {
    SessionState state = session.state;
    return state != null && state.getAdmin().equals("shutdown");
  }

  private void forgetLossIfHeard(Session session) {
    if (session.isUp() && session.heardSince) {
      forgetLoss(session);
    }
  }

  private void forgetLoss(Session session) {
    engine.forgetLoss(engine.neighbor(session.name.neighbor()), session.name.family());
  }

  private void tellEngine(Session session) {
    SessionLiveness.State state = session.isHeld() ? SessionLiveness.State.DOWN : session.liveness;
    SessionLiveness now = new SessionLiveness(state, routerId(session));
    if (!now.equals(session.told)) {
      session.told = now;
      engine.setSession(engine.neighbor(session.name.neighbor()), session.name.family(), now);
    }
  }

  private static @Nullable IpAddress routerId(Session session) {
    SessionState state = session.state;
    if (state == null || state.getRemoteRouterId().isEmpty()) {
      return null;
    }
    try {
      return IpAddress.parse(state.getRemoteRouterId());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// Takes a batch of routes. Returns whether it was about a session of the policy.
  boolean routes(Report.Routes batch) {
    Session session = sessions.get(batch.session());
    boolean known = session != null && session.router.equals(batch.router());
    if (session == null || !known || batch.connection() < session.connection) {
      return false;
    }
    int neighbor = engine.neighbor(session.name.neighbor());
    Family family = session.name.family();
    if (batch.membership() == Report.Membership.REMOVED) {
      return true;
    }
    if (batch.epoch() > session.epoch) {
      session.epoch = batch.epoch();
      session.sweeping = true;
      session.complete = false;
      engine.sweepStart(neighbor, family);
    }
    for (Report.Heard heard : batch.heard()) {
      if (heard.prefixes().family() != family) {
        continue;
      }
      if (heard.attributes() == null) {
        engine.withdraw(neighbor, heard.prefixes());
      } else {
        engine.announce(neighbor, heard.prefixes(), heard.attributes());
      }
    }
    if (batch.complete().contains(family)) {
      complete(session, neighbor);
    }
    return true;
  }

  private void complete(Session session, int neighbor) {
    if (session.sweeping) {
      session.sweeping = false;
      engine.sweepEnd(neighbor, session.name.family());
    }
    session.complete = true;
    session.heardSince = true;
    forgetLossIfHeard(session);
  }

  /// Uses the sessions that returned and stayed. Returns whether there were any.
  boolean trustReturned(long now) {
    boolean any = false;
    for (Session session : sessions.values()) {
      if (session.heldUntil <= now) {
        session.heldUntil = TRUSTED;
        tellEngine(session);
        any = true;
      }
    }
    return any;
  }

  /// Ends the holds that are over. Returns the sessions whose routes were given up.
  List<Session> tick(long now) {
    List<Session> cleared = new ArrayList<>();
    for (Session session : sessions.values()) {
      int neighbor = engine.neighbor(session.name.neighbor());
      if (session.clearAt <= now) {
        session.clearAt = Long.MAX_VALUE;
        session.sweeping = false;
        if (session.everUp && !isShutDown(session)) {
          engine.rememberLoss(neighbor, session.name.family());
        }
        if (engine.clear(neighbor, session.name.family()) > 0) {
          cleared.add(session);
        }
      }
    }
    return cleared;
  }

  /// When [#tick] has something to do next.
  long nextTick() {
    long soonest = Long.MAX_VALUE;
    for (Session session : sessions.values()) {
      soonest = Math.min(soonest, Math.min(session.clearAt, session.heldUntil));
    }
    return soonest;
  }
}
