package net.donut.agent.gribi;

/// The entry that an operation names, or why it names none.
sealed interface OperationTarget permits EntryKey, OperationResult.Failed {}
