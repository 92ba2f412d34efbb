package net.donut.bgp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.donut.bgp.BgpNeighborConfig.Connect;
import net.donut.bgp.Down.Cause;
import net.donut.bgp.SessionInfo.Feature;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.BgpMessage.Notification;
import net.donut.wire.bgp.Capability;
import org.jspecify.annotations.Nullable;

/// The state machine of the session with one neighbor (RFC 4271 §8): events in, actions out.
///
/// Knows no clock, socket, thread or logger; [#handle] accepts any event in any state and never
/// throws. Owned by whoever calls it.
final class SessionFsm {
  /*
   * A session has a phase and a small set of TCP connections, each in OpenSent, OpenConfirm or
   * Established, or still being opened by us. The state of the session is that of its most advanced
   * connection; with none it is Idle or Active by phase.
   *
   * Invariants: at most one connection is Established; at most one is being opened or was opened by
   * us; at most one accepted connection is not Established. So there are three at most.
   *
   * RFC 4271 §8.2.1 gives every connection a machine of its own and lets collision detection
   * (§6.8) pick one. Here: one machine sees all of them, which is the same, and an error on one
   * connection never touches another.
   *
   * RFC 4271 §6.8 compares a connection whose OPEN arrived with those in OpenConfirm. Here: with those
   * in OpenSent too, as the other OPEN carries the same identifier. So we never confirm a connection
   * that the other side is about to close, which lost both when the OPENs crossed.
   *
   * RFC 4271 §8 goes to Idle on every error. Here: after a lost TCP connection we go to Active, so a
   * neighbor that restarts may connect at once; after a NOTIFICATION either way, or an expired hold
   * timer, we hold in Idle and refuse connections. Both holds start at 1 s and double up to 30 s.
   *
   * RFC 4724 §5: of a neighbor whose graceful-restart capability names a family, a new connection
   * means that it has restarted, and ends the established session; its routes stay. Here: of a
   * family whose routes we do keep. A capability without any, which only says that the neighbor
   * helps others restart (what BIRD and FRR send by default), changes nothing: the established
   * session stays and the new connection loses, or whoever can open a connection from the neighbor's
   * address could take all its routes away.
   *
   * After a kick the path is there again but the neighbor may refuse until it has seen so itself
   * (BIRD looks at its interfaces every 10 s): for 15 tries both holds stay at 1 s.
   */

  /// RFC 4271 §8.2.2: a large hold time while waiting for an OPEN.
  static final long OPEN_HOLD_MILLIS = 240_000;

  /// How long the OPEN on the better of two colliding connections may take.
  static final long COLLISION_HOLD_MILLIS = 10_000;

  static final long FIRST_HOLD_MILLIS = 1_000;
  static final long MAX_HOLD_MILLIS = 30_000;
  static final long FIRST_LIMIT_HOLD_MILLIS = 60_000;
  static final long MAX_LIMIT_HOLD_MILLIS = 3_600_000;
  static final int TRIES_AFTER_KICK = 15;

  /// An established session that lived this long is sound.
  static final long SOUND_MILLIS = 60_000;

  private static final byte[] NO_DATA = {};
  private static final FsmTimer CONNECT_RETRY = new FsmTimer.ConnectRetry();
  private static final FsmTimer IDLE_HOLD = new FsmTimer.IdleHold();
  private static final FsmTimer SOUND = new FsmTimer.Sound();
  private static final FsmTimer RESTART = new FsmTimer.Restart();
  private static final BgpMessage.Keepalive KEEPALIVE = new BgpMessage.Keepalive();

  private enum Phase {
    /// Idle until started.
    DOWN,
    /// Idle until the hold ends.
    HOLDING,
    RUNNING
  }

  private enum Side {
    OUTGOING,
    INCOMING
  }

  /// One TCP connection.
  private static final class Connection {
    final int number;
    final Side side;
    final FsmTimer hold;
    final FsmTimer keepalive;
    SessionState state;
    @Nullable IpAddress localAddress;
    OpenNegotiation.@Nullable Agreed agreed;
    long session;

