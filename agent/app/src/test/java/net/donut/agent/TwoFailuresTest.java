package net.donut.agent;

import static net.donut.agent.BirdNetwork.NEIGHBOR;
import static net.donut.agent.BirdNetwork.configuration;
import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import gribi.Gribi.AFTOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.donut.agent.fib.TestNamespace;
import net.donut.agent.gribi.AftOperations;
import net.donut.fixtures.NeedsPrograms;
import net.donut.fixtures.RunsAlone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two failures at once, of agent, router and links. The controller is gone during all of it.
@Timeout(120)
@NeedsPrograms
@RunsAlone
class TwoFailuresTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PREFIX = "203.0.113.0/24";
  private static final String BIRD = "1200000001";
  private static final String SPARE = "1200000002";
  private static final String THIRD = "1200000003";

  private final Path directory;
  private final BirdNetwork network = new BirdNetwork();
  private final TestNamespace spare = network.connect("spare", 2);
  private final TestNamespace third = network.connect("third", 3);
  private final BirdNeighbor bird;

  TwoFailuresTest(@TempDir Path directory) {
    this.directory = directory;
    bird = network.keep(new BirdNeighbor(network.there, directory, 10, "graceful restart off;"));
    bird.start();
  }

  @AfterEach
  void cleanUp() throws Exception {
    network.end();
  }

  /// Brings the session up, programs a route over a chain of three, and goes.
  private void program(int... order) throws Exception {
    program(
        AftOperations.group(3, order[2]),
        AftOperations.groupWithBackup(2, 3, order[1]),
        AftOperations.groupWithBackup(1, 2, order[0]));
    untilCarriedBy("120000000" + order[0]);
  }

  /// The same with groups of the caller, of which the route uses number 1.
  private void program(AFTOperation.Builder... groups) throws Exception {
    List<AFTOperation.Builder> operations =
        new ArrayList<>(
            List.of(
                AftOperations.nextHop(1, "100.64.1.2", "bird"),
                AftOperations.nextHop(2, "100.64.2.2", "spare"),
                AftOperations.nextHop(3, "100.64.3.2", "third")));
    operations.addAll(List.of(groups));
    operations.add(AftOperations.ipv4(PREFIX, 1));
    try (AgentClient client = AgentMain.client(network);
        RouteProgrammer programmer = new RouteProgrammer(client.channel(), 0, 1)) {
      StateView states = client.watchState();
      client.blocking().configure(configuration());
      assertThat(programmer.send(operations)).isEmpty();
      eventually(
          PATIENCE, () -> assertThat(states.session(NEIGHBOR).getState()).isEqualTo("Established"));
    }
  }

  private void untilCarriedBy(String hop) {
    eventually(PATIENCE, () -> assertThat(network.carrying(1_000_000_001)).containsExactly(hop));
  }

  private static void cut(TestNamespace neighbor) {
    neighbor.ip("link set agent down");
  }

  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
  }

  private String route() {
    return network.here.ip("route show " + PREFIX);
  }

  @Test
  void a_dead_router_and_then_a_cut_link_leave_the_third_and_then_the_gateway_alone()
      throws Exception {
    AgentMain.start(network, directory);
    program(1, 2, 3);

    bird.kill();
    pause();
    cut(spare);

    untilCarriedBy(THIRD);
    cut(third);
    untilCarriedBy(BIRD);
    assertThat(route()).contains("nhid 1000000001");
  }

  @Test
  void a_cut_link_and_then_a_dead_router_leave_the_third() throws Exception {
    AgentMain.start(network, directory);
    program(2, 1, 3);

    cut(spare);
    pause();
    bird.kill();

    untilCarriedBy(THIRD);
    assertThat(route()).contains("nhid 1000000001");
  }

  @Test
  void a_dead_router_leaves_its_share_to_its_equal_and_a_cut_link_all_to_the_backup()
      throws Exception {
    AgentMain.start(network, directory);
    program(AftOperations.group(2, 3), AftOperations.weightedGroup(1, 2, Map.of(1L, 3, 2L, 1)));
    String weights = network.here.ip("nexthop show id 1000000001");
    assertThat(weights).contains(BIRD + ",48", SPARE + ",16", THIRD);
    eventually(
        PATIENCE, () -> assertThat(network.carrying(1_000_000_001)).containsExactly(BIRD, SPARE));

    bird.kill();
    untilCarriedBy(SPARE);
    cut(spare);

    untilCarriedBy(THIRD);
  }

  @Test
  void without_the_killed_agent_the_kernel_follows_the_chain_and_the_next_agent_takes_over()
      throws Exception {
    Process agent = AgentMain.start(network, directory);
    program(1, 2, 3);

    agent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    cut(network.there);
    pause();
    assertThat(network.carrying(1_000_000_001)).containsExactly(SPARE);
    cut(spare);

    untilCarriedBy(THIRD);
    assertThat(route()).contains("nhid 1000000001");
    AgentMain.start(network, directory);
    assertThat(network.carrying(1_000_000_001)).containsExactly(THIRD);
    network.there.ip("link set agent up");
    spare.ip("link set agent up");
    program(1, 2, 3);
    assertThat(route()).contains("nhid 1000000001");
  }
}
