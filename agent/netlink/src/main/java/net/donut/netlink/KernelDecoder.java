package net.donut.netlink;

import static net.donut.netlink.RtNetlink.AF_INET;
import static net.donut.netlink.RtNetlink.AF_INET6;
import static net.donut.netlink.RtNetlink.HEADER_BYTES;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// Reads the kernel's messages into values. `offset` is where the message's nlmsghdr stands; a null
/// result is an object this module does not model (a bridge port, an encapsulating next hop).
final class KernelDecoder {
  private final AttributeReader attributes = new AttributeReader();
  private final AttributeReader nested = new AttributeReader();

  /// `struct ifinfomsg {u8 family; u8 pad; u16 type; s32 index; u32 flags; u32 change}`.
  @Nullable KernelLink link(MemorySegment memory, long offset, int length) {
    long header = offset + HEADER_BYTES;
    if (memory.get(MessageWriter.U8, header) != RtNetlink.AF_UNSPEC) {
      return null;
    }
    String name = "";
    String hardwareAddress = "";
    OperState operState = OperState.UNKNOWN;
    int mtu = 0;
    int peer = 0;
    int master = 0;
    String portKind = "";
    attributes.over(memory, header + RtNetlink.IFINFOMSG_BYTES, offset + length);
    while (attributes.advance()) {
      switch (attributes.type()) {
        case RtNetlink.IFLA_IFNAME -> name = attributes.text();
        case RtNetlink.IFLA_ADDRESS -> hardwareAddress = attributes.hardwareAddress();
        case RtNetlink.IFLA_MTU -> mtu = attributes.u32();
        case RtNetlink.IFLA_LINK -> peer = attributes.u32();
        case RtNetlink.IFLA_MASTER -> master = attributes.u32();
        case RtNetlink.IFLA_LINKINFO -> portKind = portKind();
        case RtNetlink.IFLA_OPERSTATE -> operState = OperState.of(attributes.u8(0));
        default -> {}
      }
    }
    return new KernelLink(
        memory.get(MessageWriter.U32, header + 4),
        name,
        memory.get(MessageWriter.U32, header + 8),
        operState,
        mtu,
        hardwareAddress,
        peer,
        master,
        portKind);
  }

  private String portKind() {
    String kind = "";
    nested.overNested(attributes);
    while (nested.advance()) {
      if (nested.type() == RtNetlink.IFLA_INFO_SLAVE_KIND) {
        kind = nested.text();
      }
    }
    return kind;
  }

  /// `struct ifaddrmsg {u8 family; u8 prefixlen; u8 flags; u8 scope; u32 index}`. IFA_LOCAL is the
  /// own address where IFA_ADDRESS is the far end of a point-to-point link.
  @Nullable KernelAddress address(MemorySegment memory, long offset, int length) {
    long header = offset + HEADER_BYTES;
    Family family = family(memory.get(MessageWriter.U8, header));
    if (family == null) {
      return null;
    }
    IpAddress address = null;
    IpAddress local = null;
    int flags = Byte.toUnsignedInt(memory.get(MessageWriter.U8, header + 2));
    attributes.over(memory, header + RtNetlink.IFADDRMSG_BYTES, offset + length);
    while (attributes.advance()) {
      switch (attributes.type()) {
        case RtNetlink.IFA_ADDRESS -> address = attributes.address(family);
        case RtNetlink.IFA_LOCAL -> local = attributes.address(family);
        case RtNetlink.IFA_FLAGS -> flags = attributes.u32();
        default -> {}
      }
    }
    IpAddress own = local != null ? local : address;
    return own == null
        ? null
        : new KernelAddress(
            memory.get(MessageWriter.U32, header + 4),
            own,
            Byte.toUnsignedInt(memory.get(MessageWriter.U8, header + 1)),
            flags);
  }

  /// `struct ndmsg {u8 family; u8 pad; u16 pad; s32 ifindex; u16 state; u8 flags; u8 type}`.
  @Nullable KernelNeighbor neighbor(MemorySegment memory, long offset, int length) {
    long header = offset + HEADER_BYTES;
    Family family = family(memory.get(MessageWriter.U8, header));
    if (family == null) {
      return null;
    }
    IpAddress address = null;
    String hardwareAddress = "";
    int extended = 0;
    attributes.over(memory, header + RtNetlink.NDMSG_BYTES, offset + length);
    while (attributes.advance()) {
      switch (attributes.type()) {
        case RtNetlink.NDA_DST -> address = attributes.address(family);
        case RtNetlink.NDA_LLADDR -> hardwareAddress = attributes.hardwareAddress();
        case RtNetlink.NDA_FLAGS_EXT -> extended = attributes.u32();
        default -> {}
      }
    }
    return address == null
        ? null
        : new KernelNeighbor(
            memory.get(MessageWriter.U32, header + 4),
            address,
            Short.toUnsignedInt(memory.get(MessageWriter.U16, header + 8)),
            hardwareAddress,
            (extended & RtNetlink.NTF_EXT_MANAGED) != 0
                ? KernelNeighbor.Upkeep.MANAGED
                : KernelNeighbor.Upkeep.ON_DEMAND);
  }

