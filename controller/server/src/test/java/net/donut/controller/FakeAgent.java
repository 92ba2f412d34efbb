package net.donut.controller;

import gribi.Gribi.AFTEntry;
import gribi.Gribi.AFTErrorDetails;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.AFTResult;
import gribi.Gribi.GetRequest;
import gribi.Gribi.GetResponse;
import gribi.Gribi.ModifyRequest;
import gribi.Gribi.ModifyResponse;
import gribi.Gribi.SessionParametersResult;
import gribi.Gribi.Uint128;
import gribi.gRIBIGrpc;
import gribi_aft.GribiAft.Afts;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import net.donut.api.AttributeMapping;
import net.donut.api.FamilyMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.AdjRibOutRequest;
import net.donut.api.agent.v1.AdvertiseRequest;
import net.donut.api.agent.v1.AdvertiseResponse;
import net.donut.api.agent.v1.AgentGrpc;
import net.donut.api.agent.v1.AttributeSet;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.ConfigureResponse;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.FibSummary;
import net.donut.api.agent.v1.HelloRequest;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.InspectFibRequest;
import net.donut.api.agent.v1.InspectFibResponse;
import net.donut.api.agent.v1.LinkState;
import net.donut.api.agent.v1.MalformedRoute;
import net.donut.api.agent.v1.Neighbor;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.api.agent.v1.RouteState;
import net.donut.api.agent.v1.RouteStates;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.agent.v1.SilentGateway;
import net.donut.api.agent.v1.SilentGateways;
import net.donut.api.agent.v1.StateEvent;
import net.donut.api.agent.v1.WatchRoutesRequest;
import net.donut.api.agent.v1.WatchStateRequest;
import net.donut.api.agent.v1.WithheldRoute;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.tls.Permissions;
import net.donut.tls.Protection;
import net.donut.tls.ServerLimits;
import net.donut.tls.TransportSecurity;
import org.jspecify.annotations.Nullable;

/// An agent on a real port that keeps tables, acknowledges operations, and remembers everything it
/// was told, but has neither neighbors nor a kernel. Every method may be called from any thread.
public final class FakeAgent implements AutoCloseable {
  private final Object lock = new Object();
  private final String name;
  private final EventLoopGroup loops = new EpollEventLoopGroup(1);
  private final TransportSecurity security;
  private final int port;
  private final List<AFTOperation> operations = new ArrayList<>();
  private final Map<String, AFTEntry> entries = new TreeMap<>();
  private final Set<String> refused = new HashSet<>();
  private final List<Runnable> heldAcks = new ArrayList<>();
  private final Map<String, Map<Prefix, PathAttributes>> heard = new LinkedHashMap<>();
  private final Map<String, Long> epochs = new LinkedHashMap<>();
  private final Set<String> complete = new HashSet<>();
  private final Map<String, SessionState> sessions = new LinkedHashMap<>();
  private final Map<String, LinkState> links = new LinkedHashMap<>();
  private final Map<String, Map<Prefix, PathAttributes>> announced = new TreeMap<>();
  private final List<String> advertiseSteps = new ArrayList<>();
  private final List<ConfigureRequest> configurations = new ArrayList<>();
  private final List<ElectionSeen> elections = new ArrayList<>();
  private @Nullable StreamObserver<RouteBatch> routeWatcher;
  private @Nullable StreamObserver<StateEvent> stateWatcher;
  private @Nullable Server server;
  private int nextSet = 1;
  private boolean holdAcks;
  private boolean holdConfigurations;
  private final Map<String, RouteBatch> adjRibOut = new TreeMap<>();
  private final List<Runnable> heldConfigurations = new ArrayList<>();
  private final Set<String> strangers = new HashSet<>();
  private volatile boolean hasRival;

  /// An election id as announced.
  public record ElectionSeen(long high, long low) {}

  /// Without TLS.
  public FakeAgent(String name) throws IOException {
    this(name, new Protection.Insecure());
  }

