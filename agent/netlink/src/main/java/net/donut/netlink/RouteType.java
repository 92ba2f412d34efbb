package net.donut.netlink;

/// What the kernel does with a packet that matches a route (`linux/rtnetlink.h` RTN_*).
public enum RouteType {
  UNSPECIFIED(0),
  UNICAST(1),
  LOCAL(2),
  BROADCAST(3),
  ANYCAST(4),
  MULTICAST(5),
  BLACKHOLE(6),
  UNREACHABLE(7),
  PROHIBIT(8),
  THROW(9),
  NAT(10),
  EXTERNAL_RESOLVE(11);

  private static final RouteType[] VALUES = values();

  private final int number;

  RouteType(int number) {
    this.number = number;
  }

  /// The type of an RTN_* number; [#UNSPECIFIED] for one this enum does not know.
  static RouteType of(int number) {
    return number < VALUES.length ? VALUES[number] : UNSPECIFIED;
  }

  int number() {
    return number;
  }
}
