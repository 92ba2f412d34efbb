package net.donut.bfd;

import java.time.Duration;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// The settings of one session. Intervals are in microseconds.
///
/// @param name unique in the speaker; identifies the session everywhere
/// @param localAddress bound before sending; null for the kernel's choice
/// @param interfaceName the interface packets leave and come by; null for any
/// @param minTxMicros how often we would like to send once up
/// @param minRxMicros how often we can take packets
/// @param multiplier packets in a row the neighbor may miss before it says we are down, 1..255
public record BfdSettings(
    String name,
    IpAddress address,
    @Nullable IpAddress localAddress,
    @Nullable String interfaceName,
    long minTxMicros,
    long minRxMicros,
    int multiplier,
    Role role,
    AdminState adminState) {
  /// The shortest interval taken: below it, scheduling of a general kernel is not exact enough.
  public static final Duration SHORTEST = Duration.ofMillis(10);

  public static final Duration LONGEST = Duration.ofSeconds(60);

  /// Who speaks first (RFC 5880 §6.1).
  public enum Role {
    ACTIVE,
    /// Sends nothing before it has heard the neighbor.
    PASSIVE
  }

  /// What the operator wants of the session.
  public enum AdminState {
    ENABLED,
    /// Kept down; the neighbor is told that this does not mean the path is down.
    DISABLED
  }

  public BfdSettings {
    require(!name.isBlank(), "name", name, "not blank");
    require(
        localAddress == null || localAddress.family() == address.family(),
        "local address",
        String.valueOf(localAddress),
        address.family().toString());
    require(
        !address.isLinkLocal() || interfaceName != null,
        "interface",
        "none",
        "the interface of link-local " + address);
    interval("transmit interval", minTxMicros);
    interval("receive interval", minRxMicros);
    require(multiplier >= 1 && multiplier <= 255, "multiplier", multiplier + "", "1..255");
  }

  private static void interval(String what, long micros) {
    require(
        micros >= SHORTEST.toNanos() / 1000 && micros <= LONGEST.toNanos() / 1000,
        what,
        micros + " us",
        "10ms..60s");
  }

  private static void require(boolean met, String what, String found, String expected) {
    if (!met) {
      throw new IllegalArgumentException(what + ": " + found + " (expected: " + expected + ")");
    }
  }
}
