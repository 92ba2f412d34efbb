package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BgpNeighborConfigTest {
  record Wrong(UnaryOperator<BgpNeighborConfig.Builder> change, String message) {
    @Override
    public String toString() {
      return message;
    }
  }

  static Stream<Wrong> wrong() {
    return Stream.of(
        new Wrong(b -> b.localAs(0), "localAs: 0 (expected: 1..4294967295)"),
        new Wrong(b -> b.remoteAs(-1), "remoteAs: -1 (expected: 0..4294967295)"),
        new Wrong(b -> b.port(0), "port: 0 (expected: 1..65535)"),
        new Wrong(b -> b.holdTimeSeconds(2), "holdTimeSeconds: 2 (expected: 0 or 3..65535)"),
        new Wrong(b -> b.families(Set.of()), "families: none (expected: at least one)"),
        new Wrong(b -> b.md5Key(""), "md5Key bytes: 0 (expected: 1..80)"),
        new Wrong(b -> b.md5Key("é".repeat(41)), "md5Key bytes: 82 (expected: 1..80)"),
        new Wrong(
            b -> b.routerId(IpAddress.parse("0.0.0.0")),
            "routerId: 0.0.0.0 (expected: an IPv4 address other than 0.0.0.0)"),
        new Wrong(
            b -> b.localAddress(IpAddress.parse("2001:db8::1")),
            "localAddress: 2001:db8::1 (expected: IPV4)"),
        new Wrong(
            b -> b.restartTime(Duration.ofSeconds(4096)),
            "restartTime: PT1H8M16S (expected: 0..4095 s)"),
        new Wrong(
            b -> b.connectTimeout(Duration.ofMillis(1)),
            "connectTimeout: PT0.001S (expected: 0.1 s..600 s)"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void a_wrong_setting_is_named_with_its_value_and_what_is_expected(Wrong wrong) {
    BgpNeighborConfig.Builder changed = wrong.change().apply(FsmFixture.config());

    assertThatThrownBy(changed::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(wrong.message());
  }

  @Test
  void a_link_local_neighbor_needs_its_interface() {
    BgpNeighborConfig.Builder builder =
        BgpNeighborConfig.builder("n", IpAddress.parse("fe80::1"))
            .localAs(1)
            .routerId(IpAddress.parse("10.0.0.1"));

    assertThatThrownBy(builder::build)
        .hasMessage("interfaceName: none (expected: the interface of link-local fe80::1)");
  }

  @Test
  void a_builder_of_a_configuration_makes_an_equal_one() {
    BgpNeighborConfig config = FsmFixture.config().md5Key("secret").port(1179).build();

    assertThat(config.toBuilder().build()).isEqualTo(config);
  }

  @Test
  void the_key_is_not_in_the_text() {
    assertThat(FsmFixture.config().md5Key("secret").build().toString()).doesNotContain("secret");
  }
}