    /// What every UPDATE asks for, made once.
    List<FsmAction> onUpdate = List.of();

    Connection(int number, Side side, SessionState state) {
      this.number = number;
      this.side = side;
      this.state = state;
      this.hold = new FsmTimer.Hold(number);
      this.keepalive = new FsmTimer.Keepalive(number);
    }

    OpenNegotiation.Agreed agreed() {
      if (agreed == null) {
        throw new IllegalStateException("connection " + number + " " + state + ": no OPEN");
      }
      return agreed;
    }

    boolean sentOpen() {
      return state.compareTo(SessionState.OPEN_SENT) >= 0;
    }
  }

  private BgpNeighborConfig config;
  private final Map<Integer, Connection> connections = new LinkedHashMap<>();
  private final EnumSet<Family> stale = EnumSet.noneOf(Family.class);
  private List<FsmAction> actions = new ArrayList<>();
  private Phase phase = Phase.DOWN;
  private SpeakerConfig.Start start;
  private List<Capability> capabilities = List.of();
  private boolean capabilitiesRefused;
  private int lastConnection;
  private long sessions;
  private int connectFailures;
  private int errors;
  private int limits;
  private int triesAfterKick;
  private @Nullable Family heldAtLimit;

  /// `sessions` is the number of the last session with this neighbor before this machine.
  SessionFsm(BgpNeighborConfig config, SpeakerConfig.Start start, long sessions) {
    this.config = config;
    this.start = start;
    this.sessions = sessions;
  }

  /// The number of the last session established.
  long sessions() {
    return sessions;
  }

  /// Goes on under settings that ask for no reset ([SessionChange]).
  void reconfigure(BgpNeighborConfig now) {
    config = now;
  }

  SessionState state() {
    SessionState state = phase == Phase.RUNNING ? SessionState.ACTIVE : SessionState.IDLE;
    boolean connecting = false;
    for (Connection connection : connections.values()) {
      if (connection.state == SessionState.CONNECT) {
        connecting = true;
      } else if (connection.state.compareTo(state) > 0) {
        state = connection.state;
      }
    }
    return connecting && state.compareTo(SessionState.OPEN_SENT) < 0 ? SessionState.CONNECT : state;
  }

  /// Families whose routes are kept for a restarting neighbor.
  Set<Family> stale() {
    return stale;
  }

  /// The number for a connection that was accepted.
  int nextConnection() {
    return ++lastConnection;
  }

  /// The state of one connection, or null when it is not part of the session (any more).
  @Nullable SessionState stateOf(int connection) {
    Connection found = connections.get(connection);
    return found == null ? null : found.state;
  }

  int connectionCount() {
    return connections.size();
  }

  /// Takes one event and returns what is to be done, in order. The list is not used again here.
  List<FsmAction> handle(FsmEvent event) {
    if (event instanceof FsmEvent.Received(int number, BgpMessage.Update _)) {
      Connection connection = connections.get(number);
      if (connection != null && connection.state == SessionState.ESTABLISHED) {
        return connection.onUpdate;
      }
    }
    actions = new ArrayList<>();
    dispatch(event);
    return actions;
  }

  private void dispatch(FsmEvent event) {
    switch (event) {
      case FsmEvent.Start() -> start();
      case FsmEvent.Stop(var reason) -> stop(reason);
      case FsmEvent.Reset(var reason, var why) -> reset(reason, why);
      case FsmEvent.OverLimit(var family, int prefixes, int limit) ->
          overLimit(family, prefixes, limit);
      case FsmEvent.LimitRaised(var family) -> limitRaised(family);
      case FsmEvent.Kick() -> kick();
      case FsmEvent.Connected(int number, var local) -> connected(number, local);
      case FsmEvent.ConnectFailed(int number, var text) -> closed(number, text);
      case FsmEvent.Accepted(int number, var local) -> accepted(number, local);
      case FsmEvent.Closed(int number, var text) -> closed(number, text);
      case FsmEvent.Received(int number, var message) -> received(number, message);
      case FsmEvent.Malformed(int number, var notification, var text) ->
          fault(number, Cause.NOTIFICATION_SENT, notification, text);
      case FsmEvent.SendStalled(int number) ->
          fault(
              number,
              Cause.HOLD_TIMER_EXPIRED,
              new Notification(8, 0, NO_DATA),
              "send hold timer expired: the neighbor takes no data");
      case FsmEvent.Expired(var timer) -> expired(timer);
    }
  }

