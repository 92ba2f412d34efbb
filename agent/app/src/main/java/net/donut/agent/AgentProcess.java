package net.donut.agent;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.donut.agent.bfd.BfdLink;
import net.donut.agent.fib.Failure;
import net.donut.agent.fib.Fib;
import net.donut.agent.fib.FibEvent;
import net.donut.agent.fib.FibOptions;
import net.donut.agent.gribi.ForwardReferences;
import net.donut.agent.gribi.GribiService;
import net.donut.agent.rib.BgpEdge;
import net.donut.agent.rib.RibRecorder;
import net.donut.agent.rib.RibThread;
import net.donut.agent.service.AgentParts;
import net.donut.agent.service.AgentService;
import net.donut.agent.service.AgentState;
import net.donut.api.agent.v1.AgentGrpc;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.bgp.BgpEventLoops;
import net.donut.bgp.BgpException;
import net.donut.bgp.BgpSpeaker;
import net.donut.bgp.CeaseReason;
import net.donut.bgp.SessionInfo;
import net.donut.bgp.SessionSnapshot;
import net.donut.bgp.SessionState;
import net.donut.bgp.SpeakerConfig;
import net.donut.model.FileFailure;
import net.donut.model.Role;
import net.donut.model.record.RecordingHeader;
import net.donut.model.record.RecordingLimits;
import net.donut.model.record.RecordingWriter;
import net.donut.tls.Permissions;
import net.donut.tls.ServerLimits;
import net.donut.tls.TlsException;
import net.donut.tls.TransportLog;
import net.donut.tls.TransportSecurity;
import org.jspecify.annotations.Nullable;

