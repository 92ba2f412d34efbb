package net.donut.bgp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.BgpMessage.Notification;
import net.donut.wire.bgp.UpdateFault;
import org.jspecify.annotations.Nullable;

/// The session with one neighbor: does what its [SessionFsm] says, with sockets and timers. Owned
/// by the event loop.
final class Session {
  private static final long WARN_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EventLoop loop;
  private final Sockets sockets;
  private final BgpListener listener;
  private final OutboundSource source;
  private BgpNeighborConfig config;
  private final SessionFsm fsm;
  private final SessionTimers timers;
  private final Map<Integer, TcpConnection> connections = new HashMap<>();
  private final ArrayDeque<FsmEvent> events = new ArrayDeque<>();
  private final Counts counts = new Counts();
  private final MalformedRoutes malformed = new MalformedRoutes();
  private boolean handling;
  private SessionState state = SessionState.IDLE;
  private ClockReading since = ClockReading.now();
  private @Nullable ClockReading downSince;
  private String downReason;
  private String attemptError = "";

  /// The same without figures, which grow.
  private String attemptFailure = "";

  /// When the attempts began.
  private @Nullable Md5Counts md5Before;

  private @Nullable SessionInfo negotiated;
  private @Nullable Sender sender;
  private @Nullable TcpConnection established;
  private @Nullable IpAddress localAddress;
  private int unwarned;
  private long warnedNanos = System.nanoTime() - WARN_EVERY_NANOS;

  /// What [SessionSnapshot] reports.
  static final class Counts {
    long messagesReceived;
    long messagesSent;
    long updatesReceived;
    long updatesSent;
    long treatedAsWithdraw;
    long attributesDiscarded;
    long unsendable;
    long flaps;
  }

  /// What is remembered of the sessions with a neighbor under other settings.
  ///
  /// @param sessions the number of the last one
  /// @param downSince null if it was up until its settings changed
  record Past(long sessions, @Nullable ClockReading downSince, String downReason) {}

  Session(
      EventLoop loop,
      Sockets sockets,
      BgpListener listener,
      OutboundSource source,
      BgpNeighborConfig config,
      SpeakerConfig.Start start,
      @Nullable Past past) {
    this.loop = loop;
    this.sockets = sockets;
    this.listener = listener;
    this.source = source;
    this.config = config;
    this.fsm = new SessionFsm(config, start, past == null ? 0 : past.sessions());
    this.downSince =
        past == null || past.downSince() == null ? ClockReading.now() : past.downSince();
    this.downReason = past == null ? "" : past.downReason();
    this.localAddress = config.localAddress();
    this.timers =
        new SessionTimers(loop, timer -> handle(new FsmEvent.Expired(timer)), this::isPaused);
  }

  BgpNeighborConfig config() {
    return config;
  }

  Past past() {
    return new Past(fsm.sessions(), downSince, downReason);
  }

  private boolean isPaused(int connection) {
    TcpConnection found = connections.get(connection);
    return found != null && found.isPaused();
  }

  void start() {
    String unsupported = sockets.unsupported(config);
    if (unsupported != null) {
      attemptFailed(unsupported);
    } else if (config.adminState() == BgpNeighborConfig.AdminState.ENABLED) {
      handle(new FsmEvent.Start());
    }
  }

  /// Goes on under settings that ask for no reset; an attempt under way starts over with them.
  void reconfigure(BgpNeighborConfig now) {
    config = now;
    fsm.reconfigure(now);
    if (fsm.state() != SessionState.ESTABLISHED && !fsm.isHeldAtLimit()) {
      handle(new FsmEvent.Kick());
    }
  }

  void stop(CeaseReason reason) {
    handle(new FsmEvent.Stop(reason));
    timers.disarmAll();
  }

  /// A connection from the neighbor: makes its handler; null when it is not to be answered.
  @Nullable TcpConnection accept(Channel channel) {
    String refusal = sockets.refusal(channel, config);
    if (refusal != null) {
      refused("connection from " + config.address() + ": " + refusal);
      return null;
    }
    sockets.secureAccepted(channel, config);
    TcpConnection connection = new TcpConnection(this, fsm.nextConnection());
    connections.put(connection.number(), connection);
    return connection;
  }

  /// No event for the machine, and no change of its state, so the listener would not hear of it.
  private void refused(String text) {
    if (negotiated == null && !text.equals(attemptError)) {
      attemptFailed(text);
      listener.state(config.name(), snapshot());
    }
  }

  void opened(TcpConnection connection, IpAddress local) {
    boolean ours = fsm.stateOf(connection.number()) == SessionState.CONNECT;
    handle(
        ours
            ? new FsmEvent.Connected(connection.number(), local)
            : new FsmEvent.Accepted(connection.number(), local));
  }

  void received(TcpConnection connection, BgpMessage message) {
    counts.messagesReceived++;
    handle(new FsmEvent.Received(connection.number(), message));
  }

