package net.donut.controller.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.controller.southbound.AgentDriver;
import net.donut.controller.southbound.AgentDriverThread;
import net.donut.controller.southbound.Reports;
import net.donut.tls.Protection;
import net.donut.tls.TransportSecurity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How long an agent counts as young. Its driver is never started.
final class AgentRecordTest {
  private final TransportSecurity security = TransportSecurity.open(new Protection.Insecure());
  private final AgentDriver driver =
      new AgentDriverThread(
          new AgentDriver.Address("edge1", "127.0.0.1", 1), security, 1, new Reports());
  private final AgentRecord agent = new AgentRecord("edge1", driver);

  @AfterEach
  void close() {
    driver.close();
    security.close();
  }

  private boolean isYoungAfter(long seconds, long uptimeMillis) {
    HelloResponse hello = HelloResponse.newBuilder().setUptimeMs(uptimeMillis).build();
    agent.connected(hello, System.currentTimeMillis(), 0);
    return agent.isYoung(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void an_agent_is_young_until_its_grace_is_over_since_its_own_start() {
    assertThat(isYoungAfter(0, 10_000)).isTrue();
    assertThat(isYoungAfter(19, 10_000)).isTrue();
    assertThat(isYoungAfter(20, 10_000)).isFalse();
  }

  @Test
  void an_agent_that_runs_for_long_is_not_young() {
    assertThat(isYoungAfter(0, 3_600_000)).isFalse();
    assertThat(isYoungAfter(0, Long.MAX_VALUE)).isFalse();
  }
}
