package net.donut.agent;

import static net.donut.agent.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.agent.fib.TestNamespace;
import net.donut.api.agent.v1.Bfd;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.Family;
import net.donut.api.agent.v1.Neighbor;
import net.donut.api.agent.v1.WatchRoutesRequest;
import net.donut.netlink.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an agent does by itself when the session with a real BIRD ends and the link stays: no
/// controller is there in any of these tests once the routes are programmed.
@Timeout(120)
class SessionFailoverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String NEIGHBOR = "bird/ipv4";
  private static final int ROUTES = 50;
  private static final String PREFIX = "203.0.113.0/24";
  private static final String BY_PRIMARY = "1200000001";
  private static final String BY_BACKUP = "1200000002";

  private final Path directory;
  private final TestNamespace here = new TestNamespace();
  private final TestNamespace there = new TestNamespace();
  private final TestNamespace spare = new TestNamespace();
  private final NetworkNamespace namespace = NetworkNamespace.open(here.path());
  private final List<AutoCloseable> open = new ArrayList<>();
  private final AgentProcess agent;

  SessionFailoverTest(@TempDir Path directory) {
    this.directory = directory;
    here.connect("bird", there, "agent");
    here.ip("addr add 100.64.1.1/30 dev bird");
    there.ip("addr add 100.64.1.2/30 dev agent");
    here.connect("spare", spare, "agent");
    here.ip("addr add 100.64.2.1/30 dev spare");
    spare.ip("addr add 100.64.2.2/30 dev agent");
    AgentOptions options = AgentOptions.of("edge1", directory.resolve("state"));
    agent = namespace.call(() -> AgentProcess.open(options));
  }

  @AfterEach
  void cleanUp() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    agent.close();
    namespace.close();
    here.close();
    there.close();
    spare.close();
  }

  private BirdNeighbor bird(String restart) {
    BirdNeighbor bird = new BirdNeighbor(there, directory, ROUTES, restart);
    open.add(bird);
    return bird.start();
  }

  private static ConfigureRequest configuration(int mostPrefixes) {
    return configuration(neighbor(mostPrefixes));
  }

  private static ConfigureRequest configuration(Neighbor.Builder neighbor) {
    return ConfigureRequest.newBuilder()
        .setGeneration(5)
        .setLocalAs(64500)
        .setRouterId("10.0.0.1")
        .addNeighbors(neighbor)
        .build();
  }

  private static Neighbor.Builder neighbor(int mostPrefixes) {
    return Neighbor.newBuilder()
        .setName(NEIGHBOR)
        .setAddress("100.64.1.2")
        .setLocalAddress("100.64.1.1")
        .setInterface("bird")
        .setRemoteAs(64601)
        .setHoldTimeSeconds(90)
        .setMaxPrefixesIpv4(mostPrefixes)
        .addFamilies(Family.FAMILY_IPV4);
  }

  /// Brings the session up, programs a protected route and lets the controller go.
  private void work() throws Exception {
    try (AgentClient client = new AgentClient(namespace, agent.address())) {
      RouteView<WatchRoutesRequest> routes = client.watchRoutes();
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

  /// The next hops that have buckets of the kernel group.
  private String carrying() {
    return String.join(
        ",",
        here.ip("nexthop bucket show id 1000000001")
            .lines()
            .map(line -> line.trim().substring(line.trim().lastIndexOf(' ') + 1))
            .distinct()
            .sorted()
            .toList());
  }

  private void untilCarriedBy(String nextHop) {
    eventually(PATIENCE, () -> assertThat(carrying()).isEqualTo(nextHop));
  }

  @Test
  void a_killed_neighbor_loses_the_traffic_at_once_and_has_it_back_when_it_returns()
      throws Exception {
    BirdNeighbor bird = bird("graceful restart off;");
    work();

    bird.kill();

    untilCarriedBy(BY_BACKUP);
    assertThat(here.ip("link show bird")).contains("LOWER_UP");
    assertThat(here.ip("route show " + PREFIX)).contains("nhid 1000000001");
    bird("graceful restart off;");
    untilCarriedBy(BY_PRIMARY);
  }

  @Test
  void a_neighbor_that_ends_the_session_with_a_notification_loses_the_traffic() throws Exception {
    BirdNeighbor bird = bird("graceful restart off;");
    work();

    bird.ask("disable agent");

    untilCarriedBy(BY_BACKUP);
  }

  @Test
  void a_restarting_neighbor_keeps_the_traffic_for_the_time_it_asked_for() throws Exception {
    BirdNeighbor bird = bird("graceful restart on; graceful restart time 4;");
    work();
    try (AgentClient client = new AgentClient(namespace, agent.address())) {
      StateView states = client.watchState();
      eventually(
          PATIENCE, () -> assertThat(states.session(NEIGHBOR).getState()).isEqualTo("Established"));

      bird.kill();

      eventually(
          PATIENCE,
          () -> assertThat(states.session(NEIGHBOR).getState()).isNotEqualTo("Established"));
      assertThat(carrying()).isEqualTo(BY_PRIMARY);
      untilCarriedBy(BY_BACKUP);
    }
  }

  @Test
  void a_neighbor_that_announces_too_much_loses_the_traffic() throws Exception {
    try (AgentClient client = new AgentClient(namespace, agent.address())) {
      protect(client);
      client.blocking().configure(configuration(10));
    }
    assertThat(carrying()).isEqualTo(BY_PRIMARY);

    bird("graceful restart off;");

    untilCarriedBy(BY_BACKUP);
  }

  @Test
  void a_neighbor_that_freezes_loses_the_traffic_by_bfd_and_has_it_back_when_it_goes_on()
      throws Exception {
    BirdNeighbor bird = bird("graceful restart off; bfd on;");
    try (AgentClient client = new AgentClient(namespace, agent.address())) {
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
            assertThat(states.session(NEIGHBOR).getLastError())
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
}
