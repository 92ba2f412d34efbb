package net.donut.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class PathAttributesTest {
  private static final List<UnaryOperator<PathAttributes.Builder>> EACH_ANOTHER =
      List.of(
          builder -> builder.origin(Origin.EGP),
          builder -> builder.asPath(AsPath.of(64501, 64503)),
          builder -> builder.nextHop(IpAddress.parse("192.0.2.2")),
          builder -> builder.linkLocalNextHop(IpAddress.parse("fe80::1")),
          builder -> builder.med(1),
          builder -> builder.localPref(1),
          builder -> builder.atomicAggregate(true),
          builder -> builder.aggregator(new Aggregator(1, IpAddress.parse("192.0.2.3"))),
          builder -> builder.communities(Communities.of(1)),
          builder -> builder.extendedCommunities(ExtendedCommunities.of(1)),
          builder -> builder.largeCommunities(LargeCommunities.of(1, 2, 3)),
          builder -> builder.onlyToCustomer(1),
          builder -> builder.unknown(List.of(new UnknownAttribute(0xc0, 99, new byte[] {1}))));

  private static PathAttributes.Builder plain() {
    return PathAttributes.builder(
        Origin.IGP, AsPath.of(64501, 64502), IpAddress.parse("192.0.2.1"));
  }

  /// Interning stands on this: parts that are arrays have to compare by content, too.
  @Test
  void sets_that_differ_in_any_attribute_are_different() {
    assertThat(EACH_ANOTHER).hasSameSizeAs(PathAttributes.class.getRecordComponents());
    assertThat(plain().build()).isEqualTo(plain().build()).hasSameHashCodeAs(plain().build());
    for (int i = 0; i < EACH_ANOTHER.size(); i++) {
      PathAttributes other = EACH_ANOTHER.get(i).apply(plain()).build();
      assertThat(other).as("attribute %d", i).isNotEqualTo(plain().build());
      assertThat(other.hashCode()).as("attribute %d", i).isNotEqualTo(plain().build().hashCode());
      assertThat(other).isEqualTo(EACH_ANOTHER.get(i).apply(plain()).build());
      assertThat(other).hasSameHashCodeAs(EACH_ANOTHER.get(i).apply(plain()).build());
    }
  }
}
