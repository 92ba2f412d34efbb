package net.donut.agent.gribi;

/// The rules for entries of one kind. For the owner, `agent-fib`.
interface EntryRules {
  /// Which entry an operation is about.
  OperationTarget target(Operation operation);

  /// Executes an operation on the entry that [#target] found.
  OperationResult apply(Operation operation, EntryKey key);

  /// Refuses every operation.
  record Unsupported(String text) implements EntryRules {
    @Override
    public OperationTarget target(Operation operation) {
      return new OperationResult.Failed(text);
    }

    @Override
    public OperationResult apply(Operation operation, EntryKey key) {
      return new OperationResult.Failed(text);
    }
  }
}
