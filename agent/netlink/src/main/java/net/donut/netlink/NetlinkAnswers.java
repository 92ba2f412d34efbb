package net.donut.netlink;

import static net.donut.netlink.RtNetlink.HEADER_BYTES;
import static net.donut.netlink.RtNetlink.NLM_F_ACK_TLVS;
import static net.donut.netlink.RtNetlink.NLM_F_CAPPED;

import java.lang.foreign.MemorySegment;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// Reads the kernel's answers and names what they are about, from the request's own bytes.
final class NetlinkAnswers {
  private NetlinkAnswers() {}

  /// The extended-ack text of an NLMSG_ERROR: `struct nlmsgerr {s32 error; nlmsghdr msg}`, the
  /// request's payload unless NLM_F_CAPPED, then attributes if NLM_F_ACK_TLVS. Empty without one.
  static String text(MemorySegment memory, long offset, int length, AttributeReader attributes) {
    int flags = memory.get(MessageWriter.U16, offset + 6);
    if ((flags & NLM_F_ACK_TLVS) == 0) {
      return "";
    }
    long request = offset + HEADER_BYTES + 4;
    long payload =
        (flags & NLM_F_CAPPED) != 0
            ? HEADER_BYTES
            : (memory.get(MessageWriter.U32, request) + 3) & ~3;
    return text(attributes.over(memory, request + payload, offset + length));
  }

  /// The extended-ack text of an NLMSG_DONE with an error: `s32 error`, then attributes.
  static String doneText(
      MemorySegment memory, long offset, int length, AttributeReader attributes) {
    return text(attributes.over(memory, offset + HEADER_BYTES + 4, offset + length));
  }

  private static String text(AttributeReader attributes) {
    while (attributes.advance()) {
      if (attributes.type() == RtNetlink.NLMSGERR_ATTR_MSG) {
        return attributes.text();
      }
    }
    return "";
  }

  /// The error of the request at `offset` of `memory`.
  static NetlinkError error(
      int errno, MemorySegment memory, long offset, String text, AttributeReader attributes) {
    int type = Short.toUnsignedInt(memory.get(MessageWriter.U16, offset + 4));
    return new NetlinkError(
        errno, RtNetlink.typeName(type), object(memory, offset, type, attributes), text);
  }

  private static String object(
      MemorySegment memory, long offset, int type, AttributeReader attributes) {
    long end = offset + memory.get(MessageWriter.U32, offset);
    long header = offset + HEADER_BYTES;
    Family family =
        memory.get(MessageWriter.U8, header) == RtNetlink.AF_INET6 ? Family.IPV6 : Family.IPV4;
    return switch (type) {
      case RtNetlink.RTM_NEWROUTE, RtNetlink.RTM_DELROUTE, RtNetlink.RTM_GETROUTE -> {
        int length = Byte.toUnsignedInt(memory.get(MessageWriter.U8, header + 1));
        attributes.over(memory, header + RtNetlink.RTMSG_BYTES, end);
        yield address(attributes, RtNetlink.RTA_DST, family) + "/" + length;
      }
      case RtNetlink.RTM_NEWNEXTHOP,
          RtNetlink.RTM_DELNEXTHOP,
          RtNetlink.RTM_GETNEXTHOP,
          RtNetlink.RTM_GETNEXTHOPBUCKET -> {
        attributes.over(memory, header + RtNetlink.NHMSG_BYTES, end);
        yield nextHop(attributes);
      }
      case RtNetlink.RTM_NEWNEIGH, RtNetlink.RTM_DELNEIGH, RtNetlink.RTM_GETNEIGH -> {
        attributes.over(memory, header + RtNetlink.NDMSG_BYTES, end);
        yield address(attributes, RtNetlink.NDA_DST, family)
            + " on interface "
            + memory.get(MessageWriter.U32, header + 4);
      }
      default -> "";
    };
  }

  private static String nextHop(AttributeReader attributes) {
    String id = "";
    String kind = "next hop ";
    while (attributes.advance()) {
      if (attributes.type() == RtNetlink.NHA_ID) {
        id = Integer.toUnsignedString(attributes.u32());
      } else if (attributes.type() == RtNetlink.NHA_GROUP) {
        kind = "group ";
      }
    }
    return id.isEmpty() ? "" : kind + id;
  }

  private static String address(AttributeReader attributes, int type, Family family) {
    while (attributes.advance()) {
      if (attributes.type() == type) {
        return attributes.address(family).toString();
      }
    }
    return new IpAddress(family, 0, 0).toString();
  }
}