  void malformed(TcpConnection connection, Notification notification, String text) {
    counts.messagesReceived++;
    handle(new FsmEvent.Malformed(connection.number(), notification, text));
  }

  void closed(TcpConnection connection, String reason) {
    connections.remove(connection.number());
    handle(new FsmEvent.Closed(connection.number(), reason));
  }

  void writabilityChanged(TcpConnection connection) {
    if (sender != null && connection == established) {
      sender.writabilityChanged();
    }
  }

  /// An exception that no neighbor can cause: this session starts over, the others go on.
  void bug(Throwable cause) {
    BgpLog.bug(config.name(), cause);
    handle(new FsmEvent.Reset(CeaseReason.OUT_OF_RESOURCES, "internal error: " + cause));
  }

  void wake() {
    if (sender != null) {
      sender.send();
    }
  }

  void pauseReading() {
    if (established != null) {
      established.pause();
    }
  }

  void resumeReading() {
    TcpConnection connection = established;
    SessionInfo session = negotiated;
    if (connection != null && session != null && connection.isPaused()) {
      if (session.holdTimeSeconds() > 0) {
        timers.arm(new FsmTimer.Hold(connection.number()), session.holdTimeSeconds() * 1000L);
      }
      connection.resume();
    }
  }

  /// Feeds the machine and does what it says. Events that arise meanwhile wait for their turn.
  void handle(FsmEvent event) {
    events.add(event);
    if (handling) {
      return;
    }
    handling = true;
    boolean stateMayChange = false;
    for (FsmEvent next = events.poll(); next != null; next = events.poll()) {
      // An UPDATE of an established session changes no state: the usual case by far.
      stateMayChange |= state != SessionState.ESTABLISHED || !isUpdate(next);
      for (FsmAction action : fsm.handle(next)) {
        perform(action, next);
      }
    }
    handling = false;
    if (stateMayChange) {
      noticeState();
    }
  }

  private static boolean isUpdate(FsmEvent event) {
    return event instanceof FsmEvent.Received(int _, BgpMessage.Update _);
  }

  private void noticeState() {
    SessionState now = fsm.state();
    if (now != state) {
      state = now;
      since = ClockReading.now();
      try {
        listener.state(config.name(), snapshot());
      } catch (RuntimeException e) {
        bug(e);
      }
    }
  }

  private void perform(FsmAction action, FsmEvent event) {
    try {
      act(action, event);
    } catch (RuntimeException e) {
      bug(e);
    }
  }

  private void act(FsmAction action, FsmEvent event) {
    switch (action) {
      case FsmAction.Deliver() -> deliver(event);
      case FsmAction.Arm(var timer, long millis) -> timers.arm(timer, millis);
      case FsmAction.Disarm(var timer) -> timers.disarm(timer);
      case FsmAction.Connect(int number) -> connect(number);
      case FsmAction.Send(int number, var message) -> send(number, message);
      case FsmAction.Close(int number) -> {
        TcpConnection connection = connections.remove(number);
        if (connection != null) {
          connection.finish();
        }
      }
      case FsmAction.Use(int number, var options) -> {
        TcpConnection connection = connections.get(number);
        if (connection != null) {
          connection.use(options);
        }
      }
      case FsmAction.Establish(int number, var session) -> establish(number, session);
      case FsmAction.EndOfRib(var family) -> {
        counts.updatesReceived++;
        listener.endOfRib(config.name(), family);
      }
      case FsmAction.Refresh(var family) -> listener.refreshRequested(config.name(), family);
      case FsmAction.MarkStale(var family) -> listener.markStale(config.name(), family);
      case FsmAction.SweepStale(var family) -> listener.sweepStale(config.name(), family);
      case FsmAction.Lost(var down) -> lost(down);
      case FsmAction.Report(var text) -> attemptFailed(text);
    }
  }

  private void connect(int number) {
    if (md5Before == null) {
      md5Before = Md5Counts.now();
    }
    TcpConnection connection = new TcpConnection(this, number);
    connections.put(number, connection);
    ChannelFuture attempt;
    try {
      attempt = sockets.connect(config, connection);
    } catch (BgpException e) {
      connections.remove(number);
      handle(new FsmEvent.ConnectFailed(number, String.valueOf(e.getMessage())));
      return;
    }
    attempt.addListener(done -> {
      Throwable cause = done.cause();
      if (cause != null) {
        connections.remove(number, connection);
        handle(new FsmEvent.ConnectFailed(number, SocketFault.sentence(cause)));
      }
    });
  }

  private void send(int number, BgpMessage message) {
    TcpConnection connection = connections.get(number);
    if (connection != null) {
      counts.messagesSent++;
      connection.write(message);
      connection.flush();
    }
  }

