package net.donut.tls;

import io.grpc.Status;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Why a gRPC call came to nothing, in our words: neither gRPC's, nor Netty's, nor an errno.
public final class CallFailure {
  private CallFailure() {}

  /// A case: what the message of a failure or of one of its causes contains, and the text for it.
  private record Case(String contains, String text) {}

  /// The first that applies; those of the C library before those of gRPC, which say less.
  private static final List<Case> CASES =
      List.of(
          new Case("connection refused", "connection refused"),
          new Case("no such file or directory", "there is no such socket"),
          new Case("permission denied", "permission denied"),
          new Case("operation not permitted", "not permitted (a firewall of this machine?)"),
          new Case("no route to host", "no route to it, or it does not answer on its link"),
          new Case("network is unreachable", "no route to it"),
          new Case("network unreachable", "no route to it"),
          new Case("cannot assign requested address", "this machine has no address for it"),
          new Case("too many open files", "this process has too many files open (ulimit -n)"),
          new Case("timed out", "no answer"),
          new Case("connection reset", "it closed the connection"),
          new Case("broken pipe", "it closed the connection"),
          new Case("keepalive failed", "it does not answer any longer"),
          new Case("exceeds maximum", "its answer is larger than a message may be"),
          new Case("received goaway", "it ended the connection"),
          new Case("network closed", "it closed the connection"),
          new Case("transport stopped", "it closed the connection"),
          new Case("channel shutdown", "we ended the connection"));

  /// What became of the call: the sentence of our own server where it gave one, else what is known
  /// of the connection.
  public static String text(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    String description = status.getDescription() == null ? "" : status.getDescription();
    return switch (status.getCode()) {
      case UNAVAILABLE -> {
        String known = connection(failure);
        yield known == null ? description.isEmpty() ? "no answer" : description : known;
      }
      case DEADLINE_EXCEEDED -> "no answer in time";
      case CANCELLED -> "ended before it answered";
      case UNIMPLEMENTED ->
          "it does not know what was asked; it is of another version, or not a program of Donut";
      case UNKNOWN, INTERNAL, DATA_LOSS -> {
        String known = connection(failure);
        yield known != null
            ? known
            : description.isEmpty() ? "it failed; why is in its log" : firstLine(description);
      }
      default -> {
        String known = description.isEmpty() ? connection(failure) : null;
        yield known != null
            ? known
            : description.isEmpty() ? words(status.getCode()) : firstLine(description);
      }
    };
  }

  /// Why there is no connection, such as `connection refused`; null when the failure does not say.
  public static @Nullable String connection(Throwable failure) {
    String handshake = HandshakeFailure.explain(failure);
    if (handshake != null) {
      return handshake;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
        return "nobody knows the address of that name";
      }
    }
    for (Case candidate : CASES) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains(candidate.contains())) {
          return candidate.text();
        }
      }
    }
    return null;
  }

  private static String words(Status.Code code) {
    return code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
