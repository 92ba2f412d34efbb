package net.donut.agent;

import static net.donut.agent.BirdNetwork.NEIGHBOR;
import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.donut.agent.fib.TestNamespace;
import net.donut.agent.gribi.AftOperations;
import net.donut.api.agent.v1.Bfd;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.Family;
import net.donut.api.agent.v1.Neighbor;
import net.donut.api.agent.v1.WatchRoutesRequest;
import net.donut.fixtures.NeedsPrograms;
import net.donut.fixtures.RunsAlone;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.KernelGroup;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NextHopObject;
import net.donut.netlink.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What an agent does by itself when the session with a real BIRD or FRR ends and the link stays:
/// no controller programs anything in these tests once the session is up.
@Timeout(120)
@NeedsPrograms
@RunsAlone
class SessionFailoverTest {
  /// Whom the session is with.
  enum Software {
    BIRD {
      @Override
      RealNeighbor in(TestNamespace namespace, Path directory, int restartSeconds) {
        String restart =
            restartSeconds == 0
                ? "graceful restart off;"
                : "graceful restart on; graceful restart time " + restartSeconds + ";";
        return new BirdNeighbor(namespace, directory, ROUTES, restart);
      }
    },
    FRR {
      @Override
      RealNeighbor in(TestNamespace namespace, Path directory, int restartSeconds) {
        String restart =
            restartSeconds == 0
                ? "bgp graceful-restart-disable"
                : "bgp graceful-restart\n bgp graceful-restart restart-time " + restartSeconds;
        return new FrrNeighbor(namespace, directory, ROUTES, restart);
      }
    };

    /// A neighbor that wants its routes kept for so many seconds when it restarts, 0 for not.
    abstract RealNeighbor in(TestNamespace namespace, Path directory, int restartSeconds);
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ROUTES = 50;
  private static final String PREFIX = "203.0.113.0/24";
  private static final String BY_PRIMARY = "1200000001";
  private static final String BY_BACKUP = "1200000002";

  private final Path directory;
  private final BirdNetwork network = new BirdNetwork();
  private final AgentProcess agent;

  SessionFailoverTest(@TempDir Path directory) {
    this.directory = directory;
    network.connect("spare", 2);
    AgentOptions options = AgentOptions.of("edge1", directory.resolve("state"));
    agent = network.keep(network.namespace.call(() -> AgentProcess.open(options)));
  }

  @AfterEach
  void cleanUp() throws Exception {
    network.end();
  }

  private BirdNeighbor bird(String options) {
    return network.keep(new BirdNeighbor(network.there, directory, ROUTES, options)).start();
  }

  private RealNeighbor neighbor(Software software, int restartSeconds) {
    return network.keep(software.in(network.there, directory, restartSeconds)).start();
  }

  private static ConfigureRequest configuration(int mostPrefixes) {
    return configuration(neighbor(mostPrefixes));
  }

  private static ConfigureRequest configuration(Neighbor.Builder neighbor) {
    return BirdNetwork.configuration().toBuilder().clearNeighbors().addNeighbors(neighbor).build();
  }

  private static Neighbor.Builder neighbor(int mostPrefixes) {
    return BirdNetwork.neighbor(NEIGHBOR, "bird", 1).setMaxPrefixesIpv4(mostPrefixes);
  }

  /// Brings the session up, programs a protected route and lets the controller go.
  private void work() throws Exception {
    try (AgentClient client = new AgentClient(network.namespace, agent.address())) {
      RouteStreamView<WatchRoutesRequest> routes = client.watchRoutes();
      client.blocking().configure(configuration(0));
      eventually(PATIENCE, () -> assertThat(routes.routes(NEIGHBOR)).hasSize(ROUTES));
      protect(client);
    }
    assertThat(carrying()).isEqualTo(BY_PRIMARY);
  }

  private static void protect(AgentClient client) throws Exception {
    client.protect(
        1,
        PREFIX,
        new AgentClient.Hop("100.64.1.2", "bird"),
        new AgentClient.Hop("100.64.2.2", "spare"));
  }

  private String carrying() {
    return String.join(",", network.carrying(1_000_000_001));
  }

  private static void untilEstablished(StateView states) {
    eventually(
        PATIENCE, () -> assertThat(states.session(NEIGHBOR).getState()).isEqualTo("Established"));
  }

  private void untilCarriedBy(String nextHop) {
    eventually(PATIENCE, () -> assertThat(carrying()).isEqualTo(nextHop));
  }

