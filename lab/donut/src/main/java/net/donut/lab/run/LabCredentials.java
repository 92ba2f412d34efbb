package net.donut.lab.run;

import java.nio.file.Path;
import java.time.Duration;
import net.donut.lab.net.LabException;
import net.donut.model.Role;
import net.donut.pki.CertificateAuthority;
import net.donut.pki.PkiException;

/// The certificate authority of one lab: made when it comes up, gone with its directory. Owned by
/// the thread that runs the lab.
final class LabCredentials {
  private static final Duration LIFETIME = Duration.ofDays(365);
  private static final Duration LIFETIME_OF_AUTHORITY = Duration.ofDays(366);

  private final CertificateAuthority authority;

  private LabCredentials(CertificateAuthority authority) {
    this.authority = authority;
  }

  static LabCredentials create(Path directory) {
    try {
      return new LabCredentials(
          CertificateAuthority.create(directory, "donut lab", LIFETIME_OF_AUTHORITY));
    } catch (PkiException e) {
      throw new LabException(String.valueOf(e.getMessage()), e);
    }
  }

  void issue(Role role) {
    try {
      var _ = authority.issue(role, LIFETIME, authority.directoryOf(role));
    } catch (PkiException e) {
      throw new LabException(String.valueOf(e.getMessage()), e);
    }
  }

  Path directoryOf(Role role) {
    return authority.directoryOf(role);
  }
}
