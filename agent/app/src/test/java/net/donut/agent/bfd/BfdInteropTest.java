package net.donut.agent.bfd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.donut.bfd.BfdSettings.AdminState;
import net.donut.bfd.BfdStatus;
import net.donut.fixtures.NeedsPrograms;
import net.donut.fixtures.RunsAlone;
import net.donut.wire.bfd.BfdState;
import net.donut.wire.bfd.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// BFD with BIRD and FRR, both families.
@NeedsPrograms
@RunsAlone
class BfdInteropTest {
  /* What a machine that is busy with other things may add. */
  private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long LOAD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static boolean isUp(BfdStatus status) {
    return status.state() == BfdState.UP;
  }

  private static void awaitUp(BfdHarness harness, BfdNetwork network, BfdNeighbor neighbor) {
    harness.awaitBoth("up", BfdInteropTest::isUp);
    awaitTheirs(harness, network, neighbor);
  }

  private static void awaitTheirs(BfdHarness harness, BfdNetwork network, BfdNeighbor neighbor) {
    harness.await(
        "up at the neighbor " + neighbor.log(network),
        () -> neighbor.isUp(network, BfdNetwork.OURS4) && neighbor.isUp(network, BfdNetwork.OURS6));
  }

  @ParameterizedTest
  @EnumSource(BfdNeighbor.class)
  void both_sides_agree_on_timers_and_a_silent_cut_is_found_and_healed(BfdNeighbor neighbor) {
    try (BfdNetwork network = new BfdNetwork();
        BfdHarness harness = new BfdHarness(network)) {
      neighbor.start(network, 80, 5);
      harness.link().configure(BfdHarness.both(50, AdminState.ENABLED));
      awaitUp(harness, network, neighbor);

      // ours 50 ms, theirs 80 ms; their multiplier is 5
      harness.awaitBoth("sending every 80 ms", status -> status.transmitMicros() == 80_000);
      harness.awaitBoth("detecting in 400 ms", status -> status.detectionMicros() == 400_000);

      long begun = System.nanoTime();
      network.cut();
      harness.awaitBoth("dead", status -> status.path() == BfdStatus.Path.DEAD);
      assertThat(System.nanoTime() - begun)
          .isBetween(TimeUnit.MILLISECONDS.toNanos(250), MARGIN_NANOS);
      assertThat(harness.status("v4").diagnostic()).isEqualTo(Diagnostic.DETECTION_TIME_EXPIRED);
      harness.await(
          "down at the neighbor",
          () ->
              !neighbor.isUp(network, BfdNetwork.OURS4)
                  && !neighbor.isUp(network, BfdNetwork.OURS6));

      network.restore();
      awaitUp(harness, network, neighbor);
      assertThat(harness.status("v4").path()).isEqualTo(BfdStatus.Path.ALIVE);
      assertThat(harness.status("v6").losses()).isEqualTo(1);

      long killed = System.nanoTime();
      neighbor.kill(network);
      harness.awaitBoth("dead", status -> status.losses() == 2);
      assertThat(System.nanoTime() - killed).isLessThan(MARGIN_NANOS);
    }
  }

  @ParameterizedTest
  @EnumSource(BfdNeighbor.class)
  void bfd_switched_off_here_and_on_again_is_understood(BfdNeighbor neighbor) {
    try (BfdNetwork network = new BfdNetwork();
        BfdHarness harness = new BfdHarness(network)) {
      neighbor.start(network, 80, 5);
      harness.link().configure(BfdHarness.both(50, AdminState.ENABLED));
      awaitUp(harness, network, neighbor);

      harness.link().configure(BfdHarness.both(50, AdminState.DISABLED));
      harness.awaitBoth("off", status -> status.state() == BfdState.ADMIN_DOWN);
      harness.await("off at the neighbor", () -> !neighbor.isUp(network, BfdNetwork.OURS4));
      harness.link().configure(BfdHarness.both(50, AdminState.ENABLED));
      awaitUp(harness, network, neighbor);

      assertThat(harness.status("v4").losses()).isZero();
      assertThat(harness.status("v6").losses()).isZero();
    }
  }

  /// With FRR only: BIRD stops without a word.
  @Test
  void bfd_switched_off_by_the_neighbor_is_no_failure() {
    try (BfdNetwork network = new BfdNetwork();
        BfdHarness harness = new BfdHarness(network)) {
      BfdNeighbor.FRR.start(network, 80, 5);
      harness.link().configure(BfdHarness.both(50, AdminState.ENABLED));
      awaitUp(harness, network, BfdNeighbor.FRR);

      BfdNeighbor.disableFrr(network);
      harness.awaitBoth("down", status -> status.state() == BfdState.DOWN);

      assertThat(harness.status("v4").losses()).isZero();
      assertThat(harness.status("v6").losses()).isZero();
      assertThat(harness.status("v4").path()).isEqualTo(BfdStatus.Path.UNKNOWN);
      assertThat(harness.status("v4").diagnostic()).isEqualTo(Diagnostic.NEIGHBOR_SIGNALED_DOWN);
    }
  }

  @ParameterizedTest
  @EnumSource(BfdNeighbor.class)
  void load_on_every_processor_and_the_loss_of_the_agent_do_not_end_a_session(
      BfdNeighbor neighbor) {
    try (BfdNetwork network = new BfdNetwork()) {
      neighbor.start(network, 200, 5);
      BfdHarness first = new BfdHarness(network);
      first.link().configure(BfdHarness.both(200, AdminState.ENABLED));
      awaitUp(first, network, neighbor);

      load();
      first.link().close(BfdLink.Ending.LINGER);

      try (BfdHarness second = new BfdHarness(network)) {
        second.link().configure(BfdHarness.both(200, AdminState.ENABLED));
        second.awaitBoth("up", BfdInteropTest::isUp);

        assertThat(second.status("v4").losses()).isZero();
        assertThat(second.status("v6").losses()).isZero();
        awaitTheirs(second, network, neighbor);
      }
    }
  }

  /// Garbage and arithmetic on twice as many threads as there are processors.
  private static void load() {
    long until = System.nanoTime() + LOAD_NANOS;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                int garbage = 0;
                while (System.nanoTime() < until) {
                  garbage += new byte[100_000].length;
                }
                LockSupport.parkNanos(garbage & 1);
              }));
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
