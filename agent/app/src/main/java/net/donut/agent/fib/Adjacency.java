package net.donut.agent.fib;

import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// A gateway as somebody else knows it: its address and, where that does not say it (a link-local
/// address), the interface it is on; null for any interface.
public record Adjacency(IpAddress gateway, @Nullable String interfaceName) {
  boolean isOf(HopSpec.Gateway spec, FibHop.Path path) {
    return gateway.equals(spec.address())
        && (interfaceName == null || interfaceName.equals(path.interfaceName()));
  }

  @Override
  public String toString() {
    return interfaceName == null ? gateway.toString() : gateway + "%" + interfaceName;
  }
}
