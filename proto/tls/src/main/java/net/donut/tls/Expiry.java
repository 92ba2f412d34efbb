package net.donut.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Words about the dates of a certificate.
final class Expiry {
  private Expiry() {}

  /// Why a certificate of ours cannot be used at a moment; null when it can.
  static @Nullable String unusable(X509Certificate certificate, Instant now) {
    Instant until = certificate.getNotAfter().toInstant();
    Instant from = certificate.getNotBefore().toInstant();
    if (now.isAfter(until)) {
      return "certificate of %s expired at %s; renew it with: donut pki renew DIR"
          .formatted(Certificates.holder(certificate), until);
    }
    if (now.isBefore(from)) {
      return "certificate of %s is not valid before %s; check the clock of this machine (%s)"
          .formatted(Certificates.holder(certificate), from, now);
    }
    return null;
  }

  /// What to say of a good certificate that ends soon: within `soon`, or a third of its life if
  /// that is shorter.
  static Optional<String> warning(
      String where, X509Certificate certificate, Instant now, Duration soon) {
    Instant until = certificate.getNotAfter().toInstant();
    Duration third = Duration.between(certificate.getNotBefore().toInstant(), until).dividedBy(3);
    Duration left = Duration.between(now, until);
    if (left.compareTo(third.compareTo(soon) < 0 ? third : soon) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: certificate of %s expires in %s, at %s; renew it with: donut pki renew DIR"
            .formatted(where, Certificates.holder(certificate), words(left), until));
  }

  private static String words(Duration left) {
    return left.toDays() > 1 ? left.toDays() + " days" : left.toHours() + " hours";
  }
}
