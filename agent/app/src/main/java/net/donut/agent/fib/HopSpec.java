package net.donut.agent.fib;

import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// Where a next hop leads, as a client asked for it.
public sealed interface HopSpec {
  /// Packets are dropped: a next hop without address and interface.
  record Discard() implements HopSpec {}

  /// A gateway, on a named interface or on the one whose subnet contains it.
  record Gateway(IpAddress address, @Nullable String interfaceName) implements HopSpec {}

  /// Directly connected on an interface.
  record Direct(String interfaceName) implements HopSpec {}

  /// Something this forwarding plane cannot do; traffic is dropped and `reason` reported.
  record Unsupported(String reason) implements HopSpec {}
}
