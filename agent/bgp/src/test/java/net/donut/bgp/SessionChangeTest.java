package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionChangeTest {
  enum Asks {
    LIVE,
    RESET
  }

  record Row(String field, UnaryOperator<BgpNeighborConfig.Builder> change, Asks asks) {
    @Override
    public String toString() {
      return field;
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row("localAddress", b -> b.localAddress(IpAddress.parse("10.0.0.9")), Asks.RESET),
        new Row("interfaceName", b -> b.interfaceName("eth1"), Asks.RESET),
        new Row("localAs", b -> b.localAs(64999), Asks.RESET),
        new Row("remoteAs", b -> b.remoteAs(64999), Asks.RESET),
        new Row("routerId", b -> b.routerId(IpAddress.parse("10.0.0.8")), Asks.RESET),
        new Row("port", b -> b.port(1179), Asks.LIVE),
        new Row("connect", b -> b.connect(BgpNeighborConfig.Connect.PASSIVE), Asks.LIVE),
        new Row("adminState", b -> b.adminState(BgpNeighborConfig.AdminState.SHUTDOWN), Asks.RESET),
        new Row("holdTimeSeconds", b -> b.holdTimeSeconds(30), Asks.RESET),
        new Row("families", b -> b.families(Set.of(Family.IPV6)), Asks.RESET),
        new Row("md5Key", b -> b.md5Key("secret"), Asks.RESET),
        new Row("ttlSecurity", b -> b.ttlSecurity(BgpNeighborConfig.TtlSecurity.GTSM), Asks.RESET),
        new Row("role", b -> b.role(BgpNeighborConfig.Role.PEER), Asks.RESET),
        new Row("roleCheck", b -> b.roleCheck(BgpNeighborConfig.RoleCheck.STRICT), Asks.RESET),
        new Row("maxStale", b -> b.maxStale(Duration.ofSeconds(7)), Asks.LIVE),
        new Row("restartTime", b -> b.restartTime(Duration.ofSeconds(7)), Asks.RESET),
        new Row("connectTimeout", b -> b.connectTimeout(Duration.ofSeconds(7)), Asks.LIVE));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void a_changed_setting_is_taken_live_or_resets_the_session(Row row) {
    BgpNeighborConfig before = FsmFixture.config().build();
    BgpNeighborConfig after = row.change().apply(before.toBuilder()).build();

    assertThat(SessionChange.between(before, after))
        .isEqualTo(
            row.asks() == Asks.LIVE
                ? new SessionChange.Live(List.of(row.field()))
                : new SessionChange.Reset(List.of(row.field())));
  }

  @Test
  void every_setting_but_name_and_address_is_in_the_table() {
    assertThat(
            Stream.of(BgpNeighborConfig.class.getRecordComponents()).map(RecordComponent::getName))
        .containsExactlyElementsOf(
            Stream.concat(Stream.of("name", "address"), rows().map(Row::field)).toList());
  }

  @Test
  void another_address_resets_and_equal_settings_ask_for_nothing() {
    BgpNeighborConfig before = FsmFixture.config().build();
    BgpNeighborConfig elsewhere =
        BgpNeighborConfig.builder("n", IpAddress.parse("10.0.0.77"))
            .localAs(FsmFixture.LOCAL_AS)
            .remoteAs(FsmFixture.REMOTE_AS)
            .routerId(FsmFixture.LOCAL)
            .families(before.families())
            .build();

    assertThat(SessionChange.between(before, elsewhere))
        .isEqualTo(new SessionChange.Reset(List.of("address")));
    assertThat(SessionChange.between(before, FsmFixture.config().build()))
        .isEqualTo(new SessionChange.None());
  }
}
