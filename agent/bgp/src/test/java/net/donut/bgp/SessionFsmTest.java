package net.donut.bgp;

import static net.donut.bgp.FsmFixture.KEEPALIVE;
import static net.donut.bgp.FsmFixture.LOCAL;
import static net.donut.bgp.FsmFixture.LOCAL_AS;
import static net.donut.bgp.FsmFixture.REMOTE;
import static net.donut.bgp.FsmFixture.REMOTE_AS;
import static net.donut.bgp.FsmFixture.capabilities;
import static net.donut.bgp.FsmFixture.config;
import static net.donut.bgp.FsmFixture.drive;
import static net.donut.bgp.FsmFixture.fsm;
import static net.donut.bgp.FsmFixture.gracefulRestart;
import static net.donut.bgp.FsmFixture.notification;
import static net.donut.bgp.FsmFixture.open;
import static net.donut.bgp.FsmFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.donut.bgp.BgpNeighborConfig.Connect;
import net.donut.bgp.BgpNeighborConfig.Role;
import net.donut.bgp.BgpNeighborConfig.RoleCheck;
import net.donut.bgp.FsmEvent.Accepted;
import net.donut.bgp.FsmEvent.Closed;
import net.donut.bgp.FsmEvent.ConnectFailed;
import net.donut.bgp.FsmEvent.Connected;
import net.donut.bgp.FsmEvent.Expired;
import net.donut.bgp.FsmEvent.Kick;
import net.donut.bgp.FsmEvent.Received;
import net.donut.bgp.FsmEvent.Reset;
import net.donut.bgp.FsmEvent.Start;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.Capability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What takes more than one event, or other settings, than `fsm-table.txt` has.
class SessionFsmTest {
  @Test
  void too_many_prefixes_end_the_session_with_afi_safi_and_limit() {
    SessionFsm fsm = FsmFixture.At.ESTABLISHED.reach();

    List<FsmAction> actions = fsm.handle(new FsmEvent.OverLimit(Family.IPV6, 5, 0x01020304));

    assertThat(actions)
        .filteredOn(FsmAction.Send.class::isInstance)
        .singleElement()
        .satisfies(action -> {
          BgpMessage.Notification sent =
              (BgpMessage.Notification) ((FsmAction.Send) action).message();
          assertThat(sent.code() + "/" + sent.subcode()).isEqualTo("6/1");
          assertThat(sent.data()).isEqualTo(new byte[] {0, 2, 1, 1, 2, 3, 4});
        });
    assertThat(FsmFixture.text(actions)).isEqualTo("6/1:1 close1 down-LOCAL idle=60");
    assertThat(fsm.isHeldAtLimit()).isTrue();
  }

  @Test
  void a_raised_limit_ends_the_hold_and_forgets_earlier_ones() {
    SessionFsm fsm = FsmFixture.At.ESTABLISHED.reach();
    fsm.handle(new FsmEvent.OverLimit(Family.IPV4, 3, 2));

    List<FsmAction> raised = fsm.handle(new FsmEvent.LimitRaised(Family.IPV4));

    assertThat(FsmFixture.text(raised)).isEqualTo("connect2 retry=10");
    assertThat(fsm.isHeldAtLimit()).isFalse();
    FsmFixture.drive(fsm, new FsmEvent.Connected(2, FsmFixture.LOCAL));
    assertThat(FsmFixture.text(fsm.handle(new FsmEvent.OverLimit(Family.IPV4, 9, 8))))
        .endsWith("idle=60");
  }

  @Test
  void a_raised_limit_of_the_other_family_does_not_end_the_hold() {
    SessionFsm fsm = FsmFixture.At.ESTABLISHED.reach();
    fsm.handle(new FsmEvent.OverLimit(Family.IPV6, 3, 2));

    assertThat(fsm.handle(new FsmEvent.LimitRaised(Family.IPV4))).isEmpty();
    assertThat(fsm.isHeldAtLimit()).isTrue();
  }

