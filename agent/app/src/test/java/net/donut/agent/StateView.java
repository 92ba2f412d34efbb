package net.donut.agent;

import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.api.agent.v1.FibCounters;
import net.donut.api.agent.v1.LinkState;
import net.donut.api.agent.v1.RouteState;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.agent.v1.SilentGateways;
import net.donut.api.agent.v1.StateEvent;
import org.jspecify.annotations.Nullable;

/// What a WatchState stream says. Any thread may look.
public final class StateView implements StreamObserver<StateEvent> {
  private final Map<String, SessionState> sessions = new HashMap<>();
  private final Map<String, LinkState> links = new HashMap<>();
  private final List<String> notices = new ArrayList<>();
  private final Map<String, RouteState> routes = new HashMap<>();
  private SilentGateways gateways = SilentGateways.getDefaultInstance();
  private List<String> faults = List.of();
  private @Nullable FibCounters fib;
  private boolean snapshot;

  @Override
  public synchronized void onNext(StateEvent event) {
    switch (event.getEventCase()) {
      case LINK -> links.put(event.getLink().getInterface(), event.getLink());
      case SESSION -> sessions.put(event.getSession().getNeighbor(), event.getSession());
      case SESSION_REMOVED -> sessions.remove(event.getSessionRemoved());
      case FIB -> fib = event.getFib();
      case NOTICE -> notices.add(event.getNotice());
      case END_OF_SNAPSHOT -> snapshot = true;
      case ROUTES ->
          event.getRoutes().getRoutesList().forEach(route -> routes.put(route.getPrefix(), route));
      case GATEWAYS -> gateways = event.getGateways();
      case FAULTS -> faults = event.getFaults().getFaultsList();
      case EVENT_NOT_SET -> throw new IllegalStateException("event: none (expected: one)");
    }
  }

  @Override
  public void onError(Throwable cause) {}

  @Override
  public void onCompleted() {}

  public synchronized SessionState session(String name) {
    return sessions.getOrDefault(name, SessionState.getDefaultInstance());
  }

  public synchronized List<String> sessions() {
    return sessions.keySet().stream().sorted().toList();
  }

  public synchronized LinkState link(String name) {
    return links.getOrDefault(name, LinkState.getDefaultInstance());
  }

  public synchronized List<String> notices() {
    return List.copyOf(notices);
  }

  /// The latest state told of a route.
  public synchronized RouteState route(String prefix) {
    return routes.getOrDefault(prefix, RouteState.getDefaultInstance());
  }

  public synchronized SilentGateways gateways() {
    return gateways;
  }

  public synchronized List<String> faults() {
    return faults;
  }

  public synchronized FibCounters fib() {
    return fib == null ? FibCounters.getDefaultInstance() : fib;
  }

  public synchronized boolean isSnapshot() {
    return snapshot;
  }
}
