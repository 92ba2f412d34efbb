package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.donut.bgp.SavedSyn.Signature;
import org.junit.jupiter.api.Test;

class SavedSynTest {
  private static final String IPV4 = "4500003c00004000%s0600000a0000020a000001";
  private static final String IPV4_WITH_OPTIONS =
      "4600003c00004000%s0600000a0000020a00000194040000";
  private static final String IPV6 = "60000000002806%s" + "20".repeat(32);
  private static final String MSS = "020405b4";
  private static final String MD5 = "0101" + "1312" + "ab".repeat(16);

  /// As the kernel answers: the headers, and zeros up to the end of what was asked for.
  private static ByteBuffer saved(String ip, int ttl, String options) {
    int words = 5 + options.length() / 8;
    String tcp = "c00000b30000000100000000%x0020000".formatted(words) + "00000000";
    byte[] headers = HexFormat.of().parseHex(ip.formatted("%02x".formatted(ttl)) + tcp + options);
    return ByteBuffer.allocate(SavedSyn.MAX_BYTES).put(0, headers);
  }

  @Test
  void the_ttl_of_ipv4_and_the_hop_limit_of_ipv6_are_read() {
    assertThat(SavedSyn.parse(saved(IPV4, 64, MSS))).isEqualTo(new SavedSyn(64, Signature.ABSENT));
    assertThat(SavedSyn.parse(saved(IPV4, 255, ""))).isEqualTo(new SavedSyn(255, Signature.ABSENT));
    assertThat(SavedSyn.parse(saved(IPV6, 254, MSS)))
        .isEqualTo(new SavedSyn(254, Signature.ABSENT));
  }

  @Test
  void a_signature_is_found_behind_other_options() {
    assertThat(SavedSyn.parse(saved(IPV4, 1, MSS + MD5)))
        .isEqualTo(new SavedSyn(1, Signature.PRESENT));
    assertThat(SavedSyn.parse(saved(IPV4_WITH_OPTIONS, 1, MSS + MD5)))
        .isEqualTo(new SavedSyn(1, Signature.PRESENT));
    assertThat(SavedSyn.parse(saved(IPV6, 1, MD5))).isEqualTo(new SavedSyn(1, Signature.PRESENT));
  }

  @Test
  void where_nothing_was_saved_there_is_none() {
    assertThat(SavedSyn.parse(ByteBuffer.allocate(SavedSyn.MAX_BYTES))).isNull();
    assertThat(SavedSyn.parse(ByteBuffer.allocate(0))).isNull();
  }

  @Test
  void any_bytes_can_be_read() {
    for (int first = 0; first < 256; first++) {
      for (int fill : new int[] {0, 1, 19, 255}) {
        byte[] bytes = new byte[64];
        java.util.Arrays.fill(bytes, (byte) fill);
        bytes[0] = (byte) first;

        SavedSyn syn = SavedSyn.parse(ByteBuffer.wrap(bytes));

        assertThat(syn == null || (syn.ttl() >= 0 && syn.ttl() <= 255)).isTrue();
      }
    }
  }
}
