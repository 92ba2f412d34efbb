package net.donut.agent.fib;

/// What an observer of the FIB hears of, in the order it happened.
public sealed interface FibEvent {
  /// A link came, went or changed; `link.exists()` is false when it went.
  record LinkChanged(LinkStatus link) implements FibEvent {}

  /// The counters changed; at most a few times a second.
  record CountersChanged(FibCounters counters) implements FibEvent {}

  /// One line for the operator: drift, refusal, degraded kernel.
  record Notice(String text) implements FibEvent {}
}