  /// What the group becomes from now on, whoever changes it.
  private Queue<NextHopObject> groupChanges() {
    Queue<NextHopObject> changes = new ConcurrentLinkedQueue<>();
    network.keep(
        NetlinkMonitor.start(
            NetlinkMonitor.Options.of("test", Subscription.NEXT_HOP),
            network.namespace.threadFactory("test"),
            event -> {
              if (event instanceof KernelEvent.NextHopChanged(KernelGroup group)) {
                changes.add(group);
              }
            }));
    return changes;
  }

  @ParameterizedTest
  @EnumSource
  void a_killed_neighbor_loses_the_traffic_at_once_and_has_it_back_when_it_returns(
      Software software) throws Exception {
    RealNeighbor neighbor = neighbor(software, 0);
    work();

    neighbor.kill();

    untilCarriedBy(BY_BACKUP);
    assertThat(network.here.ip("link show bird")).contains("LOWER_UP");
    assertThat(network.here.ip("route show " + PREFIX)).contains("nhid 1000000001");
    neighbor.start();
    untilCarriedBy(BY_PRIMARY);
  }

  @ParameterizedTest
  @EnumSource
  void a_neighbor_that_ends_the_session_with_a_notification_loses_the_traffic(Software software)
      throws Exception {
    RealNeighbor neighbor = neighbor(software, 0);
    work();

    neighbor.disable();

    untilCarriedBy(BY_BACKUP);
  }

  @ParameterizedTest
  @EnumSource
  void a_notification_ends_the_traffic_even_of_a_neighbor_with_graceful_restart(Software software)
      throws Exception {
    RealNeighbor neighbor = neighbor(software, 100);
    work();

    neighbor.disable();

    untilCarriedBy(BY_BACKUP);
  }

