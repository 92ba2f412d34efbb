package net.donut.netlink;

import static net.donut.netlink.RtNetlink.AF_INET;
import static net.donut.netlink.RtNetlink.AF_INET6;
import static net.donut.netlink.RtNetlink.AF_UNSPEC;
import static net.donut.netlink.RtNetlink.NLM_F_CREATE;
import static net.donut.netlink.RtNetlink.NLM_F_REPLACE;
import static net.donut.netlink.RtNetlink.RT_SCOPE_NOWHERE;
import static net.donut.netlink.RtNetlink.RT_SCOPE_UNIVERSE;

import java.time.Duration;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// Encodes requests into the messages of a batch: family header and attributes of
/// `linux/rtnetlink.h`, `linux/nexthop.h`, `linux/neighbour.h`.
final class RequestEncoder {
  private RequestEncoder() {}

  static int addressFamily(Family family) {
    return family == Family.IPV4 ? AF_INET : AF_INET6;
  }

  static void encode(RequestBatch batch, Request request) {
    switch (request) {
      case Request.PutNextHop(KernelNextHop hop, var mode) -> putNextHop(batch, hop, mode);
      case Request.PutNextHop(KernelGroup group, var mode) -> putGroup(batch, group, mode);
      case Request.DeleteNextHop(int id) -> deleteNextHop(batch, id);
      case Request.PutRoute(var route, var mode) -> putRoute(batch, route, mode);
      case Request.DeleteRoute(var route) -> deleteRoute(batch, route);
      case Request.PutNeighbor(int index, var address, var upkeep) ->
          putNeighbor(batch, index, address, upkeep);
      case Request.DeleteNeighbor(int index, var address) -> {
        MessageWriter writer = batch.begin(RtNetlink.RTM_DELNEIGH, 0);
        neighborHeader(writer, index, address, 0);
        batch.end();
      }
    }
  }

  private static void putNextHop(RequestBatch batch, KernelNextHop hop, WriteMode mode) {
    MessageWriter writer = batch.begin(RtNetlink.RTM_NEWNEXTHOP, mode.flags());
    int flags =
        hop instanceof KernelNextHop.Gateway gateway
                && gateway.reach() == KernelNextHop.Reach.ON_LINK
            ? RtNetlink.RTNH_F_ONLINK
            : 0;
    nextHopHeader(writer, addressFamily(hop.family()), hop.protocol(), flags);
    writer.attributeU32(RtNetlink.NHA_ID, hop.id());
    switch (hop) {
      case KernelNextHop.Gateway gateway ->
          writer
              .attributeU32(RtNetlink.NHA_OIF, gateway.interfaceIndex())
              .attributeAddress(RtNetlink.NHA_GATEWAY, gateway.gateway());
      case KernelNextHop.Connected connected ->
          writer.attributeU32(RtNetlink.NHA_OIF, connected.interfaceIndex());
      case KernelNextHop.Blackhole _ -> writer.attributeFlag(RtNetlink.NHA_BLACKHOLE);
    }
    batch.end();
  }

  private static void putGroup(RequestBatch batch, KernelGroup group, WriteMode mode) {
    MessageWriter writer = batch.begin(RtNetlink.RTM_NEWNEXTHOP, mode.flags());
    nextHopHeader(writer, AF_UNSPEC, group.protocol(), 0);
    writer.attributeU32(RtNetlink.NHA_ID, group.id());
    writer.attributeHeader(RtNetlink.NHA_GROUP, 8 * group.members().size());
    for (KernelGroup.Member member : group.members()) {
      // struct nexthop_grp {u32 id; u8 weight - 1; u8 its upper 8 bits (6.12); u16 reserved}
      int weight = member.weight() - 1;
      writer.u32(member.nextHopId()).u8(weight & 0xff).u8(weight >> 8).u16(0);
    }
    switch (group.kind()) {
      case KernelGroup.HashThreshold() ->
          writer.attributeU16(RtNetlink.NHA_GROUP_TYPE, RtNetlink.NEXTHOP_GRP_TYPE_MPATH);
      case KernelGroup.Resilient(int buckets, var idle, var unbalanced) -> {
        writer.attributeU16(RtNetlink.NHA_GROUP_TYPE, RtNetlink.NEXTHOP_GRP_TYPE_RES);
        long start = writer.beginNested(RtNetlink.NHA_RES_GROUP);
        writer.attributeU16(RtNetlink.NHA_RES_GROUP_BUCKETS, buckets);
        writer.attributeU32(RtNetlink.NHA_RES_GROUP_IDLE_TIMER, clockTicks(idle));
        writer.attributeU32(RtNetlink.NHA_RES_GROUP_UNBALANCED_TIMER, clockTicks(unbalanced));
        writer.endNested(start);
      }
    }
    batch.end();
  }

