package net.donut.agent.gribi;

/// What happens to an operation that refers to an entry which does not exist (yet).
public enum ForwardReferences {
  /// It fails.
  REJECT,
  /// It waits until the entry exists, and is acknowledged then.
  QUEUE
}
