package net.donut.agent.fib;

import org.jspecify.annotations.Nullable;

/// Hears what the kernel said to a route.
@FunctionalInterface
public interface RouteAck {
  /// Called once for a request, on the owner's thread; `error` is null when the kernel holds what
  /// was asked for.
  void programmed(long token, @Nullable String error);
}