  @Test
  void a_raised_limit_does_not_end_a_hold_for_another_reason() {
    SessionFsm fsm = FsmFixture.At.HOLDING.reach();

    assertThat(fsm.handle(new FsmEvent.LimitRaised(Family.IPV4))).isEmpty();
    assertThat(fsm.isHeldAtLimit()).isFalse();
  }

  private static final FsmTimer RETRY = new FsmTimer.ConnectRetry();
  private static final FsmTimer IDLE = new FsmTimer.IdleHold();

  private static SessionFsm openSent(BgpNeighborConfig.Builder config) {
    SessionFsm fsm = fsm(config);
    drive(fsm, new Start(), new Connected(1, LOCAL));
    return fsm;
  }

  private static SessionFsm established(BgpNeighborConfig.Builder config, BgpMessage.Open open) {
    SessionFsm fsm = openSent(config);
    drive(fsm, new Received(1, open), new Received(1, KEEPALIVE));
    assertThat(fsm.state()).isEqualTo(SessionState.ESTABLISHED);
    return fsm;
  }

  private static SessionInfo sessionOf(List<FsmAction> actions) {
    return actions.stream()
        .filter(FsmAction.Establish.class::isInstance)
        .map(action -> ((FsmAction.Establish) action).session())
        .findFirst()
        .orElseThrow();
  }

  private static Down downOf(List<FsmAction> actions) {
    return actions.stream()
        .filter(FsmAction.Lost.class::isInstance)
        .map(action -> ((FsmAction.Lost) action).down())
        .findFirst()
        .orElseThrow();
  }

  // Back-off

  @Test
  void connecting_again_takes_longer_each_time_up_to_30_s() {
    SessionFsm fsm = fsm(config());
    drive(fsm, new Start());
    StringBuilder waits = new StringBuilder();

    for (int number = 1; number <= 8; number++) {
      waits.append(text(fsm.handle(new ConnectFailed(number, "refused")))).append(' ');
      drive(fsm, new Expired(RETRY));
    }

    assertThat(waits.toString().replaceAll("close[0-9] retry=", ""))
        .isEqualTo("1 2 4 8 16 30 30 30 ");
  }

  @Test
  void a_kick_starts_the_back_off_anew() {
    SessionFsm fsm = fsm(config());
    drive(fsm, new Start());
    for (int number = 1; number <= 5; number++) {
      drive(fsm, new ConnectFailed(number, "refused"), new Expired(RETRY));
    }

    String kicked = text(fsm.handle(new Kick()));
    String failed = text(fsm.handle(new ConnectFailed(7, "refused")));

    assertThat(kicked).isEqualTo("close6 connect7 retry=10");
    assertThat(failed).isEqualTo("close7 retry=1");
  }

  @Test
  void after_a_kick_a_neighbor_that_refuses_is_tried_each_second_for_a_while() {
    SessionFsm fsm = fsm(config());
    drive(fsm, new Start(), new Kick());
    StringBuilder waits = new StringBuilder();

    for (int number = 2; number <= SessionFsm.TRIES_AFTER_KICK + 5; number++) {
      boolean refusesConnection = number % 2 == 0;
      if (refusesConnection) {
        waits.append(text(fsm.handle(new ConnectFailed(number, "refused"))));
        drive(fsm, new Expired(RETRY));
      } else {
        drive(fsm, new Connected(number, LOCAL));
        waits.append(text(fsm.handle(new Received(number, notification(6, 5)))));
        drive(fsm, new Expired(IDLE));
      }
      waits.append('\n');
    }

    assertThat(waits.toString().lines().map(line -> line.replaceAll(".*=", "")).toList())
        .isEqualTo(
            Stream.concat(
                    Collections.nCopies(SessionFsm.TRIES_AFTER_KICK, "1").stream(),
                    Stream.of("1", "1", "2", "2"))
                .toList());
  }

