package net.donut.controller;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import gribi.Gribi.AFTOperation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.api.operator.v1.AgentInfo;
import net.donut.api.operator.v1.ListAgentsRequest;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.model.Family;
import net.donut.model.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The controller against agents that remember what they are told.
final class SouthboundTest {
  @TempDir Path directory;
  private ControllerNetwork network;

  @BeforeEach
  void start() throws IOException {
    network = new ControllerNetwork(directory);
    network.start();
  }

  @AfterEach
  void stop() {
    network.close();
  }

  private void workingDay() throws Throwable {
    network.usualRoutes();
    eventually(() -> {
      assertThat(network.edge1.routes()).hasSize(6);
      assertThat(network.edge2.routes()).hasSize(6);
    });
    network.untilConverged();
  }

  @Test
  void agents_are_configured_with_the_sessions_of_their_router() throws Throwable {
    network.untilConverged();

    assertThat(network.edge2.configurations().getLast().getNeighborsList())
        .extracting(neighbor -> neighbor.getName() + " " + neighbor.getRole())
        .containsExactly("tier1b/ipv4 customer", "babulous/ipv4 provider");
    assertThat(network.edge2.configurations().getLast().getInterfacesList())
        .containsExactlyInAnyOrder("edge1", "tier1b", "babulous");
  }

  @Test
  void everything_is_programmed_in_an_order_that_never_refers_to_what_is_missing()
      throws Throwable {
    workingDay();

    assertThat(network.edge1.gateways("20.0.0.0/16")).containsExactly("100.64.1.2", "100.64.12.2");
    assertThat(network.edge2.gateways("20.0.0.0/16")).containsExactly("100.64.2.2", "100.64.12.1");
    assertThat(network.edge1.gateways("203.0.113.0/24")).first().isEqualTo("100.64.12.2");
    assertThat(network.edge1.gateways("198.51.100.0/24")).containsExactly("discard");
    for (FakeAgent agent : List.of(network.edge1, network.edge2)) {
      assertThat(agentInfo(agent == network.edge1 ? "edge1" : "edge2").getWarningsList()).isEmpty();
    }
  }

  @Test
  void a_link_cut_changes_groups_only() throws Throwable {
    workingDay();
    network.edge1.forgetOperations();
    Map<String, Long> before = network.edge1.routes();

    network.edge1.link("tier1a", false);

    eventually(() ->
        assertThat(network.edge1.gateways("20.0.0.0/16")).containsExactly("100.64.12.2", "lo"));
    network.untilConverged();
    assertThat(network.edge1.operations())
        .isNotEmpty()
        .noneMatch(operation -> operation.hasIpv4() || operation.hasIpv6());
    assertThat(network.edge1.routes()).isEqualTo(before);

    network.edge1.link("tier1a", true);

    eventually(() ->
        assertThat(network.edge1.gateways("20.0.0.0/16"))
            .containsExactly("100.64.1.2", "100.64.12.2"));
    assertThat(network.edge1.routes()).isEqualTo(before);
  }

  @Test
  void a_link_that_returns_and_goes_again_is_not_used_in_between() throws Throwable {
    workingDay();
    network.edge1.link("tier1a", false);
    eventually(() ->
        assertThat(network.edge1.gateways("20.0.0.0/16")).containsExactly("100.64.12.2", "lo"));
    network.untilConverged();
    network.edge1.forgetOperations();

    network.edge1.link("tier1a", true);
    eventually(() ->
        assertThat(network.status().getWaitingList())
            .contains("edge1: tier1a is up again; it is used once it has stayed up for a while"));
    network.edge1.link("tier1a", false);
    network.untilConverged();

    assertThat(network.edge1.operations()).isEmpty();
  }

