package net.donut.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Random;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.Test;

class NlriMappingTest {

  @Test
  void prefixes_pack_as_on_the_wire_of_bgp() {
    Prefixes prefixes =
        Prefixes.of(
            Prefix.parse("0.0.0.0/0"), Prefix.parse("10.128.0.0/9"), Prefix.parse("192.0.2.1/32"));

    ByteString packed = NlriMapping.pack(prefixes);

    assertThat(packed.toByteArray()).containsExactly(0, 9, 10, (byte) 128, 32, (byte) 192, 0, 2, 1);
    assertThat(NlriMapping.unpack(Family.IPV4, packed)).isEqualTo(prefixes);
  }

  @Test
  void random_prefixes_of_every_length_survive_both_ways() {
    long seed = 7;
    Random random = new Random(seed);

    for (Family family : Family.values()) {
      Prefixes.Builder builder = new Prefixes.Builder(family);
      for (int i = 0; i < 5000; i++) {
        long high = family == Family.IPV4 ? random.nextLong() & ~0xffff_ffffL : random.nextLong();
        long low = family == Family.IPV4 ? 0 : random.nextLong();
        builder.add(high, low, i % (family.bits() + 1));
      }
      Prefixes prefixes = builder.build();

      assertThat(NlriMapping.unpack(family, NlriMapping.pack(prefixes)))
          .as("seed %d", seed)
          .isEqualTo(prefixes);
    }
  }

  @Test
  void what_does_not_fit_is_named_with_its_offset() {
    assertThatThrownBy(() -> NlriMapping.unpack(Family.IPV4, bytes(8, 10, 33, 1, 2, 3, 4, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prefix length at offset 2: 33 (expected: 0..32)");
    assertThatThrownBy(() -> NlriMapping.unpack(Family.IPV6, bytes(64, 1, 2)))
        .hasMessage("prefix at offset 0: 2 bytes left (expected: 8)");
  }

  @Test
  void families_map_both_ways_and_an_unspecified_one_is_refused() {
    for (Family family : Family.values()) {
      assertThat(FamilyMapping.fromProto(FamilyMapping.toProto(family))).isEqualTo(family);
    }
    assertThatThrownBy(
            () -> FamilyMapping.fromProto(net.donut.api.agent.v1.Family.FAMILY_UNSPECIFIED))
        .hasMessage("family: FAMILY_UNSPECIFIED (expected: FAMILY_IPV4 or FAMILY_IPV6)");
  }

  private static ByteString bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteString.copyFrom(bytes);
  }
}
