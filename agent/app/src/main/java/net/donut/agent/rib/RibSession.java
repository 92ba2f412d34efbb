package net.donut.agent.rib;

import java.util.EnumMap;
import java.util.Map;
import net.donut.bgp.SessionInfo;
import net.donut.model.Family;
import net.donut.model.table.AttributeTable;
import org.jspecify.annotations.Nullable;

/// The tables of one configured session, whether it is up or not. Owned by `agent-rib`.
final class RibSession {
  private final SessionSettings settings;
  private final Map<Family, AdjRibIn> in = new EnumMap<>(Family.class);
  private final Map<Family, AdjRibOut> out = new EnumMap<>(Family.class);
  private @Nullable SessionInfo info;
  private @Nullable SessionOutbox outbox;
  private WithdrawalBurst burst = new WithdrawalBurst();
  private Limit limit = Limit.BELOW;
  private SessionCounts told;

  /// How the number of routes heard stands to the limit.
  enum Limit {
    BELOW,
    NEAR,
    OVER
  }

  RibSession(
      SessionSettings settings, Map<Family, CountedPrefixes> prefixes, AttributeTable attributes) {
    this.settings = settings;
    for (Family family : Family.values()) {
      CountedPrefixes table = prefixes.get(family);
      if (table == null) {
        throw new IllegalArgumentException("no prefix table (expected: one for " + family + ")");
      }
      in.put(family, new AdjRibIn(new SessionColumn(table, attributes)));
      out.put(family, new AdjRibOut(new SessionColumn(table, attributes), settings));
    }
    told = new SessionCounts(settings.name(), 0, 0, 0, 0, 0, 0, false);
  }

  /// The same tables under other settings.
  RibSession(SessionSettings settings, RibSession before) {
    this.settings = settings;
    this.in.putAll(before.in);
    this.out.putAll(before.out);
    this.out.values().forEach(table -> table.settings(settings));
    this.info = before.info;
    this.outbox = before.outbox;
    this.limit = before.limit;
    this.burst = before.burst;
    this.told = before.told;
  }

  String name() {
    return settings.name();
  }

  SessionSettings settings() {
    return settings;
  }

  AdjRibIn in(Family family) {
    AdjRibIn table = in.get(family);
    if (table == null) {
      throw new IllegalStateException(name() + ": no Adj-RIB-In (expected: " + family + ")");
    }
    return table;
  }

  AdjRibOut out(Family family) {
    AdjRibOut table = out.get(family);
    if (table == null) {
      throw new IllegalStateException(name() + ": no Adj-RIB-Out (expected: " + family + ")");
    }
    return table;
  }

  @Nullable SessionInfo info() {
    return info;
  }

  @Nullable SessionOutbox outbox() {
    return outbox;
  }

  void up(SessionInfo session, SessionOutbox box) {
    info = session;
    outbox = box;
    limit = Limit.BELOW;
  }

  void down() {
    info = null;
    outbox = null;
  }

  WithdrawalBurst burst() {
    return burst;
  }

  Limit limit() {
    return limit;
  }

  void limit(Limit value) {
    limit = value;
  }

  /// The counts if they differ from those told last, which they then are.
  @Nullable SessionCounts newCounts() {
    boolean up = info != null;
    SessionCounts now =
        new SessionCounts(
            name(),
            in(Family.IPV4).size(),
            in(Family.IPV6).size(),
            up ? out(Family.IPV4).announced() : 0,
            up ? out(Family.IPV6).announced() : 0,
            in(Family.IPV4).received(),
            in(Family.IPV6).received(),
            in(Family.IPV4).hasStale() || in(Family.IPV6).hasStale());
    if (now.equals(told)) {
      return null;
    }
    told = now;
    return now;
  }

  void clear() {
    for (Family family : Family.values()) {
      in(family).lost();
      out(family).down();
      out(family).clear();
    }
  }
}