  @Test
  void a_session_that_returns_and_goes_again_is_not_used_in_between() throws Throwable {
    workingDay();
    network.edge1.lost("tier1a/ipv4", Family.IPV4);
    eventually(() ->
        assertThat(network.edge1.gateways("20.0.0.0/16")).containsExactly("100.64.12.2", "lo"));
    network.untilConverged();
    network.edge1.forgetOperations();

    network.edge1.up(
        "tier1a/ipv4",
        FakeAgent.path("100.64.1.2", "64601 65001"),
        ControllerNetwork.transitPrefixes());
    eventually(() ->
        assertThat(network.status().getWaitingList())
            .contains("tier1a/ipv4: is up again; it is used once it has stayed up for a while"));
    network.edge1.lost("tier1a/ipv4", Family.IPV4);
    network.untilConverged();

    assertThat(network.edge1.operations()).isEmpty();
  }

  @Test
  void the_generation_grows_with_a_cut_and_converges_again() throws Throwable {
    workingDay();
    StatusResponse before = network.status();

    network.edge1.link("tier1a", false);

    eventually(() -> {
      StatusResponse after = network.status();
      assertThat(after.getGeneration()).isGreaterThan(before.getGeneration());
      assertThat(after.getConverged()).isTrue();
      assertThat(after.getConvergedUnixNs()).isGreaterThan(before.getConvergedUnixNs());
    });
  }

  @Test
  void after_a_reconnect_only_the_difference_is_sent() throws Throwable {
    workingDay();
    network.edge2.stop();
    eventually(
        () -> assertThat(network.status().getWaitingList()).anyMatch(l -> l.contains("edge2")));
    network.edge1.withdraw("tier1a/ipv4", FakeAgent.prefixes("20.2.0.0/16"));
    network.edge2.forgetOperations();

    network.edge2.restart();
    network.untilConverged();

    assertThat(network.edge2.operations().stream().filter(AFTOperation::hasIpv4))
        .extracting(operation -> operation.getIpv4().getPrefix())
        .containsOnly("20.2.0.0/16");
    assertThat(network.edge2.gateways("20.2.0.0/16")).containsExactly("100.64.2.2", "lo");
  }

  @Test
  void a_router_whose_agent_is_away_is_not_sent_what_it_would_send_back() throws Throwable {
    workingDay();
    String customer = "203.0.113.0/24";
    network.edge1.announce(
        "tier1a/ipv4", FakeAgent.path("100.64.1.2", "64601 64605"), FakeAgent.prefixes(customer));
    network.untilConverged();
    assertThat(network.edge1.gateways(customer)).first().isEqualTo("100.64.12.2");
    network.edge1.stop();
    eventually(
        () -> assertThat(network.status().getWaitingList()).anyMatch(l -> l.contains("edge1")));

    network.edge2.link("babulous", false);
    eventually(() -> assertThat(network.edge2.routes()).doesNotContainKey(customer));

    network.edge1.restart();
    eventually(() -> {
      assertThat(network.edge1.gateways(customer)).first().isEqualTo("100.64.1.2");
      assertThat(network.edge2.gateways(customer)).first().isEqualTo("100.64.12.1");
    });
  }

  @Test
  void a_restart_of_the_controller_touches_nothing() throws Throwable {
    workingDay();
    network.stop();
    network.edge1.forgetOperations();
    network.edge2.forgetOperations();
    Map<String, Long> routes = network.edge1.routes();

    network.start();
    network.untilConverged();

    assertThat(network.edge1.operations()).isEmpty();
    assertThat(network.edge2.operations()).isEmpty();
    assertThat(network.edge1.routes()).isEqualTo(routes);
  }

  @Test
  void a_restarted_controller_waits_for_a_session_that_is_still_loading() throws Throwable {
    workingDay();
    network.stop();
    network.edge1.lost("tier1a/ipv4", Family.IPV4);
    network.edge1.session("tier1a/ipv4", "Established");
    network.edge1.forgetOperations();
    network.start();
    eventually(() -> assertThat(network.status().getWaitingList()).isNotEmpty());
    eventually(() -> assertThat(agentInfo("edge1").getState()).isEqualTo("connected"));

    assertThat(network.status().getWaitingList())
        .contains("controller: waiting for the routes of every session");
    assertThat(network.edge1.operations()).isEmpty();

    network.edge1.up(
        "tier1a/ipv4",
        FakeAgent.path("100.64.1.2", "64601 65001"),
        FakeAgent.prefixes("0.0.0.0/0", "20.0.0.0/16", "20.1.0.0/16", "20.2.0.0/16"));
    network.untilConverged();

    assertThat(network.edge1.operations()).isEmpty();
  }

