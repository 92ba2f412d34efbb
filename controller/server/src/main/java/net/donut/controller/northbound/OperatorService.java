package net.donut.controller.northbound;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import net.donut.api.agent.v1.InspectFibResponse;
import net.donut.api.operator.v1.AllowRemovalRequest;
import net.donut.api.operator.v1.AllowRemovalResponse;
import net.donut.api.operator.v1.ApplyPolicyRequest;
import net.donut.api.operator.v1.ApplyPolicyResponse;
import net.donut.api.operator.v1.CoverageRequest;
import net.donut.api.operator.v1.CoverageResponse;
import net.donut.api.operator.v1.DrainRequest;
import net.donut.api.operator.v1.DrainResponse;
import net.donut.api.operator.v1.Event;
import net.donut.api.operator.v1.ExplainRequest;
import net.donut.api.operator.v1.ExplainResponse;
import net.donut.api.operator.v1.InspectRouterFibRequest;
import net.donut.api.operator.v1.ListAgentsRequest;
import net.donut.api.operator.v1.ListAgentsResponse;
import net.donut.api.operator.v1.ListNeighborsRequest;
import net.donut.api.operator.v1.ListNeighborsResponse;
import net.donut.api.operator.v1.ListOverridesRequest;
import net.donut.api.operator.v1.ListOverridesResponse;
import net.donut.api.operator.v1.ListRoutesRequest;
import net.donut.api.operator.v1.ListRoutesResponse;
import net.donut.api.operator.v1.OperatorGrpc;
import net.donut.api.operator.v1.OverrideRequest;
import net.donut.api.operator.v1.OverrideResponse;
import net.donut.api.operator.v1.RemovalAllowed;
import net.donut.api.operator.v1.ShowPolicyRequest;
import net.donut.api.operator.v1.ShowPolicyResponse;
import net.donut.api.operator.v1.StatusRequest;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.api.operator.v1.WatchRequest;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.rib.ControllerRib;
import net.donut.controller.rib.ControllerRibThread;
import net.donut.controller.rib.OperatorEvent;
import net.donut.controller.rib.Views;
import net.donut.controller.rib.Watcher;
import net.donut.controller.southbound.AgentDriver;
import net.donut.model.IpAddress;

/// `donut.operator.v1.Operator`.
public final class OperatorService extends OperatorGrpc.OperatorImplBase {
  private static final int COVERAGE_LIMIT = 100;
  private static final long INSPECT_SECONDS = 60;
  private static final long ALLOW_REMOVAL_SECONDS = 10;
  private static final long WATCH_MILLIS = 500;

  private final ControllerRibThread rib;
  private final PolicyDesk desk;
  private final Explainer explainer;
  private final String version;
  private final Supplier<List<String>> warnings;

  public OperatorService(
      ControllerRibThread rib, PolicyDesk desk, String version, Supplier<List<String>> warnings) {
    this.warnings = warnings;
    this.rib = rib;
    this.desk = desk;
    this.explainer = new Explainer(rib);
    this.version = version;
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> question) {
    stream(observer, sink -> sink.accept(question.get()));
  }

  /// Runs a call on a thread of its own, so that the callbacks of the call stay free.
  private static <T> void stream(StreamObserver<T> observer, Consumer<Consumer<T>> question) {
    Outflow<T> outflow = Outflow.to(observer);
    Thread _ = Thread.startVirtualThread(() -> run(observer, outflow, question));
  }

  private static <T> void run(
      StreamObserver<T> observer, Outflow<T> outflow, Consumer<Consumer<T>> question) {
    try {
      question.accept(outflow::send);
      observer.onCompleted();
    } catch (Outflow.GoneException e) {
      // The caller went away: there is nobody to tell.
    } catch (RuntimeException e) {
      observer.onError(OperatorFailures.of(e));
    } catch (Error e) {
      observer.onError(OperatorFailures.of(new IllegalStateException(e)));
      throw e;
    }
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    answer(
        observer,
        () ->
            rib.ask(state ->
                new StatusQuestions(state, System.nanoTime()).status(version, warnings.get())));
  }

