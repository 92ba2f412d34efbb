package net.donut.tls;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.donut.pki.Issued;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Credentials that change under running programs.
final class ReloadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String STATUS = "donut.operator.v1.Operator/Status";

  @TempDir Path directory;

  private static Protection in(Issued issued) {
    return new Protection.MutualTls(TlsFiles.in(issued.directory()));
  }

  @Test
  void a_renewed_certificate_is_used_by_the_next_connection() {
    TestCa ca = new TestCa(directory.resolve("ca"));
    Instant now = Instant.now();
    Path out = directory.resolve("controller");
    ca.authority()
        .issue(
            TestCa.CONTROLLER, now.minus(Duration.ofDays(30)), now.plus(Duration.ofHours(30)), out);
    Protection files = new Protection.MutualTls(TlsFiles.in(out));
    Protection reader = ca.of(TestCa.READER);
    try (TransportSecurity security = TransportSecurity.open(files);
        TestServer server = new TestServer(files, Permissions.CONTROLLER);
        TestServer.Client before = server.client(reader, TestCa.CONTROLLER)) {
      assertThat(before.refusal(STATUS)).isNull();
      assertThat(security.warnings())
          .singleElement()
          .asString()
          .contains("certificate of donut:controller expires in 29 hours, at ")
          .endsWith("; renew it with: donut pki renew DIR");

      Issued renewed = ca.authority().issue(TestCa.CONTROLLER, Duration.ofDays(300), out);

      eventually(PATIENCE, () -> assertThat(security.warnings()).isEmpty());
      assertThat(before.refusal(STATUS)).isNull();
      assertThat(before.serverSerial()).isNotEqualTo(renewed.serial());
      eventually(
          PATIENCE,
          () -> {
            try (TestServer.Client after = server.client(reader, TestCa.CONTROLLER)) {
              assertThat(after.serverSerial()).isEqualTo(renewed.serial());
            }
          });
    }
  }

  @Test
  void who_is_revoked_loses_connection_and_streams_and_gets_no_other() throws Exception {
    TestCa ca = new TestCa(directory.resolve("ca"));
    Issued writer = ca.issue(TestCa.WRITER);
    Issued reader = ca.issue(TestCa.READER);
    try (TestServer server = new TestServer(ca.of(TestCa.CONTROLLER), Permissions.CONTROLLER);
        TestServer.Client bad = server.client(in(writer), TestCa.CONTROLLER);
        TestServer.Client good = server.client(in(reader), TestCa.CONTROLLER)) {
      assertThat(bad.refusal(STATUS)).isNull();
      assertThat(good.refusal(STATUS)).isNull();
      CompletableFuture<Status> stream = bad.stream("donut.operator.v1.Operator/Watch");

      ca.authority().revoke(writer.serial());

      assertThat(stream.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);

      eventually(
          PATIENCE,
          () -> assertThat(bad.channel().getState(false)).isNotEqualTo(ConnectivityState.READY));
      assertThat(bad.refusal(STATUS))
          .isNotNull()
          .satisfies(refused ->
              assertThat(refused.getStatus().getCode())
                  .isIn(Status.Code.UNAVAILABLE, Status.Code.PERMISSION_DENIED));
      assertThat(good.channel().getState(false)).isEqualTo(ConnectivityState.READY);
      assertThat(good.refusal(STATUS)).isNull();
    }
  }

  @Test
  void a_server_that_is_revoked_loses_its_streams_and_is_not_asked_again() throws Exception {
    TestCa ca = new TestCa(directory.resolve("ca"));
    Issued agent = ca.issue(TestCa.EDGE1);
    // The server's own directory does not hear of it: a stolen router does not refuse itself.
    Path stolen = directory.resolve("stolen");
    Issued held = ca.authority().issue(TestCa.EDGE1, Duration.ofDays(3), stolen);
    try (TestServer server = new TestServer(in(held), Permissions.AGENT);
        TestServer.Client client = server.client(ca.of(TestCa.CONTROLLER), TestCa.EDGE1)) {
      assertThat(client.refusal("donut.agent.v1.Agent/Hello")).isNull();
      CompletableFuture<Status> stream = client.stream("donut.agent.v1.Agent/WatchState");

      ca.authority().revoke(held.serial());

      assertThat(stream.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);

      eventually(
          PATIENCE,
          () ->
              assertThat(client.refusal("donut.agent.v1.Agent/Hello"))
                  .isNotNull()
                  .satisfies(refused ->
                      assertThat(refused.getStatus().getCode())
                          .isEqualTo(Status.Code.UNAVAILABLE)));
      assertThat(agent.revoked()).isNull();
    }
  }

  @Test
  void files_that_are_broken_change_nothing() throws Exception {
    TestCa ca = new TestCa(directory.resolve("ca"));
    Issued controller = ca.issue(TestCa.CONTROLLER);
    Issued reader = ca.issue(TestCa.READER);
    try (TestServer server = new TestServer(in(controller), Permissions.CONTROLLER)) {
      Files.writeString(controller.directory().resolve("cert.pem"), "half a file");
      Files.writeString(controller.directory().resolve("crl.pem"), "-----BEGIN X509 CRL-----\n");
      try (Credentials watching =
          Credentials.open(TlsFiles.in(reader.directory()), Credentials.Watching.FOR_CHANGES)) {
        CountDownLatch reloaded = new CountDownLatch(1);
        watching.onReload(reloaded::countDown);
        // The two watchers look equally often, so that what one has seen the other has looked for.
        ca.authority().issue(TestCa.READER, Duration.ofDays(9), reader.directory());
        assertThat(reloaded.await(30, TimeUnit.SECONDS)).isTrue();
      }
      try (TestServer.Client client = server.client(ca.of(TestCa.READER), TestCa.CONTROLLER)) {
        assertThat(client.refusal(STATUS)).isNull();
      }
    }
  }
}
