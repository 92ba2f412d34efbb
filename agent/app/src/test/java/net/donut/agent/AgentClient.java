package net.donut.agent;

import gribi.Gribi;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.donut.agent.gribi.AftOperations;
import net.donut.api.AttributeMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.AdvertiseRequest;
import net.donut.api.agent.v1.AdvertiseResponse;
import net.donut.api.agent.v1.AgentGrpc;
import net.donut.api.agent.v1.Family;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.FibSummary;
import net.donut.api.agent.v1.InspectFibRequest;
import net.donut.api.agent.v1.InspectFibResponse;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.api.agent.v1.WatchRoutesRequest;
import net.donut.api.agent.v1.WatchStateRequest;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.Role;
import net.donut.netlink.NetworkNamespace;
import net.donut.tls.Protection;
import net.donut.tls.TransportSecurity;

/// A controller's side of one agent, from inside the agent's namespace.
final class AgentClient implements AutoCloseable {
  private final EventLoopGroup loops;
  private final ManagedChannel channel;

  /// Without TLS.
  AgentClient(NetworkNamespace namespace, InetSocketAddress address) {
    this(namespace, address, TransportSecurity.openOnce(new Protection.Insecure()));
  }

  /// Expects the agent of `edge1` at the other end.
  AgentClient(NetworkNamespace namespace, InetSocketAddress address, TransportSecurity security) {
    loops = new EpollEventLoopGroup(1, namespace.threadFactory("test-client"));
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address)
            .eventLoopGroup(loops)
            .channelFactory(() -> namespace.call(EpollSocketChannel::new));
    security.protect(builder, new Role.Agent("edge1"));
    channel = builder.build();
  }

  AgentGrpc.AgentBlockingStub blocking() {
    return AgentGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  RouteStreamView<WatchRoutesRequest> watchRoutes() {
    RouteStreamView<WatchRoutesRequest> view = new RouteStreamView<>();
    AgentGrpc.newStub(channel).watchRoutes(WatchRoutesRequest.getDefaultInstance(), view);
    view.request(1_000_000);
    return view;
  }

  StateView watchState() {
    StateView view = new StateView();
    AgentGrpc.newStub(channel).watchState(WatchStateRequest.getDefaultInstance(), view);
    return view;
  }

  /// Sends a full content for one neighbor and waits until it was taken.
  void advertise(String neighbor, Collection<Prefix> prefixes, PathAttributes attributes)
      throws Exception {
    CompletableFuture<Long> taken = new CompletableFuture<>();
    StreamObserver<AdvertiseRequest> stream =
        AgentGrpc.newStub(channel)
            .advertise(
                new StreamObserver<>() {
                  @Override
                  public void onNext(AdvertiseResponse response) {
                    if (response.getSeq() == 3) {
                      taken.complete(3L);
                    }
                  }

                  @Override
                  public void onError(Throwable cause) {
                    taken.completeExceptionally(cause);
                  }

                  @Override
                  public void onCompleted() {}
                });
    stream.onNext(AdvertiseRequest.newBuilder().setSeq(1).setBegin(true).build());
    stream.onNext(
        AdvertiseRequest.newBuilder()
            .setSeq(2)
            .setBatch(
                RouteBatch.newBuilder()
                    .setNeighbor(neighbor)
                    .addAttributeSets(AttributeMapping.toProto(1, attributes))
                    .addGroups(
                        RouteGroup.newBuilder()
                            .setAttributeSetId(1)
                            .setFamily(Family.FAMILY_IPV4)
                            .setNlri(
                                NlriMapping.pack(
                                    Prefixes.copyOf(
                                        net.donut.model.Family.IPV4, List.copyOf(prefixes))))))
            .build());
    stream.onNext(AdvertiseRequest.newBuilder().setSeq(3).setEnd(true).build());
    taken.get(20, TimeUnit.SECONDS);
    stream.onCompleted();
  }

  /// Programs one IPv4 route over one next hop by gRIBI and waits for its three FIB acks.
  void program(long election, String prefix, String nextHop, String interfaceName)
      throws Exception {
    modify(
        election,
        List.of(
            AftOperations.nextHop(1, nextHop, interfaceName),
            AftOperations.group(1, 1),
            AftOperations.ipv4(prefix, 1)));
  }

  /// Programs one IPv4 route over group 1, next hop 1, backed up by group 2, next hop 2.
  void protect(long election, String prefix, Hop primary, Hop backup) throws Exception {
    modify(
        election,
        List.of(
            AftOperations.nextHop(1, primary.address(), primary.interfaceName()),
            AftOperations.nextHop(2, backup.address(), backup.interfaceName()),
            AftOperations.group(2, 2),
            AftOperations.groupWithBackup(1, 2, 1),
            AftOperations.ipv4(prefix, 1)));
  }

  record Hop(String address, String interfaceName) {}

  private void modify(long election, List<Gribi.AFTOperation.Builder> operations) throws Exception {
    try (RouteProgrammer programmer = new RouteProgrammer(channel, 0, election)) {
      List<String> refused = programmer.send(operations);
      if (!refused.isEmpty()) {
        throw new IllegalStateException(refused.toString());
      }
    }
  }

  /// Every entry of the FIB, and the summary.
  record Fib(List<FibEntry> entries, FibSummary summary) {}

  Fib inspectFib() {
    List<FibEntry> entries = new ArrayList<>();
    FibSummary[] summary = {FibSummary.getDefaultInstance()};
    blocking()
        .inspectFib(InspectFibRequest.newBuilder().setAll(true).build())
        .forEachRemaining((InspectFibResponse response) -> {
          entries.addAll(response.getEntriesList());
          if (response.hasSummary()) {
            summary[0] = response.getSummary();
          }
        });
    return new Fib(entries, summary[0]);
  }

  ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
  }
}
