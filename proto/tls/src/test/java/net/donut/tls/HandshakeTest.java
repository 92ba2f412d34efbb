package net.donut.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import net.donut.model.Role;
import net.donut.pki.Issued;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections that must not come about, and what an operator reads of them.
final class HandshakeTest {
  @TempDir Path directory;
  private TestCa ca;
  private TestCa other;

  @BeforeEach
  void create() {
    ca = new TestCa(directory.resolve("ca"));
    other = new TestCa(directory.resolve("other"));
  }

  private static @Nullable String between(Protection client, Protection server) {
    try (TestServer running = new TestServer(server, Permissions.CONTROLLER);
        TestServer.Client dialing = running.client(client, TestCa.CONTROLLER)) {
      return dialing.explanation();
    }
  }

  @Test
  void both_sides_of_one_authority_understand_each_other() {
    assertThat(between(ca.of(TestCa.WRITER), ca.of(TestCa.CONTROLLER))).isNull();
  }

  @Test
  void a_server_of_another_authority_is_not_believed() {
    assertThat(between(ca.of(TestCa.WRITER), other.of(TestCa.CONTROLLER)))
        .isEqualTo(
            "its certificate is not signed by an authority of our ca.pem; use one of the same"
                + " `donut pki` on both sides");
  }

  @Test
  void a_client_of_another_authority_is_told_so() throws Exception {
    Path mixed = other.issue(TestCa.WRITER).directory();
    Files.copy(
        ca.authority().directory().resolve("ca.pem"),
        mixed.resolve("ca.pem"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.delete(mixed.resolve("crl.pem"));

    assertThat(between(new Protection.MutualTls(TlsFiles.in(mixed)), ca.of(TestCa.CONTROLLER)))
        .startsWith("it refused our certificate (why is in its log): revoked, expired");
  }

  @Test
  void a_server_with_another_role_or_name_is_not_believed() {
    assertThat(between(ca.of(TestCa.WRITER), ca.of(TestCa.EDGE1)))
        .isEqualTo(
            "the server is donut:agent:edge1 (expected: donut:controller); check the address, or"
                + " issue it a certificate of that role");
    try (TestServer edge2 = new TestServer(ca.of(new Role.Agent("edge2")), Permissions.AGENT);
        TestServer.Client controller = edge2.client(ca.of(TestCa.CONTROLLER), TestCa.EDGE1)) {
      assertThat(controller.explanation())
          .startsWith("the server is donut:agent:edge2 (expected: donut:agent:edge1); ");
    }
  }

  @Test
  void our_own_certificate_must_be_good_today() {
    assertThatThrownBy(() -> TransportSecurity.openOnce(ca.between(TestCa.WRITER, -20, -10)))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("cert.pem: certificate of donut:operator-write:kay expired at ")
        .hasMessageEndingWith("; renew it with: donut pki renew DIR");
    assertThatThrownBy(() -> TransportSecurity.openOnce(ca.between(TestCa.WRITER, 10, 20)))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("certificate of donut:operator-write:kay is not valid before ")
        .hasMessageContaining("check the clock of this machine");
  }

  @Test
  void an_expired_or_future_client_is_refused_by_the_server() {
    assertThat(withoutOwnCheck(ca.between(TestCa.WRITER, -20, -10)))
        .startsWith("it refused our certificate (why is in its log): revoked, expired");
    assertThat(withoutOwnCheck(ca.between(TestCa.WRITER, 10, 20)))
        .startsWith("it refused our certificate (why is in its log): ");
  }

  /// The explanation for a client that dials with what its own check would have refused.
  private @Nullable String withoutOwnCheck(Protection client) {
    TlsFiles files = ((Protection.MutualTls) client).files();
    TransportSecurity unchecked =
        TransportSecurity.of(Credentials.open(files, Credentials.Watching.ONCE));
    try (TestServer server = new TestServer(ca.of(TestCa.CONTROLLER), Permissions.CONTROLLER);
        TestServer.Client dialing =
            new TestServer.Client(server.port(), unchecked, TestCa.CONTROLLER)) {
      return dialing.explanation();
    }
  }

  @Test
  void a_revoked_client_is_refused_and_a_revoked_server_not_believed() {
    Issued client = ca.issue(TestCa.WRITER);
    ca.authority().revoke(client.serial());
    Protection revoked = new Protection.MutualTls(TlsFiles.in(client.directory()));
    assertThatThrownBy(() -> TransportSecurity.openOnce(revoked))
        .hasMessageContaining("cert.pem: certificate of donut:operator-write:kay is revoked")
        .hasMessageEndingWith("; ask for another one (donut pki issue)");
    assertThat(withoutOwnCheck(revoked)).startsWith("it refused our certificate (why is in its");

    Issued server = ca.issue(TestCa.CONTROLLER);
    Protection writer = ca.of(TestCa.WRITER);
    ca.authority().revoke(server.serial());
    deleteRevocations(server);
    assertThat(between(writer, new Protection.MutualTls(TlsFiles.in(server.directory()))))
        .matches(
            "its certificate of donut:controller is revoked \\(serial number [0-9a-f]+\\); issue"
                + " it another one \\(donut pki issue\\)");
  }

  /// A stolen router does not refuse itself.
  private static void deleteRevocations(Issued holder) {
    try {
      Files.delete(holder.directory().resolve("crl.pem"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void tls_to_a_port_without_and_the_reverse_say_what_to_give() {
    assertThat(between(ca.of(TestCa.WRITER), new Protection.Insecure()))
        .isEqualTo("it does not use TLS; start it with --tls-dir DIR, or give --insecure here too");
    assertThat(between(new Protection.Insecure(), ca.of(TestCa.CONTROLLER)))
        .isEqualTo(
            "it does not speak plain gRPC; if it uses TLS, give --tls-dir DIR in place of"
                + " --insecure");
  }

  @Test
  void files_that_cannot_be_used_are_named() throws Exception {
    Path one = ca.issue(TestCa.WRITER).directory();
    Path two = ca.issue(TestCa.READER).directory();
    TlsFiles files = TlsFiles.in(one);

    assertThatThrownBy(() -> open(TlsFiles.in(directory.resolve("none"))))
        .hasMessage(
            directory.resolve("none/ca.pem")
                + ": no such file; make credentials with `donut pki issue` (docs/security.md)");
    assertThatThrownBy(() ->
            open(
                new TlsFiles(
                    files.authorities(),
                    files.certificate(),
                    two.resolve("key.pem"),
                    files.revocations())))
        .hasMessageContaining("key.pem: not the key of " + one.resolve("cert.pem"));
    assertThatThrownBy(() ->
            open(
                new TlsFiles(
                    files.authorities(),
                    files.certificate(),
                    files.key(),
                    other.issue(TestCa.WRITER).directory().resolve("crl.pem"))))
        .hasMessageContaining("crl.pem: ");
    assertThatThrownBy(() ->
            open(
                new TlsFiles(
                    files.authorities(),
                    files.authorities(),
                    ca.authority().directory().resolve("ca-key.pem"),
                    files.revocations())))
        .hasMessageContaining("roles [] (expected: one URI name of donut:agent:ROUTER");
    Files.writeString(one.resolve("key.pem"), "-----BEGIN EC PRIVATE KEY-----\n");
    assertThatThrownBy(() -> open(files)).hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
  }

  private static void open(TlsFiles files) {
    TransportSecurity.openOnce(new Protection.MutualTls(files)).close();
  }
}
