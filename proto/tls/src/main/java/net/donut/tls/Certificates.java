package net.donut.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Role;
import org.jspecify.annotations.Nullable;

/// Reads what a certificate says about its holder.
final class Certificates {
  private static final int URI = 6;

  private Certificates() {}

  /// The role of a certificate. Throws IllegalArgumentException when it has none, or several.
  static Role role(X509Certificate certificate) {
    List<String> roles = new ArrayList<>();
    for (String uri : uris(certificate)) {
      if (uri.startsWith(Role.SCHEME)) {
        roles.add(uri);
      }
    }
    if (roles.size() != 1) {
      throw new IllegalArgumentException(
          "certificate of %s: roles %s (expected: one URI name of %s)"
              .formatted(subject(certificate), roles, Role.EXPECTED));
    }
    return Role.parse(roles.getFirst());
  }

  private static List<String> uris(X509Certificate certificate) {
    List<String> uris = new ArrayList<>();
    try {
      var names = certificate.getSubjectAlternativeNames();
      if (names != null) {
        for (List<?> name : names) {
          if (name.getFirst().equals(URI)) {
            uris.add(String.valueOf(name.get(1)));
          }
        }
      }
    } catch (CertificateParsingException e) {
      throw new IllegalArgumentException(
          "certificate of %s: %s".formatted(subject(certificate), e.getMessage()), e);
    }
    return uris;
  }

  /// Who a certificate speaks of, for messages: its role, or its subject when it has none.
  static String holder(@Nullable X509Certificate certificate) {
    if (certificate == null) {
      return "nobody";
    }
    try {
      return role(certificate).uri();
    } catch (IllegalArgumentException e) {
      return subject(certificate);
    }
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
