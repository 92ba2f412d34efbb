package net.donut.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/// Which certificates were revoked, by issuer and serial number.
///
/// A list past its next update still counts: what it names stays refused.
record Revocations(Set<Entry> entries) {
  record Entry(X500Principal issuer, BigInteger serial) {}

  Revocations {
    entries = Set.copyOf(entries);
  }

  /// Reads lists. Throws GeneralSecurityException when one is signed by none of the authorities.
  static Revocations of(Collection<? extends CRL> lists, List<X509Certificate> authorities)
      throws GeneralSecurityException {
    Set<Entry> entries = new HashSet<>();
    for (CRL list : lists) {
      X509CRL revoked = (X509CRL) list;
      verify(revoked, authorities);
      if (revoked.getRevokedCertificates() != null) {
        for (X509CRLEntry entry : revoked.getRevokedCertificates()) {
          entries.add(new Entry(revoked.getIssuerX500Principal(), entry.getSerialNumber()));
        }
      }
    }
    return new Revocations(entries);
  }

  private static void verify(X509CRL list, List<X509Certificate> authorities)
      throws GeneralSecurityException {
    for (X509Certificate authority : authorities) {
      if (authority.getSubjectX500Principal().equals(list.getIssuerX500Principal())) {
        list.verify(authority.getPublicKey());
        return;
      }
    }
    throw new GeneralSecurityException(
        "issuer %s (expected: an authority of the ca file)"
            .formatted(list.getIssuerX500Principal()));
  }

  boolean contains(X509Certificate certificate) {
    return entries.contains(
        new Entry(certificate.getIssuerX500Principal(), certificate.getSerialNumber()));
  }
}
