package net.donut.bfd;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import net.donut.model.IpAddress;
import net.donut.wire.bfd.BfdState;
import net.donut.wire.bfd.ControlPacket;
import net.donut.wire.bfd.ControlPacket.Flag;
import net.donut.wire.bfd.Diagnostic;

/// Sessions in every state, and actions as text. Chance always gives its least: 75 percent.
final class BfdFixture {
  static final int OURS = 7;
  static final int THEIRS = 9;

  private BfdFixture() {}

  /// A session in a state, by the events that lead there.
  enum At {
    DISABLED,
    DOWN,
    INIT,
    UP,
    /// Was up, and was lost.
    LOST;

    BfdSession reach() {
      BfdSession session = session(settings(50, 3));
      session.handle(new BfdEvent.Configured(session.settings()));
      switch (this) {
        case DISABLED -> session.handle(new BfdEvent.Configured(disabled(session.settings())));
        case DOWN -> {}
        case INIT -> session.handle(received(BfdState.DOWN));
        case UP -> up(session);
        case LOST -> {
          up(session);
          session.handle(new BfdEvent.DetectionExpired());
        }
      }
      return session;
    }
  }

  /// What happens.
  enum What {
    HEARS_ADMIN_DOWN,
    HEARS_DOWN,
    HEARS_INIT,
    HEARS_UP,
    HEARS_POLL,
    DETECTION_EXPIRED,
    TRANSMIT_DUE,
    DISABLE,
    ENABLE;

    BfdEvent event(BfdSession session) {
      return switch (this) {
        case HEARS_ADMIN_DOWN -> received(BfdState.ADMIN_DOWN);
        case HEARS_DOWN -> received(BfdState.DOWN);
        case HEARS_INIT -> received(BfdState.INIT);
        case HEARS_UP -> received(BfdState.UP);
        case HEARS_POLL -> received(BfdState.UP, Flag.POLL);
        case DETECTION_EXPIRED -> new BfdEvent.DetectionExpired();
        case TRANSMIT_DUE -> new BfdEvent.TransmitDue();
        case DISABLE -> new BfdEvent.Configured(disabled(session.settings()));
        case ENABLE -> new BfdEvent.Configured(settings(50, 3));
      };
    }
  }

  static BfdSession session(BfdSettings settings) {
    return new BfdSession(settings, OURS, BfdSession.ControlPlane.INDEPENDENT, () -> 0L);
  }

  static BfdSettings settings(int millis, int multiplier) {
    return settings(millis, multiplier, BfdSettings.Role.ACTIVE);
  }

  static BfdSettings settings(int millis, int multiplier, BfdSettings.Role role) {
    return new BfdSettings(
        "n",
        IpAddress.parse("192.0.2.2"),
        null,
        "eth0",
        millis * 1000L,
        millis * 1000L,
        multiplier,
        role,
        BfdSettings.AdminState.ENABLED);
  }

  static BfdSettings disabled(BfdSettings settings) {
    return new BfdSettings(
        settings.name(),
        settings.address(),
        settings.localAddress(),
        settings.interfaceName(),
        settings.minTxMicros(),
        settings.minRxMicros(),
        settings.multiplier(),
        settings.role(),
        BfdSettings.AdminState.DISABLED);
  }

  /// The neighbor sends every 100 ms, takes a packet every 20 ms, multiplier 4.
  static BfdEvent.Received received(BfdState state, Flag... flags) {
    return received(state, 100, 20, 4, flags);
  }

  static BfdEvent.Received received(
      BfdState state, int txMillis, int rxMillis, int multiplier, Flag... flags) {
    return new BfdEvent.Received(
        new ControlPacket(
            Diagnostic.NONE,
            state,
            Set.of(flags),
            multiplier,
            THEIRS,
            state.compareTo(BfdState.DOWN) > 0 ? OURS : 0,
            txMillis * 1000L,
            rxMillis * 1000L,
            0));
  }

  static void up(BfdSession session) {
    session.handle(received(BfdState.DOWN));
    session.handle(received(BfdState.UP, Flag.FINAL));
  }

  static String text(List<BfdAction> actions) {
    List<String> words = new ArrayList<>();
    for (BfdAction action : actions) {
      words.add(
          switch (action) {
            case BfdAction.Send(var packet) -> "send(" + text(packet) + ")";
            case BfdAction.ArmTransmit(long micros) -> "tx=" + millis(micros);
            case BfdAction.DisarmTransmit() -> "tx=never";
            case BfdAction.ArmDetection(long micros) -> "detect=" + millis(micros);
            case BfdAction.DisarmDetection() -> "detect=never";
            case BfdAction.Report(var status) ->
                "report("
                    + status.state()
                    + " "
                    + status.path().name().toLowerCase(Locale.ROOT)
                    + ")";
          });
    }
    return String.join(" ", words);
  }

  private static String millis(long micros) {
    return micros / 1000.0 + "ms";
  }

  /// State, diagnostic if any, flags but the constant one, discriminator of the neighbor,
  /// intervals.
  private static String text(ControlPacket packet) {
    String flags =
        packet.flags().stream()
            .filter(flag -> flag != Flag.CONTROL_PLANE_INDEPENDENT)
            .map(flag -> " " + flag)
            .collect(Collectors.joining());
    return packet.state()
        + (packet.diagnostic().code() == 0 ? "" : " diag" + packet.diagnostic().code())
        + flags
        + " your="
        + packet.yourDiscriminator()
        + " tx="
        + packet.desiredMinTxMicros() / 1000
        + " rx="
        + packet.requiredMinRxMicros() / 1000;
  }
}
