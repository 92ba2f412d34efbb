package net.donut.agent.gribi;

import gribi_aft.GribiAft.Afts;
import net.donut.agent.fib.FibHop;
import net.donut.agent.fib.Group;
import net.donut.agent.fib.Instance;
import net.donut.model.Family;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/// The entries of one network instance. Prefixes that hold nothing but a group of the same instance
/// live in the route table alone; only the others keep their message. Owned by `agent-fib`.
final class RibInstance {
  /// @param fibError what the forwarding plane refused, empty for nothing
  record HopEntry(FibHop hop, Afts.NextHopKey message, String fibError) {}

  record GroupEntry(Group group, Afts.NextHopGroupKey message, String fibError) {}

  record LabelEntry(Group group, Afts.LabelEntryKey message) {}

  private final Instance instance;
  private final Long2ObjectHashMap<HopEntry> hops = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<GroupEntry> groups = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<LabelEntry> labels = new Long2ObjectHashMap<>();
  private final Int2ObjectHashMap<Afts.Ipv4EntryKey> ipv4 = new Int2ObjectHashMap<>();
  private final Int2ObjectHashMap<Afts.Ipv6EntryKey> ipv6 = new Int2ObjectHashMap<>();

  RibInstance(Instance instance) {
    this.instance = instance;
  }

  Instance instance() {
    return instance;
  }

  String name() {
    return instance.name();
  }

  /// Says that an entry is not here.
  String missing(String what, long id) {
    return what + " " + Long.toUnsignedString(id) + " of " + name() + ": missing";
  }

  Long2ObjectHashMap<HopEntry> hops() {
    return hops;
  }

  Long2ObjectHashMap<GroupEntry> groups() {
    return groups;
  }

  Long2ObjectHashMap<LabelEntry> labels() {
    return labels;
  }

  Afts.@Nullable Ipv4EntryKey ipv4Message(int slot) {
    return ipv4.get(slot);
  }

  Afts.@Nullable Ipv6EntryKey ipv6Message(int slot) {
    return ipv6.get(slot);
  }

  void keepIpv4(int slot, Afts.Ipv4EntryKey message) {
    ipv4.put(slot, message);
  }

  void keepIpv6(int slot, Afts.Ipv6EntryKey message) {
    ipv6.put(slot, message);
  }

  void forgetMessage(Family family, int slot) {
    if (family == Family.IPV4) {
      if (!ipv4.isEmpty()) {
        ipv4.remove(slot);
      }
    } else if (!ipv6.isEmpty()) {
      ipv6.remove(slot);
    }
  }

  void forgetMessages() {
    ipv4.clear();
    ipv6.clear();
  }
}