  @Test
  void errors_hold_longer_each_time_until_a_session_was_sound() {
    SessionFsm fsm = fsm(config());
    drive(fsm, new Start(), new Connected(1, LOCAL));

    String first = text(fsm.handle(new Received(1, notification(6, 4))));
    drive(fsm, new Expired(IDLE), new Connected(2, LOCAL), new Received(2, open()));
    drive(fsm, new Received(2, KEEPALIVE));
    String second = text(fsm.handle(new Received(2, notification(6, 4))));
    drive(fsm, new Expired(IDLE), new Connected(3, LOCAL), new Received(3, open()));
    drive(fsm, new Received(3, KEEPALIVE), new Expired(new FsmTimer.Sound()));
    String third = text(fsm.handle(new Received(3, notification(6, 4))));

    assertThat(first).endsWith("idle=1");
    assertThat(second).endsWith("idle=2");
    assertThat(third).endsWith("idle=1");
  }

  @Test
  void max_prefixes_holds_a_minute_then_two() {
    SessionFsm fsm = established(config(), open());

    String first = text(fsm.handle(new Reset(CeaseReason.MAX_PREFIXES)));
    drive(fsm, new Expired(IDLE), new Connected(2, LOCAL), new Received(2, open()));
    drive(fsm, new Received(2, KEEPALIVE));
    String second = text(fsm.handle(new Reset(CeaseReason.MAX_PREFIXES)));

    assertThat(first).isEqualTo("6/1:1 close1 down-LOCAL idle=60");
    assertThat(second).isEqualTo("6/1:2 close2 down-LOCAL idle=120");
  }

  // Passive

  @Test
  void a_passive_session_never_connects() {
    SessionFsm fsm = fsm(config().connect(Connect.PASSIVE));

    assertThat(text(fsm.handle(new Start()))).isEmpty();
    assertThat(text(fsm.handle(new Kick()))).isEmpty();
    assertThat(text(fsm.handle(new Expired(RETRY)))).isEmpty();
    assertThat(fsm.state()).isEqualTo(SessionState.ACTIVE);
    assertThat(text(fsm.handle(new Accepted(1, LOCAL)))).isEqualTo("open1 hold1=240");
    assertThat(text(fsm.handle(new Closed(1, "reset")))).isEqualTo("close1");
    assertThat(fsm.state()).isEqualTo(SessionState.ACTIVE);
  }

  // Collision, RFC 4271 §6.8

  @Test
  void of_two_connections_that_of_the_higher_router_id_stays() {
    SessionFsm lower = fsm(config());
    drive(lower, new Start(), new Connected(1, LOCAL), new Accepted(2, LOCAL));
    SessionFsm higher = fsm(config().routerId(IpAddress.parse("10.0.0.9")));
    drive(higher, new Start(), new Connected(1, LOCAL), new Accepted(2, LOCAL));

    // Theirs, number 2, wins against our lower id, even when the OPEN on ours comes first.
    assertThat(text(lower.handle(new Received(1, open())))).isEqualTo("6/7:1 close1 hold2=10");
    assertThat(text(lower.handle(new Received(2, open())))).startsWith("use2 alive2");
    // Ours, number 1, wins against their lower id.
    assertThat(text(higher.handle(new Received(2, open())))).isEqualTo("6/7:2 close2 hold1=10");
    assertThat(text(higher.handle(new Received(1, open())))).startsWith("use1 alive1");
  }

  @Test
  void equal_router_ids_are_decided_by_as_number() {
    SessionFsm fsm = fsm(config().routerId(REMOTE));
    drive(fsm, new Start(), new Connected(1, LOCAL), new Accepted(2, LOCAL));

    // RFC 6286 §2.3: the higher AS, theirs, wins.
    assertThat(text(fsm.handle(new Received(2, open())))).startsWith("6/7:1 close1 use2");
  }

