package net.donut.agent;

import gribi.Gribi;
import gribi.gRIBIGrpc;
import gribi_aft.GribiAft.Afts;
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
import java.util.function.Function;
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
import net.donut.netlink.NetworkNamespace;
import ywrapper.Ywrapper.StringValue;
import ywrapper.Ywrapper.UintValue;

/// A controller's side of one agent, from inside the agent's namespace.
final class AgentClient implements AutoCloseable {
  private final EventLoopGroup loops;
  private final ManagedChannel channel;

  AgentClient(NetworkNamespace namespace, InetSocketAddress address) {
    loops = new EpollEventLoopGroup(1, namespace.threadFactory("test-client"));
    channel =
        NettyChannelBuilder.forAddress(address)
            .eventLoopGroup(loops)
            .channelFactory(() -> namespace.call(EpollSocketChannel::new))
            .usePlaintext()
            .build();
  }

  AgentGrpc.AgentBlockingStub blocking() {
    return AgentGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  RouteView<WatchRoutesRequest> watchRoutes() {
    RouteView<WatchRoutesRequest> view = new RouteView<>();
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
        id ->
            List.of(
                nextHop(1, id, nextHop, interfaceName),
                group(1, id, 1, 0),
                route(1, id, prefix, 1)));
  }

  /// Programs one IPv4 route over group 1, next hop 1, backed up by group 2, next hop 2.
  void protect(long election, String prefix, Hop primary, Hop backup) throws Exception {
    modify(
        election,
        id ->
            List.of(
                nextHop(1, id, primary.address(), primary.interfaceName()),
                nextHop(2, id, backup.address(), backup.interfaceName()),
                group(2, id, 2, 0),
                group(1, id, 1, 2),
                route(1, id, prefix, 1)));
  }

  record Hop(String address, String interfaceName) {}

  private static Gribi.AFTOperation.Builder nextHop(
      long index, Gribi.Uint128 election, String address, String interfaceName) {
    return add(index, election)
        .setNextHop(
            Afts.NextHopKey.newBuilder()
                .setIndex(index)
                .setNextHop(
                    Afts.NextHop.newBuilder()
                        .setIpAddress(string(address))
                        .setInterfaceRef(
                            Afts.NextHop.InterfaceRef.newBuilder()
                                .setInterface(string(interfaceName)))));
  }

  private static Gribi.AFTOperation.Builder group(
      long number, Gribi.Uint128 election, long nextHop, long backup) {
    Afts.NextHopGroup.Builder group =
        Afts.NextHopGroup.newBuilder()
            .addNextHop(
                Afts.NextHopGroup.NextHopKey.newBuilder()
                    .setIndex(nextHop)
                    .setNextHop(Afts.NextHopGroup.NextHop.newBuilder().setWeight(uint(1))));
    if (backup != 0) {
      group.setBackupNextHopGroup(uint(backup));
    }
    return add(number, election)
        .setNextHopGroup(Afts.NextHopGroupKey.newBuilder().setId(nextHop).setNextHopGroup(group));
  }

  private static Gribi.AFTOperation.Builder route(
      long number, Gribi.Uint128 election, String prefix, long group) {
    return add(number, election)
        .setIpv4(
            Afts.Ipv4EntryKey.newBuilder()
                .setPrefix(prefix)
                .setIpv4Entry(Afts.Ipv4Entry.newBuilder().setNextHopGroup(uint(group))));
  }

  private void modify(
      long election, Function<Gribi.Uint128, List<Gribi.AFTOperation.Builder>> content)
      throws Exception {
    Gribi.Uint128 id = Gribi.Uint128.newBuilder().setLow(election).build();
    Gribi.ModifyRequest.Builder request = Gribi.ModifyRequest.newBuilder();
    long number = 0;
    for (Gribi.AFTOperation.Builder operation : content.apply(id)) {
      request.addOperation(operation.setId(++number));
    }
    int wanted = request.getOperationCount();
    CompletableFuture<Integer> programmed = new CompletableFuture<>();
    List<Gribi.AFTResult> results = new ArrayList<>();
    StreamObserver<Gribi.ModifyRequest> stream =
        gRIBIGrpc
            .newStub(channel)
            .modify(
                new StreamObserver<>() {
                  @Override
                  public void onNext(Gribi.ModifyResponse response) {
                    for (Gribi.AFTResult result : response.getResultList()) {
                      if (result.getStatus() == Gribi.AFTResult.Status.FIB_PROGRAMMED) {
                        results.add(result);
                      } else if (result.getStatus() != Gribi.AFTResult.Status.RIB_PROGRAMMED) {
                        programmed.completeExceptionally(
                            new IllegalStateException(result.toString()));
                      }
                    }
                    if (results.size() == wanted) {
                      programmed.complete(wanted);
                    }
                  }

                  @Override
                  public void onError(Throwable cause) {
                    programmed.completeExceptionally(cause);
                  }

                  @Override
                  public void onCompleted() {}
                });
    stream.onNext(
        Gribi.ModifyRequest.newBuilder()
            .setParams(
                Gribi.SessionParameters.newBuilder()
                    .setRedundancy(Gribi.SessionParameters.ClientRedundancy.SINGLE_PRIMARY)
                    .setPersistence(Gribi.SessionParameters.AFTPersistence.PRESERVE)
                    .setAckType(Gribi.SessionParameters.AFTResultStatusType.RIB_AND_FIB_ACK))
            .build());
    stream.onNext(Gribi.ModifyRequest.newBuilder().setElectionId(id).build());
    stream.onNext(request.build());
    programmed.get(20, TimeUnit.SECONDS);
    stream.onCompleted();
  }

  private static Gribi.AFTOperation.Builder add(long number, Gribi.Uint128 election) {
    return Gribi.AFTOperation.newBuilder()
        .setId(number)
        .setNetworkInstance("DEFAULT")
        .setOp(Gribi.AFTOperation.Operation.ADD)
        .setElectionId(election);
  }

  private static StringValue string(String value) {
    return StringValue.newBuilder().setValue(value).build();
  }

  private static UintValue uint(long value) {
    return UintValue.newBuilder().setValue(value).build();
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
