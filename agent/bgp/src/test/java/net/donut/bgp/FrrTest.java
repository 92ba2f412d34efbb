package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.donut.bgp.SessionInfo.Feature;
import net.donut.fixtures.NeedsPrograms;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Our speaker, AS 64500, against a real FRR, AS 64602, over a link between two namespaces.
@NeedsPrograms
class FrrTest {
  private LinkedNamespace namespace;
  private TestSpeaker node;

  @BeforeEach
  void setUp() {
    namespace = new LinkedNamespace();
    node = TestSpeaker.connecting("frr-test");
  }

  @AfterEach
  void tearDown() {
    node.close();
    namespace.close();
  }

  private BgpNeighborConfig.Builder towards(String address) {
    return BgpNeighborConfig.builder("frr", IpAddress.parse(address))
        .localAs(64500)
        .remoteAs(64602)
        .routerId(IpAddress.parse(namespace.ours4()))
        .holdTimeSeconds(30);
  }

  private static Set<Prefix> theirs(Family family) {
    return IntStream.range(0, TestTable.SIZE)
        .mapToObj(i -> TestTable.theirs(family, i))
        .collect(Collectors.toSet());
  }

  /// What we heard of a family. FRR sends our own routes back to us; those have our AS in the path.
  private Set<Prefix> heard(Family family) {
    return node.heard.routesOf("frr").entrySet().stream()
        .filter(route -> route.getKey().family() == family)
        .filter(route -> !route.getValue().asPath().contains(64500))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static Map<String, String> withoutCommunities(Map<String, String> routes) {
    Map<String, String> result = new TreeMap<>();
    routes.forEach(
        (prefix, text) -> result.put(prefix, text.substring(0, text.lastIndexOf(' ')) + " -"));
    return result;
  }

  @Test
  void ipv4_with_md5_both_ways() {
    String us = namespace.ours4();
    FrrDaemon frr =
        new FrrDaemon(
            namespace,
            " neighbor "
                + us
                + " remote-as 64500\n neighbor "
                + us
                + " passive\n neighbor "
                + us
                + " password secret\n",
            "  neighbor " + us + " activate\n");
    node.configure(towards(namespace.theirs4()).md5Key("secret").families(Set.of(Family.IPV4)));
    node.heard.awaitEstablished("frr");

    TestTable.announce(node, "frr", Family.IPV4, us, 64500);
    node.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV4);
    frr.awaitLearned(Family.IPV4, TestTable.SIZE);

    assertThat(frr.learned(Family.IPV4))
        .containsExactlyInAnyOrderEntriesOf(
            withoutCommunities(TestTable.expected(Family.IPV4, 64500, Origin.EGP)));
    assertThat(frr.ask("show bgp ipv4 unicast " + TestTable.ours(Family.IPV4, 49)))
        .contains("Community: 64500:49");
    assertThat(heard(Family.IPV4)).isEqualTo(theirs(Family.IPV4));
  }

