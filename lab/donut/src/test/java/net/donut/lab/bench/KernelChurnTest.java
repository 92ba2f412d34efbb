package net.donut.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.donut.controller.policy.PolicyReader;
import net.donut.core.Engine;
import net.donut.fixtures.NeedsKernel;
import net.donut.fixtures.Packing;
import net.donut.fixtures.RealData;
import net.donut.fixtures.RealDataDirectory;
import net.donut.fixtures.SeededDump;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.run.HeldLab;
import net.donut.lab.run.Operator;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.netlink.KernelGroup;
import net.donut.netlink.KernelNextHop;
import net.donut.netlink.KernelRoute;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.NextHopObject;
import net.donut.netlink.RouteFilter;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.mrt.MrtReader;
import net.donut.wire.mrt.MrtRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// 45 minutes of churn, recorded and seeded, through an agent and a controller into a kernel: as
/// fast as they go, or with `-Ddonut.churn.speed=1` at their own pace (2: twice as fast). Needs
/// root.
@NeedsKernel
class KernelChurnTest {
  private static final int PEERS = 4;
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final double SPEED =
      Double.parseDouble(System.getProperty("donut.churn.speed", "0"));
  private static final Duration RECORDED = Duration.ofMinutes(46);

  @TempDir private Path out = Path.of("unset");

  @RealData
  @Test
  void recorded_churn_leaves_kernel_intent_and_a_fresh_engine_equal() throws Exception {
    leavesAllEqual(
        Stream.of(0, 1, 2)
            .map(i -> RealDataDirectory.path("mrt/updates/csunetsec-arch" + i + "-2013.mrt.xz"))
            .toList());
  }

