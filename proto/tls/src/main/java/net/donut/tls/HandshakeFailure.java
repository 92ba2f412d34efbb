package net.donut.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Turns why a connection did not come about into a line that says what to do.
public final class HandshakeFailure {
  private HandshakeFailure() {}

  /// A case: what the messages of the causes contain, and the line for it.
  private record Case(String contains, String line) {}

  private static final String REFUSED =
      "it refused our certificate (why is in its log): revoked, expired by its clock, or not signed"
          + " by an authority of its ca.pem; use certificates of the same `donut pki`";

  private static final String NOT_PLAIN =
      "it does not speak plain gRPC; if it uses TLS, give --tls-dir DIR in place of --insecure";

  /// What the other side said in an alert, or by hanging up. In this order.
  private static final List<Case> CASES =
      List.of(
          new Case("alert: certificate_", REFUSED),
          new Case("alert: bad_certificate", REFUSED),
          new Case("alert: unknown_ca", REFUSED),
          new Case(
              "alert: protocol_version",
              "it speaks no TLS 1.3 (expected: a program of the same version)"),
          new Case("first received frame was not settings", NOT_PLAIN));

  /// The line for a failure of a connection; null when it has nothing to do with TLS.
  public static @Nullable String explain(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String known = explainOne(cause);
      if (known != null) {
        return known;
      }
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      for (Case candidate : CASES) {
        if (message.contains(candidate.contains())) {
          return candidate.line();
        }
      }
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return "TLS: " + deepest(cause);
      }
    }
    return null;
  }

  /// The line for a first call without TLS that found the connection closed.
  static @Nullable String explainPlain(Throwable failure) {
    String known = explain(failure);
    boolean hungUp = String.valueOf(failure.getMessage()).contains("Network closed");
    return known == null && hungUp ? NOT_PLAIN : known;
  }

  private static @Nullable String explainOne(Throwable cause) {
    return switch (cause) {
      case PeerTrust.WrongRole wrong ->
          wrong.getMessage() + "; check the address, or issue it a certificate of that role";
      case NotSslRecordException _ ->
          "it does not use TLS; start it with --tls-dir DIR, or give --insecure here too";
      case CertificateExpiredException _ ->
          "its certificate expired; renew it there with: donut pki renew DIR";
      case CertificateNotYetValidException _ ->
          "its certificate is not valid yet; check the clocks of both machines";
      case CertPathValidatorException path
          when path.getReason() == CertPathValidatorException.BasicReason.REVOKED ->
          "its " + path.getMessage() + "; issue it another one (donut pki issue)";
      case CertPathBuilderException path when path.getCause() == null -> unknownAuthority();
      case CertPathValidatorException path when path.getCause() == null -> unknownAuthority();
      default -> null;
    };
  }

  private static String unknownAuthority() {
    return "its certificate is not signed by an authority of our ca.pem; use one of the same `donut"
        + " pki` on both sides";
  }

  /// The innermost message of a failure.
  static String deepest(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }
}
