package net.donut.controller.southbound;

import com.google.protobuf.Message;
import gribi.Gribi.AFTEntry;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.AFTResult;
import gribi.Gribi.AFTType;
import gribi.Gribi.GetRequest;
import gribi.Gribi.GetResponse;
import gribi.Gribi.ModifyRequest;
import gribi.Gribi.ModifyResponse;
import gribi.gRIBIGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.donut.api.GribiSession;
import net.donut.api.agent.v1.AdvertiseRequest;
import net.donut.api.agent.v1.AdvertiseResponse;
import net.donut.api.agent.v1.AgentGrpc;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.EndSyncRequest;
import net.donut.api.agent.v1.EndSyncResponse;
import net.donut.api.agent.v1.HelloRequest;
import net.donut.api.agent.v1.Neighbor;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteState;
import net.donut.api.agent.v1.RouteStates;
import net.donut.api.agent.v1.StateEvent;
import net.donut.api.agent.v1.WatchRoutesRequest;
import net.donut.api.agent.v1.WatchStateRequest;
import net.donut.core.change.ExportBlock;
import net.donut.model.Prefix;
import net.donut.tls.CallFailure;
import org.jspecify.annotations.Nullable;

/// One attempt to talk to an agent, from Hello until the first stream ends: the election first,
/// then configuration and announcements by who has won it. Owned by `south-NAME`, which is also the
/// executor of its callbacks.
final class Connection {
  private static final long QUICK_SECONDS = 5;
  private static final long CONFIGURE_SECONDS = 20;
  private static final int EXPORT_BATCH = 1000;

  private final AgentDriverThread driver;
  private final ElectionId electionId;
  private final AgentGrpc.AgentStub agent;
  private final gRIBIGrpc.gRIBIStub gribi;
  private final RouteDecoder routes;
  private final List<ClientCallStreamObserver<?>> streams = new ArrayList<>();
  private @Nullable ClientCallStreamObserver<ModifyRequest> modify;
  private @Nullable ClientCallStreamObserver<AdvertiseRequest> advertise;
  private @Nullable ExportOutbox exports;
  private Step step = Step.DIALING;
  private Election election = Election.OPEN;
  private Content content = Content.NONE;
  private Sync sync = Sync.OPEN;
  private boolean watching;
  private long advertised;
  private long advertiseAcked;

  /// The sessions the agent was asked to have, and the questions it has not answered yet.
  private Set<String> configured = Set.of();

  private int configuring;

  private enum Step {
    DIALING,
    CONNECTED,
    /// What the agent has was read.
    INVENTORIED,
    SYNCED,
    ENDED
  }

  /// How far the end marker of the full synchronization is.
  private enum Sync {
    OPEN,
    ASKED,
    REFUSED,
    ENDED
  }

  private enum Election {
    OPEN,
    WON,
    LOST
  }

  /// How far the full content of Adj-RIB-Out is.
  private enum Content {
    NONE,
    FILLING,
    COMPLETE
  }

  Connection(AgentDriverThread driver, ManagedChannel channel, ElectionId electionId) {
    this.driver = driver;
    this.electionId = electionId;
    this.agent = AgentGrpc.newStub(channel);
    this.gribi = gRIBIGrpc.newStub(channel);
    this.routes = new RouteDecoder(driver.router(), electionId.low());
  }

  ElectionId electionId() {
    return electionId;
  }

  boolean isConnected() {
    return step == Step.CONNECTED || step == Step.INVENTORIED || step == Step.SYNCED;
  }

  boolean isInventoried() {
    return step == Step.INVENTORIED || step == Step.SYNCED;
  }

  boolean isSynced() {
    return step == Step.SYNCED;
  }

  void synced() {
    step = Step.SYNCED;
  }

  void begin() {
    agent
        .withDeadlineAfter(QUICK_SECONDS, TimeUnit.SECONDS)
        .hello(
            hello(),
            answer(
                "Hello",
                greeting -> {
                  step = Step.CONNECTED;
                  driver.connected(this);
                  driver.tell(
                      new Report.Connected(driver.router(), electionId.low(), greeting), () -> {});
                  openModify();
                }));
  }

