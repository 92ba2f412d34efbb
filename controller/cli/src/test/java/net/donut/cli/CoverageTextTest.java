package net.donut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import net.donut.api.operator.v1.AddressBlock;
import net.donut.api.operator.v1.Bypass;
import net.donut.api.operator.v1.CoverageResponse;
import net.donut.api.operator.v1.ExitLoss;
import net.donut.api.operator.v1.HoleCause;
import net.donut.api.operator.v1.RouteCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The whole text of `donut coverage`.
final class CoverageTextTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void every_figure_of_the_answer_is_shown() throws Exception {
    try (FakeController controller = new FakeController(directory)) {
      controller.coverage = answer();
      StringWriter out = new StringWriter();
      CommandLine line = Donut.commandLine();
      line.setOut(new PrintWriter(out));
      line.setErr(new PrintWriter(new StringWriter()));

      int code = line.execute("coverage", "--socket", controller.socket.toString());

      assertThat(code).isEqualTo(1);
      assertThat(out)
          .hasToString(
              """
              1,012,402 prefixes (9,400,112 paths): 617,565 direct, 394,837 by transit; donut ratio 61.0 %; 843,120 protected; 5 holes
              RELATION  PREFIXES  PATHS
              3,099,856,640 IPv4 addresses and 1,234,567 IPv6 /48s covered; transit defaults: 2 IPv4, 1 IPv6

              IF THIS EXIT IS LOST  PRICE  CARRIES NOW    IPV4    IPV6  LEFT WITHOUT EXIT  IPV4 LOST  IPV6 LOST
              tier1a                 0.30      394,837  41.5 %  30.0 %                  5      0.1 %      0.0 %
              peer                   free            0   0.0 %   0.0 %                  0      0.0 %      0.0 %

              5 holes (the first 1)
              PREFIX        EXIT  WHY
              192.0.2.0/24  -     not forwarded at edge1, edge2
                192.0.2.0/24 and 4 more have no exit (tier1b was their only one)

              0 blocks with a single exit

              1 cost leaks
              PREFIX       EXIT  WHY
              20.1.0.0/16  peer  heard from transit only, inside 20.0.0.0/8 of peer: 0.30 a Mbit/s at tier1a, free at peer

              BYPASSED  PRICE  BY TRANSIT  PRICE  PREFIXES  IPV4 ADDRESSES  IPV6 /48S
              peer      free   tier1a       0.30         1          65,536          7

              1 covered holes: refused, so their addresses follow the block of another origin
              PREFIX       EXIT  WHY
              20.2.0.0/28  peer  rejected (prefix-length), follows 20.0.0.0/8 of another origin to peer
              """);
    }
  }

  private static CoverageResponse answer() {
    return CoverageResponse.newBuilder()
        .setCounts(
            RouteCounts.newBuilder()
                .setTotal(1_012_402)
                .setPaths(9_400_112)
                .setDirect(617_565)
                .setTransit(394_837)
                .setDonutRatio(0.61)
                .setProtected(843_120)
                .setHoles(5))
        .setIpv4Addresses(3_099_856_640L)
        .setIpv6Slash48S(1_234_567)
        .setDefaultsIpv4(2)
        .setDefaultsIpv6(1)
        .setHoleCount(5)
        .addHoles(
            AddressBlock.newBuilder()
                .setPrefix("192.0.2.0/24")
                .setReason("not forwarded at edge1, edge2"))
        .addHoleCauses(
            HoleCause.newBuilder()
                .setText("192.0.2.0/24 and 4 more have no exit (tier1b was their only one)"))
        .addExitLosses(
            ExitLoss.newBuilder()
                .setExit("tier1a")
                .setPrice(0.3)
                .setMoved(394_837)
                .setCarriedIpv4Share(0.415)
                .setCarriedIpv6Share(0.3)
                .setLost(5)
                .setLostIpv4Share(0.001))
        .addExitLosses(ExitLoss.newBuilder().setExit("peer"))
        .setCostLeakCount(1)
        .addCostLeaks(
            AddressBlock.newBuilder()
                .setPrefix("20.1.0.0/16")
                .setExit("peer")
                .setReason(
                    "heard from transit only, inside 20.0.0.0/8 of peer: 0.30 a Mbit/s at tier1a,"
                        + " free at peer"))
        .addBypasses(
            Bypass.newBuilder()
                .setDirect("peer")
                .setTransit("tier1a")
                .setTransitPrice(0.3)
                .setPrefixes(1)
                .setIpv4Addresses(65_536)
                .setIpv6Slash48S(7))
        .setCoveredHoleCount(1)
        .addCoveredHoles(
            AddressBlock.newBuilder()
                .setPrefix("20.2.0.0/28")
                .setExit("peer")
                .setReason(
                    "rejected (prefix-length), follows 20.0.0.0/8 of another origin to peer"))
        .build();
  }
}
