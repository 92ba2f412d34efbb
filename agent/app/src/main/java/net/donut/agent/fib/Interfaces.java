package net.donut.agent.fib;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.netlink.KernelAddress;
import net.donut.netlink.KernelLink;
import org.jspecify.annotations.Nullable;

/// The interfaces and their addresses as last heard of. Owned by `agent-fib`.
final class Interfaces {
  private record Key(int index, IpAddress address, int length) {}

  private final Map<Integer, KernelLink> links = new TreeMap<>();
  private final List<Key> addresses = new ArrayList<>();

  void clear() {
    links.clear();
    addresses.clear();
  }

  /// Takes a link as it is now; returns what it was before, or null.
  @Nullable KernelLink put(KernelLink link) {
    return links.put(link.index(), link);
  }

  void remove(KernelLink link) {
    links.remove(link.index());
    addresses.removeIf(key -> key.index() == link.index());
  }

  /// Returns whether it is new.
  boolean put(KernelAddress address) {
    Key key = key(address);
    return !addresses.contains(key) && addresses.add(key);
  }

  boolean remove(KernelAddress address) {
    return addresses.remove(key(address));
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

  LinkStatus status(KernelLink link) {
    KernelLink current = links.get(link.index());
    if (current == null) {
      return new LinkStatus(link.name(), link.index(), false, false, false, List.of());
    }
    List<String> texts =
        addresses.stream()
            .filter(key -> key.index() == link.index())
            .map(key -> key.address() + "/" + key.length())
            .toList();
    return new LinkStatus(
        current.name(), current.index(), true, current.isUp(), current.hasCarrier(), texts);
  }

  List<LinkStatus> statuses() {
    return links.values().stream().map(this::status).toList();
  }

  List<KernelLink> links() {
    return List.copyOf(links.values());
  }
}
