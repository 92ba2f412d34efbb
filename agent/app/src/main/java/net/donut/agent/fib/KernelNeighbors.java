package net.donut.agent.fib;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import net.donut.model.IpAddress;
import net.donut.model.ReturnHolds;
import net.donut.netlink.KernelNeighbor;
import net.donut.netlink.NeighborOutcome;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.Request;
import org.jspecify.annotations.Nullable;

/// The gateways that the kernel keeps resolved for us, so that no backup waits for ARP or ND, and
/// which of them do not answer. Owned by `agent-fib`.
final class KernelNeighbors {
  /*
   * A gateway has failed when the kernel's entry says so (NUD_FAILED: asked three times, no answer),
   * until the entry is resolved again. Between lies INCOMPLETE, while the kernel asks anew, which it
   * does every 5 s for a managed entry; where the kernel has no managed entries we ask. Nobody has to
   * send a packet there, so an entry that is idle is STALE at worst, which is no failure.
   *
   * A controller that hears of a failed gateway moves routes away, and then nobody may use it. It is
   * watched all the same, for a while: otherwise it would be taken for well as soon as nobody looks,
   * and be used again.
   */

  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);
  private static final Duration WATCH_UNUSED = Duration.ofMinutes(10);
  private static final int MOST_UNUSED = 1024;

  private record Key(int interfaceIndex, IpAddress address) {}

  private enum Resolution {
    ASKED,
    RESOLVED,
    FAILED,
    /// The kernel does not tell.
    UNKNOWN
  }

  private final NetlinkSocket socket;
  private final ReturnHolds<Key> holds;
  private final Map<FibHop, Key> keyOf = new HashMap<>();
  private final Map<Key, Set<FibHop>> users = new HashMap<>();
  private final Map<Key, Resolution> resolutions = new HashMap<>();
  private final Set<Key> kept = new HashSet<>();
  private final Set<Key> unmanaged = new HashSet<>();
  private final Set<Key> missing = new HashSet<>();
  /* Failed and used by nobody, since when. */
  private final Map<Key, Long> unused = new LinkedHashMap<>();
  /* Answering again, until when not trusted. */
  private final Map<Key, Long> returning = new HashMap<>();
  private Set<Key> told = Set.of();
  private long askAgainNanos = System.nanoTime();

  KernelNeighbors(NetlinkSocket socket, ReturnHolds.Range range) {
    this.socket = socket;
    this.holds = new ReturnHolds<>(range);
  }

  void holds(ReturnHolds.Range range) {
    holds.range(range);
  }

  /// Has a gateway kept resolved for a hop, and no longer the one it used before.
  void use(FibHop hop, int interfaceIndex, IpAddress address, long nowNanos) {
    Key key = new Key(interfaceIndex, address);
    if (!key.equals(keyOf.get(hop))) {
      leave(hop, nowNanos);
      keyOf.put(hop, key);
      users.computeIfAbsent(key, _ -> new HashSet<>()).add(hop);
      unused.remove(key);
    }
    if (!kept.contains(key)) {
      ask(key, nowNanos);
    }
  }

  /// The hop no longer needs any gateway.
  void leave(FibHop hop, long nowNanos) {
    Key key = keyOf.remove(hop);
    Set<FibHop> hops = key == null ? null : users.get(key);
    if (key == null || hops == null) {
      return;
    }
    hops.remove(hop);
    if (hops.isEmpty()) {
      users.remove(key);
      if (resolutions.get(key) == Resolution.FAILED && unused.size() < MOST_UNUSED) {
        unused.put(key, nowNanos);
      } else {
        forget(key);
      }
    }
  }

  private void forget(Key key) {
    unused.remove(key);
    returning.remove(key);
    resolutions.remove(key);
    unmanaged.remove(key);
    if (kept.remove(key)) {
      socket.execute(new Request.DeleteNeighbor(key.interfaceIndex(), key.address()));
    }
  }

  /// The kernel dropped the entries of a link that died, or whose addresses went.
  void linkGone(int interfaceIndex) {
    kept.removeIf(key -> key.interfaceIndex() == interfaceIndex);
    missing.removeIf(key -> key.interfaceIndex() == interfaceIndex);
    resolutions.keySet().removeIf(key -> key.interfaceIndex() == interfaceIndex);
    unused.keySet().removeIf(key -> key.interfaceIndex() == interfaceIndex);
    returning.keySet().removeIf(key -> key.interfaceIndex() == interfaceIndex);
  }

  /// Takes what the kernel says of an entry. Returns whether a gateway in use failed, or answers
  /// for the first time since.
  boolean changed(KernelNeighbor neighbor, long nowNanos) {
    Key key = new Key(neighbor.interfaceIndex(), neighbor.address());
    return isWatched(key) && take(key, neighbor, nowNanos);
  }

  private boolean isWatched(Key key) {
    return users.containsKey(key) || unused.containsKey(key);
  }

  private boolean take(Key key, @Nullable KernelNeighbor found, long nowNanos) {
    @Nullable Resolution before = resolutions.get(key);
    Resolution now =
        found != null && found.isResolved()
            ? Resolution.RESOLVED
            : found != null && found.hasFailed()
                ? Resolution.FAILED
                : before == null ? Resolution.ASKED : before;
    resolutions.put(key, now);
    if (now == before) {
      return false;
    }
    if (now == Resolution.FAILED) {
      holds.failed(key, nowNanos);
      returning.remove(key);
    } else if (before == Resolution.FAILED) {
      returning.put(key, nowNanos + holds.hold(key, nowNanos).toNanos());
    }
    return true;
  }

  /// An entry is gone: with its link, of which [#linkGone] will tell, or because somebody deleted
  /// it.
  void deleted(int interfaceIndex, IpAddress address) {
    Key key = new Key(interfaceIndex, address);
    if (kept.remove(key)) {
      missing.add(key);
    }
  }

  /// Asks again for what somebody deleted, and for what failed where the kernel does not do so;
  /// forgets what nobody has used for long.
  void restore(long nowNanos) {
    for (Key key : missing) {
      if (isWatched(key)) {
        ask(key, nowNanos);
      }
    }
    missing.clear();
    if (nowNanos - askAgainNanos >= ASK_AGAIN.toNanos()) {
      askAgainNanos = nowNanos;
      for (Key key : List.copyOf(unmanaged)) {
        if (resolutions.get(key) != Resolution.RESOLVED) {
          ask(key, nowNanos);
        }
      }
      for (Map.Entry<Key, Long> entry : List.copyOf(unused.entrySet())) {
        boolean old = nowNanos - entry.getValue() >= WATCH_UNUSED.toNanos();
        boolean well = resolutions.get(entry.getKey()) == Resolution.RESOLVED;
        if (old || (well && !returning.containsKey(entry.getKey()))) {
          forget(entry.getKey());
        }
      }
    }
  }

  /// Asks again for what the kernel may have dropped. Returns whether that showed anything new.
  boolean refresh(long nowNanos) {
    boolean news = false;
    for (Key key : List.copyOf(users.keySet())) {
      Resolution before = resolutions.get(key);
      ask(key, nowNanos);
      news |= resolutions.get(key) != before;
    }
    return news;
  }

  private void ask(Key key, long nowNanos) {
    switch (socket.keepResolved(key.interfaceIndex(), key.address())) {
      case NeighborOutcome.Refused _ -> {
        kept.remove(key);
        resolutions.putIfAbsent(key, Resolution.UNKNOWN);
        return;
      }
      case NeighborOutcome.Managed _ -> unmanaged.remove(key);
      case NeighborOutcome.ProbedOnce _ -> unmanaged.add(key);
    }
    kept.add(key);
    take(key, socket.view().neighbor(key.interfaceIndex(), key.address()), nowNanos);
  }

  /// Whether the hardware address of a gateway is known, as far as the kernel tells.
  boolean isResolved(int interfaceIndex, IpAddress address) {
    @Nullable Resolution now = resolutions.get(new Key(interfaceIndex, address));
    return now == Resolution.RESOLVED || now == Resolution.UNKNOWN;
  }

  /// Whether a gateway does not answer.
  boolean hasFailed(int interfaceIndex, IpAddress address) {
    return resolutions.get(new Key(interfaceIndex, address)) == Resolution.FAILED;
  }

  /// All that failed or is held, with the names of their interfaces, if it is not what was said
  /// last; otherwise null.
  @Nullable Set<Adjacency> news(IntFunction<@Nullable String> interfaceName, long nowNanos) {
    returning.values().removeIf(until -> until - nowNanos <= 0);
    Set<Key> now = new HashSet<>(returning.keySet());
    resolutions.forEach((key, resolution) -> {
      if (resolution == Resolution.FAILED) {
        now.add(key);
      }
    });
    if (now.equals(told)) {
      return null;
    }
    told = now;
    List<Adjacency> failed = new ArrayList<>();
    for (Key key : now) {
      failed.add(new Adjacency(key.address(), interfaceName.apply(key.interfaceIndex())));
    }
    return Set.copyOf(failed);
  }
}
