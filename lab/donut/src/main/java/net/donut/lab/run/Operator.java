package net.donut.lab.run;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.FibSummary;
import net.donut.api.agent.v1.InspectFibRequest;
import net.donut.api.agent.v1.InspectFibResponse;
import net.donut.api.operator.v1.CoverageRequest;
import net.donut.api.operator.v1.CoverageResponse;
import net.donut.api.operator.v1.ExplainRequest;
import net.donut.api.operator.v1.ExplainResponse;
import net.donut.api.operator.v1.InspectRouterFibRequest;
import net.donut.api.operator.v1.ListAgentsRequest;
import net.donut.api.operator.v1.ListAgentsResponse;
import net.donut.api.operator.v1.ListNeighborsRequest;
import net.donut.api.operator.v1.ListNeighborsResponse;
import net.donut.api.operator.v1.ListOverridesRequest;
import net.donut.api.operator.v1.ListRoutesRequest;
import net.donut.api.operator.v1.OperatorGrpc;
import net.donut.api.operator.v1.OverrideInfo;
import net.donut.api.operator.v1.OverrideRequest;
import net.donut.api.operator.v1.OverrideResponse;
import net.donut.api.operator.v1.StatusRequest;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.lab.net.LabException;
import net.donut.model.Prefix;

/// Questions to the controller of a lab over its Unix socket.
public final class Operator implements AutoCloseable {
  private static final int OVERRIDE_SECONDS = 5;

  private final EventLoopGroup group = new EpollEventLoopGroup(1);
  private final ManagedChannel channel;

  public Operator(Path socket) {
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
            .overrideAuthority("controller")
            .eventLoopGroup(group)
            .usePlaintext()
            .maxInboundMessageSize(16 << 20)
            .build();
  }

  /// The kernel of a router: what differs from the intent, and the counts of a fresh dump.
  public record Kernel(FibSummary summary, List<FibEntry> entries) {
    public Kernel {
      entries = List.copyOf(entries);
    }

    public boolean equalsIntent() {
      return summary.getMissing() == 0
          && summary.getUnexpected() == 0
          && summary.getInstalled() == summary.getIntended();
    }
  }

  private OperatorGrpc.OperatorBlockingStub stub() {
    return OperatorGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private <T> T ask(String what, Function<OperatorGrpc.OperatorBlockingStub, T> question) {
    try {
      return question.apply(stub());
    } catch (StatusRuntimeException e) {
      throw new LabException("controller: " + what + ": " + e.getStatus(), e);
    }
  }

  public StatusResponse status() {
    return ask("status", stub -> stub.status(StatusRequest.getDefaultInstance()));
  }

  /// The status of a controller that may not be there.
  public Optional<StatusResponse> tryStatus() {
    try {
      channel.resetConnectBackoff();
      return Optional.of(
          OperatorGrpc.newBlockingStub(channel)
              .withDeadlineAfter(5, TimeUnit.SECONDS)
              .status(StatusRequest.getDefaultInstance()));
    } catch (StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  /// Sends a prefix by one neighbor for some seconds.
  public OverrideResponse override(String prefix, String neighbor, int seconds) {
    OverrideRequest request =
        OverrideRequest.newBuilder()
            .setPrefix(prefix)
            .setNeighbor(neighbor)
            .setSeconds(seconds)
            .build();
    return ask(
        "override",
        stub -> stub.withDeadlineAfter(OVERRIDE_SECONDS, TimeUnit.SECONDS).override(request));
  }

  /// The overrides that stand.
  public List<OverrideInfo> overrides() {
    return ask("overrides", stub -> stub.listOverrides(ListOverridesRequest.getDefaultInstance()))
        .getOverridesList();
  }

  public ListNeighborsResponse neighbors() {
    return ask("neighbors", stub -> stub.listNeighbors(ListNeighborsRequest.getDefaultInstance()));
  }

  public ListAgentsResponse agents() {
    return ask("agents", stub -> stub.listAgents(ListAgentsRequest.getDefaultInstance()));
  }

  public CoverageResponse coverage() {
    return ask("coverage", stub -> stub.coverage(CoverageRequest.getDefaultInstance()));
  }

  public ExplainResponse explain(String address, String router) {
    return ask(
        "explain",
        stub ->
            stub.explain(
                ExplainRequest.newBuilder().setAddress(address).setRouter(router).build()));
  }

  /// The prefixes that a neighbor is to hear from us.
  public Set<Prefix> advertised(String neighbor) {
    return routes(ListRoutesRequest.newBuilder().setNeighbor(neighbor).setAdvertised(true).build());
  }

  /// The prefixes whose best path is of a relation, such as `customer`.
  public Set<Prefix> routesBy(String relation) {
    return routes(ListRoutesRequest.newBuilder().setRelation(relation).build());
  }

  private Set<Prefix> routes(ListRoutesRequest request) {
    return ask(
        "routes",
        stub -> {
          Set<Prefix> prefixes = new HashSet<>();
          stub.listRoutes(request)
              .forEachRemaining(part ->
                  part.getRoutesList()
                      .forEach(route -> prefixes.add(Prefix.parse(route.getPrefix()))));
          return prefixes;
        });
  }

  /// What differs between intent and kernel of a router, with the summary.
  public Kernel drift(String router) {
    return inspect(router, InspectFibRequest.newBuilder().setDrift(true).build());
  }

  /// The kernel's entry for an address, with the summary.
  public Kernel lookup(String router, String address) {
    return inspect(router, InspectFibRequest.newBuilder().setAddressOrPrefix(address).build());
  }

  private Kernel inspect(String router, InspectFibRequest query) {
    return ask(
        "fib of " + router,
        stub -> {
          Iterator<InspectFibResponse> answers =
              stub.inspectFib(
                  InspectRouterFibRequest.newBuilder().setRouter(router).setQuery(query).build());
          FibSummary summary = FibSummary.getDefaultInstance();
          List<FibEntry> entries = new ArrayList<>();
          while (answers.hasNext()) {
            InspectFibResponse answer = answers.next();
            entries.addAll(answer.getEntriesList());
            if (answer.hasSummary()) {
              summary = answer.getSummary();
            }
          }
          return new Kernel(summary, entries);
        });
  }

  @Override
  public void close() {
    channel.shutdownNow();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
