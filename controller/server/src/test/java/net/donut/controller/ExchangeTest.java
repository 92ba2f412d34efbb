package net.donut.controller;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.donut.api.operator.v1.ApplyPolicyRequest;
import net.donut.api.operator.v1.ApplyPolicyResponse;
import net.donut.api.operator.v1.ExplainRequest;
import net.donut.api.operator.v1.ListRoutesRequest;
import net.donut.api.operator.v1.PathInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What agents say of the addresses of their interfaces decides which next hops members of an
/// exchange may name.
final class ExchangeTest {
  private static final String PREFIX = "203.0.200.0/24";

  @TempDir Path directory;
  private ControllerNetwork network;

  @BeforeEach
  void start() throws Throwable {
    network = new ControllerNetwork(directory);
    network.start();
    network.usualRoutes();
    network.untilConverged();
    String member =
        """
          member:
            router: edge1
            as: 64710
            relation: public-peer
            interface: ix0
            ipv4: {address: 100.64.9.5, max-prefix: 100}
        """;
    ApplyPolicyResponse answer =
        network
            .operator()
            .applyPolicy(
                ApplyPolicyRequest.newBuilder()
                    .setFileName("new.yaml")
                    .setText(network.policy().replace("filters:", member + "filters:"))
                    .build());
    assertThat(answer.getApplied()).as("%s", answer.getProblemsList()).isTrue();
  }

  @AfterEach
  void stop() {
    network.close();
  }

  private List<PathInfo> paths() {
    List<PathInfo> paths = new ArrayList<>();
    network
        .operator()
        .listRoutes(ListRoutesRequest.newBuilder().setPrefix(PREFIX).build())
        .forEachRemaining(
            page -> page.getRoutesList().forEach(route -> paths.addAll(route.getPathsList())));
    return paths;
  }

  private void expect(String rejected, String evidence) throws Throwable {
    eventually(() ->
        assertThat(paths())
            .extracting(PathInfo::getRejected, PathInfo::getEvidence)
            .containsExactly(org.assertj.core.groups.Tuple.tuple(rejected, evidence)));
  }

  @Test
  void next_hops_are_judged_again_whenever_an_address_comes_or_goes() throws Throwable {
    network.edge1.up(
        "member/ipv4", FakeAgent.path("100.64.9.9", "64710"), FakeAgent.prefixes(PREFIX));
    expect(
        "third-party-next-hop",
        "100.64.9.9 (expected: 100.64.9.5, as long as ix0 has no address in its network)");

    network.edge1.link("ix0", true, "100.64.9.1/24", "fe80::1/64");
    expect("", "");
    eventually(() -> assertThat(network.edge1.routes()).containsKey(PREFIX));

    network.edge1.link("ix0", true, "100.64.9.1/29");
    expect("third-party-next-hop", "100.64.9.9 (expected: in 100.64.9.0/29 on ix0)");
    eventually(() -> assertThat(network.edge1.routes()).doesNotContainKey(PREFIX));

    network.edge1.link("ix0", true, "100.64.9.1/24");
    expect("", "");
    network.edge1.link("ix0", true);
    expect(
        "third-party-next-hop",
        "100.64.9.9 (expected: 100.64.9.5, as long as ix0 has no address in its network)");
    String text =
        network
            .operator()
            .explain(ExplainRequest.newBuilder().setAddress("203.0.200.1").build())
            .getStepsList()
            .stream()
            .filter(step -> step.getPrefix().equals(PREFIX))
            .findFirst()
            .orElseThrow()
            .getCandidates(0)
            .getReason();
    assertThat(text).startsWith("third-party-next-hop: 100.64.9.9 (expected: ");
  }

  @Test
  void a_link_that_is_down_keeps_its_network() throws Throwable {
    network.edge1.link("ix0", true, "100.64.9.1/24");
    network.edge1.up(
        "member/ipv4", FakeAgent.path("100.64.9.9", "64710"), FakeAgent.prefixes(PREFIX));
    expect("", "");

    network.edge1.link("ix0", false);
    eventually(() -> assertThat(network.edge1.routes()).doesNotContainKey(PREFIX));
    expect("", "");

    network.edge1.link("ix0", true, "100.64.9.1/24");
    eventually(() -> assertThat(network.edge1.routes()).containsKey(PREFIX));
  }
}