  @Test
  void a_connection_in_open_confirm_loses_to_a_better_one() {
    SessionFsm fsm = openSent(config());
    drive(fsm, new Received(1, open()), new Accepted(2, LOCAL));

    assertThat(text(fsm.handle(new Received(2, open())))).startsWith("6/7:1 close1 use2 alive2");
  }

  @Test
  void an_established_session_wins_against_a_new_connection() {
    SessionFsm fsm = established(config(), open());
    drive(fsm, new Accepted(2, LOCAL));

    assertThat(text(fsm.handle(new Received(2, open())))).isEqualTo("6/7:2 close2");
    assertThat(fsm.state()).isEqualTo(SessionState.ESTABLISHED);
  }

  record SecondOpen(
      String capability, boolean takesOver, BgpNeighborConfig.Builder config, Capability... ours) {
    @Override
    public String toString() {
      return capability;
    }
  }

  static Stream<SecondOpen> second_opens() {
    BgpNeighborConfig.Builder ipv4 = config().families(Set.of(Family.IPV4));
    Capability vpn = new Capability.Unknown(64, new byte[] {0, 90, 0, 1, (byte) 128, (byte) 128});
    return Stream.of(
        new SecondOpen("none", false, config()),
        new SecondOpen("without a family, as BIRD", false, config(), gracefulRestart(120)),
        new SecondOpen("without a family or time, as FRR", false, config(), gracefulRestart(0)),
        new SecondOpen("of a family we do not know", false, config(), vpn),
        new SecondOpen(
            "of a family that was not agreed on", false, ipv4, gracefulRestart(90, Family.IPV6)),
        new SecondOpen(
            "whose routes we do not keep",
            false,
            config().maxStale(Duration.ZERO),
            gracefulRestart(90, Family.IPV4)),
        new SecondOpen("of one family", true, config(), gracefulRestart(90, Family.IPV4)),
        new SecondOpen("of the agreed family", true, ipv4, gracefulRestart(90, Family.IPV4)),
        new SecondOpen(
            "of both families", true, config(), gracefulRestart(90, Family.IPV4, Family.IPV6)));
  }

  /// RFC 4724 §5. What counts is what the established session agreed on: the OPEN of the second
  /// connection may have come from anybody.
  @ParameterizedTest
  @MethodSource("second_opens")
  void only_graceful_restart_with_a_family_lets_a_second_connection_take_over(SecondOpen second) {
    SessionFsm fsm = established(second.config(), open(capabilities(second.ours())));
    drive(fsm, new Accepted(2, LOCAL));
    BgpMessage.Open claims = open(capabilities(gracefulRestart(90, Family.IPV4, Family.IPV6)));

    String actions = text(fsm.handle(new Received(2, second.takesOver() ? open() : claims)));

    if (second.takesOver()) {
      assertThat(actions).startsWith("close1 down-CONNECTION_LOST restart=90 use2 alive2");
    } else {
      assertThat(actions).isEqualTo("6/7:2 close2");
      assertThat(fsm.state()).isEqualTo(SessionState.ESTABLISHED);
      assertThat(text(fsm.handle(new Received(1, FsmFixture.UPDATE)))).endsWith("deliver");
    }
  }

  @Test
  void connecting_stops_when_the_neighbor_was_first() {
    SessionFsm fsm = fsm(config());
    drive(fsm, new Start(), new Accepted(2, LOCAL));

    assertThat(text(fsm.handle(new Received(2, open())))).startsWith("close1 use2");
  }

  @Test
  void garbage_on_a_second_connection_leaves_the_session_alone() {
    SessionFsm fsm = established(config(), open());
    drive(fsm, new Accepted(2, LOCAL));

    String actions = text(fsm.handle(new FsmEvent.Malformed(2, notification(1, 1), "garbage")));

    assertThat(actions).isEqualTo("1/1:2 close2");
    assertThat(fsm.state()).isEqualTo(SessionState.ESTABLISHED);
  }