  private static HelloRequest hello() {
    return HelloRequest.newBuilder().setController("donut").build();
  }

  void ping() {
    agent
        .withDeadlineAfter(QUICK_SECONDS, TimeUnit.SECONDS)
        .hello(hello(), answer("Hello", _ -> {}));
    ClientCallStreamObserver<ModifyRequest> stream = modify;
    if (election == Election.LOST && stream != null) {
      stream.onNext(ModifyRequest.newBuilder().setElectionId(electionId.toProto()).build());
    }
  }

  /// Once all is sent: what the agent found in its kernel at start and was not asked for may go.
  void endSync() {
    if (step != Step.SYNCED || election != Election.WON || sync != Sync.OPEN) {
      return;
    }
    sync = Sync.ASKED;
    agent
        .withDeadlineAfter(CONFIGURE_SECONDS, TimeUnit.SECONDS)
        .endSync(
            EndSyncRequest.newBuilder()
                .setElectionHigh(electionId.high())
                .setElectionLow(electionId.low())
                .build(),
            new StreamObserver<>() {
              @Override
              public void onNext(EndSyncResponse response) {
                sync = response.getRefusal().isEmpty() ? Sync.ENDED : Sync.REFUSED;
                if (sync == Sync.REFUSED) {
                  driver.notice(response.getRefusal());
                }
              }

              @Override
              public void onError(Throwable cause) {
                // Another gRIBI router, or an agent in trouble, of which the other calls tell.
                sync = Sync.REFUSED;
              }

              @Override
              public void onCompleted() {
                // The message came before.
              }
            });
  }

  /// Asks again if it was refused.
  void endSyncAgain() {
    if (sync == Sync.REFUSED) {
      sync = Sync.OPEN;
    }
  }

  /// Configures the agent, unless another controller has it.
  void configure(ConfigureRequest request) {
    if (!isConnected() || election != Election.WON) {
      return;
    }
    configured =
        request.getNeighborsList().stream().map(Neighbor::getName).collect(Collectors.toSet());
    configuring++;
    agent
        .withDeadlineAfter(CONFIGURE_SECONDS, TimeUnit.SECONDS)
        .configure(
            request,
            answer(
                "Configure",
                reply -> {
                  configuring--;
                  driver.tell(new Report.Configured(driver.router()), () -> {});
                  reply.getErrorsList().forEach(driver::notice);
                  watch();
                  if (advertise == null) {
                    openAdvertise();
                  }
                }));
  }

  /// Hears of the agent and reads what it has, once.
  private void watch() {
    if (watching) {
      return;
    }
    watching = true;
    agent.watchState(
        WatchStateRequest.getDefaultInstance(),
        new Stream<WatchStateRequest, StateEvent>("WatchState") {
          @Override
          void next(StateEvent event) {
            if (event.hasRoutes()) {
              driver.tell(troubles(event.getRoutes()), this::more);
              return;
            }
            driver.tell(new Report.State(driver.router(), event), this::more);
          }
        });
    agent.watchRoutes(
        WatchRoutesRequest.getDefaultInstance(),
        new Stream<WatchRoutesRequest, RouteBatch>("WatchRoutes") {
          @Override
          void next(RouteBatch batch) {
            driver.tell(routes.decode(batch), this::more);
          }
        });
    driver.intent().beginAdopt();
    gribi.get(
        GetRequest.newBuilder().setName(Intent.NETWORK_INSTANCE).setAft(AFTType.ALL).build(),
        new Stream<GetRequest, GetResponse>("Get") {
          @Override
          void next(GetResponse response) {
            for (AFTEntry entry : response.getEntryList()) {
              driver.intent().found(entry);
            }
            more();
          }

          @Override
          public void onCompleted() {
            if (step == Step.CONNECTED) {
              step = Step.INVENTORIED;
              driver.tell(
                  new Report.Inventory(driver.router(), driver.intent().foundEntries()), () -> {});
            }
          }
        });
  }

