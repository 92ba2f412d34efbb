package net.donut.agent.fib;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.model.IpAddress;
import net.donut.netlink.KernelNeighbor;
import net.donut.netlink.NeighborOutcome;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.Request;

/// The gateways that the kernel keeps resolved for us, so that no backup waits for ARP or ND. Owned
/// by `agent-fib`.
final class Neighbors {
  private record Key(int interfaceIndex, IpAddress address) {}

  private final NetlinkSocket socket;
  private final Map<Key, Set<Hop>> users = new HashMap<>();
  private final Set<Key> kept = new HashSet<>();
  private final Set<Key> missing = new HashSet<>();

  Neighbors(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// Has a gateway kept resolved for a hop, and no longer the one it used before.
  void use(Hop hop, int interfaceIndex, IpAddress address) {
    Key key = new Key(interfaceIndex, address);
    leaveOthers(hop, key);
    users.computeIfAbsent(key, _ -> new HashSet<>()).add(hop);
    if (!kept.contains(key)) {
      ask(key);
    }
  }

  /// The hop no longer needs any gateway.
  void leave(Hop hop) {
    leaveOthers(hop, new Key(0, IpAddress.ofIpv4(0)));
  }

  private void leaveOthers(Hop hop, Key except) {
    for (Key key : List.copyOf(users.keySet())) {
      Set<Hop> hops = users.getOrDefault(key, Set.of());
      if (!key.equals(except) && hops.remove(hop) && hops.isEmpty()) {
        users.remove(key);
        if (kept.remove(key)) {
          socket.execute(new Request.DeleteNeighbor(key.interfaceIndex(), key.address()));
        }
      }
    }
  }

  /// The kernel dropped the entries of a link that died.
  void linkGone(int interfaceIndex) {
    kept.removeIf(key -> key.interfaceIndex() == interfaceIndex);
    missing.removeIf(key -> key.interfaceIndex() == interfaceIndex);
  }

  /// An entry is gone: with its link, of which [#linkGone] will tell, or because somebody deleted
  /// it.
  void deleted(int interfaceIndex, IpAddress address) {
    Key key = new Key(interfaceIndex, address);
    if (kept.remove(key)) {
      missing.add(key);
    }
  }

  /// Asks again for what somebody deleted.
  void restore() {
    for (Key key : missing) {
      if (users.containsKey(key)) {
        ask(key);
      }
    }
    missing.clear();
  }

  /// Asks again for what the kernel may have dropped.
  void refresh() {
    users.keySet().forEach(this::ask);
  }

  private void ask(Key key) {
    if (socket.keepResolved(key.interfaceIndex(), key.address())
        instanceof NeighborOutcome.Refused) {
      kept.remove(key);
    } else {
      kept.add(key);
    }
  }

  /// Whether the hardware address of a gateway is known.
  boolean isResolved(int interfaceIndex, IpAddress address) {
    for (KernelNeighbor neighbor : socket.view().neighbors()) {
      if (neighbor.interfaceIndex() == interfaceIndex
          && neighbor.address().equals(address)
          && neighbor.isResolved()) {
        return true;
      }
    }
    return false;
  }
}
