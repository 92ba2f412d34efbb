package net.donut.agent.bfd;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.donut.bfd.BfdAction;
import net.donut.bfd.BfdEvent;
import net.donut.bfd.BfdSession;
import net.donut.bfd.BfdSettings;
import net.donut.model.IpAddress;
import net.donut.netlink.NetlinkException;
import net.donut.netlink.UdpPort;
import net.donut.wire.bfd.ControlPacket;
import net.donut.wire.bfd.ControlPacketCodec;
import org.jspecify.annotations.Nullable;

/// A neighbor: does what its [BfdSession] says, with a socket and two timers. Times are those of
/// `System.nanoTime`. Owned by `bfd`.
final class BfdPeer {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long SHORTEST_FAREWELL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LONGEST_FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final BfdSession session;
  private final BfdPorts ports;
  private final BfdSpeaker.Listener listener;
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(ControlPacketCodec.BYTES);
  private @Nullable UdpPort sender;
  private long transmitAt = NEVER;
  private long detectAt = NEVER;
  private long endAt = NEVER;
  private long farewellEveryNanos;

  BfdPeer(BfdSession session, BfdPorts ports, BfdSpeaker.Listener listener) {
    this.session = session;
    this.ports = ports;
    this.listener = listener;
  }

  BfdSession session() {
    return session;
  }

  BfdSettings settings() {
    return session.settings();
  }

  BfdPorts.Place place() {
    return BfdPorts.Place.of(settings());
  }

  /// Whether these settings differ at most in what a session can change while it is up.
  boolean isSameEnd(BfdSettings other) {
    BfdSettings ours = settings();
    return ours.address().equals(other.address())
        && Objects.equals(ours.localAddress(), other.localAddress())
        && Objects.equals(ours.interfaceName(), other.interfaceName());
  }

  boolean hears(UdpPort port, IpAddress from) {
    return settings().address().equals(from) && ports.isAt(port, place());
  }

  /// When there is something to do next.
  long nextNanos() {
    return Math.min(Math.min(transmitAt, detectAt), endAt);
  }

  /// When the neighbor is lost if it is not heard before.
  long detectNanos() {
    return detectAt;
  }

  /// When a session that is leaving may go.
  long endNanos() {
    return endAt;
  }

  void transmit(long now) {
    if (transmitAt <= now) {
      transmitAt = NEVER;
      handle(new BfdEvent.TransmitDue(), now);
    }
  }

  void detect(long now) {
    if (detectAt <= now) {
      detectAt = NEVER;
      handle(new BfdEvent.DetectionExpired(), now);
    }
  }

  void handle(BfdEvent event, long now) {
    for (BfdAction action : session.handle(event)) {
      switch (action) {
        case BfdAction.Send(var packet) -> send(packet);
        case BfdAction.ArmTransmit(long micros) -> transmitAt = now + nanos(micros);
        case BfdAction.DisarmTransmit() -> transmitAt = NEVER;
        case BfdAction.ArmDetection(long micros) -> detectAt = now + nanos(micros);
        case BfdAction.DisarmDetection() -> detectAt = NEVER;
        case BfdAction.Report(var status) -> {
          if (endAt == NEVER) {
            listener.status(status);
          }
        }
      }
    }
    if (endAt != NEVER) {
      detectAt = NEVER;
      transmitAt = Math.min(transmitAt, now + farewellEveryNanos);
    }
  }

  private static long nanos(long micros) {
    return TimeUnit.MICROSECONDS.toNanos(micros);
  }

  /// Switches the session off, and says so as often as the neighbor may miss a packet.
  void leave(long now) {
    farewellEveryNanos = Math.max(nanos(session.status().transmitMicros()), 10_000_000);
    long farewell = settings().multiplier() * farewellEveryNanos;
    endAt = now + Math.clamp(farewell, SHORTEST_FAREWELL_NANOS, LONGEST_FAREWELL_NANOS);
    BfdSettings was = settings();
    handle(
        new BfdEvent.Configured(
            new BfdSettings(
                was.name(),
                was.address(),
                was.localAddress(),
                was.interfaceName(),
                was.minTxMicros(),
                was.minRxMicros(),
                was.multiplier(),
                was.role(),
                BfdSettings.AdminState.DISABLED)),
        now);
  }

  /// A packet that cannot be sent is lost like any other; [#lookAround] finds out what is wrong.
  private void send(ControlPacket packet) {
    UdpPort open = sender;
    if (open != null) {
      bytes.clear();
      ControlPacketCodec.encode(packet, bytes);
      open.send(bytes.flip(), settings().address(), BfdPorts.CONTROL_PORT);
    }
  }

  /// Opens the socket to send from when it is missing or of an interface that is gone. Returns what
  /// the kernel says when it cannot be had.
  @Nullable String lookAround() {
    UdpPort open = sender;
    if (open != null && ports.isOutdated(place(), open)) {
      close();
    }
    if (sender == null) {
      try {
        sender = ports.sender(settings());
      } catch (NetlinkException e) {
        return settings().name() + ": send: " + e.getMessage();
      }
    }
    return null;
  }

  void close() {
    UdpPort open = sender;
    if (open != null) {
      open.close();
      sender = null;
    }
  }
}
