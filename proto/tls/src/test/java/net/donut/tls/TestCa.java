package net.donut.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import net.donut.model.Role;
import net.donut.pki.CertificateAuthority;
import net.donut.pki.Issued;

/// A certificate authority in a directory of a test.
final class TestCa {
  static final Role EDGE1 = new Role.Agent("edge1");
  static final Role CONTROLLER = new Role.Controller();
  static final Role READER = new Role.OperatorRead("kay");
  static final Role WRITER = new Role.OperatorWrite("kay");

  private final CertificateAuthority authority;

  TestCa(Path directory) {
    authority = CertificateAuthority.create(directory, "test", Duration.ofDays(3650));
  }

  CertificateAuthority authority() {
    return authority;
  }

  Issued issue(Role role) {
    return authority.issue(role, Duration.ofDays(365), authority.directoryOf(role));
  }

  /// Credentials from some days after now until others; before now when negative.
  Protection between(Role role, int fromDays, int untilDays) {
    Path out = authority.directoryOf(role).resolveSibling("from" + fromDays + "to" + untilDays);
    Instant now = Instant.now();
    authority.issue(
        role, now.plus(Duration.ofDays(fromDays)), now.plus(Duration.ofDays(untilDays)), out);
    return new Protection.MutualTls(TlsFiles.in(out));
  }

  Protection of(Role role) {
    return new Protection.MutualTls(TlsFiles.in(issue(role).directory()));
  }
}
