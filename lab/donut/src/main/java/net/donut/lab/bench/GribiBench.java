package net.donut.lab.bench;

import gribi.Gribi.AFTType;
import gribi.Gribi.Empty;
import gribi.Gribi.FlushRequest;
import gribi.Gribi.GetRequest;
import gribi.Gribi.GetResponse;
import gribi.gRIBIGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.run.HeldLab;
import net.donut.lab.run.Narration;
import net.donut.lab.table.PrefixList;
import net.donut.model.Family;
import net.donut.model.Prefixes;
import net.donut.netlink.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// An agent by itself under a gRIBI client that programs a table, reads it slowly, vanishes, comes
/// back after the agent was killed, and flushes. Owned by the thread that runs it.
public final class GribiBench {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration STALLED = Duration.ofSeconds(2);
  private static final InetSocketAddress AGENT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9340);
  private static final FeedLink EXIT = FeedLink.plain(1, Family.IPV4, 64601);

  /// @param prefixes a list of real prefixes; null to look for it and else to generate some
  /// @param logs where the agent's log goes
  public record Options(String name, int routes, long seed, @Nullable Path prefixes, Path logs) {
    public Options {
      if (routes < 10_000 || routes > 4_000_000) {
        throw new IllegalArgumentException("routes: " + routes + " (expected: 10000..4000000)");
      }
    }
  }

  private final Narration story;
  private final Prefixes prefixes;
  private final BenchPrograms children;
  private final KernelChanges kernel;
  private final NetworkNamespace inside;
  private final List<Measurement> figures = new ArrayList<>();
  private List<ProcessId> agent;
  private long election;

  private GribiBench(
      Narration story,
      Prefixes prefixes,
      BenchPrograms children,
      NetworkNamespace inside,
      Path directory) {
    this.story = story;
    this.prefixes = prefixes;
    this.children = children;
    this.inside = inside;
    Namespace namespace = new Namespace(inside.name());
    this.kernel = new KernelChanges(namespace, Family.IPV4, DonutUnderTest.PROTOCOL);
    this.agent = List.of(DonutUnderTest.startAgent(children, namespace, directory));
  }

  /// Runs everything; puts everything away also when it fails. Throws LabException when an entry is
  /// refused or lost.
  public static List<Measurement> measure(Options options, Narration story) {
    PrefixList list =
        PrefixList.find(options.prefixes(), Family.IPV4, options.routes(), options.seed());
    story.tell(list.source());
    HeldLab state = HeldLab.claim(options.name());
    try (BenchPrograms children = new BenchPrograms(options.logs());
        BenchNetwork network = BenchNetwork.create(state, List.of(EXIT))) {
      Namespace router = network.makeRouter();
      try (NetworkNamespace inside = NetworkNamespace.open(router.name())) {
        return new GribiBench(story, list.prefixes(), children, inside, state.directory()).run();
      }
    } finally {
      state.remove();
    }
  }

  /// A client's connection to the agent.
  private final class Client implements AutoCloseable {
    private final EventLoopGroup loops =
        new EpollEventLoopGroup(1, inside.threadFactory("gribi-client"));
    private final ManagedChannel channel =
        NettyChannelBuilder.forAddress(AGENT)
            .eventLoopGroup(loops)
            .channelFactory(() -> inside.call(EpollSocketChannel::new))
            .usePlaintext()
            .build();

    GribiLoad begin() {
      GribiLoad load = new GribiLoad(prefixes, EXIT, ++election);
      gRIBIGrpc.newStub(channel).withWaitForReady().modify(load);
      return load;
    }

    gRIBIGrpc.gRIBIBlockingStub calls() {
      return gRIBIGrpc
          .newBlockingStub(channel)
          .withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /// Ends the connection without a word to the agent.
    @Override
    public void close() {
      channel.shutdownNow();
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
  }

  private List<Measurement> run() {
    try (kernel) {
      note("entries", "entries", prefixes.size());
      try (Client client = new Client()) {
        fill(client);
        get(client);
        slowGet(client);
      }
      restart();
      try (Client client = new Client()) {
        flush(client);
        slowReader(client);
        flush(client);
      }
      vanish();
      note("peak_mb", "agent: most ever resident, MB", usage().peakKib() / 1024.0);
      return figures;
    } finally {
      children.end(agent);
    }
  }

  private void note(String key, String what, double value) {
    figures.add(new Measurement(key, what, value));
    story.tell(Measurements.lines(List.of(figures.getLast())).getFirst());
  }

  private ProcessUsage usage() {
    return ProcessUsage.of(agent);
  }

  private void noteResident(String key, String when) {
    note(key, "agent: resident, MB, " + when, usage().residentKib() / 1024.0);
  }

  private void fill(Client client) {
    double before = usage().cpuSeconds();
    double millis = fillAll(client);
    note("fill_s", "one stream, until the kernel has all of it, s", millis / 1e3);
    note("fill_ops_per_s", "operations a second", prefixes.size() / millis * 1e3);
    note("fill_cpu_s", "agent: processor seconds for it", usage().cpuSeconds() - before);
    noteResident("filled_mb", "after it");
  }

  private double fillAll(Client client) {
    double millis =
        Rounds.millis(() -> {
          GribiLoad load = client.begin();
          load.readAll();
          load.await(LIMIT);
        });
    expectRoutes(prefixes.size());
    return millis;
  }

  /// By a dump: of routes that go with their group the kernel notifies nobody.
  private long routes() {
    return inside.call(() -> KernelWatch.routesOf(Family.IPV4, DonutUnderTest.PROTOCOL));
  }

  private void expectRoutes(long count) {
    long found = routes();
    if (found != count) {
      throw new LabException("routes in the kernel: %,d (expected: %,d)".formatted(found, count));
    }
  }

  private void get(Client client) {
    double millis = Rounds.millis(() -> expectEntries(entries(client)));
    note("get_s", "Get of all, s", millis / 1e3);
  }

  private static Iterator<GetResponse> entries(Client client) {
    return client
        .calls()
        .get(GetRequest.newBuilder().setName("DEFAULT").setAft(AFTType.IPV4).build());
  }

  private void expectEntries(Iterator<GetResponse> parts) {
    long[] count = {0};
    parts.forEachRemaining(part -> count[0] += part.getEntryCount());
    if (count[0] != prefixes.size()) {
      throw new LabException(
          "Get: %,d entries (expected: %,d)".formatted(count[0], prefixes.size()));
    }
  }

  private void slowGet(Client client) {
    Iterator<GetResponse> parts = entries(client);
    long first = parts.next().getEntryCount();
    Pause.of(STALLED);
    noteResident("slow_get_mb", "while a reader of Get has stopped");
    long rest = 0;
    while (parts.hasNext()) {
      rest += parts.next().getEntryCount();
    }
    if (first + rest != prefixes.size()) {
      throw new LabException("Get, read slowly: " + (first + rest) + " entries");
    }
  }

  private void restart() {
    kernel.arm();
    String name = agent.getFirst().name();
    long begun = System.nanoTime();
    children.kill(name);
    children.again(name);
    agent = List.of(children.id(name));
    try (Client client = new Client()) {
      fillAll(client);
    }
    note(
        "restart_s",
        "agent killed and started again, until all is acknowledged anew, s",
        (System.nanoTime() - begun) / 1e9);
    note("restart_changes", "routes changed in the kernel by it", (double) kernel.seen().routes());
  }

  private void flush(Client client) {
    double millis =
        Rounds.millis(() ->
            client
                .calls()
                .flush(
                    FlushRequest.newBuilder()
                        .setOverride(Empty.getDefaultInstance())
                        .setAll(Empty.getDefaultInstance())
                        .build()));
    expectRoutes(0);
    if (figures.stream().noneMatch(figure -> figure.key().equals("flush_s"))) {
      note("flush_s", "Flush of all, s", millis / 1e3);
    }
  }

  private void slowReader(Client client) {
    GribiLoad load = client.begin();
    long taken = -1;
    while (load.sent() == 0 || load.sent() != taken) {
      taken = load.sent();
      Pause.of(STALLED);
    }
    note(
        "slow_reader_taken",
        "operations taken from a client that reads no results",
        (double) taken);
    noteResident("slow_reader_mb", "while it does not read");
    load.readAll();
    load.await(LIMIT);
    expectRoutes(prefixes.size());
  }

  private void vanish() {
    try (Client client = new Client()) {
      GribiLoad load = client.begin();
      load.readAll();
      Pause.until(
          "half of the entries in the kernel",
          LIMIT,
          () -> load.programmed() > prefixes.size() / 2);
    }
    Pause.until(
        "rest of the kernel", LIMIT, () -> kernel.quiet().compareTo(Duration.ofSeconds(1)) > 0);
    note("vanished_kept", "routes kept of a client that vanished half way", (double) routes());
    try (Client client = new Client()) {
      note("vanished_s", "its successor, until all is there, s", fillAll(client) / 1e3);
    }
  }
}
