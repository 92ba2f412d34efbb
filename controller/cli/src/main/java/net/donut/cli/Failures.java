package net.donut.cli;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import net.donut.model.FileFailure;
import net.donut.tls.CallFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// Turns what went wrong into one line that says what to do, and an exit code.
final class Failures implements CommandLine.IExecutionExceptionHandler {
  static final int NEGATIVE = 1;
  static final int USAGE = 2;
  static final int UNREACHABLE = 3;
  static final int INTERNAL = 4;

  /// A failure whose message is already what the operator should read.
  static final class Refused extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;
    private final int exitCode;

    Refused(int exitCode, String message) {
      super(message);
      this.exitCode = exitCode;
    }
  }

  @Override
  public int handleExecutionException(
      Exception e, CommandLine line, CommandLine.@Nullable ParseResult parsed) {
    line.getOut().flush();
    line.getErr().println("donut: " + message(e));
    line.getErr().flush();
    return exitCode(e);
  }

  static int exitCode(Throwable e) {
    return switch (e) {
      case Refused refused -> refused.exitCode;
      case CommandLine.ParameterException _ -> USAGE;
      case StatusRuntimeException status ->
          switch (status.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED -> UNREACHABLE;
            case INVALID_ARGUMENT -> USAGE;
            case NOT_FOUND, FAILED_PRECONDITION, ALREADY_EXISTS, PERMISSION_DENIED -> NEGATIVE;
            case RESOURCE_EXHAUSTED, ABORTED, CANCELLED, UNAUTHENTICATED, OUT_OF_RANGE -> NEGATIVE;
            case OK, UNKNOWN, UNIMPLEMENTED, INTERNAL, DATA_LOSS -> INTERNAL;
          };
      default -> INTERNAL;
    };
  }

  private static String message(Exception e) {
    return switch (e) {
      case Refused refused -> String.valueOf(refused.getMessage());
      case StatusRuntimeException status -> ofStatus(status);
      case IOException file -> FileFailure.text(file);
      case UncheckedIOException file -> ofFile(file);
      default -> "this is an error of donut itself, please report it: " + e;
    };
  }

  private static String ofFile(UncheckedIOException failure) {
    IOException cause = failure.getCause();
    return cause == null ? "input or output failed" : FileFailure.text(cause);
  }

  private static String ofStatus(StatusRuntimeException failure) {
    String text = CallFailure.text(failure);
    return switch (failure.getStatus().getCode()) {
      case DEADLINE_EXCEEDED ->
          "no answer from the controller in time; it is overloaded or stopped: see its log, or give"
              + " more time with --timeout";
      case PERMISSION_DENIED ->
          "refused: " + text + "; use a certificate of a role that may, or the controller's socket";
      case UNIMPLEMENTED, CANCELLED -> "controller: " + text;
      default -> text;
    };
  }
}
