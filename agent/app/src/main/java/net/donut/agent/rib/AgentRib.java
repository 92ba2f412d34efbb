package net.donut.agent.rib;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.bgp.SessionInfo;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.queue.Owner;
import net.donut.model.table.AttributeTable;
import net.donut.wire.bgp.BgpMessage;
import org.jspecify.annotations.Nullable;

/// Adj-RIB-In and Adj-RIB-Out of every configured session, and who reads them. Owned by
/// `agent-rib`.
public final class AgentRib {
  private static final long COUNTS_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int PIECES_A_TURN = 16;

  private final Owner owner;
  private final RibPort port;
  private final RibRecorder recorder;
  private final AttributeTable attributes = new AttributeTable();
  private final Map<Family, CountedPrefixes> prefixes = new EnumMap<>(Family.class);
  private final Map<String, RibSession> sessions = new LinkedHashMap<>();
  private final List<RouteWatcher> watchers = new ArrayList<>();
  private final List<AdvertisedListing> listings = new ArrayList<>();
  private @Nullable Advertiser advertiser;
  private RouteSource.Snapshot advertised = RouteSource.Snapshot.INCOMPLETE;
  private long nowNanos;
  private long countedNanos;

  /// Without a recording.
  AgentRib(Owner owner, RibPort port) {
    this(owner, port, RibRecorder.none());
  }

  AgentRib(Owner owner, RibPort port, RibRecorder recorder) {
    this.owner = owner;
    this.port = port;
    this.recorder = recorder;
    for (Family family : Family.values()) {
      prefixes.put(family, new CountedPrefixes(family));
    }
  }

  /// Replaces the set of sessions. Tables of sessions that stay are kept; those of others are
  /// dropped.
  public void configure(List<SessionSettings> wanted) {
    owner.check();
    recorder.configure(wanted);
    Map<String, RibSession> before = new LinkedHashMap<>(sessions);
    sessions.clear();
    for (SessionSettings settings : wanted) {
      RibSession known = before.remove(settings.name());
      RibSession session =
          known == null
              ? new RibSession(settings, prefixes, attributes)
              : new RibSession(settings, known);
      sessions.put(settings.name(), session);
      if (known == null) {
        watchers.forEach(watcher -> watcher.added(session));
      } else {
        changed(known.settings(), session);
      }
    }
    for (RibSession gone : before.values()) {
      watchers.forEach(watcher -> watcher.removed(gone.name()));
      listings.removeIf(listing -> listing.endIfOf(gone.name()));
      gone.clear();
    }
  }

  /// Other settings of a session that goes on: limits count at once, next hops are told anew.
  private void changed(SessionSettings before, RibSession session) {
    for (Family family : Family.values()) {
      int limit = session.settings().maxPrefixes(family);
      int earlier = before.maxPrefixes(family);
      if (limit != earlier) {
        if (limit == 0 || (earlier != 0 && limit > earlier)) {
          port.limitRaised(session.name(), family);
        }
        if (session.info() != null && session.limit() != RibSession.Limit.OVER) {
          session.limit(RibSession.Limit.BELOW);
        }
      }
    }
    SessionInfo info = session.info();
    if (info != null) {
      for (Family family : info.families()) {
        checkLimit(session, family);
        session.out(family).nextHopChanged(info);
      }
      fill(session);
    }
  }

  /// Takes one event of a session. Events of a session that is not configured are void.
  void apply(RibEvent event) {
    owner.check();
    recorder.event(event);
    RibSession session = sessions.get(event.session());
    if (session == null) {
      return;
    }
    switch (event) {
      case RibEvent.Established(_, var info, var outbox) -> established(session, info, outbox);
      case RibEvent.Updated(_, var update) -> update(session, update);
      case RibEvent.EndOfRib(_, var family) -> endOfRib(session, family);
      case RibEvent.RefreshRequested(_, var family) -> refresh(session, family);
      case RibEvent.MarkStale(_, var family) -> session.in(family).markStale();
      case RibEvent.SweepStale(_, var family) -> session.in(family).sweepStale();
      case RibEvent.TooLong tooLong -> tooLong(session, tooLong);
      case RibEvent.Lost(_, var down) -> {
        session.down();
        if (session.burst().reset()) {
          port.withdrawing(session.name(), false);
        }
        for (Family family : Family.values()) {
          session.out(family).down();
          if (down.stale().contains(family)) {
            session.in(family).lostForAWhile();
          } else {
            session.in(family).lost();
          }
        }
      }
    }
  }

