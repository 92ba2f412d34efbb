package net.donut.controller;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.InspectFibRequest;
import net.donut.api.agent.v1.InspectFibResponse;
import net.donut.api.agent.v1.WithheldRoute;
import net.donut.api.operator.v1.ApplyPolicyRequest;
import net.donut.api.operator.v1.ApplyPolicyResponse;
import net.donut.api.operator.v1.CoverageRequest;
import net.donut.api.operator.v1.CoverageResponse;
import net.donut.api.operator.v1.DrainRequest;
import net.donut.api.operator.v1.DrainResponse;
import net.donut.api.operator.v1.Event;
import net.donut.api.operator.v1.ExplainRequest;
import net.donut.api.operator.v1.ExplainResponse;
import net.donut.api.operator.v1.ExplainStep;
import net.donut.api.operator.v1.InspectRouterFibRequest;
import net.donut.api.operator.v1.ListAgentsRequest;
import net.donut.api.operator.v1.ListNeighborsRequest;
import net.donut.api.operator.v1.ListOverridesRequest;
import net.donut.api.operator.v1.ListRoutesRequest;
import net.donut.api.operator.v1.ListRoutesResponse;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.api.operator.v1.OverrideInfo;
import net.donut.api.operator.v1.OverrideRequest;
import net.donut.api.operator.v1.OverrideResponse;
import net.donut.api.operator.v1.PathInfo;
import net.donut.api.operator.v1.RouteInfo;
import net.donut.api.operator.v1.ShowPolicyRequest;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.api.operator.v1.WatchRequest;
import net.donut.model.Communities;
import net.donut.model.LargeCommunities;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.queue.Mailbox;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What operators ask, over the Unix socket.
final class OperatorServiceTest {
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

