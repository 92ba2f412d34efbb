package net.donut.netlink;

/// A next-hop object of the kernel: a single next hop or a group. Both share one space of unsigned
/// 32-bit ids; 0 is no id.
public sealed interface NextHopObject permits KernelNextHop, KernelGroup {

  int id();

  /// The routing protocol number that created it (`rtnetlink.h` RTPROT_*).
  int protocol();
}