  private void tooLong(RibSession session, RibEvent.TooLong event) {
    SessionInfo info = session.info();
    if (info == null || info.session() != event.number()) {
      return;
    }
    List<Withheld> fresh = session.out(event.prefixes().family()).tooLong(event);
    if (!fresh.isEmpty()) {
      port.notice(
          session.name()
              + ": "
              + fresh.getFirst().prefix()
              + (fresh.size() > 1 ? " and " + (fresh.size() - 1) + " more" : "")
              + " not announced: too long for it: "
              + event.bytes()
              + " bytes (limit: "
              + event.limit()
              + ")");
    }
  }

  /// What a session is not told of what the controller wants announced to it.
  public List<Withheld> withheld(String session) {
    owner.check();
    RibSession found = sessions.get(session);
    List<Withheld> all = new ArrayList<>();
    if (found != null) {
      for (Family family : Family.values()) {
        all.addAll(found.out(family).withheld());
      }
    }
    return all;
  }

  private void established(RibSession session, SessionInfo info, SessionOutbox outbox) {
    session.up(info, outbox);
    for (Family family : info.families()) {
      session.in(family).established(nowNanos);
      if (!session.out(family).established(info)) {
        port.notice(
            session.name()
                + ": no "
                + family
                + " next hop on a session from "
                + info.localAddress()
                + " (expected: next_hop_"
                + (family == Family.IPV4 ? "ipv4" : "ipv6")
                + " of the neighbor, or RFC 8950); its routes are not announced");
      }
    }
    fill(session);
  }

  private void update(RibSession session, BgpMessage.Update update) {
    if (session.info() == null || session.limit() == RibSession.Limit.OVER) {
      return;
    }
    for (Prefixes withdrawn : update.withdrawals()) {
      withdraw(session, withdrawn);
    }
    for (BgpMessage.Announcement announcement : update.announcements()) {
      Prefixes announced = announcement.prefixes();
      session.in(announced.family()).announce(announced, announcement.attributes(), nowNanos);
      checkLimit(session, announced.family());
    }
  }

  private void withdraw(RibSession session, Prefixes prefixes) {
    AdjRibIn table = session.in(prefixes.family());
    int before = table.column().size();
    table.withdraw(prefixes);
    int left = table.column().size();
    if (session.burst().withdrew(before - left, left, nowNanos)) {
      port.withdrawing(session.name(), true);
    }
  }

  private void checkLimit(RibSession session, Family family) {
    int limit = session.settings().maxPrefixes(family);
    int count = session.in(family).column().size();
    if (limit == 0 || session.limit() == RibSession.Limit.OVER) {
      return;
    }
    if (count > limit) {
      session.limit(RibSession.Limit.OVER);
      port.overLimit(session.name(), family, count, limit);
    } else if (session.limit() == RibSession.Limit.BELOW && count >= limit - limit / 10) {
      session.limit(RibSession.Limit.NEAR);
      port.nearLimit(session.name(), family, count, limit);
    }
  }

  private void endOfRib(RibSession session, Family family) {
    if (session.limit() != RibSession.Limit.OVER) {
      session.in(family).endOfRib();
    }
  }

  private void refresh(RibSession session, Family family) {
    session.out(family).refresh();
    fill(session);
  }

  /// A session's connection took some of what waited for it.
  void roomAgain(String name, long number) {
    owner.check();
    recorder.roomAgain(name, number);
    RibSession session = sessions.get(name);
    SessionOutbox outbox = session == null ? null : session.outbox();
    if (session != null && outbox != null && outbox.session() == number) {
      fill(session);
    }
  }

  private void fill(RibSession session) {
    SessionOutbox outbox = session.outbox();
    if (outbox != null) {
      for (Family family : Family.values()) {
        session.out(family).fill(outbox, advertised);
      }
    }
  }

  /// Tells a subscriber everything heard from every session, then changes, until [#unsubscribe].
  public void subscribe(RouteSubscriber subscriber) {
    owner.check();
    recorder.subscribe(subscriber);
    RouteWatcher watcher = new RouteWatcher(subscriber);
    sessions.values().forEach(watcher::added);
    watchers.add(watcher);
  }

  /// Ends a subscription or a listing, if there is one.
  public void unsubscribe(RouteSubscriber subscriber) {
    owner.check();
    recorder.unsubscribe(subscriber);
    for (RouteWatcher watcher : List.copyOf(watchers)) {
      if (watcher.subscriber().equals(subscriber)) {
        watcher.close();
        watchers.remove(watcher);
      }
    }
    listings.removeIf(listing -> listing.endIfFor(subscriber));
  }