  @Test
  void the_socket_is_for_its_group_only_and_health_is_served() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(network.socket())))
        .isEqualTo("rw-rw----");
    assertThat(
            HealthGrpc.newBlockingStub(network.channel())
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
  }

  @Test
  void status_counts_routes_and_says_that_nothing_is_in_flight() {
    StatusResponse status = network.status();

    assertThat(status.getConverged()).isTrue();
    assertThat(status.getConvergedUnixNs()).isPositive();
    assertThat(status.getLocalAs()).isEqualTo(64500);
    assertThat(status.getPolicyFile()).isEqualTo(network.policyFile().toString());
    assertThat(status.getRoutes().getTransit()).isEqualTo(4);
    assertThat(status.getRoutes().getHoles()).isZero();
  }

  @Test
  void agents_are_listed_with_their_state() {
    assertThat(
            network.operator().listAgents(ListAgentsRequest.getDefaultInstance()).getAgentsList())
        .extracting(agent -> agent.getName() + " " + agent.getState() + " " + agent.getUnacked())
        .containsExactly("edge1 synced 0", "edge2 synced 0");
  }

  @Test
  void neighbors_are_listed_with_their_counts_and_sessions_that_are_down() throws Throwable {
    network.edge1.session("tier1a/ipv4", "Idle");

    eventually(() ->
        assertThat(neighbors(""))
            .extracting(neighbor -> neighbor.getName() + " " + neighbor.getSession().getState())
            .containsExactly("tier1a Idle", "tier1b Established", "babulous Established"));
    NeighborInfo tier1b = neighbors("tier1b").getFirst();
    assertThat(tier1b.getAccepted()).isEqualTo(4);
    assertThat(tier1b.getLinkUp()).isTrue();
    assertThat(tier1b.getRelation()).isEqualTo("transit");
    assertRefused(
        () -> neighbors("tier9"),
        Status.Code.NOT_FOUND,
        "unknown neighbor 'tier9' (known: tier1a, tier1b, babulous)");
  }

  private List<NeighborInfo> neighbors(String name) {
    return network
        .operator()
        .listNeighbors(ListNeighborsRequest.newBuilder().setName(name).build())
        .getNeighborsList();
  }

  @Test
  void routes_are_listed_by_prefix_neighbor_and_relation() {
    assertThat(routes(ListRoutesRequest.getDefaultInstance()))
        .extracting(RouteInfo::getPrefix)
        .contains("0.0.0.0/0", "20.0.0.0/16", "203.0.113.0/24");
    assertThat(routes(ListRoutesRequest.newBuilder().setPrefix("20.1.0.0/16").build()))
        .singleElement()
        .satisfies(route -> assertThat(route.getPathsCount()).isEqualTo(2));
    assertThat(
            routes(ListRoutesRequest.newBuilder().setPrefix("20.0.0.0/8").setLonger(true).build()))
        .hasSize(3);
    assertThat(routes(ListRoutesRequest.newBuilder().setNeighbor("babulous").build()))
        .extracting(RouteInfo::getPrefix)
        .containsExactly("203.0.113.0/24");
    assertThat(routes(ListRoutesRequest.newBuilder().setRelation("customer").build())).hasSize(1);
    assertThat(routes(ListRoutesRequest.newBuilder().setLimit(2).build())).hasSize(2);
  }

  @Test
  void a_route_of_a_lost_neighbor_is_held_and_never_best() throws Throwable {
    ListRoutesRequest one = ListRoutesRequest.newBuilder().setPrefix("203.0.113.0/24").build();
    assertThat(routes(one).getFirst().getPaths(0).getBest()).isTrue();

    network.edge2.session("babulous/ipv4", "Idle");

    eventually(() -> assertThat(routes(one).getFirst().getPaths(0).getHeld()).isNotEmpty());
    PathInfo path = routes(one).getFirst().getPaths(0);
    assertThat(path.getHeld()).isEqualTo("session-lost");
    assertThat(path.getStale()).isTrue();
    assertThat(path.getBest()).isFalse();
    assertThat(path.getRank()).isEqualTo(-1);
    NeighborInfo babulous = neighbors("babulous").getFirst();
    assertThat(babulous.getAccepted()).isOne();
    assertThat(babulous.getHeldMs()).isPositive();
  }

  @Test
  void a_route_behind_an_interface_that_is_down_is_held_and_never_best() throws Throwable {
    ListRoutesRequest one = ListRoutesRequest.newBuilder().setPrefix("203.0.113.0/24").build();

    network.edge2.link("babulous", false);

    eventually(
        () -> assertThat(routes(one).getFirst().getPaths(0).getHeld()).isEqualTo("interface-down"));
    assertThat(routes(one).getFirst().getPaths(0).getBest()).isFalse();
  }

  @Test
  void a_malformed_route_is_listed_and_explained() throws Throwable {
    ListRoutesRequest one = ListRoutesRequest.newBuilder().setPrefix("36.1.0.0/16").build();
    network.edge1.malformed("tier1a/ipv4", "36.1.0.0/16", "ORIGIN value: 7 (expected: 0..2)");

    eventually(() -> assertThat(routes(one)).hasSize(1));

    assertThat(routes(one).getFirst().getPathsList())
        .singleElement()
        .satisfies(path -> {
          assertThat(path.getNeighbor()).isEqualTo("tier1a");
          assertThat(path.getRejected()).isEqualTo("malformed");
          assertThat(path.getFault()).isEqualTo("ORIGIN value: 7 (expected: 0..2)");
          assertThat(path.getFaultUnixMs()).isEqualTo(1_764_590_400_000L);
        });
    assertThat(
            network
                .operator()
                .explain(ExplainRequest.newBuilder().setAddress("36.1.0.1").build())
                .getSummaryList())
        .contains(
            "AS64601 (tier1a) announced 36.1.0.0/16 malformed at 2025-12-01T12:00:00Z, so it"
                + " counts as withdrawn: ORIGIN value: 7 (expected: 0..2)");
    assertThat(routes(one.toBuilder().setNeighbor("tier1b").build())).isEmpty();
  }

  @Test
  void what_is_announced_to_a_neighbor_is_listed() {
    assertThat(
            routes(
                ListRoutesRequest.newBuilder().setNeighbor("tier1a").setAdvertised(true).build()))
        .extracting(RouteInfo::getPrefix)
        .containsExactly("198.51.100.0/24", "203.0.113.0/24");
  }

  @Test
  void what_a_neighbor_is_told_is_what_its_agent_says_with_all_attributes() {
    PathAttributes told =
        FakeAgent.path("100.64.1.1", "64500 64700").toBuilder()
            .med(7)
            .communities(Communities.of(Communities.parse("64500:1"), Communities.parse("64500:2")))
            .largeCommunities(LargeCommunities.of(64500, 1, 2))
            .onlyToCustomer(64500)
            .build();
    network.edge1.tells("tier1a/ipv4", told, Prefix.parse("203.0.113.0/24"), null);
    network.edge1.tells(
        "tier1a/ipv4",
        told,
        Prefix.parse("198.51.100.0/24"),
        WithheldRoute.newBuilder().setReason("too-long").setBytes(4455).setLimit(4096).build());

    List<RouteInfo> routes =
        routes(ListRoutesRequest.newBuilder().setNeighbor("tier1a").setAdvertised(true).build());

    assertThat(routes)
        .extracting(RouteInfo::getPrefix)
        .containsExactly("198.51.100.0/24", "203.0.113.0/24");
    PathInfo withheld = routes.getFirst().getPaths(0);
    assertThat(withheld.getWithheld()).isEqualTo("too-long");
    assertThat(withheld.getWithheldText()).isEqualTo("4455 bytes, limit 4096");
    PathInfo path = routes.getLast().getPaths(0);
    assertThat(path.getWithheld()).isEmpty();
    assertThat(path.getNextHop()).isEqualTo("100.64.1.1");
    assertThat(path.getAsPath()).isEqualTo("64500 64700");
    assertThat(path.getMed()).isEqualTo(7);
    assertThat(path.getCommunities()).isEqualTo("64500:1 64500:2");
    assertThat(path.getLargeCommunities()).isEqualTo("64500:1:2");
    assertThat(path.getOnlyToCustomer()).isEqualTo(64500);
  }

  @Test
  void a_listing_of_routes_that_makes_no_sense_is_refused() {
    assertRefused(
        () -> routes(ListRoutesRequest.newBuilder().setPrefix("20.0.0.0").build()),
        Status.Code.INVALID_ARGUMENT,
        "prefix: '20.0.0.0' (expected: address/length such as 192.0.2.0/24 or 2001:db8::/32)");
    assertRefused(
        () -> routes(ListRoutesRequest.newBuilder().setNeighbor("x").build()),
        Status.Code.NOT_FOUND,
        "unknown neighbor 'x' (known: tier1a, tier1b, babulous)");
    assertRefused(
        () -> routes(ListRoutesRequest.newBuilder().setRelation("uplink").build()),
        Status.Code.INVALID_ARGUMENT,
        "relation: 'uplink' (expected: customer, own, private-peer, public-peer, route-server,"
            + " transit)");
    assertRefused(
        () -> routes(ListRoutesRequest.newBuilder().setAdvertised(true).build()),
        Status.Code.INVALID_ARGUMENT,
        "advertised: no neighbor (expected: the neighbor that is told)");
  }

  private List<RouteInfo> routes(ListRoutesRequest request) {
    List<RouteInfo> all = new ArrayList<>();
    Iterator<ListRoutesResponse> pages = network.operator().listRoutes(request);
    pages.forEachRemaining(page -> all.addAll(page.getRoutesList()));
    return all;
  }

  @Test
  void the_kernel_of_a_router_is_asked_through_its_agent() {
    List<InspectFibResponse> answers = inspect("edge1");

    assertThat(answers.getLast().getSummary().getInstalled()).isEqualTo(6);
    assertRefused(
        () -> inspect("edge9"),
        Status.Code.NOT_FOUND,
        "unknown router 'edge9' (known: edge1, edge2)");
    network.edge1.stop();
    assertThatThrownBy(() -> inspect("edge1"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(e.getStatus().getDescription())
                  .startsWith("agent of edge1 (127.0.0.1:")
                  .endsWith("does not answer: start donut agent there, or check the address");
            });
  }

  private List<InspectFibResponse> inspect(String router) {
    List<InspectFibResponse> all = new ArrayList<>();
    network
        .operator()
        .inspectFib(
            InspectRouterFibRequest.newBuilder()
                .setRouter(router)
                .setQuery(InspectFibRequest.newBuilder().setAll(true))
                .build())
        .forEachRemaining(all::add);
    return all;
  }

  @Test
  void an_address_is_explained_with_what_each_kernel_has() {
    ExplainResponse answer = explain("20.1.2.3", "edge1");

    ExplainStep selected =
        answer.getStepsList().stream().filter(ExplainStep::getSelected).findFirst().orElseThrow();
    assertThat(selected.getPrefix()).isEqualTo("20.1.0.0/16");
    assertThat(selected.getKernel()).isEqualTo("installed");
    assertThat(selected.getExitsList())
        .extracting(exit -> exit.getNeighbor() + "@" + exit.getRouter() + exit.getViaRouter())
        .containsExactly("tier1a@edge1", "tier1b@edge2edge2");
    assertThat(selected.getCandidatesList())
        .extracting(candidate -> candidate.getPath().getNeighbor() + " " + candidate.getVerdict())
        .containsExactly("tier1a accepted", "tier1b accepted");
    assertThat(answer.getSummaryList())
        .containsExactly(
            "edge1: 20.1.2.3 goes to tier1a (transit) by 20.1.0.0/16, 1 backup; kernel: installed");
    assertThat(explain("20.1.2.3", "").getSummaryList()).hasSize(2);
  }

  @Test
  void the_kernel_of_an_unreachable_agent_is_unknown() {
    network.edge1.stop();

    assertThat(explain("20.1.2.3", "edge1").getSteps(0).getKernel()).isEqualTo("unknown");
  }

  @Test
  void an_explanation_of_nothing_is_refused() {
    assertRefused(
        () -> explain("20.1.2", ""),
        Status.Code.INVALID_ARGUMENT,
        "address: '20.1.2' (expected: an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1)");
    assertRefused(
        () -> explain("20.1.2.3", "edge9"),
        Status.Code.NOT_FOUND,
        "unknown router 'edge9' (known: edge1, edge2)");
  }

  private ExplainResponse explain(String address, String router) {
    return network
        .operator()
        .explain(ExplainRequest.newBuilder().setAddress(address).setRouter(router).build());
  }

  @Test
  void coverage_names_what_has_one_exit_only() {
    CoverageResponse coverage = network.operator().coverage(CoverageRequest.getDefaultInstance());

    assertThat(coverage.getHoleCount()).isZero();
    assertThat(coverage.getDefaultsIpv4()).isEqualTo(2);
    assertThat(coverage.getExitLossesList())
        .extracting(loss -> loss.getExit())
        .contains("tier1a", "tier1b", "babulous");
  }

  @Test
  void a_router_whose_way_leads_by_one_that_does_otherwise_says_so() {
    network.edge2.lookupRoute =
        FibEntry.newBuilder()
            .setPrefix("203.0.113.0/24")
            .setOwner("static")
            .setGateway("100.64.2.2")
            .setDevice("tier1b")
            .build();

    List<String> lines = explain("203.0.113.1", "").getSummaryList();

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst())
        .startsWith("edge1: 203.0.113.1 goes to babulous (customer) via edge2 by 203.0.113.0/24, ")
        .endsWith(
            "; but at edge2 it leaves by the kernel's own route 203.0.113.0/24 via 100.64.2.2 on"
                + " tier1b (static, metric 0), not by babulous");
    assertThat(lines.getLast()).startsWith("edge2: 203.0.113.1 leaves by the kernel's own route");
  }

  @Test
  void a_route_of_another_program_that_wins_is_the_first_line_of_an_explanation() {
    network.edge1.lookupRoute =
        FibEntry.newBuilder()
            .setPrefix("0.0.0.0/0")
            .setOwner("dhcp")
            .setGateway("100.64.0.1")
            .setDevice("eth0")
            .build();

    ExplainResponse answer = explain("9.9.9.9", "edge1");

    assertThat(answer.getSummaryList())
        .containsExactly(
            "edge1: 9.9.9.9 leaves by the kernel's own default via 100.64.0.1 on eth0 (dhcp,"
                + " metric 0), not by tier1a");
    assertThat(answer.getSteps(0).getForeignEntry().getOwner()).isEqualTo("dhcp");
    network.edge1.lookupRoute =
        FibEntry.newBuilder().setPrefix("20.1.2.0/24").setOwner("kernel").setDevice("eth3").build();
    assertThat(explain("20.1.2.3", "edge1").getSummaryList())
        .containsExactly(
            "edge1: 20.1.2.3 leaves by the kernel's own route 20.1.2.0/24 on eth3 (kernel,"
                + " metric 0), not by tier1a");
    assertThat(explain("2001:db8::1", "edge1").getSummaryList())
        .containsExactly(
            "edge1: 2001:db8::1 leaves by the kernel's own route 20.1.2.0/24 on eth3 (kernel,"
                + " metric 0); no route of ours covers it");
  }

  @Test
  void an_override_by_a_drained_neighbor_says_that_the_drain_wins() throws Throwable {
    override("20.1.0.0/16", "tier1b", 3600, false);

    assertThat(drain("tier1b", false).getMessage())
        .isEqualTo("tier1b: drained; its overrides have no effect meanwhile: 20.1.0.0/16");

    eventually(
        () -> assertThat(network.edge1.gateways("20.1.0.0/16")).first().isEqualTo("100.64.1.2"));
    String why = " has no effect: tier1b is drained, which wins over an override";
    assertThat(network.status().getWarningsList())
        .anySatisfy(line ->
            assertThat(line).startsWith("override: 20.1.0.0/16 by tier1b until ").endsWith(why));
    assertThat(explain("20.1.2.3", "edge1").getSummaryList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("edge1: 20.1.2.3 goes to tier1a (transit)"),
            line -> assertThat(line).endsWith(why));
    assertThat(
            network
                .operator()
                .listOverrides(ListOverridesRequest.getDefaultInstance())
                .getOverridesList())
        .extracting(OverrideInfo::getObstacle)
        .containsExactly("is drained, which wins over an override");
    assertRefused(
        () -> override("20.2.0.0/16", "tier1b", 60, false),
        Status.Code.FAILED_PRECONDITION,
        "nothing was changed: tier1b is drained, which wins over an override: 20.2.0.0/16");

    drain("tier1b", true);

    eventually(
        () -> assertThat(network.edge1.gateways("20.1.0.0/16")).first().isEqualTo("100.64.12.2"));
    assertThat(network.status().getWarningsList())
        .anySatisfy(
            line -> assertThat(line).startsWith("override: 20.1.0.0/16 leaves by tier1b until "));
  }

  @Test
  void an_override_by_a_neighbor_that_is_down_says_so() throws Throwable {
    override("20.1.0.0/16", "tier1b", 3600, false);
    network.edge2.session("tier1b/ipv4", "Idle");

    eventually(() ->
        assertThat(network.status().getWarningsList())
            .anySatisfy(line ->
                assertThat(line)
                    .startsWith("override: 20.1.0.0/16 by tier1b until ")
                    .endsWith("has no effect: tier1b cannot be used: its session is down")));
  }

  @Test
  void coverage_tells_what_core_knows_of_leaks_covered_holes_and_ipv6() throws Throwable {
    network.edge2.announce(
        "babulous/ipv4", FakeAgent.path("100.64.7.2", "64700"), FakeAgent.prefixes("21.0.0.0/16"));
    network.edge1.announce(
        "tier1a/ipv4",
        FakeAgent.path("100.64.1.2", "64601 65009"),
        FakeAgent.prefixes("21.0.1.0/24", "21.0.2.0/28"));

    eventually(() -> {
      CoverageResponse coverage = network.operator().coverage(CoverageRequest.getDefaultInstance());
      assertThat(coverage.getCostLeaksList())
          .extracting(leak -> leak.getPrefix() + " " + leak.getReason())
          .containsExactly(
              "21.0.1.0/24 heard from transit only, inside 21.0.0.0/16 of babulous: 0.30 a Mbit/s"
                  + " at tier1a, free at babulous");
      assertThat(coverage.getBypassesList())
          .extracting(
              one -> one.getDirect() + " " + one.getTransit() + " " + one.getIpv4Addresses())
          .containsExactly("babulous tier1a 256");
      assertThat(coverage.getCoveredHoleCount()).isEqualTo(1);
      assertThat(coverage.getCoveredHolesList())
          .extracting(hole -> hole.getPrefix())
          .containsExactly("21.0.2.0/28");
      assertThat(coverage.getExitLossesList())
          .filteredOn(loss -> loss.getExit().equals("tier1b"))
          .extracting(loss -> loss.getPrice())
          .containsExactly(0.4);
    });
  }

  @Test
  void a_drain_moves_traffic_survives_a_restart_and_can_be_undone() throws Throwable {
    DrainResponse drained = drain("tier1a", false);

    assertThat(drained.getMoved()).isEqualTo(4);
    eventually(
        () -> assertThat(network.edge1.gateways("20.1.0.0/16")).first().isEqualTo("100.64.12.2"));
    assertThat(neighbors("tier1a").getFirst().getDrained()).isTrue();
    network.stop();
    network.start();
    network.untilConverged();
    assertThat(network.edge1.gateways("20.1.0.0/16")).first().isEqualTo("100.64.12.2");

    assertThat(drain("tier1a", true).getMoved()).isEqualTo(4);

    eventually(
        () -> assertThat(network.edge1.gateways("20.1.0.0/16")).first().isEqualTo("100.64.1.2"));
    assertThat(drain("tier1a", true).getMessage()).isEqualTo("tier1a: was not drained");
    assertRefused(
        () -> drain("tier7", false),
        Status.Code.NOT_FOUND,
        "unknown neighbor 'tier7' (known: tier1a, tier1b, babulous)");
  }

  private DrainResponse drain(String neighbor, boolean undo) {
    return network
        .operator()
        .drain(DrainRequest.newBuilder().setNeighbor(neighbor).setUndo(undo).build());
  }

  @Test
  void an_override_moves_a_prefix_survives_a_restart_and_ends_by_itself() throws Throwable {
    OverrideResponse set = override("20.1.0.0/16", "tier1b", 3600, false);

    assertThat(set.getMoved()).isEqualTo(1);
    assertThat(set.getMessage()).startsWith("20.1.0.0/16: by tier1b until ");
    eventually(
        () -> assertThat(network.edge1.gateways("20.1.0.0/16")).first().isEqualTo("100.64.12.2"));
    network.stop();
    network.start();
    network.untilConverged();
    assertThat(network.edge1.gateways("20.1.0.0/16")).first().isEqualTo("100.64.12.2");
    assertThat(network.status().getWarningsList())
        .anySatisfy(warning ->
            assertThat(warning).startsWith("override: 20.1.0.0/16 leaves by tier1b until "));
    assertThat(explain("20.1.2.3", "edge1").getSummaryList())
        .last()
        .asString()
        .startsWith("override: 20.1.0.0/16 leaves by tier1b until ");
    assertThat(explain("20.2.2.3", "edge1").getSummaryList())
        .noneMatch(line -> line.startsWith("override"));

    assertThat(override("20.1.0.0/16", "tier1b", 1, false).getMessage())
        .endsWith("; it went there already");

    eventually(
        () -> assertThat(network.edge1.gateways("20.1.0.0/16")).first().isEqualTo("100.64.1.2"));
    eventually(() -> assertThat(overrides()).isEmpty());
  }

  @Test
  void an_override_is_ended_by_hand_and_one_without_effect_is_refused() throws Throwable {
    override("20.1.0.0/16", "tier1b", 3600, false);
    assertThat(overrides())
        .singleElement()
        .satisfies(one -> assertThat(one.getSecondsLeft()).isBetween(3000, 3600))
        .satisfies(one -> assertThat(one.getObstacle()).isEmpty());

    assertThat(override("20.1.0.0/16", "", 0, true).getMessage())
        .isEqualTo("20.1.0.0/16: goes by the decision again");
    assertThat(override("20.1.0.0/16", "", 0, true).getMessage())
        .isEqualTo("20.1.0.0/16: had no override");

    eventually(
        () -> assertThat(network.edge1.gateways("20.1.0.0/16")).first().isEqualTo("100.64.1.2"));
    assertRefused(
        () -> override("20.7.0.0/16", "tier1b", 60, false),
        Status.Code.FAILED_PRECONDITION,
        "nothing was changed: tier1b does not announce it: 20.7.0.0/16");
    assertRefused(
        () -> override("20.1.0.0/16", "tier1b", 604801, false),
        Status.Code.INVALID_ARGUMENT,
        "seconds: 604801 (expected: 1..604800)");
    assertRefused(
        () -> override("20.1.0.0/16", "tier7", 60, false),
        Status.Code.NOT_FOUND,
        "unknown neighbor 'tier7' (known: tier1a, tier1b, babulous)");
  }

  private OverrideResponse override(String prefix, String neighbor, int seconds, boolean undo) {
    return network
        .operator()
        .override(
            OverrideRequest.newBuilder()
                .setPrefix(prefix)
                .setNeighbor(neighbor)
                .setSeconds(seconds)
                .setUndo(undo)
                .build());
  }

  private List<OverrideInfo> overrides() {
    return network
        .operator()
        .listOverrides(ListOverridesRequest.getDefaultInstance())
        .getOverridesList();
  }

  @Test
  void a_bad_policy_changes_nothing_and_its_mistakes_are_told() {
    long generation = network.status().getPolicyGeneration();

    ApplyPolicyResponse answer = apply(network.policy().replace("as: 64601", "as: x"), false);

    assertThat(answer.getApplied()).isFalse();
    assertThat(answer.getProblemsList())
        .filteredOn(problem -> problem.getSeverity().equals("error"))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.getFile()).isEqualTo("new.yaml");
          assertThat(problem.getLine()).isEqualTo(15);
          assertThat(problem.getColumn()).isEqualTo(9);
          assertThat(problem.getMessage())
              .isEqualTo("neighbors.tier1a.as: 'x' (expected: an AS number 1..4294967294)");
        });
    assertThat(network.status().getPolicyGeneration()).isEqualTo(generation);
    assertThat(policyText()).isEqualTo(network.policy());
  }

  @Test
  void a_dry_run_says_what_would_change_and_changes_nothing() {
    long generation = network.status().getPolicyGeneration();

    ApplyPolicyResponse answer = apply(withPeer(), true);

    assertThat(answer.getApplied()).isFalse();
    assertThat(answer.getChangesList()).containsExactly("neighbor babulous: changed");
    assertThat(network.status().getPolicyGeneration()).isEqualTo(generation);
  }

  @Test
  void a_good_policy_is_put_in_force_and_used_after_a_restart() throws Throwable {
    ApplyPolicyResponse answer = apply(withPeer(), false);

    assertThat(answer.getApplied()).isTrue();
    assertThat(answer.getChangesList()).containsExactly("neighbor babulous: changed");
    eventually(() ->
        assertThat(network.edge2.configurations().getLast().getGeneration())
            .isEqualTo(answer.getGeneration()));
    eventually(
        () -> assertThat(neighbors("babulous").getFirst().getRelation()).isEqualTo("private-peer"));
    eventually(() -> assertThat(network.edge1.announcedTo("tier1a/ipv4")).hasSize(1));
    network.stop();
    network.start();
    assertThat(policyText()).isEqualTo(withPeer());
    assertThat(network.status().getPolicyGeneration()).isEqualTo(answer.getGeneration());
    network.untilConverged();
  }

  @Test
  void a_file_changed_since_the_last_apply_wins_at_the_next_start_whatever_its_time()
      throws IOException {
    assertThat(apply(withPeer(), false).getApplied()).isTrue();
    network.stop();
    Files.writeString(network.policyFile(), network.policy() + "# newer\n");
    Files.setLastModifiedTime(network.policyFile(), FileTime.from(Instant.EPOCH));

    network.start();

    assertThat(policyText()).endsWith("# newer\n");
    assertThat(network.status().getPolicyFile()).isEqualTo(network.policyFile().toString());
  }

  @Test
  void a_clock_that_goes_back_does_not_bring_the_file_back() throws IOException {
    assertThat(apply(withPeer(), false).getApplied()).isTrue();
    network.stop();
    Files.setLastModifiedTime(
        network.stateDirectory().resolve("applied"), FileTime.from(Instant.EPOCH));

    network.start();

    assertThat(policyText()).isEqualTo(withPeer());
  }

  @Test
  void a_neighbor_can_be_removed_and_added_by_policy() throws Throwable {
    String without =
        network.policy().substring(0, network.policy().indexOf("  babulous:"))
            + "filters: {bogon-prefixes: false, bogon-asns: false}\n";

    assertThat(apply(without, false).getChangesList()).contains("neighbor babulous: removed");
    eventually(() -> assertThat(network.edge1.routes()).doesNotContainKey("203.0.113.0/24"));
    assertThat(apply(network.policy(), false).getChangesList())
        .contains("neighbor babulous: added");
    network.edge2.up(
        "babulous/ipv4",
        FakeAgent.path("100.64.7.2", "64700"),
        FakeAgent.prefixes("203.0.113.0/24"));

    eventually(() -> assertThat(network.edge1.routes()).containsKey("203.0.113.0/24"));
  }

  @Test
  void new_neighbors_are_told_routes_when_the_agent_has_them_and_only_over_sessions_they_have()
      throws Throwable {
    network.usualRoutes();
    network.untilConverged();
    String more =
        network
            .policy()
            .replace(
                "filters:",
                """
                  second:
                    router: edge1
                    as: 64701
                    relation: customer
                    interface: second
                    ipv4: {address: 100.64.8.2, local: 100.64.8.1, max-prefix: 100}
                  third:
                    router: edge1
                    as: 64702
                    relation: customer
                    interface: third
                    ipv6: {address: "fd00:9::2", local: "fd00:9::1", max-prefix: 100}
                filters:\
                """);
    network.edge1.holdConfigurations();

    assertThat(apply(more, false).getApplied()).isTrue();
    eventually(() -> assertThat(network.edge1.isConfiguring()).isTrue());
    eventually(() -> assertThat(neighbors("third")).isNotEmpty());
    network.edge1.releaseConfigurations();

    eventually(() ->
        assertThat(network.edge1.announcedTo("second/ipv4"))
            .contains(Prefix.parse("20.0.0.0/16"), Prefix.parse("198.51.100.0/24")));
    network.untilConverged();
    assertThat(network.edge1.announcedTo("third/ipv4")).isEmpty();
    assertThat(network.edge1.strangers()).as("told of sessions it had not").isEmpty();
  }

  private String withPeer() {
    return network.policy().replace("relation: customer", "relation: peer");
  }

  private ApplyPolicyResponse apply(String text, boolean dryRun) {
    return network
        .operator()
        .applyPolicy(
            ApplyPolicyRequest.newBuilder()
                .setFileName("new.yaml")
                .setText(text)
                .setDryRun(dryRun)
                .build());
  }

  private String policyText() {
    return network.operator().showPolicy(ShowPolicyRequest.getDefaultInstance()).getText();
  }

  @Test
  void events_are_passed_to_operators_who_watch() throws Throwable {
    Context.CancellableContext watching = Context.current().withCancellation();
    Mailbox<String> seen = new Mailbox<>(1000);
    Thread reader =
        Thread.startVirtualThread(() ->
            watching.run(() -> {
              try {
                network
                    .operator()
                    .watch(WatchRequest.getDefaultInstance())
                    .forEachRemaining(event -> seen.offer(line(event)));
              } catch (StatusRuntimeException e) {
                seen.close();
              }
            }));
    List<String> lines = new ArrayList<>();

    eventually(() -> {
      network.edge1.link("tier1a", true);
      network.edge1.link("tier1a", false);
      seen.drain(lines::add, 1000);
      assertThat(lines).contains("link edge1 tier1a link down");
    });

    watching.cancel(null);
    assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
  }

  private static String line(Event event) {
    return String.join(
        " ", event.getKind(), event.getRouter(), event.getSubject(), event.getText());
  }

  private static void assertRefused(ThrowingCallable call, Status.Code code, String description) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(code);
              assertThat(e.getStatus().getDescription()).isEqualTo(description);
            });
  }
}