  private void start() {
    if (phase == Phase.DOWN) {
      run();
    }
  }

  private void run() {
    phase = Phase.RUNNING;
    if (config.connect() == Connect.ACTIVE) {
      connect();
    }
  }

  private void connect() {
    Connection connection = new Connection(nextConnection(), Side.OUTGOING, SessionState.CONNECT);
    connections.put(connection.number, connection);
    emit(new FsmAction.Connect(connection.number));
    arm(CONNECT_RETRY, config.connectTimeout().toMillis());
  }

  private void stop(CeaseReason reason) {
    end(new Notification(6, reason.subcode(), NO_DATA), "sent Cease: " + reason);
    disarm(IDLE_HOLD);
    disarm(CONNECT_RETRY);
    sweepAll();
    phase = Phase.DOWN;
    errors = 0;
    limits = 0;
    connectFailures = 0;
    triesAfterKick = 0;
  }

  private void reset(CeaseReason reason, String why) {
    if (phase != Phase.RUNNING) {
      return;
    }
    end(new Notification(6, reason.subcode(), NO_DATA), why);
    switch (reason) {
      case MAX_PREFIXES, OUT_OF_RESOURCES ->
          hold(backoff(limits++, FIRST_LIMIT_HOLD_MILLIS, MAX_LIMIT_HOLD_MILLIS));
      case SHUTDOWN, DECONFIGURED, RESET, REJECTED, CONFIGURATION_CHANGE, COLLISION, BFD_DOWN ->
          hold(afterError());
    }
  }

  /// RFC 4486 §4: the Cease carries AFI, SAFI and the limit.
  private void overLimit(Family family, int prefixes, int limit) {
    if (phase != Phase.RUNNING) {
      return;
    }
    byte[] data =
        ByteBuffer.allocate(7).putShort((short) family.afi()).put((byte) 1).putInt(limit).array();
    end(
        new Notification(6, CeaseReason.MAX_PREFIXES.subcode(), data),
        "%s: %d prefixes, limit %d: Cease 6/1"
            .formatted(family.toString().toLowerCase(Locale.ROOT), prefixes, limit));
    hold(backoff(limits++, FIRST_LIMIT_HOLD_MILLIS, MAX_LIMIT_HOLD_MILLIS));
    heldAtLimit = family;
  }

  /// The hold was for the old limit: the next is the first again.
  private void limitRaised(Family family) {
    limits = 0;
    if (isHeldAtLimit() && heldAtLimit == family) {
      kick();
    }
  }

  /// Whether the session is kept down because the neighbor announced too many prefixes.
  boolean isHeldAtLimit() {
    return phase == Phase.HOLDING && heldAtLimit != null;
  }

  /// Closes every connection with a Cease.
  private void end(Notification cease, String why) {
    for (Connection connection : List.copyOf(connections.values())) {
      if (connection.sentOpen()) {
        send(connection, cease);
      }
      drop(connection, Cause.LOCAL, why);
    }
  }

  private void kick() {
    connectFailures = 0;
    triesAfterKick = TRIES_AFTER_KICK;
    if (phase == Phase.HOLDING) {
      disarm(IDLE_HOLD);
      run();
    } else if (phase == Phase.RUNNING
        && config.connect() == Connect.ACTIVE
        && connections.values().stream().noneMatch(Connection::sentOpen)) {
      List.copyOf(connections.values()).forEach(this::close);
      connect();
    }
  }

