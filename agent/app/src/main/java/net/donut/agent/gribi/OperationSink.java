package net.donut.agent.gribi;

import net.donut.agent.fib.RouteAck;

/// Takes the result of operations: exactly one call an operation.
interface OperationSink extends RouteAck {
  /// The operation was not accepted.
  void failed(long id, String message);
}
