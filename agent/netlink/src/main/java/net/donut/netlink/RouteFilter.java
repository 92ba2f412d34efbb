package net.donut.netlink;

import net.donut.model.Family;

/// Which routes a dump gives; the kernel applies it.
///
/// @param table 0 for all tables
/// @param protocol 0 for all protocols
public record RouteFilter(Family family, int table, int protocol) {

  public static RouteFilter all(Family family) {
    return new RouteFilter(family, 0, 0);
  }

  public static RouteFilter of(Family family, RoutePlace place) {
    return new RouteFilter(family, place.table(), place.protocol());
  }
}
