package net.donut.agent.rib;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.donut.agent.fib.Adjacency;
import net.donut.bgp.Down;
import net.donut.bgp.SessionInfo;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpMessage;
import org.jspecify.annotations.Nullable;

/// The gateways that sessions announce routes with, and those lost with their sessions. Owned by
/// the event loop of the speaker.
final class SessionGateways {
  /*
   * A session stands for the address of its neighbor and for every next hop it has announced since it
   * came up, by family of the routes: what it stands for while it is up, or while its routes are kept
   * for a graceful restart. A gateway is lost when a session that stood for it ended and no other
   * stands for it: members of an exchange stay reachable when a route server dies, as long as they
   * have sessions of their own. Lost gateways are no longer when their session is up again.
   */

  /// What one session stands for.
  private static final class Standing {
    private final Map<Family, Set<Adjacency>> gateways = new EnumMap<>(Family.class);
    private final Set<Family> kept = EnumSet.noneOf(Family.class);
    private @Nullable String interfaceName;
    private @Nullable IpAddress latest;
    private @Nullable Family latestFamily;
    private boolean up;

    /// Returns whether the gateway is new.
    boolean add(Family family, IpAddress gateway) {
      latest = gateway;
      latestFamily = family;
      return gateways
          .computeIfAbsent(family, _ -> new HashSet<>())
          .add(new Adjacency(gateway, gateway.isLinkLocal() ? interfaceName : null));
    }
  }

  private final Map<String, Standing> sessions = new HashMap<>();
  private Set<Adjacency> lost = Set.of();

  /// The sessions there are, with the interface each is on or an empty text. Forgets all others.
  void configure(Map<String, String> interfaces) {
    sessions.keySet().retainAll(interfaces.keySet());
    interfaces.forEach(
        (session, name) -> standing(session).interfaceName = name.isEmpty() ? null : name);
  }

  private Standing standing(String session) {
    return sessions.computeIfAbsent(session, _ -> new Standing());
  }

  void established(String session, SessionInfo info) {
    Standing standing = standing(session);
    standing.gateways.keySet().retainAll(standing.kept);
    standing.kept.clear();
    standing.kept.addAll(info.families());
    standing.up = true;
    info.families().forEach(family -> standing.add(family, info.remoteAddress()));
  }

  /// Returns whether anything is new.
  boolean update(String session, BgpMessage.Update update) {
    Standing standing = standing(session);
    boolean added = false;
    for (BgpMessage.Announcement announcement : update.announcements()) {
      Family family = announcement.prefixes().family();
      IpAddress gateway = announcement.attributes().nextHop();
      if (family != standing.latestFamily || !gateway.equals(standing.latest)) {
        added |= standing.add(family, gateway);
      }
    }
    return added;
  }

  void down(String session, Down down) {
    Standing standing = standing(session);
    standing.up = false;
    standing.kept.retainAll(down.stale());
  }

  /// Routes kept for a neighbor that did not return in time go, and its gateways with them.
  void sweepStale(String session, Family family) {
    Standing standing = standing(session);
    if (!standing.up) {
      standing.kept.remove(family);
    }
  }

  /// The gateways lost now if they are others than when last asked, otherwise null.
  @Nullable Set<Adjacency> newlyLost() {
    Set<Adjacency> now = new HashSet<>();
    for (Standing standing : sessions.values()) {
      standing.gateways.forEach((family, gateways) -> {
        if (!standing.kept.contains(family)) {
          now.addAll(gateways);
        }
      });
    }
    if (now.isEmpty() && lost.isEmpty()) {
      return null;
    }
    for (Standing standing : sessions.values()) {
      standing.kept.forEach(
          family -> now.removeAll(standing.gateways.getOrDefault(family, Set.of())));
    }
    if (now.equals(lost)) {
      return null;
    }
    lost = Set.copyOf(now);
    return lost;
  }
}
