package net.donut.netlink;

import java.lang.foreign.MemorySegment;
import net.donut.model.Family;
import net.donut.model.Prefix;

/// A route of a dump, read in place; no object a route. Its prefix is left-aligned in 128 bits as
/// [Prefix] is.
public final class KernelRouteView {
  private final AttributeReader attributes = new AttributeReader();
  private Family family = Family.IPV4;
  private long high;
  private long low;
  private int length;
  private int table;
  private int nextHopId;
  private int protocol;
  private int metric;
  private int type;

  KernelRouteView() {}

  /// Reads the message at `offset` (its nlmsghdr). False when it is no unicast-family route or a
  /// cache entry.
  boolean read(MemorySegment memory, long offset, long messageLength) {
    int flags = memory.get(MessageWriter.U32, offset + RtNetlink.HEADER_BYTES + 8);
    return (flags & RtNetlink.RTM_F_CLONED) == 0 && readLookup(memory, offset, messageLength);
  }

  /// Reads a lookup's answer, which may be a cache entry. False when it is no unicast-family route.
  boolean readLookup(MemorySegment memory, long offset, long messageLength) {
    long header = offset + RtNetlink.HEADER_BYTES;
    int addressFamily = memory.get(MessageWriter.U8, header);
    if (addressFamily != RtNetlink.AF_INET && addressFamily != RtNetlink.AF_INET6) {
      return false;
    }
    family = addressFamily == RtNetlink.AF_INET ? Family.IPV4 : Family.IPV6;
    length = Byte.toUnsignedInt(memory.get(MessageWriter.U8, header + 1));
    table = Byte.toUnsignedInt(memory.get(MessageWriter.U8, header + 4));
    protocol = Byte.toUnsignedInt(memory.get(MessageWriter.U8, header + 5));
    type = Byte.toUnsignedInt(memory.get(MessageWriter.U8, header + 7));
    high = 0;
    low = 0;
    nextHopId = 0;
    metric = 0;
    attributes.over(memory, header + RtNetlink.RTMSG_BYTES, offset + messageLength);
    while (attributes.advance()) {
      readAttribute();
    }
    return true;
  }

  private void readAttribute() {
    switch (attributes.type()) {
      case RtNetlink.RTA_DST -> {
        high = attributes.high(family);
        low = attributes.low(family);
      }
      case RtNetlink.RTA_TABLE -> table = attributes.u32();
      case RtNetlink.RTA_NH_ID -> nextHopId = attributes.u32();
      case RtNetlink.RTA_PRIORITY -> metric = attributes.u32();
      default -> {}
    }
  }

  public Family family() {
    return family;
  }

  public long high() {
    return high;
  }

  public long low() {
    return low;
  }

  public int length() {
    return length;
  }

  public int table() {
    return table;
  }

  /// The next-hop object, unsigned; 0 for a route without one.
  public int nextHopId() {
    return nextHopId;
  }

  public int protocol() {
    return protocol;
  }

  public int metric() {
    return metric;
  }

  public RouteType type() {
    return RouteType.of(type);
  }

  public Prefix prefix() {
    return new Prefix(family, high, low, length);
  }

  /// The route as a value; allocates.
  public KernelRoute toRoute() {
    return new KernelRoute(prefix(), table, nextHopId, protocol, metric, type());
  }
}