  @ParameterizedTest
  @EnumSource
  void a_silent_neighbor_loses_the_traffic_when_the_hold_time_is_over(Software software)
      throws Exception {
    RealNeighbor neighbor = neighbor(software, 0);
    try (AgentClient client = new AgentClient(network.namespace, agent.address())) {
      StateView states = client.watchState();
      client.blocking().configure(configuration(neighbor(0).setHoldTimeSeconds(3)));
      protect(client);
      untilEstablished(states);
      untilCarriedBy(BY_PRIMARY);

      neighbor.signal("STOP");

      untilCarriedBy(BY_BACKUP);
      eventually(
          PATIENCE,
          () ->
              assertThat(states.session(NEIGHBOR).getDownReason()).isEqualTo("hold timer expired"));
      assertThat(network.here.ip("link show bird")).contains("LOWER_UP");
      neighbor.signal("CONT");
      untilCarriedBy(BY_PRIMARY);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_restarting_neighbor_keeps_traffic_and_routes_for_the_time_it_asked_for(Software software)
      throws Exception {
    RealNeighbor neighbor = neighbor(software, 4);
    work();
    try (AgentClient client = new AgentClient(network.namespace, agent.address())) {
      StateView states = client.watchState();
      RouteStreamView<WatchRoutesRequest> routes = client.watchRoutes();
      untilEstablished(states);
      eventually(PATIENCE, () -> assertThat(routes.routes(NEIGHBOR)).hasSize(ROUTES));

      neighbor.kill();

      eventually(PATIENCE, () -> assertThat(states.session(NEIGHBOR).getStale()).isTrue());
      assertThat(states.session(NEIGHBOR).getState()).isNotEqualTo("Established");
      assertThat(carrying()).isEqualTo(BY_PRIMARY);
      assertThat(routes.routes(NEIGHBOR)).hasSize(ROUTES);
      untilCarriedBy(BY_BACKUP);
      eventually(PATIENCE, () -> assertThat(routes.routes(NEIGHBOR)).isEmpty());
      eventually(PATIENCE, () -> assertThat(states.session(NEIGHBOR).getStale()).isFalse());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_neighbor_back_in_time_has_kept_the_traffic(Software software) throws Exception {
    RealNeighbor neighbor = neighbor(software, 60);
    work();
    Queue<NextHopObject> changes = groupChanges();
    try (AgentClient client = new AgentClient(network.namespace, agent.address())) {
      StateView states = client.watchState();
      untilEstablished(states);
      neighbor.kill();
      eventually(PATIENCE, () -> assertThat(states.session(NEIGHBOR).getStale()).isTrue());

      neighbor.start();

      untilEstablished(states);
      eventually(PATIENCE, () -> assertThat(states.session(NEIGHBOR).getStale()).isFalse());
      assertThat(carrying()).isEqualTo(BY_PRIMARY);
      assertThat(changes).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_neighbor_that_announces_too_much_loses_the_traffic(Software software) throws Exception {
    try (AgentClient client = new AgentClient(network.namespace, agent.address())) {
      protect(client);
      client.blocking().configure(configuration(10));
    }
    assertThat(carrying()).isEqualTo(BY_PRIMARY);

    neighbor(software, 0);

    untilCarriedBy(BY_BACKUP);
  }

  @Test
  void a_killed_neighbor_of_an_ipv6_session_loses_the_traffic_of_both_families() throws Exception {
    network.here.ip("addr add fd00:64:1::1/64 dev bird nodad");
    network.there.ip("addr add fd00:64:1::2/64 dev agent nodad");
    network.here.ip("addr add fd00:64:2::1/64 dev spare nodad");
    BirdNeighbor bird =
        network.keep(BirdNeighbor.overIpv6(network.there, directory, ROUTES)).start();
    Neighbor.Builder neighbor =
        neighbor(0)
            .setAddress("fd00:64:1::2")
            .setLocalAddress("fd00:64:1::1")
            .addFamilies(Family.FAMILY_IPV6);
    try (AgentClient client = new AgentClient(network.namespace, agent.address());
        RouteProgrammer programmer = new RouteProgrammer(client.channel(), 0, 1)) {
      RouteStreamView<WatchRoutesRequest> routes = client.watchRoutes();
      client.blocking().configure(configuration(neighbor));
      eventually(PATIENCE, () -> assertThat(routes.routes(NEIGHBOR)).hasSize(ROUTES));
      assertThat(
              programmer.send(
                  List.of(
                      AftOperations.nextHop(1, "fd00:64:1::2", "bird"),
                      AftOperations.nextHop(2, "fd00:64:2::2", "spare"),
                      AftOperations.group(2, 2),
                      AftOperations.groupWithBackup(1, 2, 1),
                      AftOperations.ipv4(PREFIX, 1),
                      AftOperations.ipv6("2001:db8::/32", 1))))
          .isEmpty();
    }
    assertThat(network.carrying(1_000_000_001)).containsExactly("1300000001");
    assertThat(network.carrying(1_100_000_001)).containsExactly("1300000001");

    bird.kill();

    eventually(
        PATIENCE,
        () -> {
          assertThat(network.carrying(1_000_000_001)).containsExactly("1300000002");
          assertThat(network.carrying(1_100_000_001)).containsExactly("1300000002");
        });
    assertThat(network.here.ip("link show bird")).contains("LOWER_UP");
  }

  @Test
  void a_neighbor_that_freezes_loses_the_traffic_by_bfd_and_has_it_back_when_it_goes_on()
      throws Exception {
    BirdNeighbor bird = bird("graceful restart off; bfd on;");
    try (AgentClient client = new AgentClient(network.namespace, agent.address())) {
      StateView states = client.watchState();
      Bfd bfd = Bfd.newBuilder().setIntervalMicros(100_000).setMultiplier(5).build();
      client.blocking().configure(configuration(neighbor(0).setBfd(bfd)));
      protect(client);
      eventually(
          PATIENCE,
          () -> {
            assertThat(states.session(NEIGHBOR).getState()).isEqualTo("Established");
            assertThat(states.session(NEIGHBOR).getBfd().getState()).isEqualTo("Up");
            assertThat(states.session(NEIGHBOR).getBfd().getDetectionMicros()).isEqualTo(500_000);
          });
      untilCarriedBy(BY_PRIMARY);

      bird.signal("STOP");

      untilCarriedBy(BY_BACKUP);
      eventually(
          PATIENCE,
          () -> {
            assertThat(states.session(NEIGHBOR).getState()).isNotEqualTo("Established");
            assertThat(states.session(NEIGHBOR).getBfd().getPath()).isEqualTo("dead");
            assertThat(states.session(NEIGHBOR).getDownReason())
                .isEqualTo("BFD down: control detection time expired");
          });
      bird.signal("CONT");
      untilCarriedBy(BY_PRIMARY);
    }
  }

  @Test
  void an_agent_that_stops_leaves_the_traffic_where_it_is() throws Exception {
    bird("graceful restart off;");
    work();

    agent.close();

    assertThat(carrying()).isEqualTo(BY_PRIMARY);
  }

  @Test
  void a_session_ends_with_its_local_address_and_says_so() throws Exception {
    bird("");
    work();
    try (AgentClient client = new AgentClient(network.namespace, agent.address())) {
      StateView states = client.watchState();
      untilEstablished(states);

      network.here.ip("addr del 100.64.1.1/30 dev bird");

      untilCarriedBy(BY_BACKUP);
      eventually(
          PATIENCE,
          () -> {
            assertThat(states.session(NEIGHBOR).getState()).isNotEqualTo("Established");
            assertThat(states.session(NEIGHBOR).getDownReason())
                .isEqualTo("local address 100.64.1.1 left bird");
          });

      network.here.ip("addr add 100.64.1.1/30 dev bird");

      untilEstablished(states);
      untilCarriedBy(BY_PRIMARY);
    }
  }
}