/// A running agent: every part, wired. All of it belongs to the network namespace of the thread
/// that opened it.
///
/// Closing it leaves the kernel's routes, and the routes at neighbors that agreed on graceful
/// restart, as they are.
public final class AgentProcess implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 3000;
  private static final int WINDOW_BYTES = 4 << 20;
  private static final long CAP_NET_ADMIN = 1L << 12;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final long startedNanos = System.nanoTime();
  private @Nullable Server server;

  private AgentProcess() {}

  /// Starts an agent. Throws [AgentException] when it cannot run here.
  public static AgentProcess open(AgentOptions options) {
    TransportLog.install();
    AgentProcess process = new AgentProcess();
    try {
      process.wire(options);
      return process;
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  private void wire(AgentOptions options) {
    requireNetAdmin();
    requireEpoll();
    TransportSecurity security = security(options);
    StateDirectory directory = part(StateDirectory.open(options.stateDirectory()));

    // everything below -> agent-state: what changed, the latest a key
    AgentState state = new AgentState(directory.path(), this::fail);

    // kernel -> agent-fib -> agent-state: links, counters, notices
    Fib fib = fib(options, state);

    // agent-rib -> agent-state: counts, limits
    RibThread rib = part(new RibThread(state, recorder(options), this::fail));
    rib.start();

    // neighbors -> bgp loop -> agent-rib: updates; agent-rib -> bgp loop: what to announce;
    // bgp loop -> agent-state: session states; bgp loop -> agent-fib: gateways lost
    part(state);
    EventLoopGroup loops = loops();
    BgpEdge edge =
        new BgpEdge(
            rib,
            loops.next(),
            state::session,
            lost -> fib.judge("sessions", lost, Failure.SESSION_ENDED));
    ConfigureRequest saved = savedConfiguration(state, options.stateDirectory());
    BgpSpeaker speaker = new BgpSpeaker(speakerConfig(options, saved), loops.next(), edge, edge);
    edge.attach(speaker);

    // neighbors -> BFD speaker, a process of its own -> agent-bfd -> agent-state -> agent-fib
    BfdLink bfd = part(new BfdLink(directory.path(), state, this::fail));
    bfd.start();
    part((AutoCloseable) () -> bfd.close(closeSessions(speaker, edge)));

    // agent-state -> agent-rib, bgp loop: configuration; agent-state -> bgp loop: fast fallover
    state.start(new AgentParts(rib, speaker, edge, bfd::configure, fib));
    listenForNeighbors(speaker);
    if (saved != null) {
      restore(state, saved);
      fib.enforceRemovalBudget();
    }

    // gRPC -> agent-rib, agent-state, agent-fib: requests
    AgentService service =
        new AgentService(
            options.name(), version(), startedNanos, state, rib, fib, security::warnings);
    GribiService gribi = new GribiService(fib, references(options));
    serve(options.listen(), security, service, gribi);
    AgentLog.started(
        options.name(),
        address(),
        fib.capabilities().release(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
  }

  private TransportSecurity security(AgentOptions options) {
    try {
      TransportSecurity security = part(TransportSecurity.open(options.protection()));
      security.requireRole(new Role.Agent(options.name()));
      return security;
    } catch (TlsException | IllegalArgumentException e) {
      throw new AgentException(String.valueOf(e.getMessage()), e);
    }
  }

  private RibRecorder recorder(AgentOptions options) {
    Path file = options.recording();
    if (file == null) {
      return RibRecorder.none();
    }
    RecordingHeader header =
        RibRecorder.header("donut agent " + options.name() + " " + version(), Instant.now());
    try {
      RecordingWriter writer =
          part(
              RecordingWriter.open(
                  file, header, RecordingLimits.DEFAULT, AgentLog::recordingEnded));
      AgentLog.recording(file);
      return RibRecorder.to(writer);
    } catch (IOException e) {
      throw new AgentException(
          "--record "
              + file
              + ": "
              + FileFailure.reason(e)
              + " (expected: a file in a directory that is there)",
          e);
    }
  }

  private static ForwardReferences references(AgentOptions options) {
    return switch (options.forwardReferences()) {
      case REJECT -> ForwardReferences.REJECT;
      case QUEUE -> ForwardReferences.QUEUE;
    };
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  private static void requireNetAdmin() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("CapEff:")
            && (Long.parseUnsignedLong(line.substring(7).strip(), 16) & CAP_NET_ADMIN) == 0) {
          throw new AgentException(
              "no permission to program the kernel (expected: root, or CAP_NET_ADMIN)");
        }
      }
    } catch (IOException e) {
      throw new AgentException("/proc/self/status: " + e + " (expected: Linux with /proc)", e);
    }
  }

  /// Its native library is unpacked into the directory for temporary files.
  private static void requireEpoll() {
    if (!Epoll.isAvailable()) {
      throw new AgentException(
          "native epoll: "
              + Epoll.unavailabilityCause().getMessage()
              + " (expected: room in "
              + System.getProperty("java.io.tmpdir")
              + "; choose another directory with -Djava.io.tmpdir=DIR)");
    }
  }

  private Fib fib(AgentOptions options, AgentState state) {
    FibOptions settings =
        FibOptions.defaults(options.stateDirectory())
            .withNetworkInstances(options.networkInstances())
            .withRemovalPercent(options.removalPercent());
    Fib fib = part(new Fib(settings, state::fib));
    try {
      fib.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AgentException("interrupted while starting", e);
    } catch (RuntimeException e) {
      throw new AgentException("kernel: " + e.getMessage(), e);
    }
    fib.links().forEach(link -> state.fib(new FibEvent.LinkChanged(link)));
    return fib;
  }

  private EventLoopGroup loops() {
    EventLoopGroup loops = BgpEventLoops.single(new DefaultThreadFactory("bgp"));
    part((AutoCloseable) () -> shutDown(loops));
    return loops;
  }

  private static void shutDown(EventLoopGroup loops) {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(PATIENCE_MILLIS);
  }

  private static @Nullable ConfigureRequest savedConfiguration(AgentState state, Path directory) {
    try {
      return state.savedConfiguration();
    } catch (IOException e) {
      throw new AgentException(
          "state directory "
              + directory
              + ": "
              + FileFailure.text(e)
              + " (expected: readable files)",
          e);
    }
  }

  private static SpeakerConfig speakerConfig(
      AgentOptions options, @Nullable ConfigureRequest saved) {
    SpeakerConfig.Start start =
        saved == null ? SpeakerConfig.Start.FRESH : SpeakerConfig.Start.RESTARTED;
    return options.bgpPort() == 0
        ? new SpeakerConfig(List.of(), start)
        : new SpeakerConfig(SpeakerConfig.listening(options.bgpPort()).listen(), start);
  }

  private static void listenForNeighbors(BgpSpeaker speaker) {
    try {
      await(speaker.start());
    } catch (BgpException e) {
      throw new AgentException(
          "BGP: "
              + e.getMessage()
              + " (stop the other BGP daemon, or choose a port with --bgp-port)",
          e);
    }
  }

  private static void restore(AgentState state, ConfigureRequest saved) {
    try {
      state.configure(saved, _ -> {});
      AgentLog.restored(saved.getGeneration(), saved.getNeighborsCount());
    } catch (IllegalArgumentException e) {
      AgentLog.savedConfigurationRefused(String.valueOf(e.getMessage()));
    }
  }

  private void serve(
      InetSocketAddress listen, TransportSecurity security, BindableService... services) {
    EventLoopGroup loops = new EpollEventLoopGroup(1, new DefaultThreadFactory("grpc"));
    part((AutoCloseable) () -> shutDown(loops));
    HealthStatusManager health = new HealthStatusManager();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(listen)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .flowControlWindow(WINDOW_BYTES)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance());
    security.protect(
        builder, EpollServerSocketChannel::new, Permissions.AGENT, ServerLimits.AGENT, "agent");
    for (BindableService service : services) {
      builder.addService(service);
      health.setStatus(
          service.bindService().getServiceDescriptor().getName(), ServingStatus.SERVING);
    }
    Server built = builder.build();
    try {
      built.start();
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new AgentException(
          "listen on "
              + listen.getHostString()
              + ":"
              + listen.getPort()
              + ": "
              + cause.getMessage()
              + " (expected: a free port; choose another with --listen)",
          e);
    }
    server = built;
    part((AutoCloseable) () -> stop(built, health));
  }

  private static void stop(Server server, HealthStatusManager health) throws InterruptedException {
    health.enterTerminalState();
    server.shutdownNow();
    server.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Sessions whose neighbor keeps our routes over a restart end without a word when the event loop
  /// ends, and then BFD goes on; the others are told.
  private static BfdLink.Ending closeSessions(BgpSpeaker speaker, BgpEdge edge) {
    edge.closing();
    try {
      int kept = 0;
      int ceased = 0;
      for (SessionSnapshot session : await(speaker.snapshots())) {
        SessionInfo info = session.negotiated();
        if (info != null && info.features().contains(SessionInfo.Feature.GRACEFUL_RESTART)) {
          kept++;
        } else {
          ceased += session.state() == SessionState.ESTABLISHED ? 1 : 0;
          speaker.tearDown(session.name(), CeaseReason.SHUTDOWN);
        }
      }
      await(speaker.snapshots());
      AgentLog.stopping(kept, ceased);
      return kept > 0 ? BfdLink.Ending.LINGER : BfdLink.Ending.LEAVE;
    } catch (RuntimeException e) {
      AgentLog.sessionsNotClosed(e);
      return BfdLink.Ending.LINGER;
    }
  }

  private static <T extends @Nullable Object> T await(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AgentException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new AgentException("no answer within " + PATIENCE_MILLIS + " ms", e);
    }
  }

  private static String version() {
    String version = AgentProcess.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /// The names of the gRPC services of an agent beside health and reflection.
  public static List<String> services() {
    return List.of(AgentGrpc.SERVICE_NAME, "gribi.gRIBI");
  }

  /// Where gRPC is served.
  public InetSocketAddress address() {
    Server running = server;
    if (running == null) {
      throw new IllegalStateException("server: none (expected: an agent that started)");
    }
    return (InetSocketAddress) running.getListenSockets().getFirst();
  }

  /// Completes when the agent was closed, exceptionally when a bug ended one of its threads.
  public CompletableFuture<Void> ended() {
    return ended;
  }

  private void fail(Throwable cause) {
    AgentLog.failed(cause);
    ended.completeExceptionally(cause);
  }

  @Override
  public void close() {
    for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
      try {
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        AgentLog.failed(e);
      }
    }
    ended.complete(null);
  }
}