  private void connected(int number, IpAddress local) {
    Connection connection = connections.get(number);
    if (connection == null) {
      emit(new FsmAction.Close(number));
    } else if (connection.state == SessionState.CONNECT) {
      disarm(CONNECT_RETRY);
      openSent(connection, local);
    }
  }

  private void accepted(int number, IpAddress local) {
    if (phase != Phase.RUNNING || connections.containsKey(number)) {
      if (!connections.containsKey(number)) {
        emit(new FsmAction.Close(number));
      }
      return;
    }
    Connection earlier = pendingIncoming();
    if (earlier != null && earlier.state == SessionState.OPEN_CONFIRM) {
      emit(new FsmAction.Close(number));
      return;
    }
    if (earlier != null) {
      close(earlier);
    }
    lastConnection = Math.max(lastConnection, number);
    Connection connection = new Connection(number, Side.INCOMING, SessionState.OPEN_SENT);
    connections.put(number, connection);
    openSent(connection, local);
  }

  private @Nullable Connection pendingIncoming() {
    for (Connection connection : connections.values()) {
      if (connection.side == Side.INCOMING && connection.state != SessionState.ESTABLISHED) {
        return connection;
      }
    }
    return null;
  }

  private void openSent(Connection connection, IpAddress local) {
    connection.state = SessionState.OPEN_SENT;
    connection.localAddress = local;
    capabilities = capabilitiesRefused ? List.of() : OpenNegotiation.capabilities(config, start);
    send(connection, OpenNegotiation.open(config, capabilities));
    arm(connection.hold, OPEN_HOLD_MILLIS);
  }

  /// The connection broke, or never came up.
  private void closed(int number, String text) {
    Connection connection = connections.get(number);
    if (connection == null) {
      return;
    }
    boolean connecting = connection.state == SessionState.CONNECT;
    emit(new FsmAction.Report(text));
    if (connecting) {
      disarm(CONNECT_RETRY);
    }
    drop(connection, Cause.CONNECTION_LOST, text);
    if (connections.isEmpty() && config.connect() == Connect.ACTIVE) {
      arm(CONNECT_RETRY, connecting ? afterConnectFailure() : afterError());
    }
  }

  private void received(int number, BgpMessage message) {
    Connection connection = connections.get(number);
    if (connection == null) {
      return;
    }
    if (message instanceof Notification notification) {
      notified(connection, notification);
      return;
    }
    switch (connection.state) {
      case OPEN_SENT -> {
        if (message instanceof BgpMessage.Open open) {
          opened(connection, open);
        } else {
          unexpected(connection, message);
        }
      }
      case OPEN_CONFIRM -> {
        if (message instanceof BgpMessage.Keepalive) {
          establish(connection);
        } else {
          unexpected(connection, message);
        }
      }
      case ESTABLISHED -> exchange(connection, message);
      case IDLE, CONNECT, ACTIVE -> {}
    }
  }

  /// RFC 6608: the subcode names the state.
  private void unexpected(Connection connection, BgpMessage message) {
    int subcode =
        switch (connection.state) {
          case OPEN_SENT -> 1;
          case OPEN_CONFIRM -> 2;
          case ESTABLISHED -> 3;
          case IDLE, CONNECT, ACTIVE -> 0;
        };
    String expected =
        switch (connection.state) {
          case OPEN_SENT -> "OPEN";
          case OPEN_CONFIRM -> "KEEPALIVE";
          default -> "no OPEN";
        };
    fault(
        connection.number,
        Cause.NOTIFICATION_SENT,
        new Notification(5, subcode, NO_DATA),
        "message in "
            + connection.state
            + ": "
            + message.getClass().getSimpleName()
            + " (expected: "
            + expected
            + ")");
  }

  private void notified(Connection connection, Notification notification) {
    if (!connection.sentOpen()) {
      return;
    }
    String text = "received " + notification + OpenRefusals.why(config, notification);
    emit(new FsmAction.Report(text));
    if (notification.code() == 2 && notification.subcode() == 4) {
      capabilitiesRefused = !capabilitiesRefused && config.families().contains(Family.IPV4);
    }
    drop(connection, Cause.NOTIFICATION_RECEIVED, text);
    holdUnlessOthers();
  }

