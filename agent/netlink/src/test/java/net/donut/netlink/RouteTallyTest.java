package net.donut.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NeedsKernel
class RouteTallyTest {
  private static final int OTHER = 99;

  @RegisterExtension final TestNetwork network = new TestNetwork();

  /// 300 prefixes: more than one system call takes.
  private static Prefixes prefixes(Family family) {
    Prefixes.Builder builder = new Prefixes.Builder(family);
    for (int i = 0; i < 300; i++) {
      if (family == Family.IPV4) {
        builder.add((0x1400_0000L + ((long) i << 8)) << 32, 0, 24);
      } else {
        builder.add(0x2a00_0000_0000_0000L + ((long) i << 16), 0, 48);
      }
    }
    return builder.build();
  }

  private static void discard(NetlinkSocket socket, Family family) {
    socket
        .executeAll(
            List.of(
                new Request.PutNextHop(
                    new KernelNextHop.Blackhole(1, family, TestNetwork.PROTOCOL), WriteMode.CREATE),
                new Request.PutNextHop(
                    new KernelNextHop.Blackhole(2, family, TestNetwork.PROTOCOL),
                    WriteMode.CREATE)))
        .orThrow();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void adds_replacements_and_deletions_of_one_protocol_are_counted(Family family) throws Exception {
    network.inside(socket -> {
      discard(socket, family);
      Prefixes prefixes = prefixes(family);
      try (RouteTally tally = RouteTally.open(family, TestNetwork.PROTOCOL, 8 << 20)) {
        RouteBatch create =
            socket.routeBatch(RoutePlace.main(TestNetwork.PROTOCOL), WriteMode.CREATE);
        create.putAll(prefixes, 1);
        create.finish().orThrow();
        RouteBatch replace =
            socket.routeBatch(RoutePlace.main(TestNetwork.PROTOCOL), WriteMode.CREATE_OR_REPLACE);
        replace.putAll(Prefixes.of(prefixes.get(7)), 2);
        replace.finish().orThrow();
        create.delete(family, prefixes.high(9), prefixes.low(9), prefixes.length(9));
        create.finish().orThrow();

        assertThat(tally.drain()).isEqualTo(302);
        assertThat(tally.added()).isEqualTo(300);
        assertThat(tally.replaced()).isEqualTo(1);
        assertThat(tally.deleted()).isEqualTo(1);
        assertThat(tally.drain()).isZero();
      }
    });
  }

  @Test
  void routes_of_another_protocol_are_not_counted() throws Exception {
    network.inside(socket -> {
      discard(socket, Family.IPV4);
      try (RouteTally tally = RouteTally.open(Family.IPV4, TestNetwork.PROTOCOL, 8 << 20)) {
        RouteBatch batch = socket.routeBatch(RoutePlace.main(OTHER), WriteMode.CREATE);
        batch.putAll(Prefixes.of(Prefix.parse("192.0.2.0/24")), 1);
        batch.finish().orThrow();

        assertThat(tally.drain()).isZero();
      }
    });
  }

  @Test
  void a_full_buffer_is_an_overrun() throws Exception {
    network.inside(socket -> {
      discard(socket, Family.IPV4);
      try (RouteTally tally = RouteTally.open(Family.IPV4, TestNetwork.PROTOCOL, 16 << 10)) {
        RouteBatch batch =
            socket.routeBatch(RoutePlace.main(TestNetwork.PROTOCOL), WriteMode.CREATE);
        batch.putAll(prefixes(Family.IPV4), 1);
        batch.finish().orThrow();

        assertThat(tally.drain()).isLessThan(300);
        assertThat(tally.overruns()).isPositive();
      }
    });
  }
}
