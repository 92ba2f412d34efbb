package net.donut.netlink;

/// A kind of change a monitor hears of (`linux/rtnetlink.h` RTNLGRP_*).
public enum Subscription {
  LINK(1),
  NEIGHBOR(3),
  IPV4_ADDRESS(5),
  IPV4_ROUTE(7),
  IPV6_ADDRESS(9),
  IPV6_ROUTE(11),
  /// Next hops, groups and the buckets of resilient groups.
  NEXT_HOP(32);

  private final int group;

  Subscription(int group) {
    this.group = group;
  }

  int group() {
    return group;
  }
}
