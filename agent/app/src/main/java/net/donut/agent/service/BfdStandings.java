package net.donut.agent.service;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.donut.agent.fib.Adjacency;
import net.donut.bfd.BfdSettings;
import net.donut.bfd.BfdStatus;
import net.donut.bgp.ClockReading;
import org.jspecify.annotations.Nullable;

/// What BFD says of each session, and which gateways are therefore out of forwarding. Owned by
/// `agent-state`.
final class BfdStandings {
  /*
   * A path that BFD lost is dead until BFD is up again, or says nothing any more (switched off, the
   * speaker lost), or until a BGP session established after the loss has shown that packets go both
   * ways: a neighbor that came back without BFD must not be out of forwarding for ever.
   */

  /// What changed by a status.
  enum Turn {
    NONE,
    /// The path was not dead before.
    FAILED,
    /// The path was not alive before.
    ALIVE,
    OTHER
  }

  /// @param since when state or path changed last
  record Standing(BfdStatus status, ClockReading since) {
    private boolean isSameState(BfdStatus next) {
      return status.state() == next.state() && status.path() == next.path();
    }
  }

  private final Map<String, Standing> standings = new HashMap<>();
  private final Set<String> overruled = new HashSet<>();

  @Nullable Standing of(String session) {
    return standings.get(session);
  }

  Turn put(BfdStatus status, ClockReading now) {
    Standing before = standings.get(status.name());
    if (before == null) {
      standings.put(status.name(), new Standing(status, now));
      return switch (status.path()) {
        case DEAD -> Turn.FAILED;
        case ALIVE -> Turn.ALIVE;
        case UNKNOWN -> Turn.OTHER;
      };
    }
    ClockReading since = before.isSameState(status) ? before.since() : now;
    standings.put(status.name(), new Standing(status, since));
    return turn(before.status(), status);
  }

  private Turn turn(BfdStatus before, BfdStatus now) {
    boolean another = before.path() != now.path();
    if (now.path() == BfdStatus.Path.DEAD && (another || now.losses() > before.losses())) {
      overruled.remove(now.name());
      return Turn.FAILED;
    }
    if (now.path() == BfdStatus.Path.ALIVE && another) {
      return Turn.ALIVE;
    }
    return now.equals(before) ? Turn.NONE : Turn.OTHER;
  }

  /// A BGP session is established since a moment.
  void established(String session, ClockReading since) {
    Standing standing = standings.get(session);
    if (standing != null && since.isAfter(standing.since())) {
      overruled.add(session);
    }
  }

  void forget(String session) {
    standings.remove(session);
    overruled.remove(session);
  }

  /// The gateways that packets do not reach.
  Set<Adjacency> unreachable(Collection<NeighborSettings> neighbors) {
    Set<Adjacency> found = new HashSet<>();
    for (NeighborSettings neighbor : neighbors) {
      Standing standing = standings.get(neighbor.name());
      BfdSettings bfd = neighbor.bfd();
      if (bfd != null
          && standing != null
          && standing.status().path() == BfdStatus.Path.DEAD
          && !overruled.contains(neighbor.name())) {
        found.add(
            new Adjacency(
                bfd.address(), bfd.address().isLinkLocal() ? neighbor.interfaceName() : null));
      }
    }
    return found;
  }
}
