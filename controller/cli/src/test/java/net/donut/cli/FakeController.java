package net.donut.cli;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.FibNextHop;
import net.donut.api.agent.v1.FibSummary;
import net.donut.api.agent.v1.InspectFibResponse;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.operator.v1.*;
import net.donut.api.operator.v1.ListOverridesRequest;
import net.donut.api.operator.v1.ListOverridesResponse;
import net.donut.api.operator.v1.OverrideInfo;
import net.donut.api.operator.v1.OverrideRequest;
import net.donut.api.operator.v1.OverrideResponse;
import org.jspecify.annotations.Nullable;

/// A controller with one router `edge1` and one neighbor `tier1a`, which refuses what a real one
/// refuses.
final class FakeController extends OperatorGrpc.OperatorImplBase implements AutoCloseable {
  private final EventLoopGroup group = new EpollEventLoopGroup(1);
  private final Server server;
  final Path socket;

  /// What it answers; may be replaced before it is asked.
  volatile StatusResponse status =
      StatusResponse.newBuilder()
          .setLocalAs((int) 4_200_000_000L)
          .setConverged(false)
          .addWaiting("edge1: 12 operations sent and not acknowledged yet, 0 to send")
          .setRoutes(RouteCounts.newBuilder().setTotal(10).setDirect(4).setDonutRatio(0.4))
          .build();

  /// In place of what it would say of the address.
  volatile @Nullable ExplainResponse explanation;

  volatile CoverageResponse coverage =
      CoverageResponse.newBuilder()
          .setHoleCount(1)
          .addHoles(AddressBlock.newBuilder().setPrefix("198.51.100.0/24").setReason("no exit"))
          .build();

  FakeController(Path directory) throws IOException {
    socket = directory.resolve("controller.sock");
    server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(group)
            .workerEventLoopGroup(group)
            .addService(this)
            .build()
            .start();
  }

  private static <T> void answer(StreamObserver<T> to, T value) {
    to.onNext(value);
    to.onCompleted();
  }

  private static void refuse(StreamObserver<?> to, Status status, String text) {
    to.onError(status.withDescription(text).asRuntimeException());
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> to) {
    answer(to, status);
  }

