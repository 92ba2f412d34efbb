package net.donut.controller.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.donut.api.PolicyChecker.Severity;
import net.donut.controller.policy.PolicyDocument.SessionEntry;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.Test;

/// Sessions between link-local addresses in the policy file, and what there is no session for yet.
class LinkLocalSessionTest {
  private static String policy(String... neighbors) {
    return """
    as: 64500
    networks: ["2001:db8:6450::/48"]
    routers:
      r1: {agent: "127.0.0.1:9340", router-id: 10.64.0.1}
    neighbors:
    """
        + String.join("", neighbors);
  }

  private static String neighbor(String name, String session) {
    return "  %1$s: {router: r1, as: 6460%2$s, relation: transit, interface: %1$s, price: 1, %3$s}\n"
        .formatted(name, name.substring(1), session);
  }

  private static List<String> errors(String policy) {
    return PolicyReader.read("donut.yaml", policy).problems().stream()
        .filter(problem -> problem.severity() == Severity.ERROR)
        .map(problem -> problem.line() + ":" + problem.column() + " " + problem.message())
        .toList();
  }

  private static SessionEntry session(String session) {
    var result = PolicyReader.read("donut.yaml", policy(neighbor("t1", session)));
    return java.util.Objects.requireNonNull(result.document())
        .neighbors()
        .getFirst()
        .sessions()
        .getFirst();
  }

  @Test
  void a_link_local_address_may_name_its_interface() {
    IpAddress theirs = IpAddress.parse("fe80::2");
    IpAddress ours = IpAddress.parse("fe80::1");

    for (String text :
        List.of(
            "ipv6: {address: \"fe80::2%t1\", local: \"fe80::1%t1\", max-prefix: 9}",
            "ipv6: {address: \"fe80::2%t1\", local: \"fe80::1\", max-prefix: 9}",
            "ipv6: {address: \"fe80::2\", local: \"fe80::1%t1\", max-prefix: 9}",
            "ipv6: {address: \"fe80::2\", local: \"fe80::1\", max-prefix: 9}")) {
      assertThat(session(text).address()).isEqualTo(theirs);
      assertThat(session(text).local()).isEqualTo(ours);
    }
  }

  @Test
  void the_interface_of_an_address_is_that_of_the_neighbor() {
    assertThat(
            errors(
                policy(
                    neighbor(
                        "t1",
                        "ipv6: {address: \"fe80::2%eth0\", local: \"fe80::1%\", max-prefix: 9}"))))
        .containsExactly(
            "6:91 neighbors.t1.ipv6.address: 'fe80::2%eth0' (expected: fe80::2%t1, the neighbor's"
                + " interface)",
            "6:114 neighbors.t1.ipv6.local: 'fe80::1%' (expected: fe80::1%t1, the neighbor's"
                + " interface)");
  }

  @Test
  void other_addresses_have_no_interface() {
    assertThat(
            errors(
                policy(
                    neighbor("t1", "ipv6: {address: \"2001:db8::2%t1\", max-prefix: 9}"),
                    neighbor("t2", "ipv4: {address: 192.0.2.2%t2, max-prefix: 9}"))))
        .containsExactly(
            "6:91 neighbors.t1.ipv6.address: '2001:db8::2%t1' (expected: 2001:db8::2, as only a"
                + " link-local address has an interface)",
            "7:91 neighbors.t2.ipv4.address: '192.0.2.2%t2' (expected: 192.0.2.2, as only a"
                + " link-local address has an interface)");
  }

  @Test
  void the_same_link_local_address_on_two_interfaces_is_refused_with_the_reason() {
    String session = "ipv6: {address: \"fe80::2\", local: \"fe80::1\", max-prefix: 10}";

    assertThat(errors(policy(neighbor("t1", session), neighbor("t2", session))))
        .containsExactly(
            "7:91 neighbors.t2.ipv6.address: fe80::2 at r1 is already on line 6 (expected: another"
                + " address, as neighbors with the same link-local address on two interfaces are"
                + " not supported yet); give one of them another link-local address or use global"
                + " ones");
  }

  @Test
  void ipv4_over_an_ipv6_session_is_refused_with_the_reason() {
    String reason =
        "IPv4 over an IPv6 session (RFC 8950) is not supported yet (expected: a session for each"
            + " family, ipv4 beside ipv6, with addresses of its own)";

    assertThat(
            errors(
                policy(
                    neighbor(
                        "t1",
                        "ipv6: {address: \"fe80::2\", max-prefix: 9, families: [ipv4, ipv6]}"),
                    neighbor(
                        "t2",
                        "families: [ipv4, ipv6], ipv6: {address: \"fe80::3\", max-prefix: 9}"))))
        .containsExactly(
            "6:117 neighbors.t1.ipv6.families: " + reason, "7:75 neighbors.t2.families: " + reason);
  }

  @Test
  void two_routers_of_one_transit_on_an_interface_are_refused_with_the_reason() {
    String second =
        "  t1b: {router: r1, as: 64601, relation: transit, interface: t1, price: 1,"
            + " ipv4: {address: 10.1.1.3, local: 10.1.1.1, max-prefix: 10}}\n";

    assertThat(
            errors(
                policy(
                    neighbor("t1", "ipv4: {address: 10.1.1.2, local: 10.1.1.1, max-prefix: 10}"),
                    second)))
        .containsExactly(
            "7:62 neighbors.t1b.interface: 't1' of r1 is already on line 6 (expected: one neighbor"
                + " per interface, as carrier, traffic and cost of an interface are those of its"
                + " neighbor, except public peers and route servers of one exchange); several are"
                + " not supported yet: use a VLAN for each");
  }
}