  /// Acknowledgements and this come by different streams, so neither says when the other was true:
  /// a route is programmed when both say so.
  private Report.KernelVerdicts troubles(RouteStates states) {
    List<Report.KernelVerdict> news = new ArrayList<>();
    for (RouteState state : states.getRoutesList()) {
      if (state.getNetworkInstance().equals(Intent.NETWORK_INSTANCE)) {
        Prefix prefix = Prefix.parse(state.getPrefix());
        String error = state.getStatus().equals("installed") ? "" : text(state);
        if (driver.intent().routeState(prefix, error)) {
          news.add(new Report.KernelVerdict(prefix, error));
        }
      }
    }
    return new Report.KernelVerdicts(driver.router(), news);
  }

  private static String text(RouteState state) {
    return state.getError().isEmpty() ? state.getStatus() : state.getError();
  }

  private void openModify() {
    Stream<ModifyRequest, ModifyResponse> inbound =
        new Stream<>("Modify") {
          @Override
          void next(ModifyResponse response) {
            modified(response);
            more();
          }
        };
    gribi.modify(inbound);
    ClientCallStreamObserver<ModifyRequest> stream = inbound.outbound();
    modify = stream;
    stream.onNext(GribiSession.PARAMETERS);
    stream.onNext(ModifyRequest.newBuilder().setElectionId(electionId.toProto()).build());
  }

  private void modified(ModifyResponse response) {
    if (response.hasElectionId()) {
      elected(ElectionId.of(response.getElectionId()));
    }
    for (AFTResult result : response.getResultList()) {
      String error = driver.intent().result(result);
      if (error != null) {
        driver.refused(error);
      }
    }
  }

  private void elected(ElectionId highest) {
    boolean won = highest.compareTo(electionId) <= 0;
    if (won && election != Election.WON) {
      election = Election.WON;
      ConfigureRequest configuration = driver.configuration();
      if (configuration != null) {
        configure(configuration);
      }
    } else if (!won && election != Election.LOST) {
      election = Election.LOST;
      watch();
      driver.notice(
          "another controller is primary: election id %s, ours %s; stop one of them"
              .formatted(highest, electionId));
    }
  }

  boolean mayModify() {
    ClientCallStreamObserver<ModifyRequest> stream = modify;
    return step == Step.SYNCED && election == Election.WON && stream != null && stream.isReady();
  }

  void modify(List<AFTOperation> operations) {
    ClientCallStreamObserver<ModifyRequest> stream = modify;
    if (stream != null) {
      stream.onNext(ModifyRequest.newBuilder().addAllOperation(operations).build());
    }
  }

  private void openAdvertise() {
    Stream<AdvertiseRequest, AdvertiseResponse> inbound =
        new Stream<>("Advertise") {
          @Override
          void next(AdvertiseResponse response) {
            advertiseAcked = Math.max(advertiseAcked, response.getSeq());
            more();
          }
        };
    agent.advertise(inbound);
    advertise = inbound.outbound();
  }

  /// Announces a full content; what comes by [#announce] later is a change to it.
  void announceAll(List<? extends ExportBlock> blocks, long generation) {
    ClientCallStreamObserver<AdvertiseRequest> stream = advertise;
    if (stream == null || !isConnected()) {
      return;
    }
    ExportOutbox outbox = new ExportOutbox();
    put(blocks, generation, outbox);
    exports = outbox;
    content = Content.FILLING;
    stream.onNext(AdvertiseRequest.newBuilder().setBegin(true).setSeq(++advertised).build());
  }

  void announce(List<? extends ExportBlock> blocks, long generation) {
    ExportOutbox outbox = exports;
    if (outbox != null) {
      put(blocks, generation, outbox);
    }
  }

  /// A neighbor may have no session of a family, or none any more: it is told nothing of that.
  private void put(List<? extends ExportBlock> blocks, long generation, ExportOutbox outbox) {
    for (ExportBlock block : blocks) {
      if (configured.contains(ExportOutbox.session(block).toString())) {
        outbox.put(block, generation);
      }
    }
  }

