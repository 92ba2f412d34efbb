package net.donut.agent.fib;

import java.util.List;
import java.util.Set;

/// What an observer of the FIB hears of, in the order it happened.
public sealed interface FibEvent {
  /// A link came, went or changed; `link.exists()` is false when it went.
  record LinkChanged(LinkStatus link) implements FibEvent {}

  /// The counters changed; at most a few times per second.
  record CountersChanged(FibCounters counters) implements FibEvent {}

  /// Intended routes that are not in the kernel as intended, or are again; the latest of each.
  record RoutesChanged(List<RouteTrouble> routes) implements FibEvent {
    public RoutesChanged {
      routes = List.copyOf(routes);
    }
  }

  /// All gateways that do not answer for their hardware address, or did so lately, while their link
  /// is up; they come in place of those said before.
  record GatewaysChanged(Set<Adjacency> failed) implements FibEvent {
    public GatewaysChanged {
      failed = Set.copyOf(failed);
    }
  }

  /// All that is wrong with the kernel's settings and objects now, one line each; in place of what
  /// was said before.
  record FaultsChanged(List<String> faults) implements FibEvent {
    public FaultsChanged {
      faults = List.copyOf(faults);
    }
  }

  /// One line for the operator: drift, refusal, degraded kernel.
  record Notice(String text) implements FibEvent {}
}
