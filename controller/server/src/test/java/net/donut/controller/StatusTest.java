package net.donut.controller;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import net.donut.api.operator.v1.ApplyPolicyRequest;
import net.donut.api.operator.v1.DownSession;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.model.Family;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `status` says when nothing is in flight and not all is well.
final class StatusTest {
  @TempDir Path directory;
  private ControllerNetwork network;

  @BeforeEach
  void start() throws Throwable {
    network = new ControllerNetwork(directory);
    network.start();
    network.usualRoutes();
    eventually(() -> {
      assertThat(network.edge1.routes()).hasSize(6);
      assertThat(network.edge2.routes()).hasSize(6);
    });
    network.untilConverged();
  }

  @AfterEach
  void stop() {
    network.close();
  }

  private static String text(DownSession session) {
    return session.getSession() + " " + session.getKind();
  }

  private void loseTransits() {
    network.edge1.lost("tier1a/ipv4", Family.IPV4);
    network.edge2.lost("tier1b/ipv4", Family.IPV4);
  }

  private void staleHold(String time) {
    assertThat(
            network
                .operator()
                .applyPolicy(
                    ApplyPolicyRequest.newBuilder()
                        .setFileName("donut.yaml")
                        .setText(network.policy().replace("stale-hold: 60s", "stale-hold: " + time))
                        .build())
                .getApplied())
        .isTrue();
  }

  @Test
  void a_network_with_everything_up_is_healthy() {
    StatusResponse status = network.status();

    assertThat(status.getHealthy()).isTrue();
    assertThat(status.getSessions().getUp()).isEqualTo(3);
    assertThat(status.getSessions().getTotal()).isEqualTo(3);
    assertThat(status.getSessions().getDownList()).isEmpty();
    assertThat(status.getProblemsList()).isEmpty();
    assertThat(status.getDefaultRoutes()).isEqualTo(2);
    assertThat(status.getDefaultRoutesKnown()).isEqualTo(2);
  }

  @Test
  void one_transit_lost_is_named_and_not_healthy_though_everything_is_forwarded() throws Throwable {
    network.edge1.lost("tier1a/ipv4", Family.IPV4);

    eventually(() -> {
      StatusResponse status = network.status();
      assertThat(status.getConverged()).isTrue();
      assertThat(status.getHealthy()).isFalse();
      assertThat(status.getSessions().getDownList())
          .extracting(StatusTest::text)
          .containsExactly("tier1a/ipv4 lost");
      assertThat(status.getSessions().getDown(0).getDownSinceUnixMs())
          .isCloseTo(System.currentTimeMillis(), within(60_000L));
      assertThat(status.getSessions().getDown(0).getRoutesKeptMs()).isPositive();
      assertThat(status.getRoutes().getHoles()).isZero();
      assertThat(status.getProblemsList())
          .containsExactly("no transit is left at edge1; default routes: 1 of 2");
    });
  }

  @Test
  void a_lost_customer_is_named_and_a_hole_makes_it_unhealthy() throws Throwable {
    network.edge2.lost("babulous/ipv4", Family.IPV4);

    eventually(() -> {
      StatusResponse status = network.status();
      assertThat(status.getSessions().getDownList())
          .extracting(StatusTest::text)
          .containsExactly("babulous/ipv4 lost");
      // The default routes of the transits take what the customer had.
      assertThat(status.getRoutes().getHoles()).isZero();
      assertThat(status.getHealthy()).isTrue();
    });
  }

  @Test
  void holes_name_their_cause_while_the_routes_of_the_lost_are_kept() throws Throwable {
    loseTransits();

    eventually(() -> {
      StatusResponse status = network.status();
      assertThat(status.getConverged()).isTrue();
      assertThat(status.getRoutes().getHoles()).isEqualTo(4);
      assertThat(status.getProblemsList()).hasSize(2);
      assertThat(status.getProblems(0))
          .matches(
              "4 holes: 0\\.0\\.0\\.0/0 and 3 more have no exit \\(tier1a, tier1b were their only"
                  + " ones\\); routes of tier1a, tier1b are kept [0-9]+ s more");
      assertThat(status.getProblems(1))
          .isEqualTo("no transit is left at edge1, edge2; default routes: 0 of 2");
    });
  }

