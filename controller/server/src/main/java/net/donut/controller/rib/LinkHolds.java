package net.donut.controller.rib;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.model.ReturnHolds;

/// The links that are up again and not used yet: bad news counts at once, good news after a hold.
/// Owned by `rib`.
final class LinkHolds {
  private final ReturnHolds<Link> holds;
  private final Map<Link, Long> returning = new LinkedHashMap<>();

  /// One end of a link: an interface of a router.
  record Link(String router, String interfaceName) {}

  LinkHolds(ReturnHolds.Range range) {
    this.holds = new ReturnHolds<>(range);
  }

  /// How long holds are from now on.
  void range(ReturnHolds.Range range) {
    holds.range(range);
  }

  /// A link is down; `wasUp` says whether that is news.
  void down(Link link, boolean wasUp, long now) {
    if (wasUp) {
      holds.failed(link, now);
    }
    returning.remove(link);
  }

  /// A link is up; `wasUp` says that it was before. Returns whether it is to be used, or begins its
  /// hold.
  boolean up(Link link, boolean wasUp, long now) {
    if (wasUp && !returning.containsKey(link)) {
      return true;
    }
    returning.putIfAbsent(link, now + holds.hold(link, now).toNanos());
    return false;
  }

  /// Takes out the links whose holds are over.
  List<Link> endDue(long now) {
    List<Link> due = new ArrayList<>();
    returning.forEach((link, until) -> {
      if (until <= now) {
        due.add(link);
      }
    });
    due.forEach(returning::remove);
    return due;
  }

  /// Forgets the links of other routers than these.
  void keepOnly(Set<String> routers) {
    returning.keySet().removeIf(link -> !routers.contains(link.router()));
  }

  /// When the first hold ends; Long.MAX_VALUE for never.
  long nextEnd() {
    long soonest = Long.MAX_VALUE;
    for (long until : returning.values()) {
      soonest = Math.min(soonest, until);
    }
    return soonest;
  }

  /// The links that are up and not used yet.
  List<Link> all() {
    return List.copyOf(returning.keySet());
  }
}
