package net.donut.agent.gribi;

import gribi.Gribi.AFTOperation;
import net.donut.agent.fib.RouteAck;

/// One operation on an entry of a network instance.
///
/// @param ack takes the forwarding plane's answer of an operation that is [OperationResult#SENT];
///   nobody else calls it
/// @param arrivedNanos when the operation reached the agent
record Operation(RibInstance instance, AFTOperation message, RouteAck ack, long arrivedNanos) {
  long id() {
    return message.getId();
  }

  boolean isDelete() {
    return message.getOp() == AFTOperation.Operation.DELETE;
  }

  boolean isReplace() {
    return message.getOp() == AFTOperation.Operation.REPLACE;
  }
}
