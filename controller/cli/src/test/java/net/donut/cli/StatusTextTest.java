package net.donut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.donut.api.operator.v1.DownSession;
import net.donut.api.operator.v1.LostRoutes;
import net.donut.api.operator.v1.RelationCount;
import net.donut.api.operator.v1.RouteCounts;
import net.donut.api.operator.v1.SessionSummary;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.api.operator.v1.UnknownSessions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The text and the exit code of `donut status`.
final class StatusTextTest {
  @TempDir private Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private FakeController controller;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void start() throws Exception {
    controller = new FakeController(directory);
  }

  @AfterEach
  void stop() {
    controller.close();
  }

  private Ran status(StatusResponse answer, String... options) {
    controller.status = answer;
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Donut.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    List<String> words =
        new ArrayList<>(List.of("status", "--socket", controller.socket.toString()));
    words.addAll(List.of(options));
    int code = line.execute(words.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  private static long ago(Duration time) {
    return Instant.now().minus(time).toEpochMilli();
  }

  private static StatusResponse.Builder healthy() {
    return StatusResponse.newBuilder()
        .setLocalAs(64500)
        .setStartedUnixMs(ago(Duration.ofHours(76)))
        .setPolicyFile("/etc/donut/policy.yaml")
        .setPolicyGeneration(12)
        .setConverged(true)
        .setHealthy(true)
        .setSessions(SessionSummary.newBuilder().setTotal(46).setUp(46))
        .setRoutes(
            RouteCounts.newBuilder()
                .setTotal(1_012_402)
                .setPaths(9_400_112)
                .setDirect(617_565)
                .setTransit(394_837)
                .setDonutRatio(0.61)
                .setProtected(843_120)
                .addByRelation(
                    RelationCount.newBuilder()
                        .setRelation("transit")
                        .setPrefixes(394_837)
                        .setPaths(2_000_000)));
  }

  private static DownSession.Builder down(String session, String relation, String kind) {
    return DownSession.newBuilder()
        .setSession(session)
        .setNeighbor(session.substring(0, session.indexOf('/')))
        .setRelation(relation)
        .setKind(kind);
  }

  @Test
  void a_healthy_network_is_three_lines_and_a_table_and_ends_with_0() {
    Ran ran = status(healthy().build());

    assertThat(ran.code()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .isEqualTo(
            """
            AS 64500, up 3d04h, policy /etc/donut/policy.yaml (generation 12), converged
            sessions: 46 of 46 up
            1,012,402 prefixes (9,400,112 paths): 617,565 direct, 394,837 by transit; donut ratio 61.0 %; 843,120 protected; 0 holes
            RELATION  PREFIXES      PATHS
            transit    394,837  2,000,000
            """);
  }

  @Test
  void lost_transits_holes_and_lost_prefixes_are_shown_and_end_with_1() {
    StatusResponse.Builder answer =
        healthy()
            .setHealthy(false)
            .setSessions(
                SessionSummary.newBuilder()
                    .setTotal(46)
                    .setUp(37)
                    .addDown(
                        down("t1-north/ipv4", "transit", "lost")
                            .setDownSinceUnixMs(ago(Duration.ofSeconds(3800))))
                    .addDown(down("t2/ipv6", "transit", "not-up-yet"))
                    .addDown(
                        down("p1/ipv4", "public-peer", "lost")
                            .setDownSinceUnixMs(ago(Duration.ofHours(3))))
                    .addDown(down("p2/ipv4", "public-peer", "not-up-yet"))
                    .addDown(
                        down("c3/ipv4", "customer", "max-prefix")
                            .setDownSinceUnixMs(ago(Duration.ofHours(5))))
                    .addShutDown(down("ix-three/ipv4", "public-peer", "shut-down"))
                    .addShutDown(down("ix-three/ipv6", "public-peer", "shut-down"))
                    .addUnknown(UnknownSessions.newBuilder().setRouter("s1").setSessions(2)))
            .addProblems("5 holes: 192.0.2.0/24 and 4 more have no exit (x was their only one)")
            .addProblems("no transit is left at n1; default routes: 1 of 3")
            .addWarnings("INSECURE: no TLS")
            .setLostPrefixes(402_118)
            .setLost(
                LostRoutes.newBuilder()
                    .addNeighbors("t1-north")
                    .addNeighbors("t2-north")
                    .setPrefixes(402_118)
                    .setSinceUnixMs(Instant.parse("2026-01-02T11:58:30Z").toEpochMilli())
                    .setDonutRatio(0.61));
    answer.getRoutesBuilder().setHoles(5);

    Ran ran = status(answer.build());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(
            "donut: transit is down: t1-north/ipv4, t2/ipv6; 5 holes; 402,118 prefixes are lost\n");
    assertThat(ran.out())
        .startsWith(
            """
            AS 64500, up 3d04h, policy /etc/donut/policy.yaml (generation 12), converged
            sessions: 37 of 46 up; down: t1-north/ipv4 1h03m (lost transit), t2/ipv6 not up yet (transit), p1/ipv4 3h00m, p2/ipv4 not up yet, c3/ipv4 5h00m (max-prefix); shut down: 2 (ix-three); unknown: 2 (s1 does not answer)
              warning: 5 holes: 192.0.2.0/24 and 4 more have no exit (x was their only one)
              warning: no transit is left at n1; default routes: 1 of 3
              warning: INSECURE: no TLS
            lost: 402,118 prefixes with t1-north, t2-north since 2026-01-02 11:58Z; donut ratio was 61.0 %
            1,012,402 prefixes\
            """);
  }

  @Test
  void a_peer_that_is_down_ends_with_1_only_when_any_session_is_asked_for() {
    StatusResponse answer =
        healthy()
            .setSessions(
                SessionSummary.newBuilder()
                    .setTotal(2)
                    .setUp(1)
                    .addDown(down("p1/ipv4", "public-peer", "lost")))
            .build();

    assertThat(status(answer).code()).isZero();
    assertThat(status(answer, "--any").code()).isEqualTo(1);
    assertThat(status(answer, "--any").err()).isEqualTo("donut: down: p1/ipv4\n");
  }

  @Test
  void a_session_that_we_shut_down_is_no_fault_even_with_any() {
    StatusResponse answer =
        healthy()
            .setSessions(
                SessionSummary.newBuilder()
                    .setTotal(2)
                    .setUp(1)
                    .addShutDown(down("t1/ipv4", "transit", "shut-down")))
            .build();

    assertThat(status(answer, "--any").code()).isZero();
  }

  @Test
  void json_has_what_the_exit_code_says() {
    Ran ran = status(healthy().setHealthy(false).setLostPrefixes(7).build(), "-o", "json");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("\"converged\": true", "\"lost_prefixes\": 7");
  }

  @Test
  void many_sessions_that_are_down_are_cut_with_their_number() {
    SessionSummary.Builder sessions = SessionSummary.newBuilder().setTotal(40);
    for (int i = 10; i < 50; i++) {
      sessions.addDown(down("p" + i + "/ipv4", "public-peer", "not-up-yet"));
    }

    assertThat(status(healthy().setSessions(sessions).build()).out())
        .contains("p29/ipv4 not up yet and 20 more (donut neighbors)\n");
  }
}
