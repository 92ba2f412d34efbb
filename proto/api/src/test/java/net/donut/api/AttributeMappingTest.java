package net.donut.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.donut.api.agent.v1.AttributeSet;
import net.donut.api.agent.v1.Segment;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.UnknownAttribute;
import org.junit.jupiter.api.Test;

class AttributeMappingTest {

  @Test
  void random_attributes_survive_both_ways_and_the_wire() throws Exception {
    long seed = 20260914;
    Random random = new Random(seed);

    for (int i = 0; i < 2000; i++) {
      PathAttributes attributes = randomAttributes(random);
      int id = 1 + random.nextInt(1_000_000);

      AttributeSet set =
          AttributeSet.parseFrom(AttributeMapping.toProto(id, attributes).toByteArray());

      assertThat(set.getId()).as("seed %d step %d", seed, i).isEqualTo(id);
      assertThat(AttributeMapping.fromProto(set))
          .as("seed %d step %d", seed, i)
          .isEqualTo(attributes);
    }
  }

  @Test
  void numbers_of_32_bits_stay_unsigned() {
    PathAttributes attributes =
        PathAttributes.builder(Origin.EGP, AsPath.of(4_294_967_295L), IpAddress.parse("192.0.2.1"))
            .med(4_294_967_295L)
            .localPref(0)
            .onlyToCustomer(4_200_000_000L)
            .aggregator(new Aggregator(4_200_000_001L, IpAddress.parse("192.0.2.9")))
            .build();

    PathAttributes back = AttributeMapping.fromProto(AttributeMapping.toProto(1, attributes));

    assertThat(back).isEqualTo(attributes);
    assertThat(back.localPref()).isZero();
  }

  @Test
  void a_set_without_next_hop_stands_for_the_sessions_own_address() {
    PathAttributes attributes =
        PathAttributes.of(Origin.IGP, AsPath.of(64500), AttributeMapping.NO_NEXT_HOP);

    AttributeSet set = AttributeMapping.toProto(7, attributes);

    assertThat(set.getNextHop()).isEqualTo(ByteString.EMPTY);
    assertThat(AttributeMapping.fromProto(set)).isEqualTo(attributes);
  }

  @Test
  void a_bad_origin_a_bad_segment_and_a_bad_address_are_named() {
    assertThatThrownBy(
            () -> AttributeMapping.fromProto(AttributeSet.newBuilder().setOrigin(3).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("origin: 3 (expected: 0..2)");
    assertThatThrownBy(() ->
            AttributeMapping.fromProto(
                AttributeSet.newBuilder().addAsPath(Segment.newBuilder().setType(9)).build()))
        .hasMessage("AS_PATH segment type: 9 (expected: 1..4)");
    assertThatThrownBy(() ->
            AttributeMapping.fromProto(
                AttributeSet.newBuilder().setNextHop(ByteString.copyFrom(new byte[5])).build()))
        .hasMessage("address bytes: 5 (expected: 4 or 16)");
  }

  @SuppressWarnings("EnumOrdinal") // Any of them will do.
  private static PathAttributes randomAttributes(Random random) {
    List<AsPath.Segment> segments = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      segments.add(
          new AsPath.Segment(
              AsPath.SegmentType.values()[random.nextInt(4)],
              random.ints(random.nextInt(6)).toArray()));
    }
    IpAddress nextHop =
        random.nextBoolean()
            ? IpAddress.ofIpv4(random.nextInt() | 1)
            : IpAddress.ofIpv6(random.nextLong(), random.nextLong());
    return PathAttributes.builder(Origin.values()[random.nextInt(3)], new AsPath(segments), nextHop)
        .linkLocalNextHop(
            random.nextBoolean()
                ? null
                : IpAddress.ofIpv6(0xfe80_0000_0000_0000L, random.nextLong()))
        .med(number(random))
        .localPref(number(random))
        .atomicAggregate(random.nextBoolean())
        .aggregator(
            random.nextBoolean()
                ? null
                : new Aggregator(
                    Integer.toUnsignedLong(random.nextInt()), IpAddress.ofIpv4(random.nextInt())))
        .communities(Communities.of(random.ints(random.nextInt(5)).toArray()))
        .extendedCommunities(ExtendedCommunities.of(random.longs(random.nextInt(3)).toArray()))
        .largeCommunities(LargeCommunities.of(random.ints(3L * random.nextInt(3)).toArray()))
        .onlyToCustomer(number(random))
        .unknown(
            random.nextBoolean()
                ? List.of()
                : List.of(new UnknownAttribute(0xc0, 200 + random.nextInt(50), bytes(random, 9))))
        .build();
  }

  private static long number(Random random) {
    return random.nextBoolean() ? PathAttributes.ABSENT : Integer.toUnsignedLong(random.nextInt());
  }

  private static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