  @Override
  public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> to) {
    answer(
        to,
        ListAgentsResponse.newBuilder()
            .addAgents(
                AgentInfo.newBuilder()
                    .setName("edge1")
                    .setState("unreachable")
                    .setError("connection refused"))
            .build());
  }

  @Override
  public void listNeighbors(
      ListNeighborsRequest request, StreamObserver<ListNeighborsResponse> to) {
    if (!request.getName().isEmpty() && !request.getName().equals("tier1a")) {
      refuse(to, Status.NOT_FOUND, "unknown neighbor '" + request.getName() + "' (known: tier1a)");
      return;
    }
    answer(
        to,
        ListNeighborsResponse.newBuilder()
            .addNeighbors(
                NeighborInfo.newBuilder()
                    .setName("tier1a")
                    .setRelation("transit")
                    .setSession(
                        SessionState.newBuilder()
                            .setNeighbor("tier1a/ipv4")
                            .setState("Established")
                            .setDownReason("hold timer expired")))
            .addNeighbors(
                NeighborInfo.newBuilder()
                    .setName("tier1a")
                    .setAccepted(4)
                    .setHeldMs(52_000)
                    .setRouter("edge1")
                    .setRelation("transit")
                    .setSession(
                        SessionState.newBuilder()
                            .setNeighbor("tier1a/ipv6")
                            .setState("Active")
                            .setAdmin("up")
                            .setDownSinceUnixMs(System.currentTimeMillis() - 12_500)
                            .setDownReason("received Cease, Administrative Shutdown: \"swap\"")
                            .setAttemptError("connection refused")
                            .setNextTryMs(3_000)))
            .addNeighbors(
                NeighborInfo.newBuilder()
                    .setName("c3")
                    .setRouter("edge1")
                    .setRelation("customer")
                    .setSession(
                        SessionState.newBuilder()
                            .setNeighbor("c3/ipv4")
                            .setState("Idle")
                            .setAdmin("max-prefix")
                            .setDownSinceUnixMs(System.currentTimeMillis() - 300_500)
                            .setDownReason("ipv4: 4 prefixes, limit 3: Cease 6/1")
                            .setNextTryMs(250_000)))
            .build());
  }

  @Override
  public void listRoutes(ListRoutesRequest request, StreamObserver<ListRoutesResponse> to) {
    if (request.getPrefix().startsWith("203")) {
      to.onCompleted();
      return;
    }
    answer(
        to,
        ListRoutesResponse.newBuilder()
            .addRoutes(
                RouteInfo.newBuilder()
                    .setPrefix("192.0.2.0/24")
                    .addPaths(
                        PathInfo.newBuilder()
                            .setNeighbor("tier1a")
                            .setBest(true)
                            .setAsPath("64601 65001")
                            .setMed(-1))
                    .addPaths(
                        PathInfo.newBuilder()
                            .setNeighbor("tier1b")
                            .setRejected("as-loop")
                            .setEvidence("AS64500 is our own (expected: not in 64602 64500)")))
            .build());
  }

  @Override
  public void inspectFib(InspectRouterFibRequest request, StreamObserver<InspectFibResponse> to) {
    if (!request.getRouter().equals("edge1")) {
      refuse(to, Status.NOT_FOUND, "unknown router '" + request.getRouter() + "' (known: edge1)");
      return;
    }
    InspectFibResponse.Builder page = InspectFibResponse.newBuilder();
    if (!request.getQuery().getAddressOrPrefix().isEmpty()) {
      page.addEntries(
          FibEntry.newBuilder()
              .setPrefix("192.0.2.0/24")
              .setStatus("installed")
              .addNextHops(
                  FibNextHop.newBuilder()
                      .setAddress("10.0.0.1")
                      .setInterface("tier1a")
                      .setBuckets(3)
                      .setAlive(true))
              .addNextHops(
                  FibNextHop.newBuilder().setAddress("10.0.0.5").setInterface("edge2").setRank(1)));
    }
    long missing = request.getQuery().getDrift() ? 2 : 0;
    to.onNext(page.build());
    answer(
        to,
        InspectFibResponse.newBuilder()
            .setSummary(
                FibSummary.newBuilder()
                    .setIntended(5)
                    .setInstalled(5 - missing)
                    .setMissing(missing))
            .build());
  }

  @Override
  public void explain(ExplainRequest request, StreamObserver<ExplainResponse> to) {
    boolean known = request.getAddress().startsWith("192");
    if (explanation != null) {
      answer(to, explanation);
      return;
    }
    answer(
        to,
        ExplainResponse.newBuilder()
            .setAddress(request.getAddress())
            .addSteps(
                ExplainStep.newBuilder()
                    .setPrefix("192.0.2.0/24")
                    .setRouter("edge1")
                    .setSelected(known)
                    .setKernel("installed")
                    .addExits(
                        ExplainExit.newBuilder()
                            .setNeighbor("tier1a")
                            .setRelation("transit")
                            .setRouter("edge1")
                            .setNextHop("10.0.0.1")
                            .setInterface("tier1a")
                            .setLinkUp(true))
                    .addCandidates(
                        ExplainCandidate.newBuilder()
                            .setVerdict("accepted")
                            .setPath(
                                PathInfo.newBuilder()
                                    .setNeighbor("tier1b")
                                    .setLostAt("as-path-length")
                                    .setLostTo("tier1a")
                                    .setLostText("longer AS path (3) than tier1a (2)"))))
            .build());
  }

  @Override
  public void coverage(CoverageRequest request, StreamObserver<CoverageResponse> to) {
    answer(to, coverage);
  }

  @Override
  public void applyPolicy(ApplyPolicyRequest request, StreamObserver<ApplyPolicyResponse> to) {
    ApplyPolicyResponse.Builder answer = ApplyPolicyResponse.newBuilder().setGeneration(7);
    if (request.getText().contains("bad")) {
      answer.addProblems(
          PolicyProblem.newBuilder()
              .setFile(request.getFileName())
              .setLine(3)
              .setColumn(5)
              .setMessage("relation: 'frend'")
              .setSeverity("error"));
    } else {
      answer.setApplied(!request.getDryRun()).addChanges("neighbor tier1a: price 0.3 -> 0.2");
    }
    answer(to, answer.build());
  }

  @Override
  public void showPolicy(ShowPolicyRequest request, StreamObserver<ShowPolicyResponse> to) {
    answer(to, ShowPolicyResponse.newBuilder().setText("as: 64500\n").build());
  }

  @Override
  public void allowRemoval(
      net.donut.api.operator.v1.AllowRemovalRequest request,
      StreamObserver<net.donut.api.operator.v1.AllowRemovalResponse> to) {
    to.onNext(
        net.donut.api.operator.v1.AllowRemovalResponse.newBuilder()
            .addRouters(
                net.donut.api.operator.v1.RemovalAllowed.newBuilder()
                    .setRouter(request.getRouter().isEmpty() ? "all" : request.getRouter())
                    .setRefused(request.getSeconds()))
            .build());
    to.onCompleted();
  }

  @Override
  public void drain(DrainRequest request, StreamObserver<DrainResponse> to) {
    if (!request.getNeighbor().equals("tier1a")) {
      refuse(
          to, Status.NOT_FOUND, "unknown neighbor '" + request.getNeighbor() + "' (known: tier1a)");
      return;
    }
    answer(
        to,
        DrainResponse.newBuilder()
            .setMessage("tier1a: " + (request.getUndo() ? "undrained" : "drained"))
            .build());
  }

  @Override
  public void override(OverrideRequest request, StreamObserver<OverrideResponse> to) {
    String how =
        request.getUndo() ? "ended" : request.getNeighbor() + " for " + request.getSeconds();
    answer(to, OverrideResponse.newBuilder().setMessage(request.getPrefix() + ": " + how).build());
  }

  @Override
  public void listOverrides(
      ListOverridesRequest request, StreamObserver<ListOverridesResponse> to) {
    answer(
        to,
        ListOverridesResponse.newBuilder()
            .addOverrides(
                OverrideInfo.newBuilder()
                    .setPrefix("203.0.113.0/24")
                    .setNeighbor("tier1b")
                    .setSecondsLeft(125)
                    .setObstacle("does not announce it"))
            .build());
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<Event> to) {
    for (int i = 0; i < 3; i++) {
      to.onNext(
          Event.newBuilder()
              .setUnixNs(1_000_000_000L)
              .setKind("link")
              .setRouter("edge1")
              .setSubject("tier1a")
              .setText("down")
              .build());
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    group.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS).syncUninterruptibly();
  }
}
