package net.donut.controller.northbound;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Collection;
import net.donut.controller.rib.ControllerRibThread;
import net.donut.controller.state.StateException;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// What goes wrong with a question, as the status that operators see.
final class OperatorFailures {
  private OperatorFailures() {}

  static StatusRuntimeException unknown(String kind, String name, Collection<String> known) {
    String names = known.isEmpty() ? "none" : String.join(", ", known);
    return Status.NOT_FOUND
        .withDescription("unknown %s '%s' (known: %s)".formatted(kind, name, names))
        .asRuntimeException();
  }

  static StatusRuntimeException invalid(String message) {
    return Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException();
  }

  static StatusRuntimeException unavailable(String message) {
    return Status.UNAVAILABLE.withDescription(message).asRuntimeException();
  }

  static Prefix prefix(String text) {
    try {
      return Prefix.parse(text);
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  static IpAddress address(String text) {
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  static StatusRuntimeException of(RuntimeException cause) {
    return switch (cause) {
      case StatusRuntimeException status -> status;
      case ControllerRibThread.BusyException busy ->
          Status.RESOURCE_EXHAUSTED.withDescription(busy.getMessage()).asRuntimeException();
      case ControllerRibThread.UnansweredException unanswered ->
          unavailable(String.valueOf(unanswered.getMessage()));
      case StateException state ->
          Status.FAILED_PRECONDITION
              .withDescription("nothing was changed: " + state.getMessage())
              .asRuntimeException();
      default -> {
        NorthboundLog.crashed(cause);
        yield Status.INTERNAL
            .withDescription("controller: " + cause + "; see its log")
            .withCause(cause)
            .asRuntimeException();
      }
    };
  }
}
