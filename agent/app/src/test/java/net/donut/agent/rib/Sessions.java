package net.donut.agent.rib;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.donut.bgp.Down;
import net.donut.bgp.SessionInfo;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.wire.bgp.SessionOptions;

/// Values the tests of this package share.
final class Sessions {
  private Sessions() {}

  static SessionInfo info(long number, Set<SessionInfo.Feature> features) {
    return new SessionInfo(
        number,
        IpAddress.parse("192.0.2.1"),
        IpAddress.parse("192.0.2.2"),
        64500,
        64601,
        IpAddress.parse("10.0.0.1"),
        90,
        EnumSet.allOf(Family.class),
        features,
        SessionOptions.MODERN_EXTERNAL,
        List.of());
  }

  static Down down(long number, Set<Family> stale) {
    return new Down(
        number,
        Down.Cause.CONNECTION_LOST,
        "connection lost",
        stale,
        stale.isEmpty() ? Duration.ZERO : Duration.ofMinutes(2));
  }

  /// An outbox nobody has to be woken for.
  static SessionOutbox outbox(long number) {
    return new SessionOutbox(number, () -> {}, () -> {});
  }

  static Prefix prefix(Family family, int number) {
    return family == Family.IPV4
        ? Prefix.ofIpv4(0x0a00_0000 | number << 8, 24)
        : new Prefix(Family.IPV6, 0x2001_0db8_0000_0000L | (long) number << 8, 0, 56);
  }

  static PathAttributes attributes(Random random, int kinds) {
    return PathAttributes.of(
        Origin.IGP, AsPath.of(64601, 1 + random.nextInt(kinds)), IpAddress.parse("192.0.2.2"));
  }
}
