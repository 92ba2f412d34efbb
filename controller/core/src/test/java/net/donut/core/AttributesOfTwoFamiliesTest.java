package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.donut.core.answer.PathView;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One attribute set that routes of both families have, as with IPv4 routes over an IPv6 next hop
/// (RFC 8950): its number is free only when both let it go, and may then stand for another set.
final class AttributesOfTwoFamiliesTest {
  private static final Prefix IPV4 = Prefix.parse("20.0.0.0/24");
  private static final Prefix IPV6 = Prefix.parse("2600:1::/48");

  private final SmallNetwork network = new SmallNetwork();
  private final Engine engine = new Engine(network.policy());
  private final int peer = engine.neighbor("tier2a");

  private static PathAttributes path(long... asns) {
    return PathAttributes.of(Origin.IGP, AsPath.of(asns), IpAddress.parse("fd00:3::2"));
  }

  private static Prefix prefix(Family family) {
    return family == Family.IPV4 ? IPV4 : IPV6;
  }

  @ParameterizedTest
  @EnumSource
  void what_was_said_of_a_freed_set_does_not_stick_to_its_number(Family letsGoLast) {
    Family letsGoFirst = letsGoLast == Family.IPV4 ? Family.IPV6 : Family.IPV4;
    network.announce(engine, "tier1a", "20.0.0.0/24");
    network.announce(engine, "tier1a", "2600:1::/48");
    engine.announce(peer, Prefixes.of(IPV4), path(64603));
    engine.announce(peer, Prefixes.of(IPV6), path(64603));
    engine.commit();
    assertThat(best(IPV4)).isEqualTo("tier2a");
    assertThat(best(IPV6)).isEqualTo("tier2a");

    engine.withdraw(peer, Prefixes.of(prefix(letsGoFirst)));
    engine.commit();
    engine.withdraw(peer, Prefixes.of(prefix(letsGoLast)));
    engine.commit();
    engine.announce(peer, Prefixes.of(prefix(letsGoFirst)), path(64603, SmallNetwork.LOCAL_AS));
    engine.commit();

    assertThat(best(prefix(letsGoFirst))).as("the path holds our own number").isEqualTo("tier1a");
  }

  @Test
  void a_set_that_the_other_family_still_has_stays_as_it_is() {
    engine.announce(peer, Prefixes.of(IPV4), path(64603));
    engine.announce(peer, Prefixes.of(IPV6), path(64603));
    engine.withdraw(peer, Prefixes.of(IPV4));
    engine.commit();

    assertThat(best(IPV6)).isEqualTo("tier2a");
  }

  private String best(Prefix prefix) {
    return engine.explain(prefix.address(), "edge1").chain().getFirst().paths().stream()
        .filter(PathView::isBest)
        .map(PathView::neighbor)
        .findFirst()
        .orElse("");
  }
}
