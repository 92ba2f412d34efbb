package net.donut.controller.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import net.donut.api.PolicyChecker;
import net.donut.api.PolicyChecker.Severity;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.core.policy.Filters;
import net.donut.core.policy.ListedPrefix;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Timers;
import net.donut.core.policy.Treatment;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import net.donut.model.ReturnHolds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class PolicyReaderTest {
  static final String GOOD =
      """
      as: 64500
      networks: [198.51.100.0/24, "2001:db8:6450::/48"]
      routers:
        edge1: {agent: "10.255.0.11:9340", router-id: 10.64.0.1}
        edge2: {agent: "10.255.0.12:9340", router-id: 10.64.0.2}
      links:
        - name: edge1-edge2
          cost: 10
          ends:
            edge1: {interface: edge2, ipv4: 100.64.12.1, ipv6: "fd00:12::1"}
            edge2: {interface: edge1, ipv4: 100.64.12.2, ipv6: "fd00:12::2"}
      neighbors:
        tier1a:
          router: edge1
          as: 64601
          relation: transit
          interface: tier1a
          price: 0.30
          capacity: 10G
          ipv4: {address: 100.64.1.2, local: 100.64.1.1, max-prefix: 1200000}
          ipv6: {address: "fd00:1::2", local: "fd00:1::1", max-prefix: 300000}
        tier1b:
          router: edge2
          as: 64602
          relation: transit
          interface: tier1b
          price: 0.40
          md5: secret
          hold-time: 30
          ipv4: {address: 100.64.2.2, local: 100.64.2.1, max-prefix: 1200000}
      filters:
        prefix-length: {ipv4: 8..28, ipv6: 16..64}
        bogon-prefixes: false  # documentation space
        bogon-asns: false  # documentation numbers
      timers: {stale-hold: 5s, return-hold: 200ms, longest-hold: 2s}
      """;

  @Test
  void a_good_file_has_no_problems_and_becomes_values() {
    PolicyReader.Reading reading = PolicyReader.read("donut.yaml", GOOD);

    assertThat(reading.problems()).isEmpty();
    PolicyDocument document = Objects.requireNonNull(reading.document());
    assertThat(document.localAs()).isEqualTo(64500);
    assertThat(document.networks()).hasSize(2);
    assertThat(document.routers()).extracting(r -> r.agent()).contains("10.255.0.12:9340");
    assertThat(document.links()).hasSize(1);
    assertThat(document.timers())
        .isEqualTo(
            new Timers(
                Duration.ofSeconds(5),
                new ReturnHolds.Range(Duration.ofMillis(200), Duration.ofSeconds(2))));
    assertThat(document.filters().ipv4Lengths().longest()).isEqualTo(28);
    assertThat(document.toPolicy().neighbors()).hasSize(2);
    NeighborEntry tier1a = document.neighbors().get(0);
    assertThat(tier1a.relation()).isEqualTo(Relation.TRANSIT);
    assertThat(tier1a.capacityBits()).isEqualTo(10_000_000_000L);
    assertThat(tier1a.sessions())
        .extracting(s -> s.family(), s -> s.address())
        .contains(org.assertj.core.groups.Tuple.tuple(Family.IPV6, IpAddress.parse("fd00:1::2")));
    assertThat(document.neighbors().get(1).md5()).isEqualTo("secret");
  }

  @Test
  void bfd_is_off_unless_asked_for_and_has_defaults() {
    String asked = GOOD.replace("hold-time: 30", "bfd: {interval: 50ms, passive: true}");

    PolicyDocument document =
        Objects.requireNonNull(PolicyReader.read("donut.yaml", asked).document());

    assertThat(document.neighbors().get(0).bfd()).isNull();
    assertThat(document.neighbors().get(1).bfd())
        .isEqualTo(new PolicyDocument.BfdEntry(Duration.ofMillis(50), 3, true));
  }

  @Test
  void a_neighbor_may_list_prefixes_and_a_session_the_lan_of_its_exchange() {
    String policy =
        GOOD.replace(
                "hold-time: 30",
                "prefixes: [198.51.100.128/25, {prefix: 20.0.0.0/16, up-to: 24},"
                    + " {prefix: \"2001:db8:6450:1::/64\"}]")
            .replace("local: 100.64.2.1,", "local: 100.64.2.1, lan: 100.64.2.0/23,");

    PolicyReader.Reading reading = PolicyReader.read("donut.yaml", policy);

    assertThat(reading.problems()).isEmpty();
    NeighborConfig neighbor =
        Objects.requireNonNull(reading.document()).toPolicy().neighbors().get(1);
    assertThat(neighbor.prefixes())
        .containsExactly(
            ListedPrefix.exactly(Prefix.parse("198.51.100.128/25")),
            new ListedPrefix(Prefix.parse("20.0.0.0/16"), 24),
            ListedPrefix.exactly(Prefix.parse("2001:db8:6450:1::/64")));
    assertThat(neighbor.lists(Prefix.parse("20.0.7.0/24"))).isTrue();
    assertThat(neighbor.lists(Prefix.parse("20.0.7.0/25"))).isFalse();
    assertThat(Objects.requireNonNull(neighbor.ipv4()).lan())
        .isEqualTo(Prefix.parse("100.64.2.0/23"));
  }

  @Test
  void reserved_numbers_and_sets_are_refused_unless_the_file_says_otherwise() {
    PolicyReader.Reading reading =
        PolicyReader.read(
            "donut.yaml", GOOD.replace("  bogon-asns: false  # documentation numbers\n", ""));

    Filters filters = Objects.requireNonNull(reading.document()).filters();
    assertThat(filters.bogonAsns()).isEqualTo(Treatment.REJECT);
    assertThat(filters.asSets()).isEqualTo(Treatment.REJECT);
    assertThat(reading.problems())
        .extracting(problem -> problem.line() + ":" + problem.column() + " " + problem.message())
        .first()
        .isEqualTo(
            "15:9 neighbors.tier1a.as: '64601' is of private use, RFC 6996: every route of it is"
                + " refused (expected: a public number, or filters: {bogon-asns: false})");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void each_mistake_is_told_with_its_place(String change, List<String> expected) {
    String[] parts = change.split(" => ", -1);
    assertThat(GOOD).contains(parts[0]);

    assertThat(errors(GOOD.replace(parts[0], parts[1]))).containsExactlyElementsOf(expected);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        row(
            "as: 64500 => as: 0",
            "1:5 as: '0' (expected: an AS number 1..4294967294 that is not reserved (RFC 7607, 6793, 7300))"),
        row("as: 64500 => as: fast", "1:5 as: 'fast' (expected: an AS number 1..4294967294)"),
        row("as: 64500 => as:", "1:4 as: nothing (expected: an AS number 1..4294967294)"),
        row("as: 64500 => as: [64500]", "1:5 as: a list (expected: an AS number 1..4294967294)"),
        row("as: 64500 => # none", "1:1 as: missing (expected: an AS number 1..4294967294)"),
        row(
            "hold-time: 30 => prefixes: 192.0.2.0/24",
            "29:15 neighbors.tier1b.prefixes: '192.0.2.0/24' (expected: a list of prefixes such as [192.0.2.0/24])"),
        row(
            "hold-time: 30 => prefixes: [192.0.2.0]",
            "29:16 neighbors.tier1b.prefixes[1]: '192.0.2.0' (expected: a prefix with its length, such as 192.0.2.0/32)"),
        row(
            "hold-time: 30 => prefixes: [0.0.0.0/0]",
            "29:16 neighbors.tier1b.prefixes[1]: '0.0.0.0/0' (expected: a network, not the default route)"),
        row(
            "hold-time: 30 => prefixes: [{prefix: 192.0.2.0/24, up-to: 23}]",
            "29:46 neighbors.tier1b.prefixes[1].up-to: '23' (expected: a length 24..32)"),
        row(
            "hold-time: 30 => prefixes: [{up-to: 23}]",
            "29:16 neighbors.tier1b.prefixes[1].prefix: missing (expected: a prefix such as 192.0.2.0/24 or \"2001:db8::/32\")"),
        row(
            "local: 100.64.2.1, => lan: 100.64.3.0/24,",
            "30:38 neighbors.tier1b.ipv4.lan: '100.64.3.0/24' (expected: a prefix that contains 100.64.2.2)"),
        row(
            "198.51.100.0/24 => 198.51.100.7/24",
            "2:12 networks[1]: '198.51.100.7/24' (expected: 198.51.100.0/24, without host bits)"),
        row(
            "198.51.100.0/24 => 198.51.100.0",
            "2:12 networks[1]: '198.51.100.0' (expected: a prefix with its length, such as 198.51.100.0/32)"),
        row(
            "198.51.100.0/24 => 198.51.100.0/33",
            "2:12 networks[1]: '198.51.100.0/33' (expected: a length 0..32)"),
        row(
            "198.51.100.0/24 => 0.0.0.0/0",
            "2:12 networks[1]: '0.0.0.0/0' (expected: a network of ours, not the default route)"),
        row(
            "198.51.100.0/24, => 198.51.100.0/24, 198.51.100.128/25,",
            "2:29 networks[2]: 198.51.100.128/25 overlaps 198.51.100.0/24 on line 2 (expected: networks without overlap)"),
        row(
            "routers: => router:",
            "1:1 routers: missing (expected: router names, each with agent and router-id)",
            "3:1 router: unknown key (expected: routers?)",
            "10:7 links[1].ends: unknown router 'edge1' (expected: a name under routers)",
            "11:7 links[1].ends: unknown router 'edge2' (expected: a name under routers)",
            "14:13 neighbors.tier1a.router: unknown router 'edge1' (expected: a name under routers)",
            "23:13 neighbors.tier1b.router: unknown router 'edge2' (expected: a name under routers)"),
        row(
            "10.255.0.12:9340 => 10.255.0.12:99999",
            "5:18 routers.edge2.agent: '10.255.0.12:99999' (expected: a port 1..65535)"),
        row(
            "10.255.0.12:9340 => 10.255.0.12",
            "5:18 routers.edge2.agent: '10.255.0.12' (expected: address:port such as 10.0.0.1:9340 or \"[2001:db8::1]:9340\")"),
        row(
            "10.255.0.12:9340 => 10.255.0.11:9340",
            "5:18 routers.edge2.agent: '10.255.0.11:9340' is already on line 4 (expected: one agent a router)"),
        row(
            "10.64.0.2 => 10.64.0.1",
            "5:49 routers.edge2.router-id: '10.64.0.1' is already on line 4 (expected: a different one for every router)"),
        row(
            "router-id: 10.64.0.2 => routerid: 10.64.0.2",
            "5:3 routers.edge2.router-id: missing (expected: an IPv4 address such as 192.0.2.1)",
            "5:38 routers.edge2.routerid: unknown key (expected: router-id?)"),
        row(
            "edge2: {interface: edge1 => edge7: {interface: edge1",
            "11:7 links[1].ends: unknown router 'edge7' (expected: edge1?)"),
        row(
            "ipv4: 100.64.12.2, => ",
            "10:7 links[1].ends: ipv4 at one end only (expected: at both or neither)"),
        row("cost: 10 => cost: many", "8:11 links[1].cost: 'many' (expected: a cost 1..65535)"),
        row(
            "router: edge2 => router: edge3",
            "23:13 neighbors.tier1b.router: unknown router 'edge3' (expected: edge1?)"),
        row(
            "relation: transit\n    interface: tier1b => relation: uplink\n    interface: tier1b",
            "25:15 neighbors.tier1b.relation: 'uplink' (expected: customer, private-peer (or peer), public-peer, route-server or transit)"),
        row(
            "as: 64602 => as: 64500",
            "24:9 neighbors.tier1b.as: '64500' is our own (expected: the neighbor's)"),
        row(
            "interface: tier1b => interface: edge1",
            "26:16 neighbors.tier1b.interface: 'edge1' of edge2 is already on line 11 (expected: one neighbor per interface, as carrier, traffic and cost of an interface are those of its neighbor, except public peers and route servers of one exchange); several are not supported yet: use a VLAN for each"),
        row(
            "interface: tier1b => interface: a-name-that-is-too-long",
            "26:16 neighbors.tier1b.interface: 'a-name-that-is-too-long' (expected: an interface name of 1..15 letters, digits or ._-@)"),
        row(
            "tier1b:\n => tier1a:\n",
            "22:3 neighbors.tier1a: given again (expected: once; first on line 13)"),
        row(
            "price: 0.40 => price: cheap",
            "27:12 neighbors.tier1b.price: 'cheap' (expected: a number >= 0, the price of a Mbit/s a month)"),
        row(
            "capacity: 10G => capacity: 10 gigs",
            "19:15 neighbors.tier1a.capacity: '10 gigs' (expected: a rate such as 500M or 10G)"),
        row(
            "hold-time: 30 => hold-time: 2",
            "29:16 neighbors.tier1b.hold-time: '2' (expected: 3..65535 seconds (RFC 4271 section 4.2))"),
        row(
            "hold-time: 30 => hold-time: 0",
            "29:16 neighbors.tier1b.hold-time: '0' (expected: 3..65535 seconds; with 0 a dead neighbor would never be noticed)"),
        row(
            "md5: secret => md5: " + "x".repeat(81),
            "28:10 neighbors.tier1b.md5: a key (expected: 1..80 bytes (RFC 2385); this one has"
                + " 81)"),
        row(
            "address: 100.64.2.2 => address: 127.0.0.2",
            "30:21 neighbors.tier1b.ipv4.address: '127.0.0.2' (expected: a unicast address; 127.0.0.0/8 never leaves the host: one of an interface is meant)"),
        row(
            "local: 100.64.2.1 => local: 255.255.255.255",
            "30:40 neighbors.tier1b.ipv4.local: '255.255.255.255' (expected: a unicast address; 255.255.255.255 is everybody's (broadcast))"),
        row(
            "ipv4: {address: 100.64.2.2, local: 100.64.2.1 => ipv6: {address: \"::ffff:100.64.2.2\", local: \"::100.64.2.1\"",
            "30:21 neighbors.tier1b.ipv6.address: '::ffff:100.64.2.2' (expected: an IPv6 address; this is IPv4 on the wire (IPv4-mapped, RFC 4291 section 2.5.5.2): 100.64.2.2 is meant, under ipv4)",
            "30:49 neighbors.tier1b.ipv6.local: '::100.64.2.1' (expected: an IPv6 address; this form is deprecated (IPv4-compatible, RFC 4291 section 2.5.5.1): 100.64.2.1 is meant, under ipv4)"),
        row(
            "address: 100.64.2.2 => address: \"fd00:2::2\"",
            "30:21 neighbors.tier1b.ipv4.address: 'fd00:2::2' (expected: an IPv4 address such as 192.0.2.1)"),
        row(
            "local: 100.64.2.1 => local: \"fd00:2::1\"",
            "30:40 neighbors.tier1b.ipv4.local: 'fd00:2::1' (expected: an IPv4 address such as 192.0.2.1)"),
        row(
            "local: 100.64.2.1 => local: 100.64.2.2",
            "30:40 neighbors.tier1b.ipv4.local: 100.64.2.2 is the neighbor's address (expected: ours)"),
        row(
            "address: 100.64.2.2 => address: 100.64.12.2",
            "30:21 neighbors.tier1b.ipv4.address: 100.64.12.2 at edge2 is already on line 11 (expected: one session an address)"),
        row(
            "ipv4: {address: 100.64.2.2, local: 100.64.2.1, max-prefix: 1200000} => passive: true",
            "22:3 neighbors.tier1b: no session (expected: ipv4, ipv6 or both)"),
        row(
            "hold-time: 30 => passive: yes",
            "29:14 neighbors.tier1b.passive: 'yes' (expected: true or false)"),
        row(
            "hold-time: 30 => bfd: {interval: 5ms}",
            "29:21 neighbors.tier1b.bfd.interval: '5ms' (expected: a duration 10ms..60s such as 50ms)"),
        row(
            "hold-time: 30 => bfd: {multiplier: 0}",
            "29:23 neighbors.tier1b.bfd.multiplier: '0' (expected: a number of packets 1..255)"),
        row(
            "hold-time: 30 => bfd: true",
            "29:10 neighbors.tier1b.bfd: 'true' (expected: a mapping)"),
        row(
            "hold-time: 30 => port: 70000",
            "29:11 neighbors.tier1b.port: '70000' (expected: a port 1..65535)"),
        row(
            "hold-time: 30 => preference: 1000",
            "29:17 neighbors.tier1b.preference: '1000' (expected: a whole number -100..100, higher wins inside the band)"),
        row(
            "hold-time: 30 => export: all",
            "29:13 neighbors.tier1b.export: 'all' (expected: default-rules, none or default-route)"),
        row(
            "ipv4: 8..28 => ipv4: 28..8",
            "32:25 filters.prefix-length.ipv4: '28..8' (expected: a range of lengths within 0..32 such as 8..24)"),
        row(
            "bogon-prefixes: false => bogon-prefix: false",
            "33:3 filters.bogon-prefix: unknown key (expected: bogon-prefixes?)"),
        row(
            "stale-hold: 5s, => stale-hold: 5,",
            "35:22 timers.stale-hold: '5' (expected: a duration such as 500ms, 60s or 5m)"),
        row(
            "longest-hold: 2s => longest-hold: 100ms",
            "35:9 timers: longest-hold of 100 ms below return-hold of 200 ms (expected: not below)"));
  }

  private static Arguments row(String change, String... expected) {
    return Arguments.of(change, List.of(expected));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void a_text_that_is_not_a_policy_is_told_at_its_place(String text, List<String> expected) {
    assertThat(errors(text)).containsExactlyElementsOf(expected);
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of(
            "# nothing\n",
            List.of("1:1 policy: the file is empty (expected: as, networks, routers, neighbors)")),
        Arguments.of(
            "hello", List.of("1:1 policy: 'hello' (expected: as, networks, routers, neighbors)")),
        Arguments.of(
            "as: 1\nrouters:\n\tedge1: x\n  \tedge2: y\n",
            List.of(
                "3:1 indentation: a tab (expected: spaces)",
                "4:3 indentation: a tab (expected: spaces)")),
        Arguments.of(
            "as: 1\nrouters: [a\nfoo: b\n",
            List.of("3:4 YAML: while parsing a flow sequence: expected ',' or ']', but got :")),
        Arguments.of("as: *x\n", List.of("1:5 YAML: found undefined alias x")),
        Arguments.of(
            "as: 1\n---\nas: 2\n",
            List.of(
                "2:1 YAML: expected a single document in the stream:"
                    + " but found another document")));
  }

  @Test
  void a_file_full_of_mistakes_gets_them_all_at_once() {
    String text =
        GOOD.replace("as: 64500", "as: x")
            .replace("cost: 10", "cost: y")
            .replace("hold-time: 30", "hold-time: 1")
            .replace("max-prefix: 300000", "max-prefix: 0");

    assertThat(errors(text)).hasSize(4);
  }

  @Test
  void risks_are_warnings_and_do_not_refuse_the_file() {
    String text =
        GOOD.replace(
                "relation: transit\n    interface: tier1b\n    price: 0.40",
                "relation: peer\n    interface: tier1b")
            .replace("    price: 0.30\n", "")
            .replace(", max-prefix: 300000", "");

    PolicyReader.Reading reading = PolicyReader.read("donut.yaml", text);

    assertThat(reading.document()).isNotNull();
    assertThat(reading.problems())
        .extracting(p -> p.severity() + " " + p.line() + ":" + p.column() + " " + p.message())
        .containsExactly(
            "WARNING 12:1 neighbors: one transit only: its loss leaves holes (a second one keeps"
                + " coverage)",
            "WARNING 13:3 neighbors.tier1a.price: missing: its traffic is counted as free",
            "WARNING 20:5 neighbors.tier1a.ipv6.max-prefix: missing: a leak of it is not stopped");
  }

  @Test
  void neighbors_of_one_exchange_share_an_interface() {
    String text =
        GOOD.replace("interface: tier1a", "interface: ix")
            .replace("edge2\n    as", "edge1\n    as")
            .replace("interface: tier1b", "interface: ix")
            .replace("relation: transit", "relation: public-peer");

    assertThat(errors(text)).isEmpty();
  }

  @Test
  void the_command_line_finds_the_checker() {
    assertThat(ServiceLoader.load(PolicyChecker.class))
        .singleElement()
        .satisfies(checker -> assertThat(checker.check("x", GOOD)).isEmpty());
  }

  private static List<String> errors(String text) {
    return PolicyReader.read("donut.yaml", text).problems().stream()
        .filter(problem -> problem.severity() == Severity.ERROR)
        .map(problem -> problem.line() + ":" + problem.column() + " " + problem.message())
        .toList();
  }
}