  /// Sends what the stream takes now and the gate lets go; nothing while the agent is being
  /// configured, as it may not know the sessions yet.
  void advertise(ExportOutbox.Gate gate) {
    ClientCallStreamObserver<AdvertiseRequest> stream = advertise;
    ExportOutbox outbox = exports;
    if (stream == null || outbox == null || step == Step.ENDED || configuring > 0) {
      return;
    }
    outbox.look(gate);
    while (stream.isReady()) {
      RouteBatch batch = outbox.next(EXPORT_BATCH, gate);
      if (batch != null) {
        stream.onNext(AdvertiseRequest.newBuilder().setBatch(batch).setSeq(++advertised).build());
      } else if (content == Content.FILLING && !outbox.isExpecting(gate)) {
        content = Content.COMPLETE;
        stream.onNext(AdvertiseRequest.newBuilder().setEnd(true).setSeq(++advertised).build());
      } else {
        return;
      }
    }
  }

  /// Announcements that wait, and messages of them not acknowledged.
  int advertisePending() {
    ExportOutbox outbox = exports;
    return (outbox == null ? 0 : outbox.size()) + (int) (advertised - advertiseAcked);
  }

  /// Announcements that wait for forwarding tables.
  int held() {
    ExportOutbox outbox = exports;
    return outbox == null ? 0 : outbox.held();
  }

  /// Ends every stream; what comes of them later is void.
  void end() {
    step = Step.ENDED;
    for (ClientCallStreamObserver<?> stream : streams) {
      stream.cancel("the controller ends the connection", null);
    }
    streams.clear();
  }

  private void lost(String reason) {
    if (step != Step.ENDED) {
      driver.lost(this, reason);
    }
  }

  private <T extends Message> StreamObserver<T> answer(String call, Consumer<T> receiver) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T message) {
        if (step != Step.ENDED) {
          receiver.accept(message);
        }
      }

      @Override
      public void onError(Throwable cause) {
        lost(reason(call, cause));
      }

      @Override
      public void onCompleted() {
        // The message came before.
      }
    };
  }

  /// Why the agent was lost, as operators read it; which call found that out is of no use to them
  /// while there is no connection.
  private String reason(String call, Throwable cause) {
    boolean isConnection = Status.fromThrowable(cause).getCode() == Status.Code.UNAVAILABLE;
    String text = CallFailure.text(cause);
    String advice = text.equals("connection refused") ? "; is `donut agent` running there?" : "";
    return isConnection
        ? "agent at %s: %s%s".formatted(driver.address().text(), text, advice)
        : call + ": " + text;
  }

  /// The inbound side of a stream: one message at a time, the next when [#more] is called.
  private abstract class Stream<O, I> implements ClientResponseObserver<O, I> {
    private final String call;
    private @Nullable ClientCallStreamObserver<O> outbound;

    Stream(String call) {
      this.call = call;
    }

    abstract void next(I message);

    final void more() {
      if (step != Step.ENDED) {
        outbound().request(1);
      }
    }

    final ClientCallStreamObserver<O> outbound() {
      ClientCallStreamObserver<O> stream = outbound;
      if (stream == null) {
        throw new IllegalStateException(call + ": not started");
      }
      return stream;
    }

    @Override
    public final void beforeStart(ClientCallStreamObserver<O> stream) {
      outbound = stream;
      streams.add(stream);
      stream.disableAutoRequestWithInitial(1);
      // The callback itself does nothing: that it runs on the driver's thread makes it look again.
      stream.setOnReadyHandler(() -> {});
    }

    @Override
    public final void onNext(I message) {
      if (step == Step.ENDED) {
        return;
      }
      try {
        next(message);
      } catch (IllegalArgumentException e) {
        lost(call + ": " + e.getMessage());
      }
    }

    @Override
    public final void onError(Throwable cause) {
      lost(reason(call, cause));
    }

    @Override
    public void onCompleted() {
      lost(call + ": the agent ended the stream");
    }
  }
}
