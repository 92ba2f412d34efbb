package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import net.donut.agent.fib.FibOptions.Kernel;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Failover where the kernel has no resilient groups.
@NeedsKernel
class HashThresholdTest {
  private static final int GROUP_1 = 1_000_000_001;
  private static final String HOP_1 = "1200000001";
  private static final String HOP_2 = "1200000002";
  private static final String HOP_3 = "1200000003";
  private static final int FLOWS = 4000;

  private TestRouter router;

  @SuppressWarnings("NullAway.Init")
  HashThresholdTest() {}

  @BeforeEach
  void start() throws InterruptedException {
    router = new TestRouter(Kernel.BEFORE_5_13);
  }

  @AfterEach
  void stop() {
    router.close();
  }

  private void chain() throws InterruptedException {
    router.gateway(1, TestRouter.LEFT);
    router.gateway(2, TestRouter.RIGHT);
    router.gateway(3, TestRouter.THIRD);
    router.group(3, 0, 3);
    router.group(2, 3, 2);
    router.group(1, 2, 1);
  }

  private String group() {
    return router.ip("nexthop show id " + GROUP_1);
  }

  private void untilGroup(String members) {
    Eventually.until(
        "group " + members, this::group, () -> group().contains("group " + members + " "));
  }

  @Test
  void the_agent_says_that_backups_carry_a_share() {
    FibCapabilities capabilities = router.fib().capabilities();

    assertThat(capabilities.resilientGroups()).isFalse();
    assertThat(capabilities.warnings())
        .anyMatch(text -> text.contains("resilient") && text.contains("1/257"));
    assertThat(router.events())
        .anyMatch(event -> event instanceof FibEvent.Notice(var text) && text.contains("1/257"));
  }

  @Test
  void the_kernel_alone_moves_traffic_to_the_backup() throws InterruptedException {
    chain();
    assertThat(router.manyRoutes(100, 1)).isZero();
    untilGroup(HOP_1 + ",256/" + HOP_2);
    router.fib().close();

    router.cutLeft();

    untilGroup(HOP_2);
    assertThat(router.ip("route get 20.0.7.1")).contains("dev right");
    assertThat(router.kernelRoutes()).isEqualTo(100);
  }

  @Test
  void the_agent_moves_the_second_backup_up_and_everything_back() throws InterruptedException {
    chain();
    router.manyRoutes(100, 1);

    router.cutLeft();
    untilGroup(HOP_2 + ",256/" + HOP_3);
    router.cutRight();
    untilGroup(HOP_3);
    assertThat(router.kernelRoutes()).isEqualTo(100);
    router.restoreRight();
    untilGroup(HOP_2 + ",256/" + HOP_3);
    router.restoreLeft();

    untilGroup(HOP_1 + ",256/" + HOP_2);
    assertThat(router.kernelRoutes()).isEqualTo(100);
  }

  @Test
  void a_session_that_ends_leaves_its_gateway_the_share_of_a_backup() throws InterruptedException {
    router.gateway(1, TestRouter.LEFT);
    router.gateway(2, TestRouter.RIGHT);
    router.group(2, 0, 2);
    router.group(1, 2, 1);
    router.manyRoutes(10, 1);

    router
        .fib()
        .judge("sessions", Set.of(new Adjacency(TestRouter.LEFT, null)), Failure.SESSION_ENDED);

    untilGroup(HOP_2 + ",256/" + HOP_1);
  }

  @Test
  void a_backup_carries_less_than_one_flow_of_a_hundred(@TempDir Path directory) throws Exception {
    chain();
    router.route("20.0.0.0/8", 1);

    long right = lookups(directory).lines().filter(line -> line.contains("dev right")).count();

    assertThat(right).isPositive().isLessThan(FLOWS / 100);
  }

  /// Where the kernel sends packets to many addresses.
  private String lookups(Path directory) throws IOException {
    StringBuilder batch = new StringBuilder();
    for (int i = 0; i < FLOWS; i++) {
      batch.append("route get 20.7.%d.%d\n".formatted(i >> 8, i & 0xff));
    }
    Path file = Files.writeString(directory.resolve("lookups"), batch);
    return router.ip("-batch " + file);
  }

  @Test
  void a_group_that_ends_in_a_sink_swallows_nothing_while_its_hop_lives()
      throws InterruptedException {
    router.gateway(1, TestRouter.LEFT);
    router.hop(9, new HopSpec.Direct("lo"));
    router.group(9, 0, 9);
    router.group(1, 9, 1);
    router.manyRoutes(10, 1);
    untilGroup(HOP_1 + ",256");

    router.cutLeft();

    Eventually.until("the sink", () -> group(), () -> router.kernelRoutes() == 10);
    assertThat(router.ip("route get 20.0.0.1")).contains("dev lo");
    router.restoreLeft();
    untilGroup(HOP_1 + ",256");
  }
}