  @Test
  void seeded_churn_leaves_kernel_intent_and_a_fresh_engine_equal() throws Exception {
    List<Path> files = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      files.add(
          SeededDump.CHURN.make(seed).write(out.resolve("updates" + seed + ".gz"), Packing.GZIP));
    }
    leavesAllEqual(files);
  }

  private void leavesAllEqual(List<Path> files) throws Exception {
    List<ReplayPeer> peers = recorded(files);
    assertThat(peers).hasSize(PEERS).allMatch(peer -> peer.messages() > 1_000);
    DonutUnderTest donut = new DonutUnderTest();
    HeldLab state = HeldLab.claim("t-churn" + ProcessHandle.current().pid());
    List<FeedLink> links = peers.stream().map(ReplayPeer::link).toList();
    try (BenchPrograms children = new BenchPrograms(out.resolve("logs"));
        BenchNetwork network = BenchNetwork.create(state, links)) {
      donut.prepare(out, links);
      Namespace router = network.makeRouter();
      List<ProcessId> programs = donut.start(children, router, out);
      try (Operator operator = operator(children)) {
        peers.forEach(peer -> peer.start(network.of(peer.link()).name(), SPEED));
        Pause.until("all is said", said(), () -> peers.stream().allMatch(ReplayPeer::isDone));
        Map<Prefix, String> model = model(peers);
        Pause.until(
            "the controller has heard all and is at rest, see " + children.log("rut-controller"),
            LIMIT,
            () ->
                operator.status().getConverged()
                    && operator.status().getRoutes().getPaths() == paths(peers));

        assertThat(model).hasSizeGreaterThan(1_000);
        awaitEqual(router, model);
        assertThat(operator.drift(DonutUnderTest.ROUTER).equalsIntent())
            .as("kernel equals intent")
            .isTrue();
      } finally {
        peers.forEach(ReplayPeer::close);
        children.end(programs);
      }
    } finally {
      state.remove();
    }
  }

  private static Duration said() {
    return SPEED == 0 ? LIMIT : LIMIT.plusNanos((long) (RECORDED.toNanos() / SPEED));
  }

  private Operator operator(BenchPrograms children) {
    Pause.until(
        "the controller listens, see " + children.log("rut-controller"),
        LIMIT,
        () -> Files.exists(DonutUnderTest.socket(out)));
    Operator operator = new Operator(DonutUnderTest.socket(out));
    Pause.until(
        "the controller answers, see " + children.log("rut-controller"),
        LIMIT,
        () -> operator.tryStatus().isPresent());
    return operator;
  }

  private static long paths(List<ReplayPeer> peers) {
    return peers.stream().mapToLong(peer -> peer.end().size()).sum();
  }

  /// The busiest recorded neighbors, each as a neighbor of the lab.
  private static List<ReplayPeer> recorded(List<Path> files) throws IOException {
    Map<Long, Integer> counts = new HashMap<>();
    read(files, (peer, _, _) -> counts.merge(peer, 1, Integer::sum));
    List<Long> busiest =
        counts.keySet().stream()
            .sorted(
                Comparator.comparingInt((Long peer) -> -counts.getOrDefault(peer, 0))
                    .thenComparing(peer -> peer))
            .limit(PEERS)
            .toList();
    Map<Long, ReplayPeer> peers = new TreeMap<>();
    IntStream.range(0, busiest.size())
        .forEach(i ->
            peers.put(
                busiest.get(i),
                new ReplayPeer(FeedLink.plain(i + 1, Family.IPV4, busiest.get(i)))));
    read(
        files,
        (peer, at, update) -> {
          ReplayPeer replay = peers.get(peer);
          if (replay != null) {
            replay.record(at, update);
          }
        });
    return List.copyOf(peers.values());
  }

  /// Takes an update: who said it, how long after the first, and what.
  private interface Recorded {
    void accept(long peerAs, Duration at, BgpMessage.Update update);
  }

  /// Gives every recorded update with the AS number of who said it. A network with several sessions
  /// is taken as one that says it all.
  private static void read(List<Path> files, Recorded into) throws IOException {
    Instant first = null;
    for (Path file : files) {
      try (MrtReader reader = MrtReader.open(file)) {
        for (MrtRecord record = reader.next(); record != null; record = reader.next()) {
          if (record instanceof MrtRecord.Message message
              && message.message() instanceof BgpMessage.Update update
              && message.peerAs() > 0) {
            Instant at =
                Instant.ofEpochSecond(
                    message.header().seconds(), message.header().microseconds() * 1000L);
            first = first == null ? at : first;
            into.accept(message.peerAs(), Duration.between(first, at), update);
          }
        }
      }
    }
  }

  /// What a fresh engine that hears only the end decides: the gateway of each prefix.
  private Map<Prefix, String> model(List<ReplayPeer> peers) throws IOException {
    Path policy = out.resolve("policy.yaml");
    PolicyReader.Reading reading = PolicyReader.read(policy.toString(), Files.readString(policy));
    assertThat(reading.document()).as(reading.problems().toString()).isNotNull();
    Engine engine = new Engine(java.util.Objects.requireNonNull(reading.document()).toPolicy());
    Map<Integer, String> gateways = new HashMap<>();
    for (ReplayPeer peer : peers) {
      int number = engine.neighbor(peer.link().name());
      gateways.put(number, peer.link().neighbor().toString());
      peer.end()
          .forEach(
              (prefix, attributes) -> engine.announce(number, Prefixes.of(prefix), attributes));
    }
    engine.commit();
    Map<Prefix, String> model = new HashMap<>();
    engine.best(
        DonutUnderTest.ROUTER,
        route -> model.put(route.prefix(), gateways.getOrDefault(route.neighbor(), "none")));
    return model;
  }

  private static void awaitEqual(Namespace router, Map<Prefix, String> model) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Map<Prefix, String> kernel = kernel(router);
    while (!kernel.equals(model) && System.nanoTime() < deadline) {
      Pause.of(Duration.ofMillis(200));
      kernel = kernel(router);
    }
    Map<Prefix, String> found = kernel;
    List<String> differences = new ArrayList<>();
    Stream.concat(model.keySet().stream(), found.keySet().stream())
        .distinct()
        .filter(prefix -> !java.util.Objects.equals(model.get(prefix), found.get(prefix)))
        .limit(10)
        .forEach(prefix ->
            differences.add(
                prefix + ": kernel " + found.get(prefix) + ", engine " + model.get(prefix)));
    assertThat(differences).isEmpty();
  }

  /// The gateway that carries each prefix in the kernel: of a group, the member with most weight.
  private static Map<Prefix, String> kernel(Namespace router) {
    try (NetworkNamespace inside = NetworkNamespace.open(router.name())) {
      return inside.call(() -> {
        try (NetlinkSocket socket = NetlinkSocket.open()) {
          List<KernelRoute> routes =
              socket
                  .view()
                  .routes(new RouteFilter(Family.IPV4, 254, new DonutUnderTest().protocol()));
          Map<Integer, NextHopObject> objects =
              socket.view().nextHops().stream()
                  .collect(Collectors.toMap(NextHopObject::id, object -> object));
          Map<Prefix, String> kernel = new HashMap<>();
          routes.forEach(route -> kernel.put(route.prefix(), gateway(route.nextHopId(), objects)));
          return kernel;
        }
      });
    }
  }

  private static String gateway(int id, Map<Integer, NextHopObject> objects) {
    return switch (objects.get(id)) {
      case KernelGroup group ->
          gateway(
              group.members().stream()
                  .max(Comparator.comparingInt(KernelGroup.Member::weight))
                  .orElseThrow()
                  .nextHopId(),
              objects);
      case KernelNextHop.Gateway gateway -> gateway.gateway().toString();
      case null -> "unknown next hop " + id;
      case NextHopObject other -> other.toString();
    };
  }
}