  /// The kernel's clock_t: hundredths of a second (USER_HZ).
  private static int clockTicks(Duration duration) {
    return Math.toIntExact(duration.toMillis() / 10);
  }

  private static void deleteNextHop(RequestBatch batch, int id) {
    MessageWriter writer = batch.begin(RtNetlink.RTM_DELNEXTHOP, 0);
    nextHopHeader(writer, AF_UNSPEC, 0, 0);
    writer.attributeU32(RtNetlink.NHA_ID, id);
    batch.end();
  }

  /// `struct nhmsg {u8 family; u8 scope; u8 protocol; u8 reserved; u32 flags}`.
  static void nextHopHeader(MessageWriter writer, int family, int protocol, int flags) {
    writer.u8(family).u8(0).u8(protocol).u8(0).u32(flags);
  }

  private static void putRoute(RequestBatch batch, KernelRoute route, WriteMode mode) {
    Prefix prefix = route.prefix();
    MessageWriter writer = batch.begin(RtNetlink.RTM_NEWROUTE, mode.flags());
    routeHeader(
        writer,
        prefix.family(),
        prefix.length(),
        route.table(),
        route.protocol(),
        RT_SCOPE_UNIVERSE,
        route.type());
    routeBody(writer, prefix.family(), prefix.high(), prefix.low(), route.table(), route.metric());
    if (route.nextHopId() != 0) {
      writer.attributeU32(RtNetlink.RTA_NH_ID, route.nextHopId());
    }
    batch.end();
  }

  private static void deleteRoute(RequestBatch batch, KernelRoute route) {
    Prefix prefix = route.prefix();
    MessageWriter writer = batch.begin(RtNetlink.RTM_DELROUTE, 0);
    routeHeader(
        writer,
        prefix.family(),
        prefix.length(),
        route.table(),
        route.protocol(),
        RT_SCOPE_NOWHERE,
        RouteType.UNSPECIFIED);
    routeBody(writer, prefix.family(), prefix.high(), prefix.low(), route.table(), route.metric());
    if (route.nextHopId() != 0) {
      writer.attributeU32(RtNetlink.RTA_NH_ID, route.nextHopId());
    }
    batch.end();
  }

  /// `struct rtmsg {u8 family, dst_len, src_len, tos, table, protocol, scope, type; u32 flags}`.
  static void routeHeader(
      MessageWriter writer,
      Family family,
      int length,
      int table,
      int protocol,
      int scope,
      RouteType type) {
    boolean shortTable = table > 0 && table < 256;
    writer.u8(addressFamily(family)).u8(length).u8(0).u8(0);
    writer.u8(shortTable ? table : RtNetlink.RT_TABLE_UNSPEC);
    writer.u8(protocol).u8(scope).u8(type.number()).u32(0);
  }

  static void routeBody(
      MessageWriter writer, Family family, long high, long low, int table, int metric) {
    writer.attributeAddress(RtNetlink.RTA_DST, family, high, low);
    if (table < 0 || table > 255) {
      writer.attributeU32(RtNetlink.RTA_TABLE, table);
    }
    if (metric != 0) {
      writer.attributeU32(RtNetlink.RTA_PRIORITY, metric);
    }
  }

  private static void putNeighbor(
      RequestBatch batch, int interfaceIndex, IpAddress address, KernelNeighbor.Upkeep upkeep) {
    MessageWriter writer = batch.begin(RtNetlink.RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE);
    switch (upkeep) {
      case MANAGED -> {
        neighborHeader(writer, interfaceIndex, address, 0);
        writer.attributeU32(RtNetlink.NDA_FLAGS_EXT, RtNetlink.NTF_EXT_MANAGED);
      }
      case ON_DEMAND -> neighborHeader(writer, interfaceIndex, address, RtNetlink.NTF_USE);
    }
    batch.end();
  }

  /// `struct ndmsg {u8 family; u8 pad; u16 pad; s32 ifindex; u16 state; u8 flags; u8 type}` and the
  /// address.
  static void neighborHeader(
      MessageWriter writer, int interfaceIndex, IpAddress address, int flags) {
    writer.u8(addressFamily(address.family())).u8(0).u16(0).u32(interfaceIndex);
    writer.u16(0).u8(flags).u8(0);
    writer.attributeAddress(RtNetlink.NDA_DST, address);
  }
}