  @Test
  void a_loss_does_not_become_silence_after_the_stale_hold() throws Throwable {
    staleHold("1s");
    double before = network.status().getRoutes().getDonutRatio();
    loseTransits();

    eventually(() -> {
      StatusResponse status = network.status();
      assertThat(status.getConverged()).isTrue();
      assertThat(status.getRoutes().getHoles()).isZero();
      assertThat(status.getRoutes().getDonutRatio()).isEqualTo(1);
      assertThat(status.getHealthy()).isFalse();
      assertThat(status.getLostPrefixes()).isEqualTo(4);
      assertThat(status.getLost().getPrefixes()).isEqualTo(4);
      assertThat(status.getLost().getNeighborsList()).containsExactly("tier1a", "tier1b");
      assertThat(status.getLost().getDonutRatio()).isCloseTo(before, within(1e-9));
      assertThat(status.getLost().getSinceUnixMs())
          .isCloseTo(System.currentTimeMillis(), within(60_000L));
      assertThat(status.getSessions().getDownList())
          .extracting(StatusTest::text)
          .containsExactlyInAnyOrder("tier1a/ipv4 lost", "tier1b/ipv4 lost");
      assertThat(status.getProblemsList())
          .containsExactly("no transit is left at edge1, edge2; default routes: 0 of 2");
    });
  }

  @Test
  void what_another_neighbor_brings_back_is_no_longer_lost_and_a_return_ends_it() throws Throwable {
    staleHold("1s");
    loseTransits();
    eventually(() -> assertThat(network.status().getLostPrefixes()).isEqualTo(4));

    network.edge2.announce(
        "babulous/ipv4", FakeAgent.path("100.64.7.2", "64700"), FakeAgent.prefixes("20.1.0.0/16"));
    eventually(() -> assertThat(network.status().getLostPrefixes()).isEqualTo(3));
    network.edge1.up(
        "tier1a/ipv4",
        FakeAgent.path("100.64.1.2", "64601 65001"),
        FakeAgent.prefixes("20.0.0.0/16"));
    eventually(() -> {
      StatusResponse status = network.status();
      assertThat(status.getLostPrefixes()).isEqualTo(2);
      assertThat(status.getLost().getNeighborsList()).containsExactly("tier1b");
    });
    network.edge2.up(
        "tier1b/ipv4",
        FakeAgent.path("100.64.2.2", "64602 65001"),
        ControllerNetwork.transitPrefixes());

    eventually(() -> {
      StatusResponse status = network.status();
      assertThat(status.getHealthy()).isTrue();
      assertThat(status.hasLost()).isFalse();
    });
  }

  @Test
  void a_lost_neighbor_that_leaves_the_policy_is_missed_no_longer() throws Throwable {
    staleHold("1s");
    network.edge1.lost("tier1a/ipv4", Family.IPV4);
    network.edge2.lost("tier1b/ipv4", Family.IPV4);
    eventually(() -> assertThat(network.status().getLostPrefixes()).isEqualTo(4));
    String text = network.policy();
    int start = text.indexOf("  tier1a:");
    int end = text.indexOf("  babulous:");

    network
        .operator()
        .applyPolicy(
            ApplyPolicyRequest.newBuilder()
                .setFileName("donut.yaml")
                .setText(text.substring(0, start) + text.substring(end))
                .build());

    eventually(() -> {
      StatusResponse status = network.status();
      assertThat(status.getLostPrefixes()).isZero();
      assertThat(status.getSessions().getTotal()).isEqualTo(1);
      assertThat(status.getHealthy()).isTrue();
    });
  }

  @Test
  void sessions_of_a_router_that_does_not_answer_are_unknown() throws Throwable {
    network.edge1.stop();

    eventually(() -> {
      StatusResponse status = network.status();
      assertThat(status.getConverged()).isFalse();
      assertThat(status.getHealthy()).isFalse();
      assertThat(status.getSessions().getUp()).isEqualTo(2);
      assertThat(status.getSessions().getUnknownList())
          .extracting(unknown -> unknown.getRouter() + " " + unknown.getSessions())
          .containsExactly("edge1 1");
    });
  }

  @Test
  void after_a_restart_of_the_controller_a_neighbor_never_heard_is_not_up_yet() throws Throwable {
    network.edge1.lost("tier1a/ipv4", Family.IPV4);
    network.stop();
    network.start();

    eventually(() -> {
      StatusResponse status = network.status();
      assertThat(status.getHealthy()).isFalse();
      assertThat(status.getSessions().getDownList())
          .extracting(DownSession::getSession)
          .containsExactly("tier1a/ipv4");
    });
  }
}
