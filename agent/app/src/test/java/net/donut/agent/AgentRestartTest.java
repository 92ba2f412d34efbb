package net.donut.agent;

import static net.donut.agent.BirdNetwork.NEIGHBOR;
import static net.donut.agent.BirdNetwork.configuration;
import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import net.donut.api.AttributeMapping;
import net.donut.api.agent.v1.AllowRemovalRequest;
import net.donut.api.agent.v1.EndSyncRequest;
import net.donut.api.agent.v1.EndSyncResponse;
import net.donut.fixtures.NeedsPrograms;
import net.donut.model.AsPath;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An agent killed with signal 9 under a table, and what its successor does to kernel and neighbor.
/// The table has 20,000 routes, or as many as the property `donut.restart.routes` says.
@Timeout(180)
@NeedsPrograms
class AgentRestartTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ROUTES = Integer.getInteger("donut.restart.routes", 20_000);
  private static final String STALE = "203.0.113.0/24";

  private final Path directory;
  private final BirdNetwork network = new BirdNetwork();
  private final ConcurrentLinkedQueue<String> changes = new ConcurrentLinkedQueue<>();

  AgentRestartTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void cleanUp() throws Exception {
    network.end();
  }

  private static List<Prefix> prefixes(int count) {
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prefixes.add(Prefix.ofIpv4(0x1400_0000 + (i << 8), 24));
    }
    return prefixes;
  }

  private static List<Prefix> announced() {
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      prefixes.add(Prefix.ofIpv4(0xc612_0000 | i << 6, 26));
    }
    return prefixes;
  }

  private static PathAttributes announcement() {
    return PathAttributes.of(Origin.IGP, AsPath.of(64500), AttributeMapping.NO_NEXT_HOP);
  }

  /// Writes down every change of a route or group of ours from now on.
  private void recordChanges() {
    network.keep(
        NetlinkMonitor.start(
            new NetlinkMonitor.Options(
                "test",
                java.util.Set.of(
                    Subscription.IPV4_ROUTE, Subscription.IPV6_ROUTE, Subscription.NEXT_HOP),
                64 << 20,
                0),
            network.namespace.threadFactory("test"),
            this::record));
  }

  private void record(KernelEvent event) {
    switch (event) {
      case KernelEvent.RouteChanged(var route) when route.protocol() == 64 ->
          changes.add("put " + route.prefix());
      case KernelEvent.RouteDeleted(var route) when route.protocol() == 64 ->
          changes.add("delete " + route.prefix());
      case KernelEvent.NextHopDeleted(int id) when id == 1_000_000_001 ->
          changes.add("delete group");
      case KernelEvent.Overrun _ -> changes.add("overrun");
      default -> {}
    }
  }

  private static EndSyncResponse endSync(AgentClient client, long high, long low) {
    return client
        .blocking()
        .endSync(EndSyncRequest.newBuilder().setElectionHigh(high).setElectionLow(low).build());
  }

  private long kernelRoutes() {
    return network.here.ip("route show proto 64").lines().count();
  }

  @Test
  void a_killed_agent_costs_neither_a_route_in_the_kernel_nor_one_at_the_neighbor()
      throws Exception {
    BirdNeighbor bird = network.keep(new BirdNeighbor(network.there, directory, 10)).start();
    Process first = AgentMain.start(network, directory);
    AgentClient before = AgentMain.client(network);
    before.blocking().configure(configuration());
    before.advertise(NEIGHBOR, announced(), announcement());
    RouteProgrammer programmer = network.keep(new RouteProgrammer(before.channel(), 0, 1));
    programmer.gateway(1, "100.64.1.2", "bird");
    assertThat(programmer.add(prefixes(ROUTES), 1)).isEmpty();
    assertThat(programmer.add(List.of(Prefix.parse(STALE)), 1)).isEmpty();
    eventually(PATIENCE, () -> assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(300));
    recordChanges();

    first.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    AgentMain.start(network, directory);

    AgentClient after = AgentMain.client(network);
    StateView states = after.watchState();
    eventually(
        PATIENCE, () -> assertThat(states.session(NEIGHBOR).getState()).isEqualTo("Established"));
    // Nobody has said yet what is to be announced: the neighbor keeps what it had.
    assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(300);
    assertThat(kernelRoutes()).isEqualTo(ROUTES + 1);
    RouteProgrammer again = network.keep(new RouteProgrammer(after.channel(), 0, 2));
    again.gateway(1, "100.64.1.2", "bird");
    assertThat(again.add(prefixes(ROUTES), 1)).isEmpty();
    assertThat(changes).isEmpty();
    assertThat(endSync(after, 0, 1).getRefusal()).contains("primary");
    assertThat(kernelRoutes()).isEqualTo(ROUTES + 1);

    EndSyncResponse swept = endSync(after, 0, 2);

    assertThat(swept.getRefusal()).isEmpty();
    assertThat(swept.getRoutes()).isOne();
    eventually(PATIENCE, () -> assertThat(kernelRoutes()).isEqualTo(ROUTES));
    eventually(PATIENCE, () -> assertThat(changes).containsExactly("delete " + STALE));
    after.advertise(NEIGHBOR, announced().subList(0, 200), announcement());
    eventually(PATIENCE, () -> assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(200));
  }

  @Test
  void a_controller_that_knows_nothing_takes_nothing_away_until_the_operator_says_so()
      throws Exception {
    AgentProcess agent =
        network.keep(
            network.namespace.call(
                () -> AgentProcess.open(AgentOptions.of("edge1", directory.resolve("state")))));
    AgentClient client = network.keep(new AgentClient(network.namespace, agent.address()));
    StateView states = client.watchState();
    eventually(PATIENCE, () -> assertThat(states.isSnapshot()).isTrue());
    client.blocking().configure(configuration());
    RouteProgrammer programmer = network.keep(new RouteProgrammer(client.channel(), 0, 1));
    programmer.gateway(1, "100.64.1.2", "bird");
    List<Prefix> all = prefixes(3000);
    assertThat(programmer.add(all, 1)).isEmpty();
    assertThat(programmer.add(List.of(Prefix.parse("0.0.0.0/0")), 1)).isEmpty();

    List<String> refused = programmer.remove(all, "");

    assertThat(refused)
        .hasSize(2100)
        .allSatisfy(text -> assertThat(text).contains("FAILED", "30 % of 3001", "allow-removal"));
    assertThat(programmer.remove(List.of(Prefix.parse("0.0.0.0/0")), "")).hasSize(1);
    assertThat(kernelRoutes()).isEqualTo(2101);
    eventually(
        PATIENCE,
        () -> assertThat(states.notices()).anyMatch(text -> text.contains("allow-removal")));
    assertThat(programmer.remove(all.subList(900, 1000), "withdrawn")).isEmpty();

    client.blocking().allowRemoval(AllowRemovalRequest.newBuilder().setSeconds(30).build());

    assertThat(programmer.remove(all, "")).isEmpty();
    assertThat(programmer.remove(List.of(Prefix.parse("0.0.0.0/0")), "")).isEmpty();
    assertThat(kernelRoutes()).isZero();
  }
}
