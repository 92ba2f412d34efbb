package net.donut.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import net.donut.agent.rib.SessionSettings;
import net.donut.bfd.BfdSettings;
import net.donut.bfd.BfdStatus;
import net.donut.bfd.BfdStatus.Path;
import net.donut.bgp.BgpNeighborConfig;
import net.donut.bgp.ClockReading;
import net.donut.model.IpAddress;
import net.donut.wire.bfd.BfdState;
import net.donut.wire.bfd.Diagnostic;
import org.junit.jupiter.api.Test;

/// Which gateways are out of forwarding, also when the wall clock jumps.
class BfdStandingsTest {
  private static final String NAME = "tier1a/ipv4";
  private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.1");
  private static final NeighborSettings NEIGHBOR =
      new NeighborSettings(
          BgpNeighborConfig.builder(NAME, ADDRESS)
              .localAs(64500)
              .remoteAs(64601)
              .routerId(IpAddress.parse("10.0.0.1"))
              .build(),
          SessionSettings.of(NAME),
          null,
          new BfdSettings(
              NAME,
              ADDRESS,
              null,
              null,
              50_000,
              50_000,
              3,
              BfdSettings.Role.ACTIVE,
              BfdSettings.AdminState.ENABLED));

  private final BfdStandings standings = new BfdStandings();

  private void bfd(BfdState state, Path path, ClockReading at) {
    standings.put(
        new BfdStatus(
            NAME, state, BfdState.DOWN, Diagnostic.NONE, Diagnostic.NONE, 50_000, 150_000, 0, path),
        at);
  }

  private boolean isForwarding() {
    return standings.unreachable(List.of(NEIGHBOR)).isEmpty();
  }

  /// @param wallSeconds what the wall clock shows
  private static ClockReading at(long nanos, long wallSeconds) {
    return new ClockReading(Instant.ofEpochSecond(wallSeconds), nanos);
  }

  @Test
  void a_session_established_after_the_loss_brings_its_gateway_back() {
    bfd(BfdState.UP, Path.ALIVE, at(0, 1000));
    bfd(BfdState.DOWN, Path.DEAD, at(1, 1001));
    assertThat(isForwarding()).isFalse();

    standings.established(NAME, at(2, 1002));

    assertThat(isForwarding()).isTrue();
  }

  @Test
  void it_does_so_though_the_wall_clock_went_back_meanwhile() {
    bfd(BfdState.UP, Path.ALIVE, at(0, 1000));
    bfd(BfdState.DOWN, Path.DEAD, at(1, 1001));

    standings.established(NAME, at(2, 500));

    assertThat(isForwarding()).isTrue();
  }

  @Test
  void a_session_older_than_the_loss_proves_nothing_though_the_wall_clock_went_back() {
    bfd(BfdState.UP, Path.ALIVE, at(1, 1001));
    bfd(BfdState.DOWN, Path.DEAD, at(2, 500));

    standings.established(NAME, at(0, 1000));

    assertThat(isForwarding()).isFalse();
  }
}
