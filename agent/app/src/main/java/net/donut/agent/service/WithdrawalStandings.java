package net.donut.agent.service;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Which sessions withdraw much at once, see [net.donut.agent.rib.RibPort#withdrawing]. Pure; time
/// comes in.
///
/// A session whose burst is over carries traffic again when the controller has drawn its
/// conclusions: when nothing has changed in the forwarding plane for a second.
final class WithdrawalStandings {
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Set<String> withdrawing = new LinkedHashSet<>();
  private final Set<String> over = new HashSet<>();
  private long fibChangedNanos;

  /// Those whose next hops come last.
  Set<String> sessions() {
    return Set.copyOf(withdrawing);
  }

  /// A session withdraws much. Returns whether that is new.
  boolean begins(String session) {
    over.remove(session);
    return withdrawing.add(session);
  }

  /// It does no longer.
  void ends(String session) {
    if (withdrawing.contains(session)) {
      over.add(session);
    }
  }

  /// The session is no more. Returns whether it withdrew much.
  boolean forget(String session) {
    over.remove(session);
    return withdrawing.remove(session);
  }

  /// The forwarding plane changed.
  void fibChanged(long nowNanos) {
    fibChangedNanos = nowNanos;
  }

  /// Takes out the sessions that carry traffic again from now on.
  Set<String> release(long nowNanos) {
    if (over.isEmpty() || nowNanos - fibChangedNanos < REST_NANOS) {
      return Set.of();
    }
    Set<String> released = Set.copyOf(over);
    withdrawing.removeAll(released);
    over.clear();
    return released;
  }
}
