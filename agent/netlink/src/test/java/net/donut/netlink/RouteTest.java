package net.donut.netlink;

import static net.donut.netlink.TestNetwork.PROTOCOL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NeedsKernel
class RouteTest {
  private static final RoutePlace PLACE = RoutePlace.main(PROTOCOL);
  private static final RoutePlace OTHER_TABLE = new RoutePlace(70_000, PROTOCOL, 20);

  @RegisterExtension final TestNetwork network = new TestNetwork();

  /// Next hops 1 and 2 of IPv4, 11 and 12 of IPv6, over pairs 1 and 2.
  private static void addHops(NetlinkSocket socket) {
    List<Request> requests = new ArrayList<>();
    for (int pair = 1; pair <= 2; pair++) {
      requests.add(hop(pair, 100 + pair, "10.9." + pair + ".2"));
      requests.add(hop(10 + pair, 100 + pair, "fd09:" + pair + "::2"));
    }
    socket.executeAll(requests).orThrow();
  }

  private static Request hop(int id, int interfaceIndex, String gateway) {
    return new Request.PutNextHop(
        new KernelNextHop.Gateway(
            id, interfaceIndex, IpAddress.parse(gateway), KernelNextHop.Reach.SUBNET, PROTOCOL),
        WriteMode.CREATE);
  }

  private static Prefixes manyPrefixes(Family family, int count) {
    Prefixes.Builder builder = new Prefixes.Builder(family, count);
    for (int i = 0; i < count; i++) {
      if (family == Family.IPV4) {
        builder.add((0x1400_0000L + ((long) i << 8)) << 32, 0, 24);
      } else {
        builder.add(0x2001_0000_0000_0000L + ((long) i << 16), 0, 48);
      }
    }
    return builder.build();
  }

  @Test
  void routes_of_both_families_and_any_table_read_back_as_written() throws Exception {
    List<KernelRoute> ipv4 =
        List.of(
            KernelRoute.by(1, Prefix.parse("198.51.100.0/24"), PLACE),
            KernelRoute.by(2, Prefix.parse("203.0.113.7/32"), PLACE),
            KernelRoute.by(1, Prefix.parse("198.51.100.0/24"), OTHER_TABLE));
    List<KernelRoute> ipv6 =
        List.of(
            KernelRoute.by(11, Prefix.parse("2001:db8::/32"), new RoutePlace(254, PROTOCOL, 9)),
            KernelRoute.by(12, Prefix.parse("::/0"), OTHER_TABLE));
    network.inside(socket -> {
      addHops(socket);
      List<Request> requests = new ArrayList<>();
      ipv4.forEach(route -> requests.add(new Request.PutRoute(route, WriteMode.CREATE)));
      ipv6.forEach(route -> requests.add(new Request.PutRoute(route, WriteMode.CREATE)));
      socket.executeAll(requests).orThrow();

      assertThat(socket.view().routes(new RouteFilter(Family.IPV4, 0, PROTOCOL)))
          .containsExactlyInAnyOrderElementsOf(ipv4);
      assertThat(socket.view().routes(new RouteFilter(Family.IPV6, 0, PROTOCOL)))
          .containsExactlyInAnyOrderElementsOf(ipv6);
      assertThat(socket.view().routes(RouteFilter.of(Family.IPV4, OTHER_TABLE)))
          .containsExactly(ipv4.getLast());
      assertThat(socket.view().routes(new RouteFilter(Family.IPV4, 4711, 0))).isEmpty();
    });
  }

  @Test
  void a_route_is_replaced_and_deleted() throws Exception {
    Prefix prefix = Prefix.parse("198.51.100.0/24");
    network.inside(socket -> {
      addHops(socket);
      socket
          .execute(new Request.PutRoute(KernelRoute.by(1, prefix, PLACE), WriteMode.CREATE))
          .orThrow();

      socket
          .execute(new Request.PutRoute(KernelRoute.by(2, prefix, PLACE), WriteMode.REPLACE))
          .orThrow();
      List<KernelRoute> replaced = socket.view().routes(RouteFilter.of(Family.IPV4, PLACE));
      socket.execute(new Request.DeleteRoute(KernelRoute.by(0, prefix, PLACE))).orThrow();

      assertThat(replaced).containsExactly(KernelRoute.by(2, prefix, PLACE));
      assertThat(socket.view().routes(RouteFilter.of(Family.IPV4, PLACE))).isEmpty();
    });
  }