  private void establish(int number, SessionInfo session) {
    TcpConnection connection = connections.get(number);
    if (connection == null) {
      return;
    }
    negotiated = session;
    localAddress = session.localAddress();
    downSince = null;
    attemptError = "";
    attemptFailure = "";
    md5Before = null;
    malformed.clear();
    established = connection;
    sender = new Sender(loop, config.name(), session, connection, source, counts, this);
    BgpLog.sessionUp(config.name(), session);
    listener.established(config.name(), session);
    wake();
  }

  void stalled(TcpConnection connection) {
    handle(new FsmEvent.SendStalled(connection.number()));
  }

  private void lost(Down down) {
    counts.flaps++;
    negotiated = null;
    established = null;
    if (sender != null) {
      sender.stop();
      sender = null;
    }
    BgpLog.sessionDown(config.name(), down);
    downSince = ClockReading.now();
    downReason = down.text();
    attemptError = "";
    attemptFailure = "";
    listener.down(config.name(), down);
  }

  /// An attempt to establish the session failed; what becomes of an established one, [#lost] says.
  private void attemptFailed(String text) {
    if (negotiated != null) {
      return;
    }
    Md5Counts before = md5Before;
    Md5Counts now = before == null ? null : Md5Counts.now();
    String full =
        AttemptText.of(config, text, before == null || now == null ? null : now.since(before));
    if (!text.equals(attemptFailure)) {
      BgpLog.attemptFailed(config.name(), full);
    }
    attemptFailure = text;
    attemptError = full;
  }

  private SessionSnapshot.Standing standing() {
    if (config.adminState() == BgpNeighborConfig.AdminState.SHUTDOWN) {
      return SessionSnapshot.Standing.SHUTDOWN;
    }
    return fsm.isHeldAtLimit() ? SessionSnapshot.Standing.MAX_PREFIX : SessionSnapshot.Standing.UP;
  }

  /// While it connects, the retry timer bounds the attempt: nothing is waited for.
  private @Nullable ClockReading nextTry() {
    return switch (state) {
      case IDLE -> timers.due(new FsmTimer.IdleHold());
      case ACTIVE -> timers.due(new FsmTimer.ConnectRetry());
      case CONNECT, OPEN_SENT, OPEN_CONFIRM, ESTABLISHED -> null;
    };
  }

  private void deliver(FsmEvent event) {
    SessionInfo session = negotiated;
    if (session == null || !(event instanceof FsmEvent.Received(int _, BgpMessage.Update update))) {
      return;
    }
    counts.updatesReceived++;
    BgpMessage.Update wanted = negotiatedOnly(update, session);
    if (update.faults().isEmpty()) {
      malformed.sound(wanted);
    } else {
      count(wanted);
    }
    if (!wanted.announcements().isEmpty() || !wanted.withdrawals().isEmpty()) {
      listener.update(config.name(), wanted);
    }
  }

  private void count(BgpMessage.Update update) {
    boolean withdrawn = false;
    for (UpdateFault fault : update.faults()) {
      switch (fault.action()) {
        case DISCARD_ATTRIBUTE -> counts.attributesDiscarded++;
        case TREAT_AS_WITHDRAW -> withdrawn = true;
      }
    }
    counts.treatedAsWithdraw += withdrawn ? 1 : 0;
    ClockReading now = ClockReading.now();
    String prefixes = malformed.faulty(update, now);
    if (now.nanos() - warnedNanos >= WARN_EVERY_NANOS) {
      warnedNanos = now.nanos();
      BgpLog.malformedUpdate(config.name(), prefixes, malformed.lastFault(), unwarned);
      unwarned = 0;
    } else {
      unwarned++;
    }
  }

  /// RFC 4760 §6: routes of a family that was not negotiated are ignored. Nearly always returns its
  /// argument.
  private static BgpMessage.Update negotiatedOnly(BgpMessage.Update update, SessionInfo session) {
    boolean all = true;
    for (int i = 0; i < update.announcements().size(); i++) {
      all &= session.families().contains(update.announcements().get(i).prefixes().family());
    }
    for (int i = 0; i < update.withdrawals().size(); i++) {
      all &= session.families().contains(update.withdrawals().get(i).family());
    }
    if (all) {
      return update;
    }
    return new BgpMessage.Update(
        update.announcements().stream()
            .filter(part -> session.families().contains(part.prefixes().family()))
            .toList(),
        update.withdrawals().stream()
            .filter(part -> session.families().contains(part.family()))
            .toList(),
        update.faults());
  }

  SessionSnapshot snapshot() {
    return new SessionSnapshot(
        config.name(),
        state,
        since,
        negotiated,
        localAddress,
        counts.messagesReceived,
        counts.messagesSent,
        counts.updatesReceived,
        counts.updatesSent,
        counts.treatedAsWithdraw,
        counts.attributesDiscarded,
        counts.unsendable,
        counts.flaps,
        downSince,
        downReason,
        attemptError,
        nextTry(),
        standing(),
        malformed.all(),
        malformed.lastFault(),
        malformed.lastAt(),
        fsm.stale());
  }
}
