package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.donut.agent.fib.RemovalGuard.Reason;
import net.donut.model.Family;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RemovalGuardTest {
  private static final int ROUTES = 2000;
  private static final long WINDOW = RemovalGuard.WINDOW.toNanos();

  private final RemovalGuard guard = new RemovalGuard(30);
  private final Instance instance = new Instance("DEFAULT", 254);
  private final RouteTable table = new RouteTable(instance, Family.IPV4);
  private final Group group = new Group(instance, 1, 1);
  private long now = 1;

  private void fill(int routes) {
    for (int i = 0; i < routes; i++) {
      Prefix prefix = Prefix.ofIpv4((20 << 24) + (i << 8), 24);
      MemoryRoutes.put(table, prefix.high(), prefix.low(), 24, group, null);
    }
  }

  private @Nullable String remove(Reason reason) {
    return guard.objection(table, 0, reason, now);
  }

  /// How many removals go before the first is refused.
  private int removals() {
    int count = 0;
    while (remove(Reason.UNEXPLAINED) == null && count < ROUTES) {
      count++;
    }
    return count;
  }

  @Test
  void without_a_controller_that_configures_everything_may_go() {
    fill(ROUTES);

    assertThat(removals()).isEqualTo(ROUTES);
  }

  @Test
  void a_share_may_go_and_the_rest_is_refused_and_told_once() {
    fill(ROUTES);
    guard.enforce();

    assertThat(removals()).isEqualTo(ROUTES * 30 / 100);

    assertThat(remove(Reason.UNEXPLAINED))
        .contains("30 % of 2000 IPV4 routes of DEFAULT", "allow-removal");
    assertThat(guard.refused()).isEqualTo(2);
    assertThat(guard.takeNotices()).hasSize(1);
    assertThat(guard.takeNotices()).isEmpty();
  }

  @Test
  void what_neighbors_withdrew_always_goes() {
    fill(ROUTES);
    guard.enforce();
    removals();

    assertThat(remove(Reason.WITHDRAWN)).isNull();
  }

  @Test
  void a_controller_that_keeps_asking_does_not_get_another_share() {
    fill(ROUTES);
    guard.enforce();
    removals();

    for (int asked = 0; asked < 10; asked++) {
      now += WINDOW / 2;
      assertThat(remove(Reason.UNEXPLAINED)).isNotNull();
    }

    now += WINDOW;
    assertThat(remove(Reason.UNEXPLAINED)).isNull();
  }

  @Test
  void an_operator_allows_for_a_while() {
    fill(ROUTES);
    guard.enforce();
    removals();

    assertThat(guard.allow(Duration.ofSeconds(5), now)).isOne();

    assertThat(remove(Reason.UNEXPLAINED)).isNull();
    now += Duration.ofSeconds(5).toNanos();
    assertThat(removals()).isEqualTo(ROUTES * 30 / 100);
  }

  @Test
  void a_small_table_may_be_emptied_but_for_its_default_route() {
    MemoryRoutes.put(table, 0, 0, 0, group, null);
    fill(RemovalGuard.LEAST_ROUTES - 2);
    guard.enforce();

    assertThat(guard.objection(table, 1, Reason.UNEXPLAINED, now)).isNull();
    assertThat(guard.objection(table, 0, Reason.UNEXPLAINED, now)).contains("default route");
    assertThat(guard.objection(table, 0, Reason.WITHDRAWN, now)).isNull();
  }
}
