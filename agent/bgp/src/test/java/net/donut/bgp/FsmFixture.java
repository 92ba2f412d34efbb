package net.donut.bgp;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.donut.bgp.FsmEvent.Accepted;
import net.donut.bgp.FsmEvent.ConnectFailed;
import net.donut.bgp.FsmEvent.Connected;
import net.donut.bgp.FsmEvent.Expired;
import net.donut.bgp.FsmEvent.Received;
import net.donut.bgp.FsmEvent.Start;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.BgpMessage.Notification;
import net.donut.wire.bgp.Capability;

/// Machines in a given state, events, and short texts of actions.
final class FsmFixture {
  static final IpAddress LOCAL = IpAddress.parse("10.0.0.1");
  static final IpAddress REMOTE = IpAddress.parse("10.0.0.2");
  static final long LOCAL_AS = 64500;
  static final long REMOTE_AS = 64501;
  static final BgpMessage.Update UPDATE =
      BgpMessage.Update.withdraw(Prefixes.of(Prefix.parse("192.0.2.0/24")));
  static final BgpMessage.Keepalive KEEPALIVE = new BgpMessage.Keepalive();

  private FsmFixture() {}

  /// Active towards AS 64501, both families, hold time 90 s.
  static BgpNeighborConfig.Builder config() {
    return BgpNeighborConfig.builder("n", REMOTE)
        .localAs(LOCAL_AS)
        .remoteAs(REMOTE_AS)
        .routerId(LOCAL)
        .families(Set.of(Family.IPV4, Family.IPV6));
  }

  static SessionFsm fsm(BgpNeighborConfig.Builder config) {
    return new SessionFsm(config.build(), SpeakerConfig.Start.FRESH, 0);
  }

  /// The OPEN of a neighbor with the higher router id and no graceful restart.
  static BgpMessage.Open open() {
    return open(capabilities());
  }

  static BgpMessage.Open open(List<Capability> capabilities) {
    return new BgpMessage.Open(4, REMOTE_AS, 30, REMOTE, capabilities);
  }

  static List<Capability> capabilities(Capability... more) {
    List<Capability> all =
        new ArrayList<>(
            List.of(
                new Capability.Multiprotocol(Family.IPV4),
                new Capability.Multiprotocol(Family.IPV6),
                new Capability.RouteRefresh(),
                new Capability.EnhancedRouteRefresh(),
                new Capability.FourOctetAs(REMOTE_AS)));
    all.addAll(List.of(more));
    return all;
  }

  static Capability.GracefulRestart gracefulRestart(int seconds, Family... forwarding) {
    return new Capability.GracefulRestart(
        false,
        seconds,
        java.util.Arrays.stream(forwarding)
            .map(family -> new Capability.GracefulRestart.FamilyState(family, true))
            .toList());
  }

  static Notification notification(int code, int subcode) {
    return new Notification(code, subcode, new byte[0]);
  }

  static void drive(SessionFsm fsm, FsmEvent... events) {
    for (FsmEvent event : events) {
      fsm.handle(event);
    }
  }

  /// The states of the table, each reached with connection 1 opened by us.
  enum At {
    /// Never started.
    DOWN,
    /// Idle after an error, until the hold ends.
    HOLDING,
    ACTIVE,
    CONNECT,
    OPEN_SENT,
    OPEN_CONFIRM,
    ESTABLISHED;

    SessionFsm reach() {
      SessionFsm fsm = fsm(config());
      switch (this) {
        case DOWN -> {}
        case HOLDING ->
            drive(fsm, new Start(), new Connected(1, LOCAL), new Received(1, notification(6, 2)));
        case ACTIVE -> drive(fsm, new Start(), new ConnectFailed(1, "refused"));
        case CONNECT -> drive(fsm, new Start());
        case OPEN_SENT -> drive(fsm, new Start(), new Connected(1, LOCAL));
        case OPEN_CONFIRM ->
            drive(fsm, new Start(), new Connected(1, LOCAL), new Received(1, open()));
        case ESTABLISHED ->
            drive(
                fsm,
                new Start(),
                new Connected(1, LOCAL),
                new Received(1, open()),
                new Received(1, KEEPALIVE));
      }
      return fsm;
    }
  }

