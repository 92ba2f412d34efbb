package net.donut.agent.gribi;

import org.jspecify.annotations.Nullable;

/// Who may write: the client that announced the highest election id last. Owned by `agent-fib`.
///
/// @param <C> a client, compared by identity
final class Election<C> {
  private GribiElectionId highest = GribiElectionId.ZERO;
  private @Nullable C primary;

  /// The highest id ever announced; it outlives its client.
  GribiElectionId highest() {
    return highest;
  }

  /// Whether anybody ever announced an id.
  boolean isHeld() {
    return !highest.isZero();
  }

  /// Clients are told apart by identity.
  @SuppressWarnings("ReferenceEquality")
  boolean isPrimary(C client) {
    return primary == client;
  }

  /// A client announces an id. With the highest it becomes primary, also when another client has
  /// the same: the newer wins. Returns the primary it took over from, or null.
  @Nullable C announce(C client, GribiElectionId id) {
    if (id.compareTo(highest) < 0) {
      if (isPrimary(client)) {
        primary = null;
      }
      return null;
    }
    highest = id;
    C before = isPrimary(client) ? null : primary;
    primary = client;
    return before;
  }

  /// A client is gone; nobody takes its place.
  void leave(C client) {
    if (isPrimary(client)) {
      primary = null;
    }
  }

  /// Why an operation of a client may not be executed, or null.
  @Nullable String objection(C client, GribiElectionId announced, GribiElectionId operation) {
    if (!operation.equals(announced)) {
      return "election id: " + operation + " (expected: " + announced + ", as announced)";
    }
    if (!operation.equals(highest)) {
      return "election id: " + operation + " (expected: " + highest + ", the highest known)";
    }
    return isPrimary(client)
        ? null
        : "election id: " + operation + ": a newer client announced the same and is primary";
  }
}
