package net.donut.agent.fib;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.agrona.collections.Int2ObjectHashMap;

/// The intent at one moment, copied so that another thread can compare it with a kernel dump.
/// Copying takes about 20 ns a prefix.
///
/// @param swept whether what an earlier run left and nobody asked for again is gone
record Snapshot(
    List<Table> tables, Int2ObjectHashMap<GroupCopy> groups, int hops, long writes, boolean swept) {

  /// One route table; entry `i` of every array is about the same prefix.
  ///
  /// @param handle the intended group, 0 for none
  /// @param wanted the kernel group that should be there, 0 for none
  /// @param known the kernel group that is there as far as is known
  /// @param adopted which an earlier run left in the kernel
  record Table(
      String instance,
      int number,
      Family family,
      int size,
      long[] high,
      long[] low,
      byte[] length,
      int[] handle,
      int[] wanted,
      int[] known,
      byte[] state,
      BitSet adopted,
      Map<Integer, String> errors) {

    Prefix prefix(int i) {
      return new Prefix(family, high[i], low(i), length(i));
    }

    int length(int i) {
      return length[i] & 0xff;
    }

    long low(int i) {
      return family == Family.IPV4 ? 0 : low[i];
    }
  }

  /// A group with its members and those of its backups.
  record GroupCopy(long id, int handle, List<MemberCopy> members) {}

  /// @param kernelIpv4 the kernel's next hop in a group for IPv4 routes
  /// @param kernelIpv6 and in one for IPv6 routes
  record MemberCopy(
      long index,
      String address,
      String interfaceName,
      int rank,
      boolean alive,
      int kernelIpv4,
      int kernelIpv6) {
    int kernelId(Family family) {
      return family == Family.IPV4 ? kernelIpv4 : kernelIpv6;
    }
  }

  static Snapshot of(RoutePlane routes, GroupPlane groups, long writes, boolean swept) {
    List<Table> tables = new ArrayList<>();
    for (RouteTable table : routes.tables()) {
      tables.add(copy(table, routes));
    }
    Int2ObjectHashMap<GroupCopy> copies = new Int2ObjectHashMap<>();
    for (Group group : routes.groups()) {
      copies.put(group.handle(), copy(group, groups));
    }
    return new Snapshot(tables, copies, groups.hopCount(), writes, swept);
  }

  private static Table copy(RouteTable table, RoutePlane routes) {
    int size = table.prefixes().size();
    boolean ipv6 = table.family() == Family.IPV6;
    Table copy =
        new Table(
            table.instance().name(),
            table.instance().table(),
            table.family(),
            size,
            new long[size],
            new long[ipv6 ? size : 0],
            new byte[size],
            new int[size],
            new int[size],
            new int[size],
            new byte[size],
            new BitSet(0),
            new HashMap<>());
    int i = 0;
    for (int slot = 0; slot < table.capacity(); slot++) {
      if (table.prefixes().isPresent(slot)) {
        copy.high[i] = table.prefixes().high(slot);
        if (ipv6) {
          copy.low[i] = table.prefixes().low(slot);
        }
        copy.length[i] = (byte) table.prefixes().length(slot);
        int handle = table.intent(slot);
        copy.handle[i] = handle;
        copy.wanted[i] = handle == 0 ? 0 : routes.group(handle).kernelId(table.family());
        copy.known[i] = table.kernel(slot);
        copy.state[i] = table.state(slot).code();
        if (table.isAdopted(slot)) {
          copy.adopted.set(i);
        }
        if (copy.state[i] != 0) {
          copy.errors.put(i, table.error(slot));
        }
        i++;
      }
    }
    return copy;
  }

  private static GroupCopy copy(Group group, GroupPlane groups) {
    List<MemberCopy> members = new ArrayList<>();
    int rank = 0;
    for (Group at = group; at != null; at = at.backup()) {
      for (Group.Member member : at.members()) {
        members.add(copy(member.hop(), rank, groups));
      }
      rank++;
    }
    return new GroupCopy(group.id(), group.handle(), members);
  }

  private static MemberCopy copy(FibHop hop, int rank, GroupPlane groups) {
    String address = hop.spec() instanceof HopSpec.Gateway(IpAddress to, _) ? to.toString() : "";
    FibHop.Path path = hop.path();
    return new MemberCopy(
        hop.index(),
        address,
        path == null ? "" : path.interfaceName(),
        rank,
        hop.life().compareTo(FibHop.Life.HOLDING) >= 0,
        groups.kernelIdOf(hop, Family.IPV4),
        groups.kernelIdOf(hop, Family.IPV6));
  }
}