  /// What happens to connection 1; a connection accepted is number 9.
  enum What {
    START,
    STOP,
    RESET,
    KICK,
    CONNECTED,
    CONNECT_FAILED,
    ACCEPTED,
    CLOSED,
    OPEN,
    OPEN_OF_WRONG_AS,
    KEEPALIVE_MESSAGE,
    UPDATE_MESSAGE,
    END_OF_RIB,
    ROUTE_REFRESH,
    NOTIFICATION,
    MALFORMED,
    SEND_STALLED,
    CONNECT_RETRY,
    IDLE_HOLD,
    SOUND,
    RESTART,
    HOLD,
    KEEPALIVE_TIMER;

    FsmEvent event() {
      return switch (this) {
        case START -> new Start();
        case STOP -> new FsmEvent.Stop(CeaseReason.SHUTDOWN);
        case RESET -> new FsmEvent.Reset(CeaseReason.RESET);
        case KICK -> new FsmEvent.Kick();
        case CONNECTED -> new Connected(1, LOCAL);
        case CONNECT_FAILED -> new ConnectFailed(1, "refused");
        case ACCEPTED -> new Accepted(9, LOCAL);
        case CLOSED -> new FsmEvent.Closed(1, "reset");
        case OPEN -> new Received(1, open());
        case OPEN_OF_WRONG_AS ->
            new Received(1, new BgpMessage.Open(4, 1, 30, REMOTE, capabilities()));
        case KEEPALIVE_MESSAGE -> new Received(1, KEEPALIVE);
        case UPDATE_MESSAGE -> new Received(1, UPDATE);
        case END_OF_RIB -> new Received(1, new BgpMessage.EndOfRib(Family.IPV4));
        case ROUTE_REFRESH -> new Received(1, new BgpMessage.RouteRefresh(1, 0, 1));
        case NOTIFICATION -> new Received(1, notification(6, 4));
        case MALFORMED -> new FsmEvent.Malformed(1, notification(1, 1), "garbage");
        case SEND_STALLED -> new FsmEvent.SendStalled(1);
        case CONNECT_RETRY -> new Expired(new FsmTimer.ConnectRetry());
        case IDLE_HOLD -> new Expired(new FsmTimer.IdleHold());
        case SOUND -> new Expired(new FsmTimer.Sound());
        case RESTART -> new Expired(new FsmTimer.Restart());
        case HOLD -> new Expired(new FsmTimer.Hold(1));
        case KEEPALIVE_TIMER -> new Expired(new FsmTimer.Keepalive(1));
      };
    }
  }

  /// Actions in short, without timers that are stopped: `connect2 retry=10 open1 close1 up down`.
  static String text(List<FsmAction> actions) {
    StringBuilder text = new StringBuilder();
    for (FsmAction action : actions) {
      String part = text(action);
      if (!part.isEmpty()) {
        text.append(text.isEmpty() ? "" : " ").append(part);
      }
    }
    return text.toString();
  }

  private static String text(FsmAction action) {
    return switch (action) {
      case FsmAction.Connect(int number) -> "connect" + number;
      case FsmAction.Send(int number, var message) ->
          switch (message) {
            case BgpMessage.Open _ -> "open" + number;
            case BgpMessage.Keepalive _ -> "alive" + number;
            case Notification sent -> sent.code() + "/" + sent.subcode() + ":" + number;
            default -> message.getClass().getSimpleName() + number;
          };
      case FsmAction.Close(int number) -> "close" + number;
      case FsmAction.Arm(var timer, long millis) -> text(timer) + "=" + millis / 1000;
      case FsmAction.Disarm(var _) -> "";
      case FsmAction.Use(int number, var _) -> "use" + number;
      case FsmAction.Establish(int number, var _) -> "up" + number;
      case FsmAction.Deliver() -> "deliver";
      case FsmAction.EndOfRib(var family) -> "eor-" + family;
      case FsmAction.Refresh(var family) -> "refresh-" + family;
      case FsmAction.MarkStale(var family) -> "mark-" + family;
      case FsmAction.SweepStale(var family) -> "sweep-" + family;
      case FsmAction.Lost(var down) -> "down-" + down.cause();
      case FsmAction.Report(var _) -> "";
    };
  }

  private static String text(FsmTimer timer) {
    return switch (timer) {
      case FsmTimer.ConnectRetry() -> "retry";
      case FsmTimer.IdleHold() -> "idle";
      case FsmTimer.Sound() -> "sound";
      case FsmTimer.Restart() -> "restart";
      case FsmTimer.Hold(int number) -> "hold" + number;
      case FsmTimer.Keepalive(int number) -> "alive-timer" + number;
    };
  }
}
