package net.donut.controller.northbound;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.donut.api.AttributeMapping;
import net.donut.api.PolicyChecker.Problem;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.WithheldRoute;
import net.donut.api.operator.v1.AddressBlock;
import net.donut.api.operator.v1.AgentInfo;
import net.donut.api.operator.v1.Bypass;
import net.donut.api.operator.v1.CoverageResponse;
import net.donut.api.operator.v1.Event;
import net.donut.api.operator.v1.ExitLoss;
import net.donut.api.operator.v1.HoleCause;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.api.operator.v1.PathInfo;
import net.donut.api.operator.v1.PolicyProblem;
import net.donut.api.operator.v1.RejectCount;
import net.donut.api.operator.v1.RelationCount;
import net.donut.api.operator.v1.RouteCounts;
import net.donut.api.operator.v1.RouteInfo;
import net.donut.api.operator.v1.SpaceShares;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.rib.OperatorEvent;
import net.donut.controller.rib.Views;
import net.donut.controller.southbound.AdjRibOutReader;
import net.donut.controller.southbound.Report;
import net.donut.core.answer.Counts;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.PathView;
import net.donut.core.answer.RejectReason;
import net.donut.core.answer.RouteView;
import net.donut.core.change.ExportBlock;
import net.donut.core.decision.Step;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Relation;

/// Values of the controller as messages for operators.
final class OperatorAnswers {
  private OperatorAnswers() {}

  static RouteCounts counts(Counts counts) {
    RouteCounts.Builder answer =
        RouteCounts.newBuilder()
            .setTotal(counts.prefixes())
            .setDirect(counts.direct())
            .setTransit(counts.transit())
            .setProtected(counts.protectedPrefixes())
            .setHoles(counts.holes())
            .setDonutRatio(counts.donutRatio())
            .setPaths(counts.paths());
    for (Relation relation : Relation.values()) {
      long prefixes = counts.prefixesByRelation().getOrDefault(relation, 0L);
      long paths = counts.pathsByRelation().getOrDefault(relation, 0L);
      if (prefixes > 0 || paths > 0) {
        answer.addByRelation(
            RelationCount.newBuilder()
                .setRelation(relation.word())
                .setPrefixes(prefixes)
                .setPaths(paths));
      }
    }
    return answer.build();
  }

  static AgentInfo agent(Views.Agent agent) {
    Report.Progress progress = agent.progress();
    AgentInfo.Builder answer =
        AgentInfo.newBuilder()
            .setName(agent.router())
            .setAddress(agent.driver().address().text())
            .setState(progress.phase().name().toLowerCase(Locale.ROOT))
            .setError(progress.error())
            .setUnacked((long) progress.unacked() + progress.pending())
            .setFib(agent.counters())
            .addAllLinks(agent.links())
            .addAllWarnings(agent.warnings())
            .setConnectedUnixMs(agent.connectedUnixMs())
            .setClasses(progress.groups());
    HelloResponse hello = agent.hello();
    if (hello != null) {
      answer
          .setVersion(hello.getVersion())
          .setKernel(hello.getKernel())
          .setResilientGroups(hello.getResilientGroups());
    }
    return answer.build();
  }

  static NeighborInfo neighbor(Views.Session session) {
    NeighborEntry neighbor = session.neighbor();
    NeighborInfo.Builder answer =
        NeighborInfo.newBuilder()
            .setName(neighbor.name())
            .setRouter(neighbor.router())
            .setRelation(neighbor.relation().word())
            .setSession(session.state().toBuilder().setRemoteAs((int) neighbor.as()).build())
            .setAccepted(session.counts().accepted())
            .setRejected(session.counts().rejected())
            .setBest(session.counts().best())
            .setDrained(session.drain() == Views.Drain.DRAINED)
            .setLinkUp(session.linkUp())
            .setHeldMs(session.heldMillis())
            .setPrice(Double.isNaN(neighbor.price()) ? 0 : neighbor.price())
            .setCapacityMbps(neighbor.capacityBits() / 1e6);
    for (Map.Entry<RejectReason, Long> reject : session.counts().rejects().entrySet()) {
      answer.addRejects(
          RejectCount.newBuilder().setReason(reject.getKey().word()).setCount(reject.getValue()));
    }
    return answer.build();
  }

  static RouteInfo route(RouteView route) {
    RouteInfo.Builder answer = RouteInfo.newBuilder().setPrefix(route.prefix().toString());
    route.paths().forEach(path -> answer.addPaths(path(path)));
    return answer.build();
  }