  private void opened(Connection connection, BgpMessage.Open open) {
    switch (OpenNegotiation.judge(config, capabilities, open)) {
      case OpenNegotiation.Refused(var notification, var text) ->
          fault(connection.number, Cause.NOTIFICATION_SENT, notification, text);
      case OpenNegotiation.Agreed agreed -> {
        connection.agreed = agreed;
        if (survivesCollision(connection)) {
          openConfirm(connection, agreed);
        }
      }
    }
  }

  /// RFC 4271 §6.8, RFC 6286 §2.3. Closes the losers and says whether `latest` is not one of them.
  private boolean survivesCollision(Connection latest) {
    for (Connection other : List.copyOf(connections.values())) {
      if (other == latest) {
        continue;
      }
      switch (other.state) {
        case CONNECT -> {
          disarm(CONNECT_RETRY);
          close(other);
        }
        case OPEN_SENT, OPEN_CONFIRM -> {
          Side winner = latest.agreed().wins(config) ? Side.OUTGOING : Side.INCOMING;
          Connection loser = latest.side == winner ? other : latest;
          collide(loser);
          if (loser == latest) {
            awaitOpen(other);
            return false;
          }
        }
        case ESTABLISHED -> {
          if (kept(other.agreed()).isEmpty()) {
            collide(latest);
            return false;
          }
          // RFC 4724 §4.2: a new connection of a neighbor that restarts ends the old one.
          drop(other, Cause.CONNECTION_LOST, "the neighbor restarted and connected again");
        }
        case IDLE, ACTIVE -> {}
      }
    }
    return true;
  }

  /// The OPEN on the connection that is to survive must be on its way.
  private void awaitOpen(Connection survivor) {
    if (survivor.state == SessionState.OPEN_SENT) {
      arm(survivor.hold, COLLISION_HOLD_MILLIS);
    }
  }

  private void collide(Connection loser) {
    send(loser, new Notification(6, CeaseReason.COLLISION.subcode(), NO_DATA));
    close(loser);
  }

  private void openConfirm(Connection connection, OpenNegotiation.Agreed agreed) {
    connection.state = SessionState.OPEN_CONFIRM;
    emit(new FsmAction.Use(connection.number, agreed.options()));
    send(connection, KEEPALIVE);
    if (agreed.holdTimeSeconds() > 0) {
      arm(connection.hold, agreed.holdTimeSeconds() * 1000L);
      arm(connection.keepalive, keepaliveMillis(connection));
    } else {
      disarm(connection.hold);
    }
  }

  private static long keepaliveMillis(Connection connection) {
    return connection.agreed().holdTimeSeconds() * 1000L / 3;
  }

  private void establish(Connection connection) {
    OpenNegotiation.Agreed agreed = connection.agreed();
    connection.state = SessionState.ESTABLISHED;
    connection.session = ++sessions;
    connection.onUpdate =
        agreed.holdTimeSeconds() > 0
            ? List.of(
                new FsmAction.Arm(connection.hold, agreed.holdTimeSeconds() * 1000L),
                new FsmAction.Deliver())
            : List.of(new FsmAction.Deliver());
    start = SpeakerConfig.Start.FRESH;
    connectFailures = 0;
    triesAfterKick = 0;
    disarm(CONNECT_RETRY);
    restartHold(connection);
    arm(SOUND, SOUND_MILLIS);
    IpAddress local = connection.localAddress == null ? config.address() : connection.localAddress;
    emit(
        new FsmAction.Establish(
            connection.number, agreed.session(connection.session, config, local)));
    keepStale(agreed);
  }

