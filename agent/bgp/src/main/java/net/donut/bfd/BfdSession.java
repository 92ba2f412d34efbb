package net.donut.bfd;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import net.donut.wire.bfd.BfdState;
import net.donut.wire.bfd.ControlPacket;
import net.donut.wire.bfd.ControlPacket.Flag;
import net.donut.wire.bfd.Diagnostic;
import org.jspecify.annotations.Nullable;

/// The state machine of one session in asynchronous mode (RFC 5880 §6). Owned by whoever drives it.
public final class BfdSession {
  /*
   * Two intervals are negotiated each way, and a change of ours is announced by a Poll Sequence:
   * until the neighbor has answered it, `txInForce` is the shorter of old and new (it may still
   * count on the old), `rxInForce` the longer (it may still send as before): RFC 5880 §6.8.3.
   *
   * While not Up we send once a second at most, whatever is configured; the change to the configured
   * interval when Up is such a change too, which is why a session that comes up polls.
   *
   * A neighbor that was heard is remembered for a detection time. After that its discriminator is
   * forgotten, so that a restarted neighbor, which takes another, is understood.
   */
  static final long SLOW_MICROS = 1_000_000;

  private final RandomGenerator random;
  private final int discriminator;
  private final ControlPlane controlPlane;

  private BfdSettings settings;
  private BfdState state = BfdState.DOWN;
  private Diagnostic diagnostic = Diagnostic.NONE;
  private long desiredTx = SLOW_MICROS;
  private long txInForce = SLOW_MICROS;
  private long rxInForce;
  private boolean polling;
  private long losses;
  private BfdStatus.Path path = BfdStatus.Path.UNKNOWN;

  private BfdState remoteState = BfdState.DOWN;
  private Diagnostic remoteDiagnostic = Diagnostic.NONE;
  private int remoteDiscriminator;
  private int remoteMultiplier;
  private long remoteDesiredTx;
  private long remoteMinRx = 1;
  private boolean remoteDemands;

  private List<BfdAction> actions = new ArrayList<>();
  private long transmitMicros = -1;
  private @Nullable BfdStatus reported;

  /// Whether this BFD goes on without its control plane (the C bit, RFC 5880 §4.1).
  public enum ControlPlane {
    INDEPENDENT,
    SHARED
  }

  /// `discriminator` must not be 0 and not be used by another session; [BfdEvent.Configured] with
  /// the same settings starts it.
  public BfdSession(
      BfdSettings settings, int discriminator, ControlPlane controlPlane, RandomGenerator random) {
    if (discriminator == 0) {
      throw new IllegalArgumentException("discriminator: 0 (expected: not 0)");
    }
    this.settings = settings;
    this.discriminator = discriminator;
    this.controlPlane = controlPlane;
    this.random = random;
    this.rxInForce = settings.minRxMicros();
  }

  public BfdSettings settings() {
    return settings;
  }

  public int discriminator() {
    return discriminator;
  }

  /// 0 while unknown.
  int remoteDiscriminator() {
    return remoteDiscriminator;
  }

  public BfdStatus status() {
    return new BfdStatus(
        settings.name(),
        state,
        remoteState,
        diagnostic,
        remoteDiagnostic,
        Math.max(transmitMicros, 0),
        remoteMultiplier * detectionIntervalMicros(),
        losses,
        path);
  }

  /// Takes an event; returns what is to be done about it.
  public List<BfdAction> handle(BfdEvent event) {
    actions = new ArrayList<>();
    switch (event) {
      case BfdEvent.Received(var packet) -> received(packet);
      case BfdEvent.DetectionExpired() -> detectionExpired();
      case BfdEvent.TransmitDue() -> transmitDue();
      case BfdEvent.Configured(var next) -> configured(next);
    }
    report();
    return actions;
  }

  private void report() {
    BfdStatus status = status();
    if (!status.equals(reported)) {
      reported = status;
      actions.add(new BfdAction.Report(status));
    }
  }

  /// RFC 5880 §6.8.6, from where the session is known.
  private void received(ControlPacket packet) {
    remoteDiscriminator = packet.myDiscriminator();
    remoteState = packet.state();
    remoteDiagnostic = packet.diagnostic();
    remoteDemands = packet.has(Flag.DEMAND);
    remoteMinRx = packet.requiredMinRxMicros();
    remoteDesiredTx = packet.desiredMinTxMicros();
    remoteMultiplier = packet.multiplier();
    if (polling && packet.has(Flag.FINAL)) {
      endPoll();
    }
    actions.add(new BfdAction.ArmDetection(remoteMultiplier * detectionIntervalMicros()));
    boolean changed = state != BfdState.ADMIN_DOWN && follow(packet.state());
    schedule();
    if (packet.has(Flag.POLL)) {
      actions.add(new BfdAction.Send(packet(Sequence.FINAL)));
    } else if (changed && maySend()) {
      actions.add(new BfdAction.Send(periodic()));
    }
  }

  private long detectionIntervalMicros() {
    return Math.max(rxInForce, remoteDesiredTx);
  }

  /// The state diagram of RFC 5880 §6.2. Returns whether the state changed.
  private boolean follow(BfdState remote) {
    BfdState before = state;
    switch (remote) {
      case ADMIN_DOWN -> {
        path = BfdStatus.Path.UNKNOWN;
        signaledDown(BfdState.INIT);
      }
      case DOWN -> {
        if (state == BfdState.DOWN) {
          enter(BfdState.INIT);
        } else {
          signaledDown(BfdState.UP);
        }
      }
      case INIT -> {
        if (state != BfdState.UP) {
          enter(BfdState.UP);
        }
      }
      case UP -> {
        if (state == BfdState.INIT) {
          enter(BfdState.UP);
        }
      }
    }
    return state != before;
  }

