package net.donut.agent.service;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.donut.agent.fib.Fib;
import net.donut.agent.fib.FibCapabilities;
import net.donut.agent.rib.RibDigest;
import net.donut.agent.rib.RibThread;
import net.donut.api.FamilyMapping;
import net.donut.api.agent.v1.AdjRibOutRequest;
import net.donut.api.agent.v1.AdvertiseRequest;
import net.donut.api.agent.v1.AdvertiseResponse;
import net.donut.api.agent.v1.AgentGrpc;
import net.donut.api.agent.v1.AllowRemovalRequest;
import net.donut.api.agent.v1.AllowRemovalResponse;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.ConfigureResponse;
import net.donut.api.agent.v1.DigestRequest;
import net.donut.api.agent.v1.DigestResponse;
import net.donut.api.agent.v1.EndSyncRequest;
import net.donut.api.agent.v1.EndSyncResponse;
import net.donut.api.agent.v1.HelloRequest;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.InspectFibRequest;
import net.donut.api.agent.v1.InspectFibResponse;
import net.donut.api.agent.v1.NeighborDigest;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.StateEvent;
import net.donut.api.agent.v1.WatchRoutesRequest;
import net.donut.api.agent.v1.WatchStateRequest;

/// `donut.agent.v1.Agent`. Every method translates and hands over to an owner, whose thread
/// answers; none waits for an answer.
public final class AgentService extends AgentGrpc.AgentImplBase {
  private static final int MOST_ALLOWED_SECONDS = 3600;

  private final String name;
  private final String version;
  private final long startedNanos;
  private final AgentState state;
  private final RibThread rib;
  private final Fib fib;
  private final Supplier<List<String>> warnings;

  /// @param startedNanos when the agent started, of `System.nanoTime`
  /// @param warnings gives what to tell beside the kernel's warnings
  public AgentService(
      String name,
      String version,
      long startedNanos,
      AgentState state,
      RibThread rib,
      Fib fib,
      Supplier<List<String>> warnings) {
    this.name = name;
    this.version = version;
    this.startedNanos = startedNanos;
    this.state = state;
    this.rib = rib;
    this.fib = fib;
    this.warnings = warnings;
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloResponse> answer) {
    FibCapabilities kernel = fib.capabilities();
    HelloResponse.Builder hello =
        HelloResponse.newBuilder()
            .setName(name)
            .setVersion(version)
            .setKernel(kernel.release())
            .setResilientGroups(kernel.resilientGroups())
            .setNexthopCompatOff(kernel.nexthopCompatOff())
            .setUptimeMs(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos))
            .setUnclaimedRoutes(fib.counters().unclaimed())
            .addAllWarnings(kernel.warnings())
            .addAllWarnings(warnings.get());
    state.submit(owned -> complete(answer, hello.setGeneration(owned.generation()).build()));
  }

  @Override
  public void configure(ConfigureRequest request, StreamObserver<ConfigureResponse> answer) {
    try {
      state.configure(request, response -> complete(answer, response));
      fib.enforceRemovalBudget();
    } catch (IllegalArgumentException e) {
      refuse(answer, e);
    }
  }

  @Override
  public void watchRoutes(WatchRoutesRequest request, StreamObserver<RouteBatch> answer) {
    RouteStream stream = new RouteStream(serverCall(answer), rib, (_, _) -> null);
    rib.submit(table -> table.subscribe(stream));
  }

  @Override
  public void watchState(WatchStateRequest request, StreamObserver<StateEvent> answer) {
    StateStream stream = new StateStream(serverCall(answer), state);
    state.submit(owned -> owned.subscribe(stream));
  }

  @Override
  public StreamObserver<AdvertiseRequest> advertise(StreamObserver<AdvertiseResponse> answer) {
    return new AdvertiseStream(serverCall(answer), rib, state);
  }

  @Override
  public void inspectFib(InspectFibRequest request, StreamObserver<InspectFibResponse> answer) {
    try {
      FibInspection inspection = new FibInspection(fib, request, serverCall(answer));
      // A thread begins in the network namespace of the one that starts it; gRPC's may be in
      // another.
      state.submit(_ -> inspection.start());
    } catch (IllegalArgumentException e) {
      refuse(answer, e);
    }
  }

  @Override
  public void adjRibOut(AdjRibOutRequest request, StreamObserver<RouteBatch> answer) {
    AdvertisedRoutes.list(request.getNeighbor(), serverCall(answer), rib);
  }

  @Override
  public void digest(DigestRequest request, StreamObserver<DigestResponse> answer) {
    rib.submit(table -> {
      DigestResponse.Builder response =
          DigestResponse.newBuilder()
              .setIntendedCount(fib.counters().intended())
              .setIntendedDigest(fib.counters().intendedDigest());
      for (RibDigest digest : table.digests()) {
        response.addNeighbors(
            NeighborDigest.newBuilder()
                .setNeighbor(digest.session())
                .setFamily(FamilyMapping.toProto(digest.family()))
                .setCount(digest.count())
                .setDigest(digest.digest()));
      }
      complete(answer, response.build());
    });
  }

  @Override
  public void endSync(EndSyncRequest request, StreamObserver<EndSyncResponse> answer) {
    fib.endSync(
        request.getElectionHigh(),
        request.getElectionLow(),
        swept ->
            complete(
                answer,
                EndSyncResponse.newBuilder()
                    .setRoutes(swept.routes())
                    .setRefusal(swept.refusal())
                    .build()));
  }

  @Override
  public void allowRemoval(
      AllowRemovalRequest request, StreamObserver<AllowRemovalResponse> answer) {
    int seconds = request.getSeconds();
    if (seconds < 1 || seconds > MOST_ALLOWED_SECONDS) {
      refuse(
          answer,
          new IllegalArgumentException(
              "seconds: "
                  + Integer.toUnsignedString(seconds)
                  + " (expected: 1.."
                  + MOST_ALLOWED_SECONDS
                  + ")"));
      return;
    }
    fib.allowRemoval(
        Duration.ofSeconds(seconds),
        refused -> complete(answer, AllowRemovalResponse.newBuilder().setRefused(refused).build()));
  }

  private static <T> void complete(StreamObserver<T> answer, T value) {
    if (!serverCall(answer).isCancelled()) {
      answer.onNext(value);
      answer.onCompleted();
    }
  }

  private static void refuse(StreamObserver<?> answer, IllegalArgumentException cause) {
    answer.onError(
        Status.INVALID_ARGUMENT.withDescription(cause.getMessage()).asRuntimeException());
  }

  /// What gRPC hands to a service is always one of these.
  private static <T> ServerCallStreamObserver<T> serverCall(StreamObserver<T> answer) {
    return (ServerCallStreamObserver<T>) answer;
  }
}
