package net.donut.agent.fib;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.netlink.KernelAddress;
import net.donut.netlink.KernelLink;
import org.jspecify.annotations.Nullable;

/// The interfaces and their addresses as last heard of. Owned by `agent-fib`.
final class Interfaces {
  /*
   * An interface can lose a family without losing carrier: its address is deleted or moves to another
   * interface, IPv6 is switched off or its MTU falls below 1280 (the kernel then deletes the IPv6
   * addresses), it becomes a port of a bridge. A gateway is out of reach when
   *
   *   - its interface is a port: what comes in goes to the bridge or bond;
   *   - it is IPv6 and the interface has no IPv6 address at all: the kernel drops what is sent there;
   *   - the subnet it is in was one of the interface and no address there covers it any more.
   *
   * A gateway in no subnet of the interface, now or before, is taken as it is (on-link: unnumbered).
   */

  private static final int MOST_LEFT = 1024;

  private record Key(int index, IpAddress address, int length) {
    private boolean covers(IpAddress gateway) {
      return address.isLinkLocal()
          ? gateway.isLinkLocal()
          : address.family() == gateway.family()
              && Prefix.masked(address, length).contains(gateway);
    }
  }

  private final Map<Integer, KernelLink> links = new TreeMap<>();
  private final List<Key> addresses = new ArrayList<>();
  private final Set<Key> left = new LinkedHashSet<>();

  /// Takes all there is, in place of what was known.
  void replaceAll(Collection<KernelLink> allLinks, Collection<KernelAddress> allAddresses) {
    List<Key> before = List.copyOf(addresses);
    links.clear();
    addresses.clear();
    allLinks.forEach(this::put);
    allAddresses.forEach(this::put);
    before.stream().filter(key -> !addresses.contains(key)).forEach(this::remember);
    left.removeIf(key -> !links.containsKey(key.index()));
  }

  /// Takes a link as it is now; returns what it was before, or null.
  @Nullable KernelLink put(KernelLink link) {
    return links.put(link.index(), link);
  }

  void remove(KernelLink link) {
    links.remove(link.index());
    addresses.removeIf(key -> key.index() == link.index());
    left.removeIf(key -> key.index() == link.index());
  }

  /// Takes an address as it is now; returns whether that changes anything. A duplicate one cannot
  /// be used: it counts as none.
  boolean put(KernelAddress address) {
    if (address.isDuplicate()) {
      return remove(address);
    }
    Key key = key(address);
    return !addresses.contains(key) && addresses.add(key);
  }

  boolean remove(KernelAddress address) {
    Key key = key(address);
    boolean known = addresses.remove(key);
    if (known) {
      remember(key);
    }
    return known;
  }

  private void remember(Key key) {
    left.remove(key);
    left.add(key);
    if (left.size() > MOST_LEFT) {
      left.remove(left.iterator().next());
    }
  }

  private static Key key(KernelAddress address) {
    return new Key(address.interfaceIndex(), address.address(), address.prefixLength());
  }

  @Nullable KernelLink byIndex(int index) {
    return links.get(index);
  }

  @Nullable KernelLink byName(String name) {
    for (KernelLink link : links.values()) {
      if (link.name().equals(name)) {
        return link;
      }
    }
    return null;
  }

  /// The interface with the longest subnet that contains an address, or null; a local address has
  /// none, and a link-local one belongs to every interface.
  @Nullable KernelLink onSubnetOf(IpAddress address) {
    if (address.isLinkLocal()) {
      return null;
    }
    Key best = null;
    for (Key key : addresses) {
      if (key.address().equals(address)) {
        return null;
      }
      if (key.address().family() == address.family()
          && key.length() < key.address().family().bits()
          && Prefix.masked(key.address(), key.length()).contains(address)
          && (best == null || key.length() > best.length())) {
        best = key;
      }
    }
    return best == null ? null : links.get(best.index());
  }

  /// Whether packets to a gateway cannot be sent on a link, whatever its carrier.
  boolean isOutOfReach(KernelLink link, IpAddress gateway) {
    if (link.isEnslaved()) {
      return true;
    }
    if (gateway.family() == Family.IPV6 && !families(link).contains(Family.IPV6)) {
      return true;
    }
    return !covers(addresses, link, gateway) && covers(left, link, gateway);
  }

  private static boolean covers(Collection<Key> keys, KernelLink link, IpAddress gateway) {
    for (Key key : keys) {
      if (key.index() == link.index() && key.covers(gateway)) {
        return true;
      }
    }
    return false;
  }

  /// The families that a link has an address of.
  private Set<Family> families(KernelLink link) {
    Set<Family> found = EnumSet.noneOf(Family.class);
    for (Key key : addresses) {
      if (key.index() == link.index()) {
        found.add(key.address().family());
      }
    }
    return found;
  }

  LinkStatus status(KernelLink link) {
    KernelLink current = links.get(link.index());
    if (current == null) {
      return new LinkStatus(
          link.name(), link.index(), false, false, false, List.of(), 0, "", Set.of());
    }
    List<String> texts =
        addresses.stream()
            .filter(key -> key.index() == link.index())
            .map(key -> key.address() + "/" + key.length())
            .toList();
    KernelLink master = current.isEnslaved() ? links.get(current.masterIndex()) : null;
    return new LinkStatus(
        current.name(),
        current.index(),
        true,
        current.isUp(),
        current.hasCarrier(),
        texts,
        current.mtu(),
        !current.isEnslaved() ? "" : master == null ? "another interface" : master.name(),
        current.isEnslaved() ? Set.of() : families(current));
  }

  List<LinkStatus> statuses() {
    return links.values().stream().map(this::status).toList();
  }

  List<KernelLink> links() {
    return List.copyOf(links.values());
  }
}