  /// `struct nhmsg {u8 family; u8 scope; u8 protocol; u8 reserved; u32 flags}`.
  @Nullable NextHopObject nextHop(MemorySegment memory, long offset, int length) {
    long header = offset + HEADER_BYTES;
    NextHopFields fields = new NextHopFields();
    fields.family = family(memory.get(MessageWriter.U8, header));
    fields.protocol = Byte.toUnsignedInt(memory.get(MessageWriter.U8, header + 2));
    fields.flags = memory.get(MessageWriter.U32, header + 4);
    attributes.over(memory, header + RtNetlink.NHMSG_BYTES, offset + length);
    while (attributes.advance()) {
      switch (attributes.type()) {
        case RtNetlink.NHA_ID -> fields.id = attributes.u32();
        case RtNetlink.NHA_OIF -> fields.interfaceIndex = attributes.u32();
        case RtNetlink.NHA_BLACKHOLE -> fields.blackhole = true;
        case RtNetlink.NHA_GATEWAY ->
            fields.gateway =
                attributes.address(attributes.length() == 4 ? Family.IPV4 : Family.IPV6);
        case RtNetlink.NHA_GROUP -> fields.members = members();
        case RtNetlink.NHA_GROUP_TYPE ->
            fields.resilient |= attributes.u16() == RtNetlink.NEXTHOP_GRP_TYPE_RES;
        case RtNetlink.NHA_RES_GROUP -> resilient(fields);
        default -> {}
      }
    }
    return fields.toObject();
  }

  private List<KernelGroup.Member> members() {
    List<KernelGroup.Member> members = new ArrayList<>(attributes.length() / 8);
    for (int at = 0; at + 8 <= attributes.length(); at += 8) {
      int weight = 1 + (attributes.u8(at + 4) | attributes.u8(at + 5) << 8);
      members.add(new KernelGroup.Member(attributes.u32(at), weight));
    }
    return members;
  }

  private void resilient(NextHopFields fields) {
    nested.overNested(attributes);
    while (nested.advance()) {
      switch (nested.type()) {
        case RtNetlink.NHA_RES_GROUP_BUCKETS -> fields.buckets = nested.u16();
        case RtNetlink.NHA_RES_GROUP_IDLE_TIMER -> fields.idleTicks = nested.u32();
        case RtNetlink.NHA_RES_GROUP_UNBALANCED_TIMER -> fields.unbalancedTicks = nested.u32();
        default -> {}
      }
    }
  }

  /// The id of a next hop or group in a message about it.
  int nextHopId(MemorySegment memory, long offset, int length) {
    attributes.over(memory, offset + HEADER_BYTES + RtNetlink.NHMSG_BYTES, offset + length);
    while (attributes.advance()) {
      if (attributes.type() == RtNetlink.NHA_ID) {
        return attributes.u32();
      }
    }
    return 0;
  }

  @Nullable GroupBucket bucket(MemorySegment memory, long offset, int length) {
    int group = 0;
    int index = -1;
    int nextHop = 0;
    attributes.over(memory, offset + HEADER_BYTES + RtNetlink.NHMSG_BYTES, offset + length);
    while (attributes.advance()) {
      if (attributes.type() == RtNetlink.NHA_ID) {
        group = attributes.u32();
      } else if (attributes.type() == RtNetlink.NHA_RES_BUCKET) {
        nested.overNested(attributes);
        while (nested.advance()) {
          switch (nested.type()) {
            case RtNetlink.NHA_RES_BUCKET_INDEX -> index = nested.u16();
            case RtNetlink.NHA_RES_BUCKET_NH_ID -> nextHop = nested.u32();
            default -> {}
          }
        }
      }
    }
    return index < 0 ? null : new GroupBucket(group, index, nextHop);
  }

  /// The chosen interface and gateway of a route lookup's answer.
  RouteLookup.Found found(KernelRouteView route, MemorySegment memory, long offset, int length) {
    int interfaceIndex = 0;
    IpAddress gateway = null;
    attributes.over(memory, offset + HEADER_BYTES + RtNetlink.RTMSG_BYTES, offset + length);
    while (attributes.advance()) {
      switch (attributes.type()) {
        case RtNetlink.RTA_OIF -> interfaceIndex = attributes.u32();
        case RtNetlink.RTA_GATEWAY -> gateway = attributes.address(route.family());
        case RtNetlink.RTA_VIA -> gateway = attributes.viaAddress();
        default -> {}
      }
    }
    return new RouteLookup.Found(route.toRoute(), interfaceIndex, gateway);
  }

  private static @Nullable Family family(int addressFamily) {
    return switch (addressFamily) {
      case AF_INET -> Family.IPV4;
      case AF_INET6 -> Family.IPV6;
      default -> null;
    };
  }

  /// The parts of a next-hop message while it is read.
  private static final class NextHopFields {
    private @Nullable Family family;
    private int protocol;
    private int flags;
    private int id;
    private int interfaceIndex;
    private boolean blackhole;
    private boolean resilient;
    private @Nullable IpAddress gateway;
    private List<KernelGroup.Member> members = List.of();
    private int buckets;
    private int idleTicks;
    private int unbalancedTicks;

    private @Nullable NextHopObject toObject() {
      if (id == 0) {
        return null;
      }
      if (!members.isEmpty()) {
        return new KernelGroup(id, members, kind(), protocol);
      }
      if (family == null) {
        return null;
      }
      if (blackhole) {
        return new KernelNextHop.Blackhole(id, family, protocol);
      }
      if (interfaceIndex == 0) {
        return null;
      }
      return gateway == null
          ? new KernelNextHop.Connected(id, family, interfaceIndex, protocol)
          : new KernelNextHop.Gateway(id, interfaceIndex, gateway, reach(), protocol);
    }

    private KernelNextHop.Reach reach() {
      return (flags & RtNetlink.RTNH_F_ONLINK) != 0
          ? KernelNextHop.Reach.ON_LINK
          : KernelNextHop.Reach.SUBNET;
    }

    private KernelGroup.Kind kind() {
      return resilient && buckets > 0
          ? new KernelGroup.Resilient(
              buckets, Duration.ofMillis(10L * idleTicks), Duration.ofMillis(10L * unbalancedTicks))
          : new KernelGroup.HashThreshold();
    }
  }
}
