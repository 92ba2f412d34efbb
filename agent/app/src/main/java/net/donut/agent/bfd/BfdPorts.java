package net.donut.agent.bfd;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import net.donut.bfd.BfdSettings;
import net.donut.model.Family;
import net.donut.netlink.NetlinkException;
import net.donut.netlink.UdpLoop;
import net.donut.netlink.UdpPort;
import org.jspecify.annotations.Nullable;

/// The sockets of sessions (RFC 5881 §4): one to receive for each family and interface, one to send
/// for each session. Owned by `bfd`.
final class BfdPorts {
  static final int CONTROL_PORT = 3784;
  private static final int FIRST_SOURCE_PORT = 49152;
  private static final int LAST_SOURCE_PORT = 65535;
  private static final int ATTEMPTS = 20;
  private static final int EADDRINUSE = 98;

  /// Where packets of a session come in.
  record Place(Family family, @Nullable String interfaceName) {
    static Place of(BfdSettings settings) {
      return new Place(settings.address().family(), settings.interfaceName());
    }
  }

  private final UdpLoop loop;
  private final RandomGenerator random;
  private final Map<Place, UdpPort> receivers = new HashMap<>();

  BfdPorts(UdpLoop loop, RandomGenerator random) {
    this.loop = loop;
    this.random = random;
  }

  /// Closes the receivers of places not in use, and those whose interface is another by now.
  void keep(Set<Place> used) {
    for (Map.Entry<Place, UdpPort> receiver : Map.copyOf(receivers).entrySet()) {
      if (!used.contains(receiver.getKey()) || isOutdated(receiver.getKey(), receiver.getValue())) {
        receiver.getValue().close();
        receivers.remove(receiver.getKey());
      }
    }
  }

  /// Whether the interface a port was bound to is gone, or another one has its name.
  boolean isOutdated(Place place, UdpPort port) {
    String interfaceName = place.interfaceName();
    return interfaceName != null && loop.indexOf(interfaceName) != port.interfaceIndex();
  }

  /// Opens the receivers that are missing. Returns what the kernel says about those it refused.
  Set<String> receive(Set<Place> wanted) {
    Set<String> problems = new HashSet<>();
    for (Place place : wanted) {
      if (!receivers.containsKey(place)) {
        try {
          receivers.put(place, loop.receiver(place.family(), place.interfaceName(), CONTROL_PORT));
        } catch (NetlinkException e) {
          problems.add("receive: " + e.getMessage());
        }
      }
    }
    return problems;
  }

  boolean isAt(UdpPort port, Place place) {
    return port.equals(receivers.get(place));
  }

  /// A socket to send from, on a source port of the range that RFC 5881 §4 gives. Throws
  /// [NetlinkException].
  UdpPort sender(BfdSettings settings) {
    for (int attempt = 1; ; attempt++) {
      int port = random.nextInt(FIRST_SOURCE_PORT, LAST_SOURCE_PORT + 1);
      try {
        return loop.sender(
            settings.address().family(), settings.interfaceName(), settings.localAddress(), port);
      } catch (NetlinkException e) {
        if (e.errno() != EADDRINUSE || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
