package net.donut.agent;

import static net.donut.agent.BirdNetwork.NEIGHBOR;
import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import net.donut.agent.fib.TestNamespace;
import net.donut.agent.gribi.AftOperations;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.WatchRoutesRequest;
import net.donut.fixtures.NeedsPrograms;
import net.donut.model.Prefix;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Failures in the middle of a burst of withdrawals: what counts is the order in which one monitor
/// of the kernel hears of them. The burst has 200,000 routes, 500,000 in a long run, or as many as
/// the property `donut.burst.routes` says.
@Timeout(240)
@NeedsPrograms
class BurstTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROUTES =
      Integer.getInteger(
          "donut.burst.routes", Boolean.getBoolean("donut.long") ? 500_000 : 200_000);
  private static final int BY_SESSION = 1_000_000_001;
  private static final int BY_LINK = 1_000_000_003;
  private static final String SPARE = "1200000002";
  private static final String OTHER = "other/ipv4";
  private static final String NO_RESTART = "graceful restart off;";

  private final Path directory;
  private final BirdNetwork network = new BirdNetwork();
  private final TestNamespace spare = network.connect("spare", 2);
  private final TestNamespace third = network.connect("third", 3);
  private final Map<String, Integer> moments = new ConcurrentHashMap<>();
  private final List<String> atTheCut = new CopyOnWriteArrayList<>();
  private final BirdNeighbor bird;
  private final AgentClient client;
  private final StateView states;
  private final RouteProgrammer programmer;

  BurstTest(@TempDir Path directory) {
    this.directory = directory;
    bird = network.keep(new BirdNeighbor(network.there, directory, 10, NO_RESTART));
    bird.start();
    AgentProcess agent =
        network.keep(
            network.namespace.call(
                () -> AgentProcess.open(AgentOptions.of("edge1", directory.resolve("state")))));
    client = network.keep(new AgentClient(network.namespace, agent.address()));
    states = client.watchState();
    programmer = network.keep(new RouteProgrammer(client.channel(), 0, 1));
  }

  @AfterEach
  void cleanUp() throws Exception {
    network.end();
  }

  /// Group 1 leads to BIRD and then to the spare, group 3 to the third and then to the spare.
  private void protect() throws InterruptedException {
    assertThat(
            programmer.send(
                List.of(
                    AftOperations.nextHop(1, "100.64.1.2", "bird"),
                    AftOperations.nextHop(2, "100.64.2.2", "spare"),
                    AftOperations.nextHop(3, "100.64.3.2", "third"),
                    AftOperations.group(2, 2),
                    AftOperations.groupWithBackup(1, 2, 1),
                    AftOperations.groupWithBackup(3, 2, 3),
                    AftOperations.ipv4("203.0.113.0/24", 1),
                    AftOperations.ipv4("198.51.100.0/24", 3))))
        .isEmpty();
    eventually(PATIENCE, () -> assertThat(state(NEIGHBOR)).isEqualTo("Established"));
    eventually(PATIENCE, () -> assertThat(network.carrying(BY_SESSION)).doesNotContain(SPARE));
  }

  private String state(String session) {
    return states.session(session).getState();
  }

  /// Notes how far the burst was when each thing of interest happened in the kernel.
  private void listen(IntSupplier progress, AtomicInteger deleted) {
    network.keep(
        NetlinkMonitor.start(
            new NetlinkMonitor.Options(
                "test",
                Set.of(Subscription.IPV4_ROUTE, Subscription.NEXT_HOP, Subscription.LINK),
                512 << 20,
                0),
            network.namespace.threadFactory("test"),
            event -> hear(event, progress, deleted)));
  }

  private void hear(KernelEvent event, IntSupplier progress, AtomicInteger deleted) {
    switch (event) {
      case KernelEvent.RouteDeleted(var route) when route.protocol() == 64 ->
          deleted.incrementAndGet();
      case KernelEvent.NextHopChanged(var object) when object.id() == BY_SESSION ->
          moments.putIfAbsent("group changed", progress.getAsInt());
      case KernelEvent.LinkChanged(var link)
          when link.name().equals("third") && !link.hasCarrier() -> {
        if (moments.putIfAbsent("link lost", progress.getAsInt()) == null) {
          atTheCut.addAll(network.carrying(BY_LINK));
        }
      }
      case KernelEvent.Overrun _ -> moments.put("overrun", progress.getAsInt());
      default -> {}
    }
  }

  /// Kills BIRD and cuts a link, and waits until the controller has been told of both.
  private void fail() {
    bird.kill();
    third.ip("link set agent down");
    eventually(
        PATIENCE,
        () -> {
          assertThat(state(NEIGHBOR)).isNotEqualTo("Established");
          assertThat(states.link("third").getCarrier()).isFalse();
        });
  }

  private void assertNothingWaited() {
    assertThat(moments).containsOnlyKeys("group changed", "link lost");
    assertThat(moments.values()).allSatisfy(progress -> assertThat(progress).isLessThan(ROUTES));
    assertThat(atTheCut).containsExactly(SPARE);
    assertThat(network.carrying(BY_SESSION)).containsExactly(SPARE);
  }

  private static List<Prefix> table() {
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < ROUTES; i++) {
      // Deleting in ascending order is ten times slower.
      int mixed = (int) (i * 7_368_787L % ROUTES);
      prefixes.add(Prefix.ofIpv4(0x1400_0000 + (mixed << 8), 24));
    }
    return prefixes;
  }

  private List<String> remove(List<Prefix> table) {
    try {
      return programmer.remove(table, "withdrawn");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void neither_a_dead_session_nor_a_cut_link_waits_while_the_controller_removes_a_table()
      throws Exception {
    client.blocking().configure(BirdNetwork.configuration());
    protect();
    List<Prefix> table = table();
    assertThat(programmer.add(table, 2)).isEmpty();
    AtomicInteger deleted = new AtomicInteger();
    listen(deleted::get, deleted);
    CompletableFuture<List<String>> burst = CompletableFuture.supplyAsync(() -> remove(table));
    eventually(PATIENCE, () -> assertThat(deleted.get()).isGreaterThan(ROUTES / 4));

    fail();

    assertThat(burst).as("what was told before its end").isNotDone();
    assertThat(burst.get(120, TimeUnit.SECONDS)).isEmpty();
    eventually(PATIENCE, () -> assertThat(deleted.get()).isEqualTo(ROUTES));
    assertNothingWaited();
  }

  @Test
  void neither_a_dead_session_nor_a_cut_link_waits_while_another_neighbor_withdraws_its_table()
      throws Exception {
    RouteStreamView<WatchRoutesRequest> routes = client.watchRoutes();
    BirdNeighbor other =
        network.keep(
            new BirdNeighbor(
                spare, Files.createDirectory(directory.resolve("other")), ROUTES, NO_RESTART, 2));
    other.start();
    client.blocking().configure(configuration());
    protect();
    eventually(PATIENCE, () -> assertThat(routes.count(OTHER)).isEqualTo(ROUTES));
    listen(() -> ROUTES - routes.count(OTHER), new AtomicInteger());
    other.withdrawAll();
    eventually(PATIENCE, () -> assertThat(routes.count(OTHER)).isLessThan(ROUTES));

    fail();

    eventually(PATIENCE, () -> assertThat(routes.count(OTHER)).isZero());
    assertNothingWaited();
    assertThat(state(OTHER)).isEqualTo("Established");
  }

  private static ConfigureRequest configuration() {
    return BirdNetwork.configuration().toBuilder()
        .addNeighbors(BirdNetwork.neighbor(OTHER, "spare", 2))
        .build();
  }
}
