package net.donut.netlink;

import static net.donut.netlink.TestNetwork.PROTOCOL;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.netlink.KernelGroup.HashThreshold;
import net.donut.netlink.KernelGroup.Member;
import net.donut.netlink.KernelGroup.Resilient;
import net.donut.netlink.KernelNextHop.Blackhole;
import net.donut.netlink.KernelNextHop.Connected;
import net.donut.netlink.KernelNextHop.Gateway;
import net.donut.netlink.KernelNextHop.Reach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsKernel
class NextHopTest {
  @RegisterExtension final TestNetwork network = new TestNetwork();

  private static Gateway gateway(int id, int pair) {
    return new Gateway(
        id, 100 + pair, IpAddress.parse("10.9." + pair + ".2"), Reach.SUBNET, PROTOCOL);
  }

  private static Gateway gatewayV6(int id, int pair) {
    return new Gateway(
        id, 100 + pair, IpAddress.parse("fd09:" + pair + "::2"), Reach.SUBNET, PROTOCOL);
  }

  private static Request create(NextHopObject object) {
    return new Request.PutNextHop(object, WriteMode.CREATE);
  }

  private static Request replace(NextHopObject object) {
    return new Request.PutNextHop(object, WriteMode.CREATE_OR_REPLACE);
  }

  @Test
  void every_kind_of_next_hop_reads_back_as_written() throws Exception {
    List<NextHopObject> hops =
        List.of(
            gateway(1, 1),
            gatewayV6(2, 1),
            new Gateway(3, 102, IpAddress.parse("203.0.113.9"), Reach.ON_LINK, PROTOCOL),
            new Gateway(4, 102, IpAddress.parse("fe80::9"), Reach.SUBNET, PROTOCOL),
            new Connected(5, Family.IPV4, 103, PROTOCOL),
            new Connected(6, Family.IPV6, 103, PROTOCOL),
            new Blackhole(7, Family.IPV4, PROTOCOL),
            new Blackhole(0xffff_fffe, Family.IPV6, PROTOCOL));
    network.inside(socket -> {
      socket.executeAll(hops.stream().map(NextHopTest::create).toList()).orThrow();

      assertThat(socket.view().nextHops()).isEqualTo(hops);
      assertThat(socket.view().nextHop(0xffff_fffe)).isEqualTo(hops.getLast());
    });
  }

  @Test
  void both_kinds_of_group_read_back_as_written() throws Exception {
    KernelGroup spread =
        new KernelGroup(
            100, List.of(new Member(1, 10), new Member(2, 256)), new HashThreshold(), PROTOCOL);
    KernelGroup resilient =
        new KernelGroup(
            101,
            List.of(new Member(1, 3), new Member(2, 1)),
            new Resilient(64, Duration.ofSeconds(90), Duration.ofMillis(2500)),
            PROTOCOL);
    network.inside(socket -> {
      socket
          .executeAll(
              List.of(
                  create(gateway(1, 1)),
                  create(gatewayV6(2, 2)),
                  create(spread),
                  create(resilient)))
          .orThrow();

      assertThat(socket.view().nextHop(100)).isEqualTo(spread);
      assertThat(socket.view().nextHop(101)).isEqualTo(resilient);
      assertThat(socket.view().buckets(101)).hasSize(64);
      assertThat(socket.view().buckets(101).stream().filter(bucket -> bucket.nextHopId() == 1))
          .hasSize(48);
    });
  }

  @Test
  void replace_changes_a_next_hop_and_delete_removes_it() throws Exception {
    network.inside(socket -> {
      socket.execute(create(gateway(1, 1))).orThrow();

      socket.execute(replace(gateway(1, 2))).orThrow();
      NextHopObject replaced = socket.view().nextHop(1);
      socket.execute(new Request.DeleteNextHop(1)).orThrow();

      assertThat(replaced).isEqualTo(gateway(1, 2));
      assertThat(socket.view().nextHop(1)).isNull();
    });
  }

