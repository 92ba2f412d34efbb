package net.donut.controller.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.SessionState;
import net.donut.controller.southbound.AgentDriver;
import net.donut.controller.southbound.AgentDriverThread;
import net.donut.controller.southbound.Report;
import net.donut.controller.southbound.Reports;
import net.donut.core.Engine;
import net.donut.model.Family;
import net.donut.tls.Protection;
import net.donut.tls.TransportSecurity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How long an agent with routes is left alone. Its driver is never started.
final class InitialSyncTest {
  private final TransportSecurity security = TransportSecurity.open(new Protection.Insecure());
  private final AgentDriver driver =
      new AgentDriverThread(
          new AgentDriver.Address("edge1", "127.0.0.1", 1), security, 1, new Reports());
  private final AgentRecord agent = new AgentRecord("edge1", driver);
  private final SessionTable sessions =
      new SessionTable(new Engine(SessionTableTest.POLICY.toPolicy()));
  private final InitialSync sync = new InitialSync(0);

  InitialSyncTest() {
    sessions.configure(SessionTableTest.POLICY);
  }

  @AfterEach
  void close() {
    driver.close();
    security.close();
  }

  private void connects(long seconds, int unclaimedRoutes) {
    HelloResponse hello = HelloResponse.newBuilder().setUnclaimedRoutes(unclaimedRoutes).build();
    agent.connected(hello, 0, nanos(seconds));
    agent.progress(
        new Report.Progress("edge1", Report.Phase.CONNECTED, 0, 0, 0, 0, 0, 0, 0, 0, ""));
    agent.inventory(0);
    agent.stateKnown();
  }

  private void sessionComesUp(long seconds) {
    sessions.report(
        SessionState.newBuilder().setNeighbor("tier1a/ipv4").setState("Established").build(),
        true,
        nanos(seconds));
  }

  private void endOfTable() {
    sessions.routes(
        new Report.Routes(
            "edge1",
            1,
            "tier1a/ipv4",
            1,
            List.of(),
            List.of(Family.IPV4),
            List.of(),
            Report.Membership.CONFIGURED));
  }

  private static long nanos(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  private boolean isReleasedAt(long seconds) {
    return sync.look(List.of(agent), sessions, nanos(seconds)).contains(agent);
  }

  @Test
  void without_routes_there_is_nothing_to_lose() {
    connects(0, 0);

    assertThat(isReleasedAt(0)).isTrue();
    assertThat(isReleasedAt(1)).isFalse();
  }

  @Test
  void routes_of_an_earlier_run_are_left_alone_until_the_tables_are_there() {
    connects(0, 1000);
    sessionComesUp(1);
    assertThat(isReleasedAt(2)).isFalse();

    endOfTable();

    assertThat(isReleasedAt(2)).isTrue();
  }

  @Test
  void who_says_nothing_is_waited_for_until_the_grace_is_over() {
    connects(0, 1000);

    assertThat(isReleasedAt(29)).isFalse();
    assertThat(isReleasedAt(30)).isTrue();
  }

  @Test
  void a_table_that_is_arriving_is_waited_for() {
    connects(0, 1000);
    agent.tableArrives(nanos(10));
    assertThat(isReleasedAt(29)).isFalse();

    agent.tableArrives(nanos(29));
    assertThat(isReleasedAt(33)).isFalse();

    assertThat(isReleasedAt(34)).isTrue();
  }

  @Test
  void a_table_that_never_ends_is_not_waited_for() {
    connects(0, 1000);
    agent.tableArrives(nanos(598));
    assertThat(isReleasedAt(599)).isFalse();

    agent.tableArrives(nanos(599));

    assertThat(isReleasedAt(600)).isTrue();
  }

  @Test
  void an_agent_that_comes_when_decisions_go_out_already_is_left_alone_until_it_was_heard() {
    assertThat(isReleasedAt(2)).isFalse();
    assertThat(sync.isComplete()).isFalse();
    assertThat(isReleasedAt(3)).isFalse();
    assertThat(sync.isComplete()).isTrue();

    connects(4, 1000);

    assertThat(isReleasedAt(4)).isFalse();
    assertThat(sync.nextLook(List.of(agent), nanos(4))).isEqualTo(nanos(34));
    sessionComesUp(5);
    endOfTable();
    assertThat(isReleasedAt(6)).isTrue();
  }
}