  /// RFC 4724 §4.2: routes of a family stay only if the neighbor kept forwarding for it.
  private void keepStale(OpenNegotiation.Agreed agreed) {
    EnumSet<Family> preserved = EnumSet.noneOf(Family.class);
    Capability.GracefulRestart restart = agreed.restart();
    if (restart != null) {
      for (var family : restart.families()) {
        if (family.forwarding() && agreed.families().contains(family.family())) {
          preserved.add(family.family());
        }
      }
    }
    for (Iterator<Family> families = stale.iterator(); families.hasNext(); ) {
      Family family = families.next();
      if (!preserved.contains(family)) {
        families.remove();
        emit(new FsmAction.SweepStale(family));
      }
    }
    if (stale.isEmpty()) {
      disarm(RESTART);
    } else {
      arm(RESTART, config.maxStale().toMillis());
    }
  }

  private void exchange(Connection connection, BgpMessage message) {
    switch (message) {
      case BgpMessage.Update _ -> connection.onUpdate.forEach(this::emit);
      case BgpMessage.EndOfRib(Family family) -> {
        restartHold(connection);
        if (connection.agreed().families().contains(family)) {
          emit(new FsmAction.EndOfRib(family));
          sweep(family);
        }
      }
      case BgpMessage.Keepalive _ -> restartHold(connection);
      case BgpMessage.RouteRefresh refresh -> {
        restartHold(connection);
        refreshed(connection.agreed(), refresh);
      }
      case BgpMessage.Open _ -> unexpected(connection, message);
      case Notification notification -> notified(connection, notification);
    }
  }

  private void refreshed(OpenNegotiation.Agreed agreed, BgpMessage.RouteRefresh refresh) {
    for (Family family : agreed.families()) {
      if (family.afi() != refresh.afi() || refresh.safi() != 1) {
        continue;
      }
      boolean enhanced = agreed.features().contains(Feature.ENHANCED_ROUTE_REFRESH);
      switch (enhanced ? refresh.subtype() : 0) {
        case 0 -> emit(new FsmAction.Refresh(family));
        case 1 -> emit(new FsmAction.MarkStale(family));
        case 2 -> emit(new FsmAction.SweepStale(family));
        // RFC 7313 §5: other subtypes are ignored.
        default -> {}
      }
    }
  }

  private void restartHold(Connection connection) {
    int seconds = connection.agreed().holdTimeSeconds();
    if (seconds > 0) {
      arm(connection.hold, seconds * 1000L);
    }
  }

  private void expired(FsmTimer timer) {
    switch (timer) {
      case FsmTimer.ConnectRetry() -> retryConnect();
      case FsmTimer.IdleHold() -> {
        if (phase == Phase.HOLDING) {
          run();
        }
      }
      case FsmTimer.Sound() -> sound();
      case FsmTimer.Restart() -> sweepAll();
      case FsmTimer.Hold(int number) ->
          fault(
              number,
              Cause.HOLD_TIMER_EXPIRED,
              new Notification(4, 0, NO_DATA),
              "hold timer expired");
      case FsmTimer.Keepalive(int number) -> keepAlive(number);
    }
  }

  private void retryConnect() {
    if (phase != Phase.RUNNING || config.connect() != Connect.ACTIVE) {
      return;
    }
    for (Connection connection : List.copyOf(connections.values())) {
      if (connection.state == SessionState.CONNECT) {
        emit(new FsmAction.Report(SocketFault.noAnswer(config.connectTimeout())));
        close(connection);
      }
    }
    if (connections.isEmpty()) {
      connect();
    }
  }

  private void sound() {
    if (state() == SessionState.ESTABLISHED) {
      errors = 0;
      limits = Math.max(0, limits - 1);
      if (limits > 0) {
        arm(SOUND, MAX_LIMIT_HOLD_MILLIS);
      }
    }
  }

  private void keepAlive(int number) {
    Connection connection = connections.get(number);
    if (connection != null && connection.agreed != null && connection.sentOpen()) {
      send(connection, KEEPALIVE);
      arm(connection.keepalive, keepaliveMillis(connection));
    }
  }