  /// The neighbor says Down or AdminDown: leaves `least` or a state above.
  private void signaledDown(BfdState least) {
    if (state.compareTo(least) >= 0) {
      leave(Diagnostic.NEIGHBOR_SIGNALED_DOWN);
    }
  }

  private void leave(Diagnostic why) {
    if (state == BfdState.UP && remoteState != BfdState.ADMIN_DOWN) {
      losses++;
      path = BfdStatus.Path.DEAD;
    }
    diagnostic = why;
    enter(BfdState.DOWN);
  }

  private void enter(BfdState next) {
    state = next;
    if (next == BfdState.UP) {
      path = BfdStatus.Path.ALIVE;
      diagnostic = Diagnostic.NONE;
      desire(settings.minTxMicros());
    } else {
      polling = false;
      desiredTx = Math.max(SLOW_MICROS, settings.minTxMicros());
      txInForce = desiredTx;
      rxInForce = settings.minRxMicros();
    }
  }

  /// Changes the interval we would like, by a Poll Sequence.
  private void desire(long micros) {
    txInForce = Math.min(desiredTx, micros);
    if (desiredTx != micros) {
      polling = true;
    }
    desiredTx = micros;
  }

  private void endPoll() {
    polling = false;
    txInForce = desiredTx;
    rxInForce = settings.minRxMicros();
  }

  private void detectionExpired() {
    actions.add(new BfdAction.DisarmDetection());
    remoteDiscriminator = 0;
    remoteMultiplier = 0;
    remoteMinRx = 1;
    remoteDemands = false;
    boolean lost = state == BfdState.INIT || state == BfdState.UP;
    if (lost) {
      leave(Diagnostic.DETECTION_TIME_EXPIRED);
    }
    remoteState = BfdState.DOWN;
    schedule();
    if (lost && maySend()) {
      actions.add(new BfdAction.Send(periodic()));
    }
  }

  private void transmitDue() {
    if (!maySend()) {
      schedule();
      return;
    }
    actions.add(new BfdAction.Send(periodic()));
    transmitMicros = transmitIntervalMicros();
    actions.add(new BfdAction.ArmTransmit(jittered(transmitMicros)));
  }

  private void configured(BfdSettings next) {
    boolean first = reported == null;
    BfdSettings before = settings;
    settings = next;
    boolean disabled = next.adminState() == BfdSettings.AdminState.DISABLED;
    if (disabled && state != BfdState.ADMIN_DOWN) {
      diagnostic = Diagnostic.ADMINISTRATIVELY_DOWN;
      path = BfdStatus.Path.UNKNOWN;
      enter(BfdState.ADMIN_DOWN);
    } else if (!disabled && state == BfdState.ADMIN_DOWN) {
      diagnostic = Diagnostic.NONE;
      enter(BfdState.DOWN);
    } else if (state == BfdState.UP) {
      desire(next.minTxMicros());
      polling = polling || before.minRxMicros() != next.minRxMicros();
      rxInForce = Math.max(rxInForce, next.minRxMicros());
    } else {
      enter(state);
    }
    schedule();
    if (!first && !next.equals(before) && maySend()) {
      actions.add(new BfdAction.Send(periodic()));
    }
  }

  /// RFC 5880 §6.8.7: whether periodic packets are sent at all.
  private boolean maySend() {
    boolean unheard = settings.role() == BfdSettings.Role.PASSIVE && remoteDiscriminator == 0;
    boolean bothUp = state == BfdState.UP && remoteState == BfdState.UP;
    boolean demanded = remoteDemands && bothUp && !polling;
    return !unheard && remoteMinRx != 0 && !demanded;
  }

  private long transmitIntervalMicros() {
    return Math.max(txInForce, remoteMinRx);
  }

  /// Starts, stops or restarts the timer of periodic packets where its interval changed.
  private void schedule() {
    long wanted = maySend() ? transmitIntervalMicros() : 0;
    if (wanted == transmitMicros) {
      return;
    }
    transmitMicros = wanted;
    actions.add(
        wanted == 0 ? new BfdAction.DisarmTransmit() : new BfdAction.ArmTransmit(jittered(wanted)));
  }

  /// 75 to 100 percent, or 75 to 90 with a multiplier of 1 (RFC 5880 §6.8.7).
  private long jittered(long micros) {
    int most = settings.multiplier() == 1 ? 900 : 1000;
    return micros * random.nextInt(750, most + 1) / 1000;
  }

  private enum Sequence {
    PERIODIC,
    FINAL
  }

  private ControlPacket periodic() {
    return packet(Sequence.PERIODIC);
  }

  private ControlPacket packet(Sequence sequence) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    if (sequence == Sequence.FINAL) {
      flags.add(Flag.FINAL);
    } else if (polling) {
      flags.add(Flag.POLL);
    }
    if (controlPlane == ControlPlane.INDEPENDENT) {
      flags.add(Flag.CONTROL_PLANE_INDEPENDENT);
    }
    return new ControlPacket(
        diagnostic,
        state,
        flags,
        settings.multiplier(),
        discriminator,
        remoteDiscriminator,
        desiredTx,
        settings.minRxMicros(),
        0);
  }
}
