package net.donut.controller.southbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import net.donut.api.agent.v1.Neighbor;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyReader;
import org.junit.jupiter.api.Test;

final class AgentConfigurationTest {
  private static final String POLICY =
      """
      as: 64500
      networks: []
      routers:
        edge1: {agent: "10.255.0.11:9340", router-id: 10.64.0.1}
      neighbors:
        open:
          {router: edge1, as: 64601, relation: transit, interface: open,
           ipv4: {address: 100.64.1.2, local: 100.64.1.1}}
        guarded:
          {router: edge1, as: 64602, relation: transit, interface: guarded, md5: secret, ttl-security: true,
           ipv4: {address: 100.64.2.2, local: 100.64.2.1}, ipv6: {address: "fd00:2::2", local: "fd00:2::1"}}
      """;

  @Test
  void keys_and_ttl_security_of_a_neighbor_are_those_of_each_of_its_sessions_and_of_no_other() {
    PolicyDocument policy =
        Objects.requireNonNull(PolicyReader.read("donut.yaml", POLICY).document());

    assertThat(AgentConfiguration.of(policy, policy.routers().getFirst(), 1).getNeighborsList())
        .extracting(Neighbor::getName, Neighbor::getMd5Key, Neighbor::getTtlSecurity)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("open/ipv4", "", false),
            org.assertj.core.groups.Tuple.tuple("guarded/ipv4", "secret", true),
            org.assertj.core.groups.Tuple.tuple("guarded/ipv6", "secret", true));
  }
}
