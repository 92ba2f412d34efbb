package net.donut.controller;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import net.donut.api.operator.v1.OperatorGrpc;
import net.donut.api.operator.v1.StatusRequest;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.fixtures.Eventually;
import net.donut.tls.Protection;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/// Two fake agents, a policy with two transits and a customer, and a controller that can be stopped
/// and started, reached over its Unix socket.
final class ControllerNetwork implements AutoCloseable {
  private static final Protection INSECURE = new Protection.Insecure();

  /// How each program of the network protects its hops.
  record Hops(Protection controller, Protection edge1, Protection edge2) {}

  private final Path directory;
  private final EpollEventLoopGroup loops = new EpollEventLoopGroup(1);
  private final Protection protection;
  final FakeAgent edge1;
  final FakeAgent edge2;
  private @Nullable ControllerProcess controller;
  private @Nullable ManagedChannel channel;

  private @Nullable Path record;

  /// Without TLS.
  ControllerNetwork(Path directory) throws IOException {
    this(directory, new Hops(INSECURE, INSECURE, INSECURE));
  }

  ControllerNetwork(Path directory, Hops hops) throws IOException {
    this.directory = directory;
    protection = hops.controller();
    edge1 = new FakeAgent("edge1", hops.edge1());
    edge2 = new FakeAgent("edge2", hops.edge2());
    Files.writeString(policyFile(), policy());
  }

  /// Has the next controller record its inputs.
  void recordTo(Path file) {
    record = file;
  }

  Path policyFile() {
    return directory.resolve("donut.yaml");
  }

  Path socket() {
    return directory.resolve("run").resolve("controller.sock");
  }

  Path stateDirectory() {
    return directory.resolve("state");
  }

  String policy() {
    return """
    as: 64500
    networks: [198.51.100.0/24]
    routers:
      edge1: {agent: "%s", router-id: 10.64.0.1}
      edge2: {agent: "%s", router-id: 10.64.0.2}
    links:
      - name: edge1-edge2
        cost: 10
        ends:
          edge1: {interface: edge2, ipv4: 100.64.12.1, ipv6: "fd00:12::1"}
          edge2: {interface: edge1, ipv4: 100.64.12.2, ipv6: "fd00:12::2"}
    neighbors:
      tier1a:
        router: edge1
        as: 64601
        relation: transit
        interface: tier1a
        price: 0.30
        ipv4: {address: 100.64.1.2, local: 100.64.1.1, max-prefix: 1000}
      tier1b:
        router: edge2
        as: 64602
        relation: transit
        interface: tier1b
        price: 0.40
        ipv4: {address: 100.64.2.2, local: 100.64.2.1, max-prefix: 1000}
      babulous:
        router: edge2
        as: 64700
        relation: customer
        interface: babulous
        ipv4: {address: 100.64.7.2, local: 100.64.7.1, max-prefix: 100}
    filters: {bogon-prefixes: false, bogon-asns: false}  # documentation numbers
    timers: {stale-hold: 60s}
    """
        .formatted(edge1.address(), edge2.address());
  }

  ControllerOptions options() {
    return new ControllerOptions(
        policyFile(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        socket(),
        null,
        stateDirectory(),
        "test",
        protection,
        record);
  }

  ControllerProcess start() {
    ControllerProcess started = ControllerProcess.start(options());
    controller = started;
    return started;
  }

  void stop() {
    if (controller != null) {
      controller.close();
      controller = null;
    }
  }

  OperatorGrpc.OperatorBlockingStub operator() {
    return OperatorGrpc.newBlockingStub(channel())
        .withWaitForReady()
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  ManagedChannel channel() {
    ManagedChannel open = channel;
    if (open == null) {
      open =
          NettyChannelBuilder.forAddress(new DomainSocketAddress(socket().toFile()))
              .channelType(EpollDomainSocketChannel.class)
              .eventLoopGroup(loops)
              .usePlaintext()
              .build();
      channel = open;
    }
    return open;
  }

  /// The routes of a working day: both transits announce the same, the customer its own block.
  void usualRoutes() {
    edge1.link("tier1a", true);
    edge1.link("edge2", true);
    edge2.link("tier1b", true);
    edge2.link("babulous", true);
    edge2.link("edge1", true);
    edge1.up("tier1a/ipv4", FakeAgent.path("100.64.1.2", "64601 65001"), transitPrefixes());
    edge2.up("tier1b/ipv4", FakeAgent.path("100.64.2.2", "64602 65001"), transitPrefixes());
    edge2.up(
        "babulous/ipv4",
        FakeAgent.path("100.64.7.2", "64700"),
        FakeAgent.prefixes("203.0.113.0/24"));
  }

  static net.donut.model.Prefixes transitPrefixes() {
    return FakeAgent.prefixes("0.0.0.0/0", "20.0.0.0/16", "20.1.0.0/16", "20.2.0.0/16");
  }

  StatusResponse status() {
    return operator().status(StatusRequest.getDefaultInstance());
  }

  void untilConverged() throws Throwable {
    Eventually.eventually(() -> Assertions.assertThat(status().getWaitingList()).isEmpty());
  }

  @Override
  public void close() {
    stop();
    if (channel != null) {
      channel.shutdownNow();
      try {
        boolean _ = channel.awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    edge1.close();
    edge2.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