  /// Tells a subscriber once what is announced to a session. Returns whether the session is
  /// configured.
  public boolean listAdvertised(String session, RouteSubscriber subscriber) {
    owner.check();
    recorder.listAdvertised(session, subscriber);
    RibSession found = sessions.get(session);
    if (found == null) {
      return false;
    }
    listings.add(new AdvertisedListing(found, subscriber));
    return true;
  }

  /// The next hop announcements of a session carry now, or null when none can be made.
  public @Nullable IpAddress nextHop(String session, Family family) {
    owner.check();
    RibSession found = sessions.get(session);
    return found == null ? null : found.out(family).nextHop();
  }

  /// A full content of Adj-RIB-Out begins, from a new source.
  public void beginAdvertising(Advertiser source) {
    owner.check();
    recorder.beginAdvertising(source);
    Advertiser before = advertiser;
    if (before != null && !before.equals(source)) {
      before.superseded();
    }
    advertiser = source;
    for (RibSession session : sessions.values()) {
      for (Family family : Family.values()) {
        session.out(family).begin();
      }
    }
  }

  /// Announces prefixes to a session, or withdraws them when `set` is null. Returns whether the
  /// session is configured; what comes from a superseded source is ignored.
  public boolean advertise(
      Advertiser source, String session, Prefixes routes, @Nullable PathAttributes set) {
    owner.check();
    recorder.advertise(source, session, routes, set);
    RibSession found = sessions.get(session);
    if (!source.equals(advertiser)) {
      return true;
    }
    if (found == null) {
      return false;
    }
    AdjRibOut table = found.out(routes.family());
    if (set == null) {
      table.withdraw(routes);
    } else {
      table.announce(routes, set);
    }
    fill(found);
    return true;
  }

  /// The full content of Adj-RIB-Out is complete: what it did not repeat goes.
  public void endAdvertising(Advertiser source) {
    owner.check();
    recorder.endAdvertising(source);
    if (!source.equals(advertiser)) {
      return;
    }
    advertised = RouteSource.Snapshot.COMPLETE;
    for (RibSession session : sessions.values()) {
      for (Family family : Family.values()) {
        session.out(family).sweep();
      }
      fill(session);
    }
  }

  /// The source is gone; what it announced stays.
  public void leaveAdvertising(Advertiser source) {
    owner.check();
    recorder.leaveAdvertising(source);
    if (source.equals(advertiser)) {
      advertiser = null;
    }
  }

  /// Count and digest of every Adj-RIB-In that has routes.
  public List<RibDigest> digests() {
    owner.check();
    List<RibDigest> digests = new ArrayList<>();
    for (RibSession session : sessions.values()) {
      for (Family family : Family.values()) {
        SessionColumn column = session.in(family).column();
        if (column.size() > 0) {
          digests.add(new RibDigest(session.name(), family, column.size(), column.digest()));
        }
      }
    }
    return digests;
  }

  /// Routes that wait for subscribers, without those of snapshots in progress.
  public int waiting() {
    int waiting = 0;
    for (RouteWatcher watcher : watchers) {
      waiting += watcher.waiting();
    }
    return waiting;
  }

  /// Lets time pass: `nowNanos` never goes back.
  void at(long nowNanos) {
    owner.check();
    recorder.time(nowNanos);
    this.nowNanos = nowNanos;
    if (nowNanos - countedNanos < COUNTS_EVERY_NANOS && countedNanos != 0) {
      return;
    }
    countedNanos = nowNanos;
    for (RibSession session : sessions.values()) {
      for (Family family : Family.values()) {
        session.in(family).age(nowNanos);
      }
      if (session.burst().ends(!watchers.isEmpty() && waiting() == 0, nowNanos)) {
        port.withdrawing(session.name(), false);
      }
      SessionCounts counts = session.newCounts();
      if (counts != null) {
        port.counts(counts);
      }
    }
  }

  /// How long there may be nothing to tell while no event comes, at most `longest`.
  long rest(long longest) {
    owner.check();
    return watchers.stream().anyMatch(RouteWatcher::isGathering)
        ? Math.min(longest, RouteFlow.GATHER_NANOS)
        : longest;
  }

  /// Tells subscribers what they are ready for. Returns whether there may be more to tell now.
  boolean tell() {
    owner.check();
    boolean more = false;
    for (int i = 0; i < watchers.size(); i++) {
      more |= watchers.get(i).tell(PIECES_A_TURN, nowNanos);
    }
    for (AdvertisedListing listing : List.copyOf(listings)) {
      more |= listing.tell(PIECES_A_TURN);
      if (listing.isEnded()) {
        listings.remove(listing);
      }
    }
    return more;
  }
}