  static PathInfo path(PathView path) {
    PathInfo.Builder answer =
        attributes(path.attributes())
            .setNeighbor(path.neighbor())
            .setRouter(path.router())
            .setRelation(path.relation().word())
            .setBest(path.isBest())
            .setRank(path.rank())
            .setHeld(path.isHeld() ? held(path.liveness()) : "")
            .setStale(path.liveness() == PathView.Liveness.STALE);
    RejectReason rejected = path.rejected();
    if (rejected != null) {
      answer.setRejected(rejected.word()).setEvidence(path.evidence());
    }
    Step lostAt = path.lostAt();
    if (lostAt != null) {
      answer.setLostAt(lostAt.word());
    }
    String lostTo = path.lostTo();
    if (lostTo != null) {
      answer.setLostTo(lostTo);
    }
    answer.setLostText(path.lostText());
    return answer.build();
  }

  /// A route that is not there because its UPDATE was malformed.
  static PathInfo malformed(Views.Malformed route) {
    return PathInfo.newBuilder()
        .setNeighbor(route.neighbor().name())
        .setRouter(route.neighbor().router())
        .setRelation(route.neighbor().relation().word())
        .setRank(-1)
        .setRejected("malformed")
        .setFault(route.fault())
        .setFaultUnixMs(route.unixMs())
        .build();
  }

  /// The same in a sentence.
  static String sentence(Views.Malformed route) {
    return "AS%d (%s) announced %s malformed at %s, so it counts as withdrawn: %s"
        .formatted(
            route.neighbor().as(),
            route.neighbor().name(),
            route.prefix(),
            Instant.ofEpochMilli(route.unixMs()).truncatedTo(ChronoUnit.SECONDS),
            route.fault());
  }

  private static String held(PathView.Liveness liveness) {
    return switch (liveness) {
      case USABLE -> "";
      case STALE -> "session-lost";
      case INTERFACE_DOWN -> "interface-down";
      case SILENT -> "next-hop-silent";
      case UNREACHABLE -> "unreachable";
    };
  }

  private static PathInfo.Builder attributes(PathAttributes attributes) {
    PathInfo.Builder answer =
        PathInfo.newBuilder()
            .setAsPath(attributes.asPath().toString())
            .setOrigin(attributes.origin().name().toLowerCase(Locale.ROOT))
            .setNextHop(
                attributes.nextHop().equals(AttributeMapping.NO_NEXT_HOP)
                    ? ""
                    : attributes.nextHop().toString())
            .setCommunities(attributes.communities().toString())
            .setLargeCommunities(attributes.largeCommunities().toString());
    if (attributes.med() != PathAttributes.ABSENT) {
      answer.setMed((int) attributes.med());
    }
    if (attributes.onlyToCustomer() != PathAttributes.ABSENT) {
      answer.setOnlyToCustomer((int) attributes.onlyToCustomer());
    }
    return answer;
  }

  /// A prefix as its agent tells it to a neighbor, or why it does not.
  static RouteInfo told(Prefix prefix, NeighborEntry neighbor, AdjRibOutReader.Told told) {
    PathInfo.Builder path =
        attributes(told.attributes())
            .setNeighbor(neighbor.name())
            .setRouter(neighbor.router())
            .setRelation(neighbor.relation().word());
    WithheldRoute withheld = told.withheld();
    if (withheld != null) {
      path.setWithheld(withheld.getReason())
          .setWithheldText(
              "%d bytes, limit %d".formatted(withheld.getBytes(), withheld.getLimit()));
    }
    return RouteInfo.newBuilder().setPrefix(prefix.toString()).addPaths(path).build();
  }

  /// A prefix as it is to be announced to a neighbor, where its agent does not say.
  static RouteInfo announced(Prefix prefix, NeighborEntry neighbor, ExportBlock.Announce block) {
    return RouteInfo.newBuilder()
        .setPrefix(prefix.toString())
        .addPaths(
            attributes(block.attributes())
                .setNeighbor(neighbor.name())
                .setRouter(neighbor.router())
                .setRelation(neighbor.relation().word()))
        .build();
  }

