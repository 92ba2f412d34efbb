package net.donut.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamespaceTest {
  @Test
  void a_batch_that_is_refused_names_the_namespace_the_line_and_the_reason() {
    assertThat(
            Namespace.refusal(
                "clab-x-host",
                "ip",
                List.of("link set lo up", "address add 2001:db8::1/64 dev br nodad"),
                "Error: ipv6: IPv6 is disabled on this device.\nCommand failed -:2\n"))
        .isEqualTo(
            "network namespace clab-x-host: ip address add 2001:db8::1/64 dev br nodad:"
                + " ipv6: IPv6 is disabled on this device.");
    assertThat(
            Namespace.refusal(
                "gone", "tc", List.of("qdisc add"), "Cannot open network namespace \"gone\"\n"))
        .isEqualTo("network namespace gone: tc: Cannot open network namespace \"gone\"");
  }
}
