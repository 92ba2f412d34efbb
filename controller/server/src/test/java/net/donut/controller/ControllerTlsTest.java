package net.donut.controller;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.donut.api.operator.v1.AgentInfo;
import net.donut.api.operator.v1.DrainRequest;
import net.donut.api.operator.v1.ListAgentsRequest;
import net.donut.api.operator.v1.OperatorGrpc;
import net.donut.api.operator.v1.StatusRequest;
import net.donut.model.Role;
import net.donut.pki.CertificateAuthority;
import net.donut.pki.Issued;
import net.donut.tls.Protection;
import net.donut.tls.TlsFiles;
import net.donut.tls.TransportSecurity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A controller with a certificate between agents and operators with theirs.
final class ControllerTlsTest {
  private static final Role CONTROLLER = new Role.Controller();
  private static final Role EDGE1 = new Role.Agent("edge1");
  private static final Role EDGE2 = new Role.Agent("edge2");
  private static final Role READER = new Role.OperatorRead("kay");
  private static final Role WRITER = new Role.OperatorWrite("kay");
  private static final String DRAIN = "donut.operator.v1.Operator/Drain";

  @TempDir Path directory;
  private CertificateAuthority authority;

  @BeforeEach
  void createAuthority() {
    authority =
        CertificateAuthority.create(directory.resolve("pki"), "test", Duration.ofDays(3650));
  }

  private Issued issue(Role role) {
    return authority.issue(role, Duration.ofDays(300), authority.directoryOf(role));
  }

  private static Protection with(Issued issued) {
    return new Protection.MutualTls(TlsFiles.in(issued.directory()));
  }

  private ControllerNetwork network(Role controller, Role edge1, Role edge2) throws Exception {
    return new ControllerNetwork(
        directory,
        new ControllerNetwork.Hops(
            with(issue(controller)), with(issue(edge1)), with(issue(edge2))));
  }

  private static AgentInfo agent(ControllerNetwork network, String name) {
    return network
        .operator()
        .listAgents(ListAgentsRequest.getDefaultInstance())
        .getAgentsList()
        .stream()
        .filter(agent -> agent.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /// Asks the controller over TCP with the certificate of a role.
  private <T> T ask(
      ControllerProcess controller,
      Role role,
      Function<OperatorGrpc.OperatorBlockingStub, T> question) {
    try (TransportSecurity security = TransportSecurity.openOnce(with(issue(role)))) {
      NettyChannelBuilder builder =
          NettyChannelBuilder.forAddress(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), controller.port()));
      security.protect(builder, CONTROLLER);
      ManagedChannel channel = builder.build();
      try {
        return question.apply(
            OperatorGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS));
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private void assertRefused(ControllerProcess controller, Role role, String method) {
    assertThatThrownBy(() ->
            ask(
                controller,
                role,
                stub ->
                    method.equals(DRAIN)
                        ? stub.drain(DrainRequest.newBuilder().setNeighbor("tier1a").build())
                        : stub.status(StatusRequest.getDefaultInstance())))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> {
              assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
              assertThat(refused.getStatus().getDescription())
                  .startsWith(role.uri() + " may not call " + method + " (allowed: ");
            });
  }

  @Test
  void the_role_of_an_operator_decides_over_tcp_and_the_socket_needs_none() throws Exception {
    try (ControllerNetwork network = network(CONTROLLER, EDGE1, EDGE2)) {
      ControllerProcess controller = network.start();
      StatusRequest status = StatusRequest.getDefaultInstance();
      DrainRequest drain = DrainRequest.newBuilder().setNeighbor("tier1a").build();

      assertThat(ask(controller, READER, stub -> stub.status(status)).getWarningsList()).isEmpty();
      assertRefused(controller, READER, DRAIN);
      assertRefused(controller, EDGE1, "donut.operator.v1.Operator/Status");
      assertRefused(controller, CONTROLLER, DRAIN);
      assertThat(ask(controller, WRITER, stub -> stub.drain(drain)).getMessage()).isNotNull();
      assertThat(network.operator().drain(drain.toBuilder().setUndo(true).build())).isNotNull();
    }
  }

  @Test
  void an_agent_is_believed_only_with_the_certificate_of_its_router() throws Throwable {
    try (ControllerNetwork network = network(CONTROLLER, EDGE1, new Role.Agent("edge9"))) {
      network.start();

      eventually(() -> assertThat(agent(network, "edge1").getState()).isEqualTo("synced"));
      eventually(() ->
          assertThat(agent(network, "edge2").getError())
              .contains("the server is donut:agent:edge9 (expected: donut:agent:edge2)"));
      assertThat(network.edge2.configurations()).isEmpty();
    }
  }

  @Test
  void a_controller_does_not_start_with_the_certificate_of_an_agent() throws Exception {
    try (ControllerNetwork network = network(EDGE1, EDGE1, EDGE2)) {
      assertThatThrownBy(network::start)
          .isInstanceOfSatisfying(
              ControllerException.class,
              refused ->
                  assertThat(refused.lines().toString())
                      .contains("certificate of donut:agent:edge1 (expected: donut:controller;"));
    }
  }
}
