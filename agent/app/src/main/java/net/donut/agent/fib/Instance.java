package net.donut.agent.fib;

import net.donut.model.Family;

/// A network instance: a kernel routing table and the routes meant for it. Owned by `agent-fib`.
public final class Instance {
  private final String name;
  private final int table;
  private final RouteTable ipv4;
  private final RouteTable ipv6;

  public Instance(String name, int table) {
    this.name = name;
    this.table = table;
    this.ipv4 = new RouteTable(this, Family.IPV4);
    this.ipv6 = new RouteTable(this, Family.IPV6);
  }

  public String name() {
    return name;
  }

  /// The kernel's number of the routing table.
  public int table() {
    return table;
  }

  public RouteTable routes(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }

  @Override
  public String toString() {
    return name;
  }
}