  static CoverageResponse coverage(Coverage coverage) {
    CoverageResponse.Builder answer =
        CoverageResponse.newBuilder()
            .setCounts(counts(coverage.counts()))
            .addAllHoles(blocks(coverage.holes()))
            .setHoleCount(coverage.holeCount())
            .addAllSingleExits(blocks(coverage.singleExit()))
            .setSingleExitCount(coverage.singleExitCount())
            .addAllHoleCauses(
                coverage.holeCauses().stream().map(OperatorAnswers::holeCause).toList())
            .addAllCostLeaks(coverage.costLeaks().stream().map(OperatorAnswers::costLeak).toList())
            .setCostLeakCount(coverage.costLeakCount())
            .setIpv4Addresses(coverage.ipv4Addresses())
            .setDefaultsIpv4(coverage.defaultsIpv4())
            .setDefaultsIpv6(coverage.defaultsIpv6())
            .addAllCoveredHoles(blocks(coverage.coveredHoles()))
            .setCoveredHoleCount(coverage.coveredHoleCount())
            .addAllBypasses(coverage.bypasses().stream().map(OperatorAnswers::bypass).toList())
            .setIpv6Slash48S(coverage.ipv6Addresses().slash48s())
            .setIpv6Slash64S(coverage.ipv6Addresses().slash64s());
    if (coverage.ipv4Addresses() > 0) {
      answer.setIpv4Shares(shares(coverage.ipv4Shares()));
    }
    if (!coverage.ipv6Addresses().isNone()) {
      answer.setIpv6Shares(shares(coverage.ipv6Shares()));
    }
    for (Coverage.ExitLoss loss : coverage.exitLosses()) {
      answer.addExitLosses(
          ExitLoss.newBuilder()
              .setExit(loss.neighbor())
              .setMoved(loss.moved())
              .setLost(loss.lost())
              .setLostIpv4Share(loss.lostIpv4Share())
              .setLostIpv6Share(loss.lostIpv6Share())
              .setCarriedIpv4Share(loss.movedIpv4Share())
              .setCarriedIpv6Share(loss.movedIpv6Share())
              .setPrice(loss.price()));
    }
    return answer.build();
  }

  private static SpaceShares shares(Coverage.SpaceShares shares) {
    return SpaceShares.newBuilder()
        .setDirect(shares.direct())
        .setTransit(shares.transit())
        .setHole(shares.hole())
        .build();
  }

  private static HoleCause holeCause(Coverage.HoleCause cause) {
    return HoleCause.newBuilder()
        .setBlocks(cause.blocks())
        .setLargest(cause.largest().toString())
        .addAllGone(cause.gone())
        .addAllUnreachable(cause.away())
        .addAllRouters(cause.routers())
        .setText(cause.text())
        .build();
  }

  private static AddressBlock costLeak(Coverage.CostLeak leak) {
    return AddressBlock.newBuilder()
        .setPrefix(leak.prefix().toString())
        .setReason(leak.reason())
        .setExit(leak.direct())
        .setCover(leak.cover().toString())
        .setTransit(leak.transit())
        .setDirectPrice(leak.directPrice())
        .setTransitPrice(leak.transitPrice())
        .build();
  }

  private static Bypass bypass(Coverage.Bypass bypass) {
    return Bypass.newBuilder()
        .setDirect(bypass.direct())
        .setTransit(bypass.transit())
        .setPrefixes(bypass.prefixes())
        .setIpv4Addresses(bypass.ipv4Addresses())
        .setIpv6Slash48S(bypass.ipv6Addresses().slash48s())
        .setIpv6Slash64S(bypass.ipv6Addresses().slash64s())
        .setDirectPrice(bypass.directPrice())
        .setTransitPrice(bypass.transitPrice())
        .build();
  }

  private static List<AddressBlock> blocks(List<Coverage.Block> blocks) {
    return blocks.stream()
        .map(block ->
            AddressBlock.newBuilder()
                .setPrefix(block.prefix().toString())
                .setReason(block.reason())
                .setExit(block.exit())
                .build())
        .toList();
  }

  static PolicyProblem problem(Problem problem) {
    return PolicyProblem.newBuilder()
        .setFile(problem.file())
        .setLine(problem.line())
        .setColumn(problem.column())
        .setMessage(problem.message())
        .setSeverity(problem.severity().name().toLowerCase(Locale.ROOT))
        .build();
  }

  static Event event(OperatorEvent event) {
    return Event.newBuilder()
        .setUnixNs(event.unixNs())
        .setKind(event.kind())
        .setRouter(event.router())
        .setSubject(event.subject())
        .setText(event.text())
        .setGeneration(event.generation())
        .build();
  }

  /// A relation by its word; throws INVALID_ARGUMENT naming those there are.
  static Relation relation(String word) {
    for (Relation relation : Relation.values()) {
      boolean alias = relation == Relation.PRIVATE_PEER && word.equals("peer");
      if (alias || relation.word().equals(word)) {
        return relation;
      }
    }
    throw OperatorFailures.invalid(
        "relation: '%s' (expected: customer, own, private-peer, public-peer, route-server, transit)"
            .formatted(word));
  }
}
