package net.donut.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpeakerAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.1",
        "10.1.1.2",
        "100.64.0.1",
        "126.255.255.255",
        "128.0.0.1",
        "169.254.1.1",
        "192.0.2.255",
        "223.255.255.254",
        "2001:db8::1",
        "fe80::1",
        "fd00::2",
        "64:ff9b::a01:102",
        "::1:ffff:a01:102",
        "::fffe:a01:102"
      })
  void an_address_of_one_host_may_be_used(String text) {
    assertThat(SpeakerAddress.objection(IpAddress.parse(text))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.0.0.0          | 0.0.0.0 is no host's
          0.1.2.3          | 0.0.0.0/8 is no host's
          127.0.0.1        | 127.0.0.0/8 never leaves the host
          127.255.255.254  | 127.0.0.0/8 never leaves the host
          224.0.0.5        | 224.0.0.0/4 is multicast
          239.255.255.255  | 224.0.0.0/4 is multicast
          240.0.0.1        | 240.0.0.0/4 is reserved
          255.255.255.255  | everybody's (broadcast)
          ::               | :: is no host's
          ::1              | ::1 never leaves the host
          ::ffff:10.1.1.2  | IPv4 on the wire (IPv4-mapped, RFC 4291 section 2.5.5.2): 10.1.1.2 is meant, under ipv4
          ::ffff:0:0       | IPv4 on the wire (IPv4-mapped, RFC 4291 section 2.5.5.2): 0.0.0.0 is meant
          ::10.1.1.2       | deprecated (IPv4-compatible, RFC 4291 section 2.5.5.1): 10.1.1.2 is meant, under ipv4
          ::2              | IPv4-compatible
          ff02::1          | ff00::/8 is multicast
          ff0e::101        | ff00::/8 is multicast
          """)
  void an_address_that_is_no_hosts_is_refused_and_the_reason_named(String text, String reason) {
    assertThat(SpeakerAddress.objection(IpAddress.parse(text))).contains(reason);
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, true", "::1, true", "::ffff:127.0.0.1, false", "0.0.0.0, false"})
  void loopback_alone_may_be_let_through(String text, boolean allowed) {
    String objection = SpeakerAddress.objectionButLoopback(IpAddress.parse(text));

    assertThat(objection == null).isEqualTo(allowed);
  }
}