  @Test
  void a_third_connection_replaces_one_that_sent_no_open() {
    SessionFsm fsm = fsm(config().connect(Connect.PASSIVE));
    drive(fsm, new Start(), new Accepted(1, LOCAL));

    assertThat(text(fsm.handle(new Accepted(2, LOCAL)))).isEqualTo("close1 open2 hold2=240");
    drive(fsm, new Received(2, open()));
    assertThat(text(fsm.handle(new Accepted(3, LOCAL)))).isEqualTo("close3");
  }

  // OPEN, RFC 4271 §6.2

  private static String refusal(BgpNeighborConfig.Builder config, BgpMessage.Open open) {
    return text(openSent(config).handle(new Received(1, open)));
  }

  @Test
  void an_open_that_cannot_be_accepted_is_refused_with_its_subcode() {
    assertThat(refusal(config(), new BgpMessage.Open(3, REMOTE_AS, 30, REMOTE, List.of())))
        .startsWith("2/1:1");
    assertThat(refusal(config(), new BgpMessage.Open(4, 65000, 30, REMOTE, List.of())))
        .startsWith("2/2:1");
    assertThat(refusal(config().remoteAs(0), new BgpMessage.Open(4, 0, 30, REMOTE, List.of())))
        .startsWith("2/2:1");
    IpAddress zero = IpAddress.ofIpv4(0);
    assertThat(refusal(config(), new BgpMessage.Open(4, REMOTE_AS, 30, zero, List.of())))
        .startsWith("2/3:1");
    assertThat(refusal(config(), new BgpMessage.Open(4, REMOTE_AS, 2, REMOTE, List.of())))
        .startsWith("2/6:1");
    assertThat(
            refusal(
                config().families(Set.of(Family.IPV6)),
                new BgpMessage.Open(4, REMOTE_AS, 30, REMOTE, List.of())))
        .startsWith("2/7:1");
  }

  @Test
  void our_own_router_id_is_refused_inside_the_as_only() {
    BgpMessage.Open internal = new BgpMessage.Open(4, LOCAL_AS, 30, LOCAL, List.of());
    BgpMessage.Open external = new BgpMessage.Open(4, REMOTE_AS, 30, LOCAL, List.of());

    assertThat(refusal(config().remoteAs(LOCAL_AS), internal)).startsWith("2/3:1");
    assertThat(refusal(config(), external)).startsWith("use1");
  }

  @Test
  void any_as_is_accepted_when_none_is_configured() {
    SessionFsm fsm = openSent(config().remoteAs(0));
    drive(fsm, new Received(1, open()));

    SessionInfo session = sessionOf(fsm.handle(new Received(1, KEEPALIVE)));

    assertThat(session.remoteAs()).isEqualTo(REMOTE_AS);
    assertThat(session.isInternal()).isFalse();
  }

  @Test
  void a_neighbor_without_capabilities_gets_ipv4_and_two_octet_as_paths() {
    SessionFsm fsm = openSent(config());
    drive(fsm, new Received(1, open(List.of())));

    SessionInfo session = sessionOf(fsm.handle(new Received(1, KEEPALIVE)));

    assertThat(session.families()).containsExactly(Family.IPV4);
    assertThat(session.features()).isEmpty();
    assertThat(session.options().fourOctetAs()).isFalse();
    assertThat(session.options().maxMessageBytes()).isEqualTo(4096);
  }

  @Test
  void capabilities_are_left_out_after_they_were_refused() {
    SessionFsm fsm = openSent(config());
    drive(fsm, new Received(1, notification(2, 4)), new Expired(IDLE));

    List<FsmAction> actions = fsm.handle(new Connected(2, LOCAL));

    assertThat(actions)
        .contains(new FsmAction.Send(2, new BgpMessage.Open(4, LOCAL_AS, 90, LOCAL, List.of())));
  }