  @Test
  void ipv6_with_md5_and_ttl_security_when_we_open_the_connection() {
    String us = namespace.ours6();
    FrrDaemon frr =
        new FrrDaemon(
            namespace,
            """
             neighbor %1$s remote-as 64500
             neighbor %1$s passive
             neighbor %1$s password secret
             neighbor %1$s ttl-security hops 1
            """
                .formatted(us),
            "  neighbor " + us + " activate\n");

    node.configure(
        towards(namespace.theirs6())
            .md5Key("secret")
            .ttlSecurity(BgpNeighborConfig.TtlSecurity.GTSM)
            .families(Set.of(Family.IPV6)));
    node.heard.awaitEstablished("frr");
    TestTable.announce(node, "frr", Family.IPV6, us, 64500);

    node.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV6);
    frr.awaitLearned(Family.IPV6, TestTable.SIZE);
    assertThat(heard(Family.IPV6)).isEqualTo(theirs(Family.IPV6));
  }

  @Test
  void ipv6_and_ipv4_with_ipv6_next_hops_both_ways() {
    String us = namespace.ours6();
    FrrDaemon frr =
        new FrrDaemon(
            namespace,
            " neighbor "
                + us
                + " remote-as 64500\n neighbor "
                + us
                + " capability extended-nexthop\n",
            "  neighbor " + us + " activate\n");
    node.configure(towards(namespace.theirs6()).families(Set.of(Family.IPV4, Family.IPV6)));
    SessionInfo session = node.heard.awaitEstablished("frr");

    TestTable.announce(node, "frr", Family.IPV6, us, 64500);
    TestTable.announce(node, "frr", Family.IPV4, us, 64500);
    node.heard.awaitUntil(
        "all of theirs",
        () -> heard(Family.IPV4).size() + heard(Family.IPV6).size() == 2 * TestTable.SIZE);
    frr.awaitLearned(Family.IPV6, TestTable.SIZE);
    frr.awaitLearned(Family.IPV4, TestTable.SIZE);

    assertThat(session.features()).contains(Feature.EXTENDED_NEXT_HOP);
    assertThat(frr.learned(Family.IPV6))
        .containsExactlyInAnyOrderEntriesOf(
            withoutCommunities(TestTable.expected(Family.IPV6, 64500, Origin.EGP)));
    assertThat(frr.learned(Family.IPV4))
        .containsExactlyInAnyOrderEntriesOf(
            withoutCommunities(TestTable.expected(Family.IPV4, 64500, Origin.EGP)));
    assertThat(heard(Family.IPV6)).isEqualTo(theirs(Family.IPV6));
    assertThat(heard(Family.IPV4)).isEqualTo(theirs(Family.IPV4));
  }

  /// FRR sends its global and its link-local address as next hop (RFC 2545 §3).
  @Test
  void a_link_local_session_where_the_interface_has_a_global_address_too() {
    namespace.addLinkLocal();
    IpAddress theirs = IpAddress.parse("fe80::231:2");
    FrrDaemon frr =
        new FrrDaemon(
            namespace,
            " neighbor fe80::231:1 remote-as 64500\n neighbor fe80::231:1 interface eth0\n",
            "  neighbor fe80::231:1 activate\n");
    node.configure(
        towards("fe80::231:2")
            .localAddress(IpAddress.parse("fe80::231:1"))
            .interfaceName(namespace.link()));
    node.heard.awaitEstablished("frr");

    TestTable.announce(node, "frr", Family.IPV6, "fe80::231:1", 64500);
    node.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV6);
    frr.awaitLearned(Family.IPV6, TestTable.SIZE);

    assertThat(heard(Family.IPV6)).isEqualTo(theirs(Family.IPV6));
    assertThat(node.heard.routesOf("frr").values())
        .allSatisfy(route -> {
          assertThat(route.nextHop()).isEqualTo(theirs);
          assertThat(route.linkLocalNextHop()).isNull();
        });
    assertThat(frr.ask("show bgp ipv6 unicast " + TestTable.ours(Family.IPV6, 1)))
        .contains("fe80::231:1");
  }

  @Test
  void a_refresh_asked_by_frr_is_heard() {
    String us = namespace.ours4();
    FrrDaemon frr =
        new FrrDaemon(
            namespace,
            " neighbor " + us + " remote-as 64500\n",
            "  neighbor " + us + " activate\n");
    node.configure(towards(namespace.theirs4()));
    node.heard.awaitEstablished("frr");
    node.heard.await(Recorder.Ended.class, end -> end.family() == Family.IPV4);

    frr.ask("clear bgp ipv4 unicast " + us + " soft in");
    Recorder.RefreshAsked asked = node.heard.await(Recorder.RefreshAsked.class, _ -> true);
    node.send("frr", new Outbound.RequestRefresh(Family.IPV4));

    assertThat(asked.family()).isEqualTo(Family.IPV4);
    node.heard.await(Recorder.Updated.class, _ -> true);
  }
}
