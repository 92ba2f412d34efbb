package net.donut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import net.donut.api.operator.v1.ExplainCandidate;
import net.donut.api.operator.v1.ExplainExit;
import net.donut.api.operator.v1.ExplainResponse;
import net.donut.api.operator.v1.ExplainStep;
import net.donut.api.operator.v1.PathInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The whole text of `donut explain`.
final class ExplainTextTest {
  @TempDir private Path directory = Path.of("");

  private static ExplainExit.Builder exit(String neighbor, String router, String nextHop) {
    return ExplainExit.newBuilder()
        .setNeighbor(neighbor)
        .setRelation("private-peer")
        .setRouter(router)
        .setNextHop(nextHop)
        .setInterface("eth1")
        .setLinkUp(true);
  }

  private static ExplainCandidate candidate(String neighbor, String verdict, String reason) {
    return ExplainCandidate.newBuilder()
        .setVerdict(verdict)
        .setReason(reason)
        .setPath(
            PathInfo.newBuilder()
                .setNeighbor(neighbor)
                .setRouter("edge1")
                .setRelation("private-peer")
                .setAsPath("64603")
                .setBest(neighbor.equals("peer-a")))
        .build();
  }

  @Test
  void lines_name_what_a_packet_does_now() throws Exception {
    try (FakeController controller = new FakeController(directory)) {
      controller.explanation =
          ExplainResponse.newBuilder()
              .setAddress("192.0.2.1")
              .addSummary(
                  "edge1: 192.0.2.1 goes to peer-c (private-peer) via edge2 by 192.0.2.0/24")
              .addSteps(
                  ExplainStep.newBuilder()
                      .setPrefix("192.0.2.0/24")
                      .setRouter("edge1")
                      .setSelected(true)
                      .setClassId(3)
                      .setKernel("installed")
                      .addExits(
                          exit("peer-a", "edge1", "100.64.3.2")
                              .setObstacle("the router has marked its next hop 100.64.3.2 as dead"))
                      .addExits(
                          exit("peer-c", "edge2", "100.64.12.2")
                              .setViaRouter("edge2")
                              .setCarries(true))
                      .addExits(
                          ExplainExit.newBuilder()
                              .setNextHop("100.64.13.2")
                              .setViaRouter("edge3")
                              .setInterface("eth2")
                              .setLinkUp(false))
                      .addExcludedBackups("peer-b: its session is down")
                      .addCandidates(candidate("peer-a", "not-eligible", "session down"))
                      .addCandidates(candidate("peer-c", "accepted", "")))
              .build();
      StringWriter out = new StringWriter();
      CommandLine line = Donut.commandLine();
      line.setOut(new PrintWriter(out));
      line.setErr(new PrintWriter(new StringWriter()));

      int code = line.execute("explain", "192.0.2.1", "--socket", controller.socket.toString());

      assertThat(code).isZero();
      assertThat(out)
          .hasToString(
              """
              edge1: 192.0.2.1 goes to peer-c (private-peer) via edge2 by 192.0.2.0/24

              edge1: 192.0.2.0/24  <- forwards 192.0.2.1, kernel: installed
                primary  peer-a (private-peer) at edge1, next hop 100.64.3.2 on eth1 (not usable: the router has marked its next hop 100.64.3.2 as dead)
                backup 1 peer-c (private-peer) at edge2 via edge2, next hop 100.64.12.2 on eth1  <- in use
                backup 2 nobody via edge3, next hop 100.64.13.2 on eth2 (link down)
                no backup  peer-b: its session is down
                    NEIGHBOR  ROUTER  RELATION      AS PATH  MED  VERDICT
                    peer-a    edge1   private-peer    64603  -    not usable: session down
                    peer-c    edge1   private-peer    64603  -    accepted
              """);
    }
  }
}
