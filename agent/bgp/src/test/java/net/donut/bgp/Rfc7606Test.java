package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.donut.bgp.Mutation.Cost;
import net.donut.model.Prefix;
import net.donut.wire.bgp.BgpDecoder;
import net.donut.wire.bgp.BgpFault;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.SessionOptions;
import net.donut.wire.bgp.UpdateFault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Thousands of malformed UPDATEs, each decoded as the table of [Mutation] wants.
class Rfc7606Test {
  private static final int UPDATES_A_MUTATION = 200;
  private static final int PREFIX = 0x0b010200;

  @ParameterizedTest
  @EnumSource
  void a_malformed_update_costs_what_the_rfc_says(Mutation mutation) {
    long seed = Long.getLong("donut.fuzz.seed", 7606L);
    Random random = new Random(seed + mutation.name().hashCode());

    for (int i = 0; i < UPDATES_A_MUTATION; i++) {
      byte[] update = mutation.update(PREFIX, 0x0a090909, random);
      assertThat(cost(update))
          .as("%s, seed %d: %s", mutation.source(), seed, HexFormat.of().formatHex(update))
          .isEqualTo(mutation.cost());
    }
  }

  private static Cost cost(byte[] bytes) {
    BgpMessage.Update update;
    try {
      update =
          (BgpMessage.Update)
              BgpDecoder.decode(Unpooled.wrappedBuffer(bytes), SessionOptions.MODERN_EXTERNAL);
    } catch (BgpFault fault) {
      assertThat(fault.notification().code()).isEqualTo(3);
      return Cost.SESSION;
    }
    List<Prefix> announced =
        update.announcements().stream().flatMap(each -> prefixes(each.prefixes())).toList();
    List<Prefix> withdrawn = update.withdrawals().stream().flatMap(Rfc7606Test::prefixes).toList();
    Prefix prefix = Prefix.ofIpv4(PREFIX, 24);
    assertThat(announced.contains(prefix)).isNotEqualTo(withdrawn.contains(prefix));
    if (withdrawn.contains(prefix)) {
      assertThat(update.faults())
          .anyMatch(fault -> fault.action() == UpdateFault.Action.TREAT_AS_WITHDRAW);
      return Cost.ROUTES;
    }
    return update.faults().isEmpty() ? Cost.NOTHING : Cost.ATTRIBUTE;
  }

  private static java.util.stream.Stream<Prefix> prefixes(net.donut.model.Prefixes prefixes) {
    return java.util.stream.IntStream.range(0, prefixes.size()).mapToObj(prefixes::get);
  }
}