  public FakeAgent(String name, Protection protection) throws IOException {
    this.name = name;
    this.security = TransportSecurity.open(protection);
    this.port = serve(0);
  }

  private int serve(int wanted) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted))
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .addService(new AgentService())
            .addService(new GribiService());
    security.protect(
        builder, EpollServerSocketChannel::new, Permissions.AGENT, ServerLimits.AGENT, name);
    Server started = builder.build().start();
    synchronized (lock) {
      server = started;
    }
    return started.getPort();
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  /// The process dies; its tables stay, as the kernel's would.
  public void stop() {
    Server running;
    synchronized (lock) {
      running = server;
      server = null;
      routeWatcher = null;
      stateWatcher = null;
    }
    if (running != null) {
      running.shutdownNow();
      try {
        boolean _ = running.awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// The process starts again on the same port.
  public void restart() throws IOException {
    int _ = serve(port);
  }

  @Override
  public void close() {
    stop();
    security.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /// What a lookup in its kernel finds; null for what it was told.
  public volatile @Nullable FibEntry lookupRoute;

  // What the neighbors do.

  public void link(String interfaceName, boolean up, String... addresses) {
    LinkState state =
        LinkState.newBuilder()
            .setInterface(interfaceName)
            .setExists(true)
            .setAdminUp(true)
            .setCarrier(up)
            .addAllAddresses(List.of(addresses))
            .build();
    synchronized (lock) {
      links.put(interfaceName, state);
      tell(StateEvent.newBuilder().setLink(state).build());
    }
  }

  public void session(String session, String state) {
    SessionState event =
        SessionState.newBuilder()
            .setNeighbor(session)
            .setState(state)
            .setRemoteRouterId("10.9.9.9")
            .setDownReason(state.equals("Established") ? "" : "hold timer expired")
            .build();
    synchronized (lock) {
      sessions.put(session, event);
      tell(StateEvent.newBuilder().setSession(event).build());
    }
  }

  /// The session stays up and one route of it was malformed.
  public void malformed(String session, String prefix, String fault) {
    synchronized (lock) {
      SessionState before =
          sessions.getOrDefault(session, SessionState.newBuilder().setNeighbor(session).build());
      SessionState event =
          before.toBuilder()
              .addMalformed(
                  MalformedRoute.newBuilder()
                      .setPrefix(prefix)
                      .setFault(fault)
                      .setUnixMs(1_764_590_400_000L))
              .build();
      sessions.put(session, event);
      tell(StateEvent.newBuilder().setSession(event).build());
    }
  }

  /// A session comes up with routes and completes its snapshot.
  public void up(String session, PathAttributes attributes, Prefixes prefixes) {
    session(session, "Established");
    announce(session, attributes, prefixes);
    completed(session, prefixes.family());
  }

  public void announce(String session, PathAttributes attributes, Prefixes prefixes) {
    synchronized (lock) {
      Map<Prefix, PathAttributes> table =
          heard.computeIfAbsent(session, _ -> new LinkedHashMap<>());
      prefixes.forEach(prefix -> table.put(prefix, attributes));
      tell(batch(session, attributes, prefixes));
    }
  }

  public void withdraw(String session, Prefixes prefixes) {
    synchronized (lock) {
      Map<Prefix, PathAttributes> table =
          heard.computeIfAbsent(session, _ -> new LinkedHashMap<>());
      prefixes.forEach(table::remove);
      tell(batch(session, null, prefixes));
    }
  }

  public void completed(String session, Family family) {
    synchronized (lock) {
      complete.add(session);
      tell(
          RouteBatch.newBuilder()
              .setEpoch(epochs.getOrDefault(session, 1L))
              .setNeighbor(session)
              .addEndOfSnapshot(FamilyMapping.toProto(family))
              .build());
    }
  }

  /// A session is lost without graceful restart: its routes are void and a new epoch begins.
  public void lost(String session, Family family) {
    session(session, "Idle");
    synchronized (lock) {
      heard.remove(session);
      complete.remove(session);
      long epoch = epochs.merge(session, 2L, (old, _) -> old + 1);
      tell(
          RouteBatch.newBuilder()
              .setEpoch(epoch)
              .setNeighbor(session)
              .addCleared(FamilyMapping.toProto(family))
              .build());
    }
  }

  private RouteBatch batch(String session, @Nullable PathAttributes attributes, Prefixes prefixes) {
    RouteBatch.Builder batch =
        RouteBatch.newBuilder().setEpoch(epochs.getOrDefault(session, 1L)).setNeighbor(session);
    int id = 0;
    if (attributes != null) {
      id = nextSet++;
      batch.addAttributeSets(AttributeMapping.toProto(id, attributes));
    }
    return batch
        .addGroups(
            RouteGroup.newBuilder()
                .setAttributeSetId(id)
                .setFamily(FamilyMapping.toProto(prefixes.family()))
                .setNlri(NlriMapping.pack(prefixes)))
        .build();
  }

  private void tell(RouteBatch batch) {
    if (routeWatcher != null) {
      routeWatcher.onNext(batch);
    }
  }

  private void tell(StateEvent event) {
    if (stateWatcher != null) {
      stateWatcher.onNext(event);
    }
  }

  // What the kernel does.

  /// What became of a route after its acknowledgement; `installed` when it is there again.
  public void routeState(String prefix, String status, String error) {
    synchronized (lock) {
      tell(
          StateEvent.newBuilder()
              .setRoutes(
                  RouteStates.newBuilder()
                      .addRoutes(
                          RouteState.newBuilder()
                              .setPrefix(prefix)
                              .setNetworkInstance("DEFAULT")
                              .setStatus(status)
                              .setError(error)))
              .build());
    }
  }

  /// The next hops on an interface that do not answer, all of them.
  public void silentGateways(String interfaceName, String... addresses) {
    SilentGateways.Builder all = SilentGateways.newBuilder();
    for (String address : addresses) {
      all.addGateways(SilentGateway.newBuilder().setAddress(address).setInterface(interfaceName));
    }
    synchronized (lock) {
      tell(StateEvent.newBuilder().setGateways(all).build());
    }
  }

  /// From now on an operation on this prefix is FIB_FAILED.
  public void refuse(String prefix) {
    synchronized (lock) {
      refused.add(prefix);
    }
  }

  public void acceptAgain(String prefix) {
    synchronized (lock) {
      refused.remove(prefix);
    }
  }

  /// From now on operations are done but not acknowledged, until [#releaseAcks].
  public void holdAcks() {
    synchronized (lock) {
      holdAcks = true;
    }
  }

  public void releaseAcks() {
    List<Runnable> held;
    synchronized (lock) {
      holdAcks = false;
      held = List.copyOf(heldAcks);
      heldAcks.clear();
    }
    held.forEach(Runnable::run);
  }

  // What it was told.

  /// The operations since the last call of [#forgetOperations], in order.
  public List<AFTOperation> operations() {
    synchronized (lock) {
      return List.copyOf(operations);
    }
  }

  public void forgetOperations() {
    synchronized (lock) {
      operations.clear();
    }
  }

  /// The prefixes in its table, sorted, with their groups.
  public Map<String, Long> routes() {
    synchronized (lock) {
      Map<String, Long> routes = new TreeMap<>();
      for (AFTEntry entry : entries.values()) {
        if (entry.hasIpv4()) {
          routes.put(
              entry.getIpv4().getPrefix(),
              entry.getIpv4().getIpv4Entry().getNextHopGroup().getValue());
        } else if (entry.hasIpv6()) {
          routes.put(
              entry.getIpv6().getPrefix(),
              entry.getIpv6().getIpv6Entry().getNextHopGroup().getValue());
        }
      }
      return routes;
    }
  }

  /// The gateways of a prefix, primary first, as its group chain says; "discard" for none, the
  /// interface where there is no address.
  public List<String> gateways(String prefix) {
    synchronized (lock) {
      List<String> gateways = new ArrayList<>();
      Long group = routes().get(prefix);
      while (group != null && group != 0) {
        AFTEntry entry = entries.get("group " + group);
        if (entry == null) {
          gateways.add("no group " + group);
          break;
        }
        long index = entry.getNextHopGroup().getNextHopGroup().getNextHop(0).getIndex();
        AFTEntry nextHop = entries.get("next hop " + index);
        gateways.add(nextHop == null ? "no next hop " + index : word(nextHop));
        group = entry.getNextHopGroup().getNextHopGroup().getBackupNextHopGroup().getValue();
      }
      return gateways;
    }
  }

  private static String word(AFTEntry nextHop) {
    Afts.NextHop content = nextHop.getNextHop().getNextHop();
    String address = content.getIpAddress().getValue();
    String device = content.getInterfaceRef().getInterface().getValue();
    return !address.isEmpty() ? address : !device.isEmpty() ? device : "discard";
  }

  public int entryCount() {
    synchronized (lock) {
      return entries.size();
    }
  }

  public List<ConfigureRequest> configurations() {
    synchronized (lock) {
      return List.copyOf(configurations);
    }
  }

  /// Says of a session that the neighbor is told a route, or not told it, and why.
  public void tells(
      String session, PathAttributes attributes, Prefix prefix, @Nullable WithheldRoute withheld) {
    synchronized (lock) {
      RouteBatch.Builder all =
          adjRibOut.getOrDefault(session, RouteBatch.getDefaultInstance()).toBuilder();
      all.mergeFrom(batch(session, attributes, Prefixes.of(prefix)));
      if (withheld != null) {
        all.addWithheld(withheld.toBuilder().setPrefix(prefix.toString()));
      }
      adjRibOut.put(session, all.build());
    }
  }

  /// Takes its time over configurations: neither knows nor answers them until they are released.
  public void holdConfigurations() {
    synchronized (lock) {
      holdConfigurations = true;
    }
  }

  public void releaseConfigurations() {
    List<Runnable> held;
    synchronized (lock) {
      holdConfigurations = false;
      held = List.copyOf(heldConfigurations);
      heldConfigurations.clear();
    }
    held.forEach(Runnable::run);
  }

  /// Whether a configuration waits to be released.
  public boolean isConfiguring() {
    synchronized (lock) {
      return !heldConfigurations.isEmpty();
    }
  }

  /// The sessions it was sent announcements for and had not, or not yet.
  public Set<String> strangers() {
    synchronized (lock) {
      return Set.copyOf(strangers);
    }
  }

  /// Another controller has announced a higher election id than anybody can.
  public void rival() {
    hasRival = true;
  }

  public List<ElectionSeen> elections() {
    synchronized (lock) {
      return List.copyOf(elections);
    }
  }

  public Set<Prefix> announcedTo(String session) {
    synchronized (lock) {
      return Set.copyOf(announced.getOrDefault(session, Map.of()).keySet());
    }
  }

  /// `begin`, `batch`, `end`, in the order they came.
  public List<String> advertiseSteps() {
    synchronized (lock) {
      return List.copyOf(advertiseSteps);
    }
  }

  public static PathAttributes path(String nextHop, String asPath) {
    return PathAttributes.of(Origin.IGP, AsPath.parse(asPath), IpAddress.parse(nextHop));
  }

  public static Prefixes prefixes(String first, String... rest) {
    Prefix[] others = new Prefix[rest.length];
    for (int i = 0; i < rest.length; i++) {
      others[i] = Prefix.parse(rest[i]);
    }
    return Prefixes.of(Prefix.parse(first), others);
  }

  private void forgetWhenGone(StreamObserver<?> observer) {
    ((ServerCallStreamObserver<?>) observer)
        .setOnCancelHandler(() -> {
          synchronized (lock) {
            routeWatcher = observer.equals(routeWatcher) ? null : routeWatcher;
            stateWatcher = observer.equals(stateWatcher) ? null : stateWatcher;
          }
        });
  }

  private final class AgentService extends AgentGrpc.AgentImplBase {
    @Override
    public void hello(HelloRequest request, StreamObserver<HelloResponse> observer) {
      synchronized (lock) {
        observer.onNext(
            HelloResponse.newBuilder()
                .setName(name)
                .setVersion("fake")
                .setKernel("none")
                .setResilientGroups(true)
                .setUptimeMs(3_600_000)
                .build());
      }
      observer.onCompleted();
    }

    @Override
    public void configure(ConfigureRequest request, StreamObserver<ConfigureResponse> observer) {
      synchronized (lock) {
        if (holdConfigurations) {
          heldConfigurations.add(() -> configured(request, observer));
          return;
        }
      }
      configured(request, observer);
    }

    private void configured(ConfigureRequest request, StreamObserver<ConfigureResponse> observer) {
      synchronized (lock) {
        configurations.add(request);
        for (Neighbor neighbor : request.getNeighborsList()) {
          if (!sessions.containsKey(neighbor.getName())) {
            session(neighbor.getName(), "Idle");
          }
        }
      }
      observer.onNext(
          ConfigureResponse.newBuilder().setGeneration(request.getGeneration()).build());
      observer.onCompleted();
    }

    @Override
    public void watchRoutes(WatchRoutesRequest request, StreamObserver<RouteBatch> observer) {
      forgetWhenGone(observer);
      synchronized (lock) {
        routeWatcher = observer;
        epochs.clear();
        heard.forEach((session, table) ->
            table.forEach(
                (prefix, attributes) -> tell(batch(session, attributes, Prefixes.of(prefix)))));
        for (String session : List.copyOf(complete)) {
          completed(session, session.endsWith("ipv4") ? Family.IPV4 : Family.IPV6);
        }
      }
    }

    @Override
    public void watchState(WatchStateRequest request, StreamObserver<StateEvent> observer) {
      forgetWhenGone(observer);
      synchronized (lock) {
        stateWatcher = observer;
        links.values().forEach(link -> tell(StateEvent.newBuilder().setLink(link).build()));
        sessions
            .values()
            .forEach(session -> tell(StateEvent.newBuilder().setSession(session).build()));
        tell(StateEvent.newBuilder().setEndOfSnapshot(true).build());
      }
    }

    @Override
    public void adjRibOut(AdjRibOutRequest request, StreamObserver<RouteBatch> observer) {
      RouteBatch told;
      synchronized (lock) {
        told = adjRibOut.get(request.getNeighbor());
      }
      if (told == null) {
        super.adjRibOut(request, observer);
        return;
      }
      observer.onNext(told);
      observer.onCompleted();
    }

    @Override
    public StreamObserver<AdvertiseRequest> advertise(StreamObserver<AdvertiseResponse> observer) {
      Map<Integer, AttributeSet> sets = new LinkedHashMap<>();
      return new StreamObserver<>() {
        private final Map<String, Set<Prefix>> repeated = new TreeMap<>();

        @Override
        public void onNext(AdvertiseRequest request) {
          synchronized (lock) {
            switch (request.getStepCase()) {
              case BEGIN -> {
                advertiseSteps.add("begin");
                repeated.clear();
              }
              case BATCH -> {
                advertiseSteps.add("batch");
                request
                    .getBatch()
                    .getAttributeSetsList()
                    .forEach(set -> sets.put(set.getId(), set));
                take(request.getBatch());
              }
              case END -> {
                advertiseSteps.add("end");
                announced.forEach((session, table) ->
                    table.keySet().retainAll(repeated.getOrDefault(session, Set.of())));
              }
              case STEP_NOT_SET -> advertiseSteps.add("nothing");
            }
          }
          observer.onNext(AdvertiseResponse.newBuilder().setSeq(request.getSeq()).build());
        }

        private void take(RouteBatch batch) {
          boolean isKnown =
              !configurations.isEmpty()
                  && configurations.getLast().getNeighborsList().stream()
                      .anyMatch(neighbor -> neighbor.getName().equals(batch.getNeighbor()));
          if (!isKnown) {
            strangers.add(batch.getNeighbor());
          }
          Map<Prefix, PathAttributes> table =
              announced.computeIfAbsent(batch.getNeighbor(), _ -> new TreeMap<>());
          for (RouteGroup group : batch.getGroupsList()) {
            Family family = FamilyMapping.fromProto(group.getFamily());
            for (Prefix prefix : NlriMapping.unpack(family, group.getNlri())) {
              AttributeSet set = sets.get(group.getAttributeSetId());
              if (set == null) {
                table.remove(prefix);
              } else {
                table.put(prefix, AttributeMapping.fromProto(set));
                repeated.computeIfAbsent(batch.getNeighbor(), _ -> new HashSet<>()).add(prefix);
              }
            }
          }
        }

        @Override
        public void onError(Throwable cause) {
          // The controller went away; what was announced stays.
        }

        @Override
        public void onCompleted() {
          observer.onCompleted();
        }
      };
    }

    @Override
    public void inspectFib(InspectFibRequest request, StreamObserver<InspectFibResponse> observer) {
      InspectFibResponse.Builder answer = InspectFibResponse.newBuilder();
      Map<String, Long> routes = routes();
      Prefix asked =
          request.getAddressOrPrefix().contains("/")
              ? Prefix.parse(request.getAddressOrPrefix())
              : null;
      routes.forEach((prefix, group) -> {
        if (request.getAll() || (asked != null && Prefix.parse(prefix).contains(asked))) {
          answer.addEntries(
              FibEntry.newBuilder()
                  .setPrefix(prefix)
                  .setNextHopGroup(group)
                  .setIntended(true)
                  .setInKernel(true)
                  .setStatus("installed"));
        }
      });
      FibEntry found = lookupRoute;
      if (found != null) {
        answer
            .setLookup(
                "goes to %s by %s of %s"
                    .formatted(found.getGateway(), found.getPrefix(), found.getOwner()))
            .setLookupRoute(found);
      }
      observer.onNext(
          answer
              .setSummary(
                  FibSummary.newBuilder().setIntended(routes.size()).setInstalled(routes.size()))
              .build());
      observer.onCompleted();
    }
  }

  private final class GribiService extends gRIBIGrpc.gRIBIImplBase {
    @Override
    public StreamObserver<ModifyRequest> modify(StreamObserver<ModifyResponse> observer) {
      return new StreamObserver<>() {
        @Override
        public void onNext(ModifyRequest request) {
          if (request.hasParams()) {
            observer.onNext(
                ModifyResponse.newBuilder()
                    .setSessionParamsResult(
                        SessionParametersResult.newBuilder()
                            .setStatus(SessionParametersResult.Status.OK))
                    .build());
            return;
          }
          if (request.hasElectionId()) {
            elected(request.getElectionId());
            return;
          }
          ModifyResponse.Builder response = ModifyResponse.newBuilder();
          synchronized (lock) {
            request.getOperationList().forEach(operation -> response.addResult(run(operation)));
            if (holdAcks) {
              heldAcks.add(() -> observer.onNext(response.build()));
              return;
            }
          }
          observer.onNext(response.build());
        }

        private void elected(Uint128 id) {
          synchronized (lock) {
            elections.add(new ElectionSeen(id.getHigh(), id.getLow()));
          }
          Uint128 highest = hasRival ? Uint128.newBuilder().setHigh(-1).build() : id;
          observer.onNext(ModifyResponse.newBuilder().setElectionId(highest).build());
        }

        @Override
        public void onError(Throwable cause) {
          // The controller went away; entries stay (PRESERVE).
        }

        @Override
        public void onCompleted() {
          observer.onCompleted();
        }
      };
    }

    private AFTResult run(AFTOperation operation) {
      operations.add(operation);
      String key = key(operation);
      AFTResult.Builder result = AFTResult.newBuilder().setId(operation.getId()).setTimestamp(1);
      if (refused.contains(key)) {
        return result
            .setStatus(AFTResult.Status.FIB_FAILED)
            .setErrorDetails(AFTErrorDetails.newBuilder().setErrorMessage("ENOSPC"))
            .build();
      }
      String missing = missingReference(operation);
      if (!missing.isEmpty()) {
        return result
            .setStatus(AFTResult.Status.FAILED)
            .setErrorDetails(AFTErrorDetails.newBuilder().setErrorMessage(missing))
            .build();
      }
      if (operation.getOp() == AFTOperation.Operation.DELETE) {
        entries.remove(key);
      } else {
        entries.put(key, entry(operation));
      }
      return result.setStatus(AFTResult.Status.FIB_PROGRAMMED).build();
    }

    /// What an agent that rejects forward references would say.
    private String missingReference(AFTOperation operation) {
      if (operation.getOp() == AFTOperation.Operation.DELETE) {
        return referrer(operation);
      }
      if (operation.hasNextHopGroup()) {
        var group = operation.getNextHopGroup().getNextHopGroup();
        long index = group.getNextHop(0).getIndex();
        long backup = group.getBackupNextHopGroup().getValue();
        if (!entries.containsKey("next hop " + index)) {
          return "next hop " + index + " is missing";
        }
        return backup == 0 || entries.containsKey("group " + backup)
            ? ""
            : "backup group " + backup + " is missing";
      }
      long group =
          operation.hasIpv4()
              ? operation.getIpv4().getIpv4Entry().getNextHopGroup().getValue()
              : operation.getIpv6().getIpv6Entry().getNextHopGroup().getValue();
      return operation.hasNextHop() || entries.containsKey("group " + group)
          ? ""
          : "group " + group + " is missing";
    }

    private String referrer(AFTOperation operation) {
      for (AFTEntry entry : entries.values()) {
        var group = entry.getNextHopGroup().getNextHopGroup();
        boolean uses =
            operation.hasNextHopGroup()
                ? referredGroups(entry).contains(operation.getNextHopGroup().getId())
                : operation.hasNextHop()
                    && entry.hasNextHopGroup()
                    && group.getNextHop(0).getIndex() == operation.getNextHop().getIndex();
        if (uses) {
          return "in use";
        }
      }
      return "";
    }

    private Set<Long> referredGroups(AFTEntry entry) {
      return Set.of(
          entry.hasNextHopGroup()
              ? entry.getNextHopGroup().getNextHopGroup().getBackupNextHopGroup().getValue()
              : entry.hasIpv4()
                  ? entry.getIpv4().getIpv4Entry().getNextHopGroup().getValue()
                  : entry.getIpv6().getIpv6Entry().getNextHopGroup().getValue());
    }

    private String key(AFTOperation operation) {
      return operation.hasNextHop()
          ? "next hop " + operation.getNextHop().getIndex()
          : operation.hasNextHopGroup()
              ? "group " + operation.getNextHopGroup().getId()
              : operation.hasIpv4()
                  ? operation.getIpv4().getPrefix()
                  : operation.getIpv6().getPrefix();
    }

    private AFTEntry entry(AFTOperation operation) {
      AFTEntry.Builder entry =
          AFTEntry.newBuilder()
              .setNetworkInstance(operation.getNetworkInstance())
              .setRibStatus(AFTEntry.Status.PROGRAMMED)
              .setFibStatus(AFTEntry.Status.PROGRAMMED);
      if (operation.hasNextHop()) {
        entry.setNextHop(operation.getNextHop());
      } else if (operation.hasNextHopGroup()) {
        entry.setNextHopGroup(operation.getNextHopGroup());
      } else if (operation.hasIpv4()) {
        entry.setIpv4(operation.getIpv4());
      } else {
        entry.setIpv6(operation.getIpv6());
      }
      return entry.build();
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> observer) {
      GetResponse.Builder response = GetResponse.newBuilder();
      synchronized (lock) {
        response.addAllEntry(entries.values());
      }
      observer.onNext(response.build());
      observer.onCompleted();
    }
  }
}