  @Test
  void an_error_names_operation_object_number_and_the_kernels_own_words() throws Exception {
    network.inside(socket -> {
      socket.execute(create(gateway(1, 1))).orThrow();
      KernelGroup group = KernelGroup.protecting(100, PROTOCOL, 99);
      Gateway offLink = new Gateway(5, 101, IpAddress.parse("203.0.113.9"), Reach.SUBNET, PROTOCOL);

      BatchResult result =
          socket.executeAll(
              List.of(
                  create(gateway(1, 1)),
                  create(group),
                  new Request.DeleteNextHop(42),
                  create(offLink)));

      assertThat(result.accepted()).isZero();
      assertThat(result.refusals().stream().map(refusal -> refusal.error().message()))
          .containsExactly(
              "netlink RTM_NEWNEXTHOP next hop 1: EEXIST (errno 17)",
              "netlink RTM_NEWNEXTHOP group 100: EINVAL (errno 22): Invalid nexthop id",
              "netlink RTM_DELNEXTHOP next hop 42: ENOENT (errno 2)",
              "netlink RTM_NEWNEXTHOP next hop 5: ENETUNREACH (errno 101): "
                  + "Nexthop has invalid gateway");
    });
  }

  @Test
  void a_group_cannot_change_its_kind() throws Exception {
    network.inside(socket -> {
      socket
          .executeAll(
              List.of(create(gateway(1, 1)), create(KernelGroup.protecting(9, PROTOCOL, 1))))
          .orThrow();

      Outcome outcome =
          socket.execute(
              replace(
                  new KernelGroup(9, List.of(new Member(1, 1)), new HashThreshold(), PROTOCOL)));

      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    });
  }

  @Test
  void carrier_loss_moves_every_bucket_to_the_next_member() throws Exception {
    network.inside(socket -> {
      protect(socket);
      assertThat(hopsOf(socket)).containsExactly(1, 1, 1);

      network.ipThere("link", "set", "b1", "down");
      TestNetwork.await("hop 1 gone", () -> socket.view().nextHop(1) == null);
      assertThat(hopsOf(socket)).containsExactly(2, 2, 2);

      network.ipThere("link", "set", "b2", "down");
      TestNetwork.await("hop 2 gone", () -> socket.view().nextHop(2) == null);
      assertThat(hopsOf(socket)).containsExactly(3, 3, 3);
    });
  }

  @Test
  void a_replaced_group_returns_to_its_primary() throws Exception {
    network.inside(socket -> {
      protect(socket);
      network.ipThere("link", "set", "b1", "down");
      TestNetwork.await("hop 1 gone", () -> socket.view().nextHop(1) == null);
      network.ipThere("link", "set", "b1", "up");
      TestNetwork.await(
          "carrier of a1",
          () ->
              socket.view().links().stream()
                  .anyMatch(link -> link.index() == 101 && link.hasCarrier()));

      socket
          .executeAll(
              List.of(
                  create(gateway(1, 1)),
                  new Request.PutNextHop(
                      KernelGroup.protecting(100, PROTOCOL, 1, 2, 3), WriteMode.REPLACE)))
          .orThrow();

      assertThat(hopsOf(socket)).containsExactly(1, 1, 1);
    });
  }

  @Test
  void a_protecting_pair_uses_the_primary_only() throws Exception {
    network.inside(socket -> {
      socket
          .executeAll(
              List.of(
                  create(gatewayV6(1, 1)),
                  create(gatewayV6(2, 2)),
                  create(KernelGroup.protecting(100, PROTOCOL, 1, 2))))
          .orThrow();

      assertThat(hopsOf(socket)).containsExactly(1, 1);
    });
  }

  private static void protect(NetlinkSocket socket) {
    socket
        .executeAll(
            List.of(
                create(gateway(1, 1)),
                create(gateway(2, 2)),
                create(gateway(3, 3)),
                create(KernelGroup.protecting(100, PROTOCOL, 1, 2, 3))))
        .orThrow();
  }

  private static List<Integer> hopsOf(NetlinkSocket socket) {
    return socket.view().buckets(100).stream().map(GroupBucket::nextHopId).toList();
  }
}
