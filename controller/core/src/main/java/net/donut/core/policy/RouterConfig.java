package net.donut.core.policy;

import net.donut.model.Family;
import net.donut.model.IpAddress;

/// One of our routers: `agent` is host:port of its agent, `routerId` its BGP identifier (IPv4).
public record RouterConfig(String name, String agent, IpAddress routerId) {
  public RouterConfig {
    PolicyChecks.name("router", name);
    if (routerId.family() != Family.IPV4) {
      throw new IllegalArgumentException(
          "router " + name + ": router-id " + routerId + " (expected: an IPv4 address)");
    }
  }
}