  @Test
  void roles_must_be_counterparts() {
    BgpNeighborConfig.Builder provider = config().role(Role.PROVIDER);

    assertThat(refusal(provider, open(capabilities(new Capability.Role(3))))).startsWith("use1");
    assertThat(refusal(provider, open(capabilities(new Capability.Role(0))))).startsWith("2/11:1");
    assertThat(
            refusal(provider, open(capabilities(new Capability.Role(3), new Capability.Role(4)))))
        .startsWith("2/11:1");
    assertThat(refusal(provider, open())).startsWith("use1");
    assertThat(refusal(provider.roleCheck(RoleCheck.STRICT), open())).startsWith("2/11:1");
  }

  // Timers

  @Test
  void the_smaller_hold_time_counts_and_keepalives_come_three_times_as_often() {
    assertThat(refusal(config().holdTimeSeconds(9), open()))
        .isEqualTo("use1 alive1 hold1=9 alive-timer1=3");
  }

  @Test
  void hold_time_zero_means_no_timers() {
    SessionFsm fsm = openSent(config().holdTimeSeconds(0));

    assertThat(text(fsm.handle(new Received(1, open())))).isEqualTo("use1 alive1");
    assertThat(text(fsm.handle(new Received(1, KEEPALIVE)))).isEqualTo("sound=60 up1");
    assertThat(text(fsm.handle(new Received(1, FsmFixture.UPDATE)))).isEqualTo("deliver");
  }

  // Route refresh, RFC 2918 and RFC 7313

  @Test
  void refreshes_are_told_apart_and_unknown_families_ignored() {
    SessionFsm fsm = established(config(), open());

    assertThat(refreshed(fsm, 2, 0, 1)).isEqualTo("hold1=30 refresh-IPV6");
    assertThat(refreshed(fsm, 1, 1, 1)).isEqualTo("hold1=30 mark-IPV4");
    assertThat(refreshed(fsm, 1, 2, 1)).isEqualTo("hold1=30 sweep-IPV4");
    assertThat(refreshed(fsm, 1, 3, 1)).isEqualTo("hold1=30");
    assertThat(refreshed(fsm, 25, 0, 65)).isEqualTo("hold1=30");
  }

  private static String refreshed(SessionFsm fsm, int afi, int subtype, int safi) {
    return text(fsm.handle(new Received(1, new BgpMessage.RouteRefresh(afi, subtype, safi))));
  }

  // Graceful restart, RFC 4724

  private static SessionFsm restarting() {
    return established(config(), open(capabilities(gracefulRestart(90, Family.IPV4, Family.IPV6))));
  }

  @Test
  void a_lost_connection_keeps_the_routes_of_a_restarting_neighbor() {
    SessionFsm fsm = restarting();

    List<FsmAction> actions = fsm.handle(new Closed(1, "reset"));

    Down down = downOf(actions);
    assertThat(down.stale()).containsExactlyInAnyOrder(Family.IPV4, Family.IPV6);
    assertThat(down.staleFor()).isEqualTo(Duration.ofSeconds(90));
    assertThat(text(actions)).isEqualTo("close1 down-CONNECTION_LOST restart=90 retry=1");
  }