  @Test
  void an_ipv4_route_goes_over_an_ipv6_next_hop() throws Exception {
    network.inside(socket -> {
      addHops(socket);
      Prefix prefix = Prefix.parse("198.51.100.0/24");
      socket
          .execute(new Request.PutRoute(KernelRoute.by(11, prefix, PLACE), WriteMode.CREATE))
          .orThrow();

      RouteLookup chosen = socket.view().lookup(IpAddress.parse("198.51.100.9"));
      RouteLookup matched = socket.view().fibMatch(IpAddress.parse("198.51.100.9"));

      assertThat(chosen)
          .isInstanceOfSatisfying(
              RouteLookup.Found.class,
              found -> {
                assertThat(found.interfaceIndex()).isEqualTo(101);
                assertThat(found.gateway()).isEqualTo(IpAddress.parse("fd09:1::2"));
              });
      assertThat(matched)
          .isInstanceOfSatisfying(
              RouteLookup.Found.class,
              found -> assertThat(found.route()).isEqualTo(KernelRoute.by(11, prefix, PLACE)));
    });
  }

  @Test
  void an_ipv6_route_over_an_ipv4_next_hop_is_refused() throws Exception {
    network.inside(socket -> {
      addHops(socket);

      Outcome outcome =
          socket.execute(
              new Request.PutRoute(
                  KernelRoute.by(1, Prefix.parse("2001:db8::/32"), PLACE), WriteMode.CREATE));

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused ->
                  assertThat(refused.error().message())
                      .startsWith("netlink RTM_NEWROUTE 2001:db8::/32: EINVAL (errno 22): "));
    });
  }

  @Test
  void an_ipv6_lookup_names_interface_gateway_and_object() throws Exception {
    network.inside(socket -> {
      addHops(socket);
      Prefix prefix = Prefix.parse("2001:db8::/32");
      RoutePlace place = new RoutePlace(254, PROTOCOL, 9);
      socket
          .execute(new Request.PutRoute(KernelRoute.by(12, prefix, place), WriteMode.CREATE))
          .orThrow();

      RouteLookup chosen = socket.view().lookup(IpAddress.parse("2001:db8::1"));
      RouteLookup matched = socket.view().fibMatch(IpAddress.parse("2001:db8::1"));

      assertThat(chosen)
          .isInstanceOfSatisfying(
              RouteLookup.Found.class,
              found -> {
                assertThat(found.interfaceIndex()).isEqualTo(102);
                assertThat(found.gateway()).isEqualTo(IpAddress.parse("fd09:2::2"));
              });
      assertThat(matched)
          .isInstanceOfSatisfying(
              RouteLookup.Found.class,
              found -> assertThat(found.route()).isEqualTo(KernelRoute.by(12, prefix, place)));
    });
  }

  @Test
  void a_lookup_without_route_is_unreachable() throws Exception {
    network.inside(socket ->
        assertThat(socket.view().lookup(IpAddress.parse("198.51.100.9")))
            .isInstanceOfSatisfying(
                RouteLookup.Unreachable.class,
                unreachable ->
                    assertThat(unreachable.error().message())
                        .isEqualTo(
                            "netlink RTM_GETROUTE 198.51.100.9/32: ENETUNREACH (errno 101)")));
  }

  @ParameterizedTest
  @EnumSource
  void each_refusal_in_a_batch_names_its_entry(Family family) throws Exception {
    Prefixes prefixes = manyPrefixes(family, 1000);
    int good = family == Family.IPV4 ? 1 : 11;
    int[] hops = IntStream.range(0, 1000).map(i -> i % 7 == 3 || i == 999 ? 9999 : good).toArray();
    network.inside(socket -> {
      addHops(socket);
      RouteBatch batch = socket.routeBatch(PLACE, WriteMode.CREATE);

      batch.putAll(prefixes, hops);
      BatchResult result = batch.finish();

      int[] expected = IntStream.range(0, 1000).filter(i -> hops[i] == 9999).toArray();
      assertThat(result.refusals().stream().mapToInt(BatchResult.Refusal::index))
          .containsExactly(IntStream.of(expected).boxed().toArray(Integer[]::new));
      assertThat(result.accepted()).isEqualTo(1000 - expected.length);
      assertThat(result.refusals())
          .allSatisfy(refusal -> {
            assertThat(refusal.error().object())
                .isEqualTo(prefixes.get(refusal.index()).toString());
            assertThat(refusal.error().text()).isNotEmpty();
          });
      assertThat(socket.view().routes(RouteFilter.of(family, PLACE))).hasSize(result.accepted());
    });
  }

  @ParameterizedTest
  @EnumSource
  void a_large_batch_is_what_a_dump_then_says(Family family) throws Exception {
    int count = 50_000;
    Prefixes prefixes = manyPrefixes(family, count);
    int base = family == Family.IPV4 ? 1 : 11;
    int[] hops = IntStream.range(0, count).map(i -> base + i % 2).toArray();
    RoutePlace place = new RoutePlace(254, PROTOCOL, 50);
    network.inside(socket -> {
      addHops(socket);
      RouteBatch batch = socket.routeBatch(place, WriteMode.CREATE);
      batch.putAll(prefixes, hops);
      batch.finish().orThrow();

      List<KernelRoute> dumped = socket.view().routes(RouteFilter.of(family, place));

      List<KernelRoute> expected =
          IntStream.range(0, count)
              .mapToObj(i -> KernelRoute.by(hops[i], prefixes.get(i), place))
              .toList();
      assertThat(dumped.stream().sorted(RouteTest::byPrefix).toList()).isEqualTo(expected);
      batch.deleteAll(prefixes);
      assertThat(batch.finish().accepted()).isEqualTo(count);
      assertThat(socket.view().routes(RouteFilter.of(family, place))).isEmpty();
    });
  }

  private static int byPrefix(KernelRoute first, KernelRoute second) {
    return first.prefix().compareTo(second.prefix());
  }

  @Test
  void a_foreign_route_is_neither_overwritten_nor_deleted() throws Exception {
    network.inside(socket -> {
      addHops(socket);
      network.ipHere("route", "add", "198.51.100.0/24", "via", "10.9.2.2", "proto", "17");
      KernelRoute ours = KernelRoute.by(1, Prefix.parse("198.51.100.0/24"), PLACE);

      Outcome put = socket.execute(new Request.PutRoute(ours, WriteMode.CREATE));
      Outcome deleted = socket.execute(new Request.DeleteRoute(ours));

      assertThat(put)
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.error().errno()).isEqualTo(Errno.EEXIST));
      assertThat(deleted)
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.error().errno()).isEqualTo(Errno.ESRCH));
      assertThat(network.ipHere("route", "show", "198.51.100.0/24"))
          .contains("via 10.9.2.2 dev a2 proto 17");
    });
  }

  @Test
  void answers_lost_to_a_full_buffer_are_told_entry_by_entry() throws Exception {
    NetlinkSocket.Options tiny = new NetlinkSocket.Options(2048, 1 << 20, Duration.ofSeconds(10));
    Prefixes prefixes = manyPrefixes(Family.IPV4, 60);
    network.inside(roomy -> {
      try (NetlinkSocket socket = NetlinkSocket.open(tiny)) {
        RouteBatch batch = socket.routeBatch(PLACE, WriteMode.CREATE);
        batch.putAll(prefixes, 9999);
        BatchResult refused = batch.finish();
        addHops(roomy);
        batch.putAll(prefixes, 1);

        assertThat(batch.finish().accepted()).isEqualTo(60);
        assertThat(refused.accepted()).isZero();
        assertThat(refused.refusals().stream().map(refusal -> refusal.error().errno()))
            .startsWith(Errno.EINVAL)
            .endsWith(Errno.ENOBUFS)
            .containsOnly(Errno.EINVAL, Errno.ENOBUFS);
      }
    });
  }

  @Test
  void another_thread_is_refused() throws Exception {
    network.inside(socket -> {
      NetworkNamespace namespace = network.namespace();

      assertThatThrownBy(() -> namespace.call(() -> socket.view().links()))
          .isInstanceOf(WrongThreadException.class);
    });
  }
}
