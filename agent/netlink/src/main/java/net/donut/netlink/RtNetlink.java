package net.donut.netlink;

/// The numbers of the kernel's rtnetlink interface, under the names they have in its headers.
///
/// Netlink integers are in the machine's byte order; only addresses and ports are in network order.
/// A message is `struct nlmsghdr {u32 len; u16 type; u16 flags; u32 seq; u32 pid}`, a family header
/// and attributes `struct nlattr {u16 len; u16 type}`, each padded to 4 bytes.
final class RtNetlink {
  // sys/socket.h, asm-generic/socket.h, fcntl.h, sched.h
  static final int AF_UNSPEC = 0;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int AF_NETLINK = 16;
  static final int SOCK_RAW = 3;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_RCVTIMEO = 20;
  static final int SO_ATTACH_FILTER = 26;
  static final int SO_SNDBUFFORCE = 32;
  static final int SO_RCVBUFFORCE = 33;
  static final int MSG_TRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x40;
  static final int O_RDONLY = 0;
  static final int O_CLOEXEC = 0x80000;
  static final int EFD_CLOEXEC = 0x80000;
  static final int POLLIN = 1;
  static final int CLONE_NEWNET = 0x40000000;

  // linux/netlink.h
  static final int NETLINK_ROUTE = 0;
  static final int SOL_NETLINK = 270;
  static final int NETLINK_ADD_MEMBERSHIP = 1;
  static final int NETLINK_CAP_ACK = 10;
  static final int NETLINK_EXT_ACK = 11;
  static final int NETLINK_GET_STRICT_CHK = 12;
  static final int NLM_F_REQUEST = 0x1;
  static final int NLM_F_MULTI = 0x2;
  static final int NLM_F_ACK = 0x4;
  static final int NLM_F_DUMP_INTR = 0x10;
  static final int NLM_F_DUMP = 0x300;
  static final int NLM_F_REPLACE = 0x100;
  static final int NLM_F_EXCL = 0x200;
  static final int NLM_F_CREATE = 0x400;
  static final int NLM_F_CAPPED = 0x100;
  static final int NLM_F_ACK_TLVS = 0x200;
  static final int NLMSG_ERROR = 2;
  static final int NLMSG_DONE = 3;
  static final int NLMSG_OVERRUN = 4;
  static final int NLMSGERR_ATTR_MSG = 1;
  static final int NLA_F_NESTED = 0x8000;
  static final int NLA_TYPE_MASK = 0x3fff;
  static final int HEADER_BYTES = 16;

  // linux/rtnetlink.h
  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int RTM_GETLINK = 18;
  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  static final int RTM_GETADDR = 22;
  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  static final int RTM_GETROUTE = 26;
  static final int RTM_NEWNEIGH = 28;
  static final int RTM_DELNEIGH = 29;
  static final int RTM_GETNEIGH = 30;
  static final int RTM_NEWNEXTHOP = 104;
  static final int RTM_DELNEXTHOP = 105;
  static final int RTM_GETNEXTHOP = 106;
  static final int RTM_NEWNEXTHOPBUCKET = 116;
  static final int RTM_GETNEXTHOPBUCKET = 118;
  static final int RTMSG_BYTES = 12;
  static final int RT_SCOPE_UNIVERSE = 0;
  static final int RT_SCOPE_NOWHERE = 255;
  static final int RT_TABLE_UNSPEC = 0;
  static final int RTM_F_CLONED = 0x200;
  static final int RTM_F_LOOKUP_TABLE = 0x1000;
  static final int RTM_F_FIB_MATCH = 0x2000;
  static final int RTA_DST = 1;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_PRIORITY = 6;
  static final int RTA_TABLE = 15;
  static final int RTA_VIA = 18;
  static final int RTA_IP_PROTO = 27;
  static final int RTA_SPORT = 28;
  static final int RTA_DPORT = 29;
  static final int RTA_NH_ID = 30;
  static final int RTA_SRC = 2;
  static final int RTNH_F_ONLINK = 4;
  static final int RTEXT_FILTER_SKIP_STATS = 8;

  // linux/nexthop.h
  static final int NHMSG_BYTES = 8;
  static final int NHA_ID = 1;
  static final int NHA_GROUP = 2;
  static final int NHA_GROUP_TYPE = 3;
  static final int NHA_BLACKHOLE = 4;
  static final int NHA_OIF = 5;
  static final int NHA_GATEWAY = 6;
  static final int NHA_RES_GROUP = 12;
  static final int NHA_RES_BUCKET = 13;
  static final int NHA_RES_GROUP_BUCKETS = 1;
  static final int NHA_RES_GROUP_IDLE_TIMER = 2;
  static final int NHA_RES_GROUP_UNBALANCED_TIMER = 3;
  static final int NHA_RES_BUCKET_INDEX = 1;
  static final int NHA_RES_BUCKET_NH_ID = 3;
  static final int NEXTHOP_GRP_TYPE_MPATH = 0;
  static final int NEXTHOP_GRP_TYPE_RES = 1;

  // linux/if_link.h, linux/if.h
  static final int IFINFOMSG_BYTES = 16;
  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_LINK = 5;
  static final int IFLA_MASTER = 10;
  static final int IFLA_OPERSTATE = 16;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_INFO_SLAVE_KIND = 4;
  static final int IFLA_EXT_MASK = 29;
  static final int IFF_UP = 0x1;
  static final int IFF_LOOPBACK = 0x8;
  static final int IFF_POINTOPOINT = 0x10;
  static final int IFF_NOARP = 0x80;
  static final int IFF_LOWER_UP = 0x10000;

  // linux/if_addr.h
  static final int IFADDRMSG_BYTES = 8;
  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_FLAGS = 8;

  // linux/neighbour.h
  static final int NDMSG_BYTES = 12;
  static final int NDA_DST = 1;
  static final int NDA_LLADDR = 2;
  static final int NDA_FLAGS_EXT = 15;
  static final int NTF_USE = 0x1;
  static final int NTF_EXT_MANAGED = 0x1;

  private RtNetlink() {}

  /// The name of a message type, for error texts.
  static String typeName(int type) {
    return switch (type) {
      case RTM_NEWLINK -> "RTM_NEWLINK";
      case RTM_DELLINK -> "RTM_DELLINK";
      case RTM_GETLINK -> "RTM_GETLINK";
      case RTM_NEWADDR -> "RTM_NEWADDR";
      case RTM_DELADDR -> "RTM_DELADDR";
      case RTM_GETADDR -> "RTM_GETADDR";
      case RTM_NEWROUTE -> "RTM_NEWROUTE";
      case RTM_DELROUTE -> "RTM_DELROUTE";
      case RTM_GETROUTE -> "RTM_GETROUTE";
      case RTM_NEWNEIGH -> "RTM_NEWNEIGH";
      case RTM_DELNEIGH -> "RTM_DELNEIGH";
      case RTM_GETNEIGH -> "RTM_GETNEIGH";
      case RTM_NEWNEXTHOP -> "RTM_NEWNEXTHOP";
      case RTM_DELNEXTHOP -> "RTM_DELNEXTHOP";
      case RTM_GETNEXTHOP -> "RTM_GETNEXTHOP";
      case RTM_GETNEXTHOPBUCKET -> "RTM_GETNEXTHOPBUCKET";
      default -> "message type " + type;
    };
  }
}