  @Test
  void the_neighbor_cannot_ask_for_more_than_we_allow() {
    SessionFsm fsm =
        established(
            config().maxStale(Duration.ofSeconds(20)),
            open(capabilities(gracefulRestart(4000, Family.IPV4))));

    Down down = downOf(fsm.handle(new Closed(1, "reset")));

    assertThat(down.stale()).containsExactly(Family.IPV4);
    assertThat(down.staleFor()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void nothing_is_kept_when_the_helper_is_off() {
    SessionFsm fsm =
        established(
            config().maxStale(Duration.ZERO), open(capabilities(gracefulRestart(90, Family.IPV4))));

    assertThat(downOf(fsm.handle(new Closed(1, "reset"))).stale()).isEmpty();
  }

  @Test
  void nothing_is_kept_after_a_notification_or_an_expired_hold_timer() {
    assertThat(downOf(restarting().handle(new Received(1, notification(6, 2)))).stale()).isEmpty();
    assertThat(downOf(restarting().handle(new Expired(new FsmTimer.Hold(1)))).stale()).isEmpty();
  }

  @Test
  void stale_routes_are_swept_when_the_neighbor_does_not_return_in_time() {
    SessionFsm fsm = restarting();
    drive(fsm, new Closed(1, "reset"));

    assertThat(text(fsm.handle(new Expired(new FsmTimer.Restart()))))
        .isEqualTo("sweep-IPV4 sweep-IPV6");
    assertThat(fsm.stale()).isEmpty();
  }

  @Test
  void a_family_whose_forwarding_was_not_preserved_is_swept_at_once_the_other_at_its_end() {
    SessionFsm fsm = restarting();
    drive(fsm, new Closed(1, "reset"), new Expired(RETRY), new Connected(2, LOCAL));
    drive(fsm, new Received(2, open(capabilities(gracefulRestart(90, Family.IPV4)))));

    String back = text(fsm.handle(new Received(2, KEEPALIVE)));
    String end = text(fsm.handle(new Received(2, new BgpMessage.EndOfRib(Family.IPV4))));

    assertThat(back).isEqualTo("hold2=30 sound=60 up2 sweep-IPV6 restart=300");
    assertThat(end).isEqualTo("hold2=30 eor-IPV4 sweep-IPV4");
  }

  @Test
  void a_second_restart_drops_what_was_stale_already() {
    SessionFsm fsm = restarting();
    drive(fsm, new Closed(1, "reset"), new Expired(RETRY), new Connected(2, LOCAL));
    drive(
        fsm,
        new Received(2, open(capabilities(gracefulRestart(90, Family.IPV4, Family.IPV6)))),
        new Received(2, KEEPALIVE));

    assertThat(text(fsm.handle(new Closed(2, "reset"))))
        .isEqualTo("close2 sweep-IPV4 sweep-IPV6 down-CONNECTION_LOST restart=90 retry=2");
  }

  @Test
  void a_new_connection_of_a_restarted_neighbor_replaces_the_old_session() {
    SessionFsm fsm = restarting();
    drive(fsm, new Accepted(2, LOCAL));

    List<FsmAction> actions =
        fsm.handle(
            new Received(2, open(capabilities(gracefulRestart(90, Family.IPV4, Family.IPV6)))));

    assertThat(text(actions)).startsWith("close1 down-CONNECTION_LOST restart=90 use2 alive2");
    assertThat(downOf(actions).stale()).containsExactlyInAnyOrder(Family.IPV4, Family.IPV6);
    assertThat(sessionOf(fsm.handle(new Received(2, KEEPALIVE))).session()).isEqualTo(2);
  }

  @Test
  void the_restart_bit_is_in_every_open_until_the_first_session() {
    SessionFsm fsm = new SessionFsm(config().build(), SpeakerConfig.Start.RESTARTED, 0);
    drive(fsm, new Start());

    assertThat(restartingBit(fsm.handle(new Connected(1, LOCAL)))).isTrue();
    drive(fsm, new Closed(1, "reset"), new Expired(RETRY));
    assertThat(restartingBit(fsm.handle(new Connected(2, LOCAL)))).isTrue();
    drive(fsm, new Received(2, open()), new Received(2, KEEPALIVE), new Closed(2, "reset"));
    drive(fsm, new Expired(RETRY));
    assertThat(restartingBit(fsm.handle(new Connected(3, LOCAL)))).isFalse();
  }

  private static boolean restartingBit(List<FsmAction> actions) {
    for (FsmAction action : actions) {
      if (action instanceof FsmAction.Send(int _, BgpMessage.Open open)) {
        for (Capability capability : open.capabilities()) {
          if (capability instanceof Capability.GracefulRestart restart) {
            return restart.restarting();
          }
        }
      }
    }
    throw new AssertionError("no graceful restart capability in " + actions);
  }
}