  @Test
  void the_election_id_grows_with_every_start() throws Throwable {
    workingDay();
    network.stop();
    network.start();
    network.untilConverged();

    List<FakeAgent.ElectionSeen> seen = network.edge1.elections();

    assertThat(seen).hasSizeGreaterThanOrEqualTo(2);
    assertThat(seen.getLast().high()).isGreaterThan(seen.getFirst().high());
  }

  @Test
  void an_agent_that_another_controller_has_is_watched_and_told_nothing() throws Throwable {
    workingDay();
    network.stop();
    network.edge1.rival();
    int configured = network.edge1.configurations().size();
    int announced = network.edge1.advertiseSteps().size();

    int operated = network.edge1.operations().size();

    network.start();

    eventually(() -> {
      assertThat(agentInfo("edge1").getError()).startsWith("another controller is primary");
      assertThat(agentInfo("edge2").getError()).isEmpty();
    });
    assertThat(network.edge1.configurations()).hasSize(configured);
    assertThat(network.edge1.advertiseSteps()).hasSize(announced);
    assertThat(network.edge1.operations()).hasSize(operated);
  }

  @Test
  void what_the_kernel_refuses_is_shown_and_tried_again() throws Throwable {
    network.edge1.refuse("20.1.0.0/16");
    network.usualRoutes();

    eventually(() -> {
      AgentInfo agent = agentInfo("edge1");
      assertThat(agent.getError()).isEqualTo("20.1.0.0/16: FIB_FAILED: ENOSPC");
      assertThat(network.status().getWaitingList())
          .contains("edge1: 1 entries refused: 20.1.0.0/16: FIB_FAILED: ENOSPC");
    });

    network.edge1.acceptAgain("20.1.0.0/16");
    network.untilConverged();

    assertThat(network.edge1.routes()).containsKey("20.1.0.0/16");
    assertThat(agentInfo("edge1").getError()).isEmpty();
  }

  @Test
  void a_slow_agent_gets_the_latest_state_and_holds_nobody_up() throws Throwable {
    workingDay();
    network.edge1.holdAcks();
    network.edge1.forgetOperations();
    for (int i = 0; i < 50; i++) {
      network.edge1.announce(
          "tier1a/ipv4",
          FakeAgent.path("100.64.1.2", "64601 " + (65001 + i)),
          FakeAgent.prefixes("20.9.0.0/16"));
    }
    network.edge2.announce(
        "tier1b/ipv4",
        FakeAgent.path("100.64.2.2", "64602 65001"),
        FakeAgent.prefixes("20.8.0.0/16"));

    eventually(() -> assertThat(network.edge2.routes()).containsKey("20.8.0.0/16"));
    eventually(() -> assertThat(agentInfo("edge1").getUnacked()).isPositive());
    assertThat(network.status().getConverged()).isFalse();
    network.edge1.releaseAcks();
    network.untilConverged();

    assertThat(
            network.edge1.operations().stream()
                .filter(AFTOperation::hasIpv4)
                .filter(operation -> operation.getIpv4().getPrefix().equals("20.9.0.0/16")))
        .hasSizeLessThan(10);
  }

  @Test
  void routes_withdrawn_everywhere_are_deleted_and_unused_groups_after_them() throws Throwable {
    workingDay();
    network.edge2.forgetOperations();

    network.edge2.withdraw("babulous/ipv4", FakeAgent.prefixes("203.0.113.0/24"));

    eventually(() -> assertThat(network.edge1.routes()).doesNotContainKey("203.0.113.0/24"));
    eventually(() -> assertThat(network.edge2.routes()).doesNotContainKey("203.0.113.0/24"));
    network.untilConverged();
    assertThat(network.status().getWaitingList()).isEmpty();
    assertThat(agentInfo("edge2").getError()).isEmpty();
  }

