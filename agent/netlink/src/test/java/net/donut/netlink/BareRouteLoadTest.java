package net.donut.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NeedsKernel
class BareRouteLoadTest {
  @RegisterExtension final TestNetwork network = new TestNetwork();

  @ParameterizedTest
  @EnumSource(Family.class)
  void every_prefix_is_in_the_kernel_and_a_second_load_is_refused(Family family) throws Exception {
    Prefixes.Builder builder = new Prefixes.Builder(family);
    for (int i = 0; i < 205; i++) {
      builder.add(
          family == Family.IPV4
              ? (0x1400_0000L + ((long) i << 8)) << 32
              : 0x2a00_0000_0000_0000L + ((long) i << 16),
          0,
          family == Family.IPV4 ? 24 : 48);
    }
    Prefixes prefixes = builder.build();
    network.inside(socket -> {
      socket
          .executeAll(
              List.of(
                  new Request.PutNextHop(
                      new KernelNextHop.Blackhole(1, family, TestNetwork.PROTOCOL),
                      WriteMode.CREATE)))
          .orThrow();
      RoutePlace place = RoutePlace.main(TestNetwork.PROTOCOL);
      BareRouteLoad load = BareRouteLoad.encode(socket, place, prefixes, 1, 64);

      assertThat(load.run()).isEqualTo(205);
      Set<Prefix> wanted = new HashSet<>();
      prefixes.forEach(wanted::add);
      assertThat(socket.view().routes(RouteFilter.of(family, place)))
          .extracting(KernelRoute::prefix)
          .containsExactlyInAnyOrderElementsOf(wanted);
      assertThatThrownBy(load::run).hasMessageContaining("EEXIST");
    });
  }
}