  @Override
  public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> observer) {
    answer(
        observer,
        () -> {
          ListAgentsResponse.Builder answer = ListAgentsResponse.newBuilder();
          rib.ask(Views::agents).forEach(agent -> answer.addAgents(OperatorAnswers.agent(agent)));
          return answer.build();
        });
  }

  @Override
  public void listNeighbors(
      ListNeighborsRequest request, StreamObserver<ListNeighborsResponse> observer) {
    answer(
        observer,
        () -> {
          ListNeighborsResponse.Builder answer = ListNeighborsResponse.newBuilder();
          Function<ControllerRib, List<Views.Session>> question =
              state -> {
                if (!request.getName().isEmpty()) {
                  NeighborEntry _ = known(state, request.getName());
                }
                return Views.sessions(state, request.getName());
              };
          rib.ask(question)
              .forEach(session -> answer.addNeighbors(OperatorAnswers.neighbor(session)));
          return answer.build();
        });
  }

  static NeighborEntry known(ControllerRib state, String name) {
    PolicyDocument policy = state.policy().document();
    NeighborEntry neighbor = policy.neighbor(name);
    if (neighbor == null) {
      throw OperatorFailures.unknown(
          "neighbor", name, policy.neighbors().stream().map(NeighborEntry::name).toList());
    }
    return neighbor;
  }

  @Override
  public void listRoutes(ListRoutesRequest request, StreamObserver<ListRoutesResponse> observer) {
    stream(observer, sink -> new RouteQuestions(rib).list(request, sink));
  }

  @Override
  public void inspectFib(
      InspectRouterFibRequest request, StreamObserver<InspectFibResponse> observer) {
    stream(
        observer,
        sink -> {
          AgentDriver driver = rib.ask(state -> driver(state, request.getRouter()));
          FibQuestions.ask(driver, request.getQuery(), INSPECT_SECONDS, sink);
        });
  }

  private static AgentDriver driver(ControllerRib state, String router) {
    AgentDriver driver = state.driver(router);
    if (driver == null) {
      throw OperatorFailures.unknown("router", router, state.routers());
    }
    return driver;
  }

  @Override
  public void explain(ExplainRequest request, StreamObserver<ExplainResponse> observer) {
    answer(
        observer,
        () -> {
          IpAddress address = OperatorFailures.address(request.getAddress());
          ExplainResponse.Builder found =
              explainer.explain(address, request.getRouter()).toBuilder();
          for (Views.Malformed route : rib.ask(Views::malformed)) {
            if (route.prefix().contains(address)) {
              found.addSummary(OperatorAnswers.sentence(route));
            }
          }
          return found.build();
        });
  }

  @Override
  public void coverage(CoverageRequest request, StreamObserver<CoverageResponse> observer) {
    int limit = request.getLimit() == 0 ? COVERAGE_LIMIT : request.getLimit();
    answer(
        observer,
        () -> {
          if (limit < 0) {
            throw OperatorFailures.invalid("limit: %d (expected: 1..2147483647)".formatted(limit));
          }
          return OperatorAnswers.coverage(rib.ask(state -> state.engine().coverage(limit)));
        });
  }

  @Override
  public void applyPolicy(
      ApplyPolicyRequest request, StreamObserver<ApplyPolicyResponse> observer) {
    answer(observer, () -> desk.apply(request));
  }

  @Override
  public void showPolicy(ShowPolicyRequest request, StreamObserver<ShowPolicyResponse> observer) {
    answer(
        observer,
        () -> {
          ControllerRib.PolicyInUse policy = rib.ask(ControllerRib::policy);
          return ShowPolicyResponse.newBuilder()
              .setFileName(policy.fileName())
              .setText(policy.text())
              .setGeneration(policy.generation())
              .build();
        });
  }

  @Override
  public void drain(DrainRequest request, StreamObserver<DrainResponse> observer) {
    answer(
        observer,
        () -> {
          String neighbor = request.getNeighbor();
          boolean before =
              rib.ask(state -> {
                NeighborEntry _ = known(state, neighbor);
                return state.isDrained(neighbor);
              });
          long moved = desk.drain(neighbor, request.getUndo());
          List<String> passedOver = rib.ask(state -> OverrideQuestions.passedOver(state, neighbor));
          return DrainResponse.newBuilder()
              .setMoved(moved)
              .setMessage(
                  drainMessage(neighbor, request.getUndo(), before)
                      + (passedOver.isEmpty()
                          ? ""
                          : "; its overrides have no effect meanwhile: "
                              + String.join(", ", passedOver)))
              .build();
        });
  }

  @Override
  public void override(OverrideRequest request, StreamObserver<OverrideResponse> observer) {
    answer(observer, () -> new OverrideQuestions(rib, desk).change(request));
  }

  @Override
  public void listOverrides(
      ListOverridesRequest request, StreamObserver<ListOverridesResponse> observer) {
    answer(observer, () -> new OverrideQuestions(rib, desk).list());
  }

  @Override
  public void allowRemoval(
      AllowRemovalRequest request, StreamObserver<AllowRemovalResponse> observer) {
    answer(
        observer,
        () -> {
          List<AgentDriver> drivers = rib.ask(state -> drivers(state, request.getRouter()));
          AllowRemovalResponse.Builder answer = AllowRemovalResponse.newBuilder();
          for (AgentDriver driver : drivers) {
            long refused =
                FibQuestions.allowRemoval(driver, request.getSeconds(), ALLOW_REMOVAL_SECONDS);
            driver.retryNow();
            answer.addRouters(
                RemovalAllowed.newBuilder()
                    .setRouter(driver.address().router())
                    .setRefused(refused));
          }
          return answer.build();
        });
  }

  /// The driver of a router, or all of them for no name.
  private static List<AgentDriver> drivers(ControllerRib state, String router) {
    return router.isEmpty()
        ? state.routers().stream().map(name -> driver(state, name)).toList()
        : List.of(driver(state, router));
  }

  private static String drainMessage(String neighbor, boolean undo, boolean before) {
    if (undo) {
      return before ? neighbor + ": no longer drained" : neighbor + ": was not drained";
    }
    return before ? neighbor + ": is drained already" : neighbor + ": drained";
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<Event> observer) {
    Watcher watcher = new Watcher();
    stream(
        observer,
        sink -> {
          rib.watch(watcher);
          try {
            pass(watcher, sink, observer);
          } finally {
            rib.unwatch(watcher);
          }
        });
  }

  private static void pass(Watcher watcher, Consumer<Event> sink, StreamObserver<Event> observer) {
    ServerCallStreamObserver<Event> call = (ServerCallStreamObserver<Event>) observer;
    try {
      while (!call.isCancelled()) {
        for (OperatorEvent event : watcher.take(WATCH_MILLIS)) {
          sink.accept(OperatorAnswers.event(event));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new Outflow.GoneException();
  }
}