  @Test
  void a_lost_session_keeps_its_routes_masked_and_its_return_costs_no_prefix() throws Throwable {
    workingDay();
    network.edge1.forgetOperations();

    network.edge1.lost("tier1a/ipv4", Family.IPV4);
    eventually(() ->
        assertThat(network.edge1.gateways("20.0.0.0/16")).containsExactly("100.64.12.2", "lo"));
    network.edge1.up(
        "tier1a/ipv4",
        FakeAgent.path("100.64.1.2", "64601 65001"),
        ControllerNetwork.transitPrefixes());
    eventually(
        () -> assertThat(network.edge1.gateways("20.0.0.0/16")).first().isEqualTo("100.64.1.2"));
    network.untilConverged();

    assertThat(network.edge1.operations()).noneMatch(AFTOperation::hasIpv4);
  }

  @Test
  void announcements_follow_the_learned_relation_and_begin_with_a_full_content() throws Throwable {
    workingDay();

    eventually(() -> {
      assertThat(network.edge1.announcedTo("tier1a/ipv4"))
          .containsExactlyInAnyOrder(
              Prefix.parse("198.51.100.0/24"), Prefix.parse("203.0.113.0/24"));
      assertThat(network.edge2.announcedTo("babulous/ipv4"))
          .contains(Prefix.parse("20.0.0.0/16"), Prefix.parse("198.51.100.0/24"));
    });
    assertThat(network.edge1.advertiseSteps()).first().isEqualTo("begin");
    assertThat(network.edge1.advertiseSteps()).contains("end");
  }

  @Test
  void a_prefix_is_announced_when_every_router_on_its_way_has_it() throws Throwable {
    workingDay();
    network.edge2.holdAcks();
    Prefix added = Prefix.parse("203.0.114.0/24");

    network.edge2.announce(
        "babulous/ipv4",
        FakeAgent.path("100.64.7.2", "64700"),
        FakeAgent.prefixes("203.0.114.0/24"));

    eventually(() -> assertThat(network.edge1.routes()).containsKey("203.0.114.0/24"));
    eventually(() ->
        assertThat(network.status().getWaitingList())
            .contains("edge1: 0 operations sent and not acknowledged yet, 1 to send"));
    assertThat(network.edge1.announcedTo("tier1a/ipv4")).doesNotContain(added);
    assertThat(network.edge2.announcedTo("tier1b/ipv4")).doesNotContain(added);
    network.edge2.releaseAcks();
    eventually(() -> {
      assertThat(network.edge1.announcedTo("tier1a/ipv4")).contains(added);
      assertThat(network.edge2.announcedTo("tier1b/ipv4")).contains(added);
    });
  }

  @Test
  void a_withdrawal_goes_at_once_and_takes_back_an_announcement_that_waits() throws Throwable {
    workingDay();
    Prefix customer = Prefix.parse("203.0.113.0/24");
    eventually(() -> assertThat(network.edge1.announcedTo("tier1a/ipv4")).contains(customer));
    network.edge1.holdAcks();
    network.edge2.announce(
        "babulous/ipv4",
        FakeAgent.path("100.64.7.2", "64700"),
        FakeAgent.prefixes("203.0.114.0/24"));
    eventually(() -> assertThat(network.edge2.routes()).containsKey("203.0.114.0/24"));

    network.edge2.withdraw("babulous/ipv4", FakeAgent.prefixes("203.0.113.0/24", "203.0.114.0/24"));

    eventually(() -> assertThat(network.edge1.announcedTo("tier1a/ipv4")).doesNotContain(customer));
    network.edge1.releaseAcks();
    network.untilConverged();
    assertThat(network.edge1.announcedTo("tier1a/ipv4"))
        .doesNotContain(customer, Prefix.parse("203.0.114.0/24"));
  }