  /// Ends a connection with a NOTIFICATION.
  private void fault(int number, Cause cause, Notification notification, String text) {
    Connection connection = connections.get(number);
    if (connection == null || !connection.sentOpen()) {
      return;
    }
    emit(new FsmAction.Report(text));
    send(connection, notification);
    drop(connection, cause, text);
    holdUnlessOthers();
  }

  private void holdUnlessOthers() {
    if (connections.isEmpty()) {
      hold(afterError());
    }
  }

  private long afterError() {
    return soonAfterKick()
        ? FIRST_HOLD_MILLIS
        : backoff(errors++, FIRST_HOLD_MILLIS, MAX_HOLD_MILLIS);
  }

  private long afterConnectFailure() {
    return soonAfterKick()
        ? FIRST_HOLD_MILLIS
        : backoff(connectFailures++, FIRST_HOLD_MILLIS, MAX_HOLD_MILLIS);
  }

  private boolean soonAfterKick() {
    return triesAfterKick > 0 && triesAfterKick-- > 0;
  }

  private void hold(long millis) {
    disarm(CONNECT_RETRY);
    phase = Phase.HOLDING;
    heldAtLimit = null;
    arm(IDLE_HOLD, millis);
  }

  private static long backoff(int tries, long first, long max) {
    return Math.min(max, first << Math.min(tries, 20));
  }

  /// Removes a connection; an established session is lost with it.
  private void drop(Connection connection, Cause cause, String text) {
    boolean established = connection.state == SessionState.ESTABLISHED;
    close(connection);
    if (established) {
      disarm(SOUND);
      lose(connection, cause, text);
    }
  }

  private void close(Connection connection) {
    connections.remove(connection.number);
    disarm(connection.hold);
    disarm(connection.keepalive);
    emit(new FsmAction.Close(connection.number));
  }

  private void lose(Connection connection, Cause cause, String text) {
    EnumSet<Family> kept =
        cause == Cause.CONNECTION_LOST ? kept(connection.agreed()) : EnumSet.noneOf(Family.class);
    // RFC 4724 §4.2: what was stale already does not survive a second restart.
    kept.forEach(this::sweep);
    stale.clear();
    stale.addAll(kept);
    Duration staleFor = kept.isEmpty() ? Duration.ZERO : staleFor(connection.agreed());
    emit(new FsmAction.Lost(new Down(connection.session, cause, text, kept, staleFor)));
    if (kept.isEmpty()) {
      disarm(RESTART);
    } else {
      arm(RESTART, staleFor.toMillis());
    }
  }

  /// The families whose routes stay when the connection is lost (RFC 4724 §4.2).
  private EnumSet<Family> kept(OpenNegotiation.Agreed agreed) {
    EnumSet<Family> kept = EnumSet.noneOf(Family.class);
    Capability.GracefulRestart restart = agreed.restart();
    if (restart != null && staleFor(agreed).isPositive()) {
      restart.families().forEach(state -> kept.add(state.family()));
      kept.retainAll(agreed.families());
    }
    return kept;
  }

  private Duration staleFor(OpenNegotiation.Agreed agreed) {
    Capability.GracefulRestart restart = agreed.restart();
    Duration asked = Duration.ofSeconds(restart == null ? 0 : restart.restartSeconds());
    return asked.compareTo(config.maxStale()) < 0 ? asked : config.maxStale();
  }

  private void sweepAll() {
    disarm(RESTART);
    for (Family family : EnumSet.copyOf(stale)) {
      sweep(family);
    }
  }

  private void sweep(Family family) {
    if (stale.remove(family)) {
      emit(new FsmAction.SweepStale(family));
      if (stale.isEmpty()) {
        disarm(RESTART);
      }
    }
  }

  private void send(Connection connection, BgpMessage message) {
    emit(new FsmAction.Send(connection.number, message));
  }

  private void arm(FsmTimer timer, long millis) {
    emit(new FsmAction.Arm(timer, millis));
  }

  private void disarm(FsmTimer timer) {
    emit(new FsmAction.Disarm(timer));
  }

  private void emit(FsmAction action) {
    actions.add(action);
  }
}
