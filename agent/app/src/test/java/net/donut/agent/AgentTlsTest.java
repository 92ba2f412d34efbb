package net.donut.agent;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.donut.api.agent.v1.AgentGrpc;
import net.donut.api.agent.v1.HelloRequest;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.StateEvent;
import net.donut.api.agent.v1.WatchStateRequest;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.Role;
import net.donut.pki.CertificateAuthority;
import net.donut.pki.Issued;
import net.donut.tls.Protection;
import net.donut.tls.TlsFiles;
import net.donut.tls.TransportSecurity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The agent as a process with a certificate, and who comes with which.
@Timeout(120)
@NeedsKernel
class AgentTlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Role EDGE1 = new Role.Agent("edge1");
  private static final Role CONTROLLER = new Role.Controller();

  private final Path directory;
  private final CertificateAuthority authority;
  private final BirdNetwork network = new BirdNetwork();

  AgentTlsTest(@TempDir Path directory) {
    this.directory = directory;
    authority =
        CertificateAuthority.create(directory.resolve("pki"), "test", Duration.ofDays(3650));
  }

  @AfterEach
  void cleanUp() throws Exception {
    network.end();
  }

  private Issued issue(Role role) {
    return authority.issue(role, Duration.ofDays(300), authority.directoryOf(role));
  }

  private Path log() {
    return directory.resolve("agent.log");
  }

  private Process start(Issued issued) throws Exception {
    Process process =
        AgentMain.start(
            network.here,
            log(),
            java.util.List.of(
                "--tls-dir",
                issued.directory().toString(),
                "--state-dir",
                directory.resolve("state").toString()));
    network.keep(() -> process.destroyForcibly().waitFor());
    return process;
  }

  private void awaitLog(String... words) {
    eventually(PATIENCE, () -> assertThat(Files.readString(log())).contains(words));
  }

  private AgentClient client(Issued issued) {
    TransportSecurity security =
        network.keep(
            TransportSecurity.openOnce(new Protection.MutualTls(TlsFiles.in(issued.directory()))));
    return network.keep(
        new AgentClient(
            network.namespace,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), AgentOptions.DEFAULT_PORT),
            security));
  }

  private static HelloResponse hello(AgentClient client) {
    return client.blocking().hello(HelloRequest.getDefaultInstance());
  }

  private static Status configured(AgentClient client) {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> client.blocking().configure(BirdNetwork.configuration()));
    return refused == null ? Status.OK : refused.getStatus();
  }

  private void assertRefused(Role role) {
    Status refused = configured(client(issue(role)));

    assertThat(refused.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(refused.getDescription())
        .isEqualTo(
            role.uri() + " may not call donut.agent.v1.Agent/Configure (allowed: controller)");
    awaitLog("who=" + role.uri() + " method=donut.agent.v1.Agent/Configure from=/127.0.0.1:");
  }

  @Test
  void a_controller_is_obeyed_and_nobody_else_and_the_log_says_who_was_refused_what()
      throws Exception {
    start(issue(EDGE1));
    awaitLog("agent started");
    Role edge2 = new Role.Agent("edge2");
    Role reader = new Role.OperatorRead("kay");

    assertRefused(edge2);
    assertRefused(reader);
    assertRefused(new Role.OperatorWrite("kay"));
    assertThat(hello(client(issue(reader))).getGeneration()).isZero();
    assertThat(configured(client(issue(CONTROLLER)))).isEqualTo(Status.OK);
    assertThat(hello(client(issue(reader))).getGeneration()).isEqualTo(5);
    assertThat(
            HealthGrpc.newBlockingStub(client(issue(edge2)).channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void a_certificate_is_renewed_and_another_revoked_without_a_restart() throws Exception {
    Instant now = Instant.now();
    Path held = authority.directoryOf(EDGE1);
    start(
        authority.issue(
            EDGE1, now.minus(Duration.ofDays(30)), now.plus(Duration.ofHours(30)), held));
    awaitLog("agent started", "certificate of donut:agent:edge1 expires in 29 hours");
    Issued controller = issue(CONTROLLER);
    AgentClient client = client(controller);
    CompletableFuture<Status> ended = watch(client);
    assertThat(hello(client).getWarningsList().toString()).contains("expires in 29 hours");

    authority.issue(EDGE1, Duration.ofDays(300), held);

    awaitLog("role=donut:agent:edge1 until=", "credentials loaded");
    assertThat(hello(client).getWarningsList().toString()).doesNotContain("expires");
    assertThat(ended).isNotDone();
    assertThat(configured(client(issue(new Role.OperatorRead("kay")))).getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);

    AgentClient again = client(controller);
    authority.revoke(controller.serial());

    assertThat(ended.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    awaitLog("who=donut:controller", "is revoked (serial number " + controller.serialText() + ")");
    assertThat(configured(again).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    awaitLog("connection ended", "certificate refused");
  }

  /// Watches the state until the stream ends; gives how it did.
  private static CompletableFuture<Status> watch(AgentClient client) {
    CompletableFuture<Status> ended = new CompletableFuture<>();
    AgentGrpc.newStub(client.channel())
        .watchState(
            WatchStateRequest.getDefaultInstance(),
            new StreamObserver<>() {
              @Override
              public void onNext(StateEvent event) {}

              @Override
              public void onError(Throwable cause) {
                ended.complete(Status.fromThrowable(cause));
              }

              @Override
              public void onCompleted() {
                ended.complete(Status.OK);
              }
            });
    return ended;
  }

  @Test
  void an_agent_does_not_start_with_the_certificate_of_another() throws Exception {
    Process another = start(issue(new Role.Agent("edge2")));

    assertThat(another.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(log()))
        .contains("certificate of donut:agent:edge2 (expected: donut:agent:edge1; issue it with:")
        .doesNotContain("Exception");
  }

  /// Neighbors and forwarding do not wait for a certificate.
  @Test
  void an_agent_whose_certificate_is_over_runs_and_is_reached_when_it_is_renewed()
      throws Exception {
    Instant now = Instant.now();
    Path held = authority.directoryOf(EDGE1);
    start(
        authority.issue(
            EDGE1, now.minus(Duration.ofDays(30)), now.minus(Duration.ofDays(1)), held));
    awaitLog(
        "agent started",
        "certificate of donut:agent:edge1 expired at ",
        "; renew it with: donut pki renew DIR");
    Issued controller = issue(CONTROLLER);
    assertThat(configured(client(controller)).getCode()).isEqualTo(Status.Code.UNAVAILABLE);

    authority.issue(EDGE1, Duration.ofDays(300), held);

    awaitLog("credentials loaded");
    assertThat(configured(client(controller))).isEqualTo(Status.OK);
  }
}
