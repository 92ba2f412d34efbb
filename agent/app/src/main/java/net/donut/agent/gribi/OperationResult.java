package net.donut.agent.gribi;

/// What became of an operation. A value: only [GribiRib] tells the client.
sealed interface OperationResult {
  /// The entry is as the operation says; nothing can have waited for it.
  OperationResult DONE = new Held("", Entry.KNOWN_BEFORE);

  /// The forwarding plane has it, and tells the operation's `ack`, now or in [GribiRib#flush].
  OperationResult SENT = new Sent();

  /// Whether others may have waited for an entry.
  enum Entry {
    KNOWN_BEFORE,
    NEW
  }

  /// The RIB holds the entry, or no longer does.
  ///
  /// @param fibError what the forwarding plane refused, empty for nothing
  record Held(String fibError, Entry entry) implements OperationResult {}

  /// See [#SENT].
  record Sent() implements OperationResult {}

  /// The RIB does not accept the operation.
  record Failed(String text) implements OperationResult, OperationTarget {}

  /// The operation refers to what is not there.
  ///
  /// @param text for the client where nothing waits
  record Waiting(EntryKey missing, String text) implements OperationResult {}
}
