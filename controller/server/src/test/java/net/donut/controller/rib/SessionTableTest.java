package net.donut.controller.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import net.donut.api.agent.v1.SessionState;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyReader;
import net.donut.core.Engine;
import net.donut.core.SessionLiveness;
import org.junit.jupiter.api.Test;

/// What a report of a session means, by what the agent may have had time for.
final class SessionTableTest {
  private static final String SESSION = "tier1a/ipv4";
  static final PolicyDocument POLICY =
      Objects.requireNonNull(
          PolicyReader.read(
                  "donut.yaml",
                  """
                  as: 64500
                  networks: [198.51.100.0/24]
                  routers:
                    edge1: {agent: "127.0.0.1:1", router-id: 10.64.0.1}
                  neighbors:
                    tier1a:
                      router: edge1
                      as: 64601
                      relation: transit
                      interface: tier1a
                      ipv4: {address: 100.64.1.2, local: 100.64.1.1}
                  """)
              .document());

  private final SessionTable sessions = new SessionTable(new Engine(POLICY.toPolicy()));

  SessionTableTest() {
    sessions.configure(POLICY);
  }

  private SessionLiveness.State reported(SessionState.Builder state, boolean young) {
    sessions.report(state.setNeighbor(SESSION).build(), young, 0);
    return Objects.requireNonNull(sessions.find(SESSION)).liveness;
  }

  private static SessionState.Builder established() {
    return SessionState.newBuilder().setState("Established");
  }

  private static SessionState.Builder connecting() {
    return SessionState.newBuilder().setState("Connect");
  }

  @Test
  void a_young_agent_may_not_have_had_time_for_a_session() {
    assertThat(reported(established(), false)).isEqualTo(SessionLiveness.State.UP);
    sessions.connected("edge1", 2);

    assertThat(reported(connecting(), true)).isEqualTo(SessionLiveness.State.UP);
    assertThat(reported(connecting(), false)).isEqualTo(SessionLiveness.State.DOWN);
  }

  @Test
  void a_session_that_a_young_agent_lost_while_nobody_listened_is_down() {
    assertThat(reported(established(), true)).isEqualTo(SessionLiveness.State.UP);
    sessions.connected("edge1", 2);

    assertThat(reported(connecting().setFlaps(1), true)).isEqualTo(SessionLiveness.State.DOWN);
  }
}