  @Test
  void what_the_kernel_loses_after_its_acknowledgement_is_withdrawn_until_it_is_back()
      throws Throwable {
    workingDay();
    Prefix customer = Prefix.parse("203.0.113.0/24");
    String held = "a route of static with metric 20 holds the prefix";
    eventually(() -> assertThat(network.edge1.announcedTo("tier1a/ipv4")).contains(customer));

    network.edge1.routeState("203.0.113.0/24", "conflict", held);

    eventually(() -> {
      assertThat(network.edge1.announcedTo("tier1a/ipv4")).doesNotContain(customer);
      assertThat(network.status().getConverged()).isFalse();
      assertThat(network.status().getWaitingList())
          .contains(
              "edge1: 1 entries refused: 203.0.113.0/24: " + held + " (1 announcements wait)");
    });
    assertThat(network.edge2.announcedTo("tier1b/ipv4")).contains(customer);

    network.edge1.routeState("203.0.113.0/24", "installed", "");

    eventually(() -> assertThat(network.edge1.announcedTo("tier1a/ipv4")).contains(customer));
    network.untilConverged();
  }

  @Test
  void a_route_lost_and_withdrawn_meanwhile_is_neither_announced_nor_waited_for() throws Throwable {
    workingDay();
    Prefix customer = Prefix.parse("203.0.113.0/24");
    network.edge1.routeState("203.0.113.0/24", "failed", "ENOSPC");
    eventually(() -> assertThat(network.edge1.announcedTo("tier1a/ipv4")).doesNotContain(customer));

    network.edge2.withdraw("babulous/ipv4", FakeAgent.prefixes("203.0.113.0/24"));
    eventually(() -> assertThat(network.edge1.routes()).doesNotContainKey("203.0.113.0/24"));
    network.edge1.routeState("203.0.113.0/24", "installed", "");

    network.untilConverged();
    assertThat(network.edge1.announcedTo("tier1a/ipv4")).doesNotContain(customer);
  }

  @Test
  void an_exit_whose_next_hop_does_not_answer_is_not_used_until_it_answers() throws Throwable {
    workingDay();

    network.edge1.silentGateways("tier1a", "100.64.1.2");

    eventually(() ->
        assertThat(network.edge1.gateways("20.0.0.0/16")).containsExactly("100.64.12.2", "lo"));
    assertThat(agentInfo("edge1").getWarningsList())
        .contains("1 next hops do not answer ARP or ND: 100.64.1.2%tier1a");

    network.edge1.silentGateways("tier1a");

    eventually(() ->
        assertThat(network.edge1.gateways("20.0.0.0/16"))
            .containsExactly("100.64.1.2", "100.64.12.2"));
    assertThat(agentInfo("edge1").getWarningsList())
        .noneMatch(warning -> warning.contains("do not answer"));
  }

  @Test
  void what_the_kernel_refuses_is_not_announced_until_it_is_taken() throws Throwable {
    workingDay();
    Prefix added = Prefix.parse("203.0.114.0/24");
    network.edge1.refuse("203.0.114.0/24");
    network.edge2.announce(
        "babulous/ipv4",
        FakeAgent.path("100.64.7.2", "64700"),
        FakeAgent.prefixes("203.0.114.0/24"));

    eventually(() -> assertThat(network.edge2.announcedTo("tier1b/ipv4")).contains(added));
    eventually(() ->
        assertThat(network.status().getWaitingList())
            .contains(
                "edge1: 1 entries refused: 203.0.114.0/24: FIB_FAILED: ENOSPC"
                    + " (1 announcements wait)"));
    assertThat(network.edge1.announcedTo("tier1a/ipv4")).doesNotContain(added);

    network.edge1.acceptAgain("203.0.114.0/24");

    eventually(() -> assertThat(network.edge1.announcedTo("tier1a/ipv4")).contains(added));
  }

  private AgentInfo agentInfo(String name) {
    return network
        .operator()
        .listAgents(ListAgentsRequest.getDefaultInstance())
        .getAgentsList()
        .stream()
        .filter(agent -> agent.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
