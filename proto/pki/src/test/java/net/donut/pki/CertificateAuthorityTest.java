package net.donut.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import net.donut.model.Role;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateAuthorityTest {
  private static final Duration YEAR = Duration.ofDays(365);

  @TempDir Path directory;
  private Path home;
  private CertificateAuthority authority;

  @BeforeEach
  void create() {
    home = directory.resolve("pki");
    authority = CertificateAuthority.create(home, "test", YEAR);
  }

  private Issued issue(Role role) {
    return authority.issue(role, Duration.ofDays(30), authority.directoryOf(role));
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static X509CRL revocations(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
    }
  }

  /// What RFC 5280 says of the certificate in a directory, as the JDK reads it.
  private static void validate(Path holder) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(certificate(holder.resolve("ca.pem")), null)));
    parameters.addCertStore(
        CertStore.getInstance(
            "Collection",
            new CollectionCertStoreParameters(List.of(revocations(holder.resolve("crl.pem"))))));
    CertPathValidator.getInstance("PKIX")
        .validate(
            factory.generateCertPath(List.of(certificate(holder.resolve("cert.pem")))), parameters);
  }

  @Test
  void a_certificate_carries_its_role_and_stands_before_a_pkix_validator() throws Exception {
    for (Role role :
        List.of(
            new Role.Agent("edge1"),
            new Role.Controller(),
            new Role.OperatorRead("kay"),
            new Role.OperatorWrite("kay@example.net"))) {
      Issued issued = issue(role);

      X509Certificate certificate = certificate(issued.directory().resolve("cert.pem"));
      assertThat(certificate.getSubjectAlternativeNames()).containsExactly(List.of(6, role.uri()));
      assertThat(certificate.getSerialNumber()).isEqualTo(issued.serial()).isPositive();
      assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
      validate(issued.directory());
    }
  }

  @Test
  void private_keys_are_for_their_owner_only() throws Exception {
    Issued issued = issue(new Role.Controller());

    for (Path key : List.of(home.resolve("ca-key.pem"), issued.directory().resolve("key.pem"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
    }
    for (Path each : List.of(home, issued.directory())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void what_is_revoked_is_refused_everywhere_and_kept_over_a_restart() throws Exception {
    Issued good = issue(new Role.Agent("edge1"));
    Issued bad = issue(new Role.Agent("edge2"));

    CertificateAuthority.open(home).revoke(bad.serial());

    assertThatThrownBy(() -> validate(bad.directory()))
        .isInstanceOf(CertPathValidatorException.class)
        .hasMessageContaining("revoked");
    validate(good.directory());
    assertThat(revocations(good.directory().resolve("crl.pem")).getRevokedCertificates())
        .extracting(entry -> entry.getSerialNumber())
        .containsExactly(bad.serial());
    assertThat(CertificateAuthority.open(home).list())
        .extracting(issued -> issued.role().uri() + " " + issued.standing(Instant.now()))
        .containsExactly("donut:agent:edge1 VALID", "donut:agent:edge2 REVOKED");
    assertThatThrownBy(() -> authority.revoke(bad.serial()))
        .isInstanceOf(PkiException.class)
        .hasMessageContaining("already");
    assertThatThrownBy(() -> authority.revoke(java.math.BigInteger.TEN))
        .hasMessage("a: no such serial number; see: donut pki list");
  }

  @Test
  void an_authority_is_made_once_and_outlives_what_it_signs() {
    assertThatThrownBy(() -> CertificateAuthority.create(home, "test", YEAR))
        .isInstanceOf(PkiException.class)
        .hasMessageContaining("holds a certificate authority (expected: none");
    assertThatThrownBy(
            () -> authority.issue(new Role.Controller(), YEAR.multipliedBy(2), directory))
        .hasMessageContaining("when the authority ends");
    assertThatThrownBy(() -> CertificateAuthority.open(directory.resolve("none")))
        .hasMessageContaining("make one with: donut pki init --dir " + directory.resolve("none"));
  }

  @Test
  void processes_that_issue_at_the_same_time_lose_no_line_of_the_index() throws Exception {
    ProcessBuilder another =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Many.class.getName(),
            home.toString());
    Process one = another.inheritIO().start();
    Process two = another.start();

    assertThat(one.waitFor()).isZero();
    assertThat(two.waitFor()).isZero();
    assertThat(authority.list()).hasSize(2 * Many.COUNT);
  }

  /// Issues several certificates.
  static final class Many {
    static final int COUNT = 15;

    private Many() {}

    public static void main(String[] arguments) {
      CertificateAuthority authority = CertificateAuthority.open(Path.of(arguments[0]));
      String name = "p" + ProcessHandle.current().pid();
      for (int i = 0; i < COUNT; i++) {
        Role role = new Role.Agent(name + "-" + i);
        authority.issue(role, Duration.ofDays(1), authority.directoryOf(role));
      }
    }
  }
}
