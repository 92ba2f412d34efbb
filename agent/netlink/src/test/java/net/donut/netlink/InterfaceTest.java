package net.donut.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsKernel
class InterfaceTest {
  @RegisterExtension final TestNetwork network = new TestNetwork();

  private static KernelInterface named(NetlinkSocket socket, String name) {
    return socket.view().interfaces().stream()
        .filter(candidate -> candidate.link().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void an_interface_shows_state_mtu_hardware_address_and_addresses() throws Exception {
    network.ipHere("link", "set", "a1", "mtu", "1400", "address", "02:00:00:00:00:a1");
    network.inside(socket -> {
      KernelInterface a1 = named(socket, "a1");

      assertThat(a1.link().index()).isEqualTo(101);
      assertThat(a1.link().isUp()).isTrue();
      assertThat(a1.link().hasCarrier()).isTrue();
      assertThat(a1.link().operState()).isEqualTo(OperState.UP);
      assertThat(a1.link().mtu()).isEqualTo(1400);
      assertThat(a1.link().hardwareAddress()).isEqualTo("02:00:00:00:00:a1");
      assertThat(a1.link().peerIndex()).isEqualTo(201);
      assertThat(a1.addresses().stream().map(KernelAddress::address))
          .contains(IpAddress.parse("10.9.1.1"), IpAddress.parse("fd09:1::1"));
    });
  }

  @Test
  void a_link_whose_far_end_is_down_is_up_without_carrier() throws Exception {
    network.ipThere("link", "set", "b2", "down");
    network.inside(socket -> {
      TestNetwork.await("carrier of a2 lost", () -> !named(socket, "a2").link().hasCarrier());

      assertThat(named(socket, "a2").link().isUp()).isTrue();
      assertThat(named(socket, "lo").link().isLoopback()).isTrue();
    });
  }

  @Test
  void a_managed_neighbor_is_resolved_by_the_kernel_and_shows_its_flag() throws Exception {
    network.inside(socket -> {
      IpAddress gateway = IpAddress.parse("10.9.1.2");
      IpAddress gatewayV6 = IpAddress.parse("fd09:1::2");

      assertThat(socket.keepResolved(101, gateway)).isEqualTo(new NeighborOutcome.Managed());
      assertThat(socket.keepResolved(101, gatewayV6)).isEqualTo(new NeighborOutcome.Managed());

      TestNetwork.await("resolved", () -> resolvedAndManaged(socket, gateway));
      TestNetwork.await("resolved", () -> resolvedAndManaged(socket, gatewayV6));
      socket.execute(new Request.DeleteNeighbor(101, gateway)).orThrow();
      assertThat(resolvedAndManaged(socket, gateway)).isFalse();
    });
  }

  private static boolean resolvedAndManaged(NetlinkSocket socket, IpAddress address) {
    return socket.view().neighbors().stream()
        .anyMatch(neighbor ->
            neighbor.address().equals(address)
                && neighbor.interfaceIndex() == 101
                && neighbor.isResolved()
                && !neighbor.hardwareAddress().isEmpty()
                && neighbor.upkeep() == KernelNeighbor.Upkeep.MANAGED);
  }

  @Test
  void a_neighbor_on_no_interface_is_refused() throws Exception {
    network.inside(socket ->
        assertThat(socket.keepResolved(4711, IpAddress.parse("10.9.1.2")))
            .isInstanceOfSatisfying(
                NeighborOutcome.Refused.class,
                refused ->
                    assertThat(refused.error().message())
                        .startsWith(
                            "netlink RTM_NEWNEIGH 10.9.1.2 on interface 4711:"
                                + " ENODEV (errno 19)")));
  }

  @Test
  void probing_finds_what_this_kernel_has_and_leaves_nothing_behind() throws Exception {
    network.inside(socket -> {
      List<KernelNeighbor> before = unicast(socket);

      KernelCapabilities capabilities = KernelCapabilities.probe(socket);

      assertThat(capabilities.nextHopObjects()).isEqualTo(new KernelCapabilities.Support.Present());
      assertThat(capabilities.resilientGroups())
          .isEqualTo(new KernelCapabilities.Support.Present());
      assertThat(capabilities.managedNeighbors())
          .isEqualTo(new KernelCapabilities.Support.Present());
      assertThat(capabilities.extendedAck()).isEqualTo(new KernelCapabilities.Support.Present());
      assertThat(capabilities.wideWeights()).isEqualTo(new KernelCapabilities.Support.Present());
      assertThat(socket.view().nextHops()).isEmpty();
      assertThat(unicast(socket)).hasSameSizeAs(before);
    });
  }

  /// The neighbors without those of multicast, which the kernel makes whenever it reports a
  /// listener.
  private static List<KernelNeighbor> unicast(NetlinkSocket socket) {
    return socket.view().neighbors().stream()
        .filter(neighbor -> !neighbor.address().toInetAddress().isMulticastAddress())
        .toList();
  }
}
