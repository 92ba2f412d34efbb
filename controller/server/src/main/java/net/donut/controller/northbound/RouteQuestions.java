package net.donut.controller.northbound;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.donut.api.operator.v1.ListRoutesRequest;
import net.donut.api.operator.v1.ListRoutesResponse;
import net.donut.api.operator.v1.PathInfo;
import net.donut.api.operator.v1.RouteInfo;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.policy.PolicyDocument.SessionEntry;
import net.donut.controller.rib.ControllerRib;
import net.donut.controller.rib.ControllerRibThread;
import net.donut.controller.rib.Views;
import net.donut.controller.southbound.AdjRibOutReader;
import net.donut.controller.southbound.AgentDriver;
import net.donut.controller.southbound.SessionName;
import net.donut.core.answer.RoutePage;
import net.donut.core.answer.RouteQuery;
import net.donut.core.answer.RouteView;
import net.donut.core.change.ExportBlock;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// Listings of routes: page by page, so that no question holds the RIB thread up.
final class RouteQuestions {
  private static final int PAGE = 500;

  private final ControllerRibThread rib;

  RouteQuestions(ControllerRibThread rib) {
    this.rib = rib;
  }

  void list(ListRoutesRequest request, Consumer<ListRoutesResponse> sink) {
    long limit = Integer.toUnsignedLong(request.getLimit());
    Prefix prefix =
        request.getPrefix().isEmpty() ? null : OperatorFailures.prefix(request.getPrefix());
    if (!request.getNeighbor().isEmpty()) {
      NeighborEntry _ = rib.ask(state -> known(state, request.getNeighbor()));
    }
    if (request.getAdvertised()) {
      advertised(request, prefix, limit, sink);
    } else {
      heard(request, prefix, limit, sink);
    }
  }

  /// What the agent tells the neighbor, or null when it does not say.
  private static @Nullable Map<Prefix, AdjRibOutReader.Told> sent(
      NeighborEntry neighbor, @Nullable AgentDriver driver) {
    if (driver == null) {
      return null;
    }
    Map<Prefix, AdjRibOutReader.Told> all = new TreeMap<>();
    for (SessionEntry session : neighbor.sessions()) {
      Map<Prefix, AdjRibOutReader.Told> part =
          AdjRibOutReader.read(
              driver, new SessionName(neighbor.name(), session.family()).toString());
      if (part == null) {
        return null;
      }
      all.putAll(part);
    }
    return all;
  }

  private static void sent(
      ListRoutesRequest request,
      @Nullable Prefix prefix,
      long limit,
      NeighborEntry neighbor,
      Map<Prefix, AdjRibOutReader.Told> sent,
      Consumer<ListRoutesResponse> sink) {
    ListRoutesResponse.Builder page = ListRoutesResponse.newBuilder();
    long left = limit == 0 ? Long.MAX_VALUE : limit;
    for (Map.Entry<Prefix, AdjRibOutReader.Told> route : sent.entrySet()) {
      Prefix one = route.getKey();
      if (isAsked(one, prefix, request.getLonger()) && left-- > 0) {
        page.addRoutes(OperatorAnswers.told(one, neighbor, route.getValue()));
      }
      if (page.getRoutesCount() == PAGE) {
        sink.accept(page.build());
        page.clear();
      }
    }
    if (page.getRoutesCount() > 0) {
      sink.accept(page.build());
    }
  }

  /// Whether a route is among those asked for: all where no prefix is.
  private static boolean isAsked(Prefix route, @Nullable Prefix prefix, boolean isLonger) {
    return prefix == null || (isLonger ? prefix.contains(route) : prefix.equals(route));
  }

  private static NeighborEntry known(ControllerRib state, String name) {
    NeighborEntry neighbor = state.policy().document().neighbor(name);
    if (neighbor == null) {
      throw OperatorFailures.unknown(
          "neighbor",
          name,
          state.policy().document().neighbors().stream().map(NeighborEntry::name).toList());
    }
    return neighbor;
  }

  private void heard(
      ListRoutesRequest request,
      @Nullable Prefix prefix,
      long limit,
      Consumer<ListRoutesResponse> sink) {
    Relation relation =
        request.getRelation().isEmpty() ? null : OperatorAnswers.relation(request.getRelation());
    String neighbor = request.getNeighbor().isEmpty() ? null : request.getNeighbor();
    RouteQuery.Match match =
        prefix == null || request.getLonger() ? RouteQuery.Match.LONGER : RouteQuery.Match.EXACT;
    long left = limit == 0 ? Long.MAX_VALUE : limit;
    Map<Prefix, List<PathInfo>> malformed = malformed(match, prefix, neighbor, relation);
    Prefix after = null;
    do {
      RouteQuery query =
          new RouteQuery(prefix, match, neighbor, relation, (int) Math.min(PAGE, left), after);
      RoutePage page = rib.ask(state -> state.engine().routes(query));
      List<RouteInfo> routes = page.routes().stream().map(route -> with(malformed, route)).toList();
      if (!routes.isEmpty()) {
        sink.accept(ListRoutesResponse.newBuilder().addAllRoutes(routes).build());
      }
      left -= routes.size();
      after = page.next();
    } while (after != null && left > 0);
    ListRoutesResponse.Builder gone = ListRoutesResponse.newBuilder();
    malformed.entrySet().stream()
        .limit(left)
        .forEach(entry ->
            gone.addRoutes(
                RouteInfo.newBuilder()
                    .setPrefix(entry.getKey().toString())
                    .addAllPaths(entry.getValue())));
    if (gone.getRoutesCount() > 0) {
      sink.accept(gone.build());
    }
  }

  /// Routes that are not there because their UPDATE was malformed.
  private Map<Prefix, List<PathInfo>> malformed(
      RouteQuery.Match match,
      @Nullable Prefix prefix,
      @Nullable String neighbor,
      @Nullable Relation relation) {
    Map<Prefix, List<PathInfo>> found = new LinkedHashMap<>();
    for (Views.Malformed route : rib.ask(Views::malformed)) {
      if (isAsked(route.prefix(), prefix, match == RouteQuery.Match.LONGER)
          && relation == null
          && (neighbor == null || neighbor.equals(route.neighbor().name()))) {
        found
            .computeIfAbsent(route.prefix(), _ -> new ArrayList<>())
            .add(OperatorAnswers.malformed(route));
      }
    }
    return found;
  }

  private static RouteInfo with(Map<Prefix, List<PathInfo>> malformed, RouteView route) {
    RouteInfo answer = OperatorAnswers.route(route);
    List<PathInfo> more = malformed.remove(route.prefix());
    return more == null ? answer : answer.toBuilder().addAllPaths(more).build();
  }

  private void advertised(
      ListRoutesRequest request,
      @Nullable Prefix prefix,
      long limit,
      Consumer<ListRoutesResponse> sink) {
    if (request.getNeighbor().isEmpty()) {
      throw OperatorFailures.invalid(
          "advertised: no neighbor (expected: the neighbor that is told)");
    }
    if (!request.getRelation().isEmpty()) {
      throw OperatorFailures.invalid(
          "relation: '%s' (expected: none with advertised)".formatted(request.getRelation()));
    }
    record Told(
        NeighborEntry neighbor, List<ExportBlock.Announce> blocks, @Nullable AgentDriver driver) {}
    Told told =
        rib.ask(state -> {
          NeighborEntry neighbor = known(state, request.getNeighbor());
          return new Told(
              neighbor,
              state.engine().exports(state.engine().neighbor(request.getNeighbor())),
              state.driver(neighbor.router()));
        });
    Map<Prefix, AdjRibOutReader.Told> sent = sent(told.neighbor(), told.driver());
    if (sent != null) {
      sent(request, prefix, limit, told.neighbor(), sent, sink);
      return;
    }
    record Line(Prefix prefix, ExportBlock.Announce block) {}
    List<Line> lines = new ArrayList<>();
    for (ExportBlock.Announce block : told.blocks()) {
      for (Prefix one : block.prefixes()) {
        if (isAsked(one, prefix, request.getLonger())) {
          lines.add(new Line(one, block));
        }
      }
    }
    lines.sort((a, b) -> a.prefix().compareTo(b.prefix()));
    long most = limit == 0 ? lines.size() : Math.min(limit, lines.size());
    for (int from = 0; from < most; from += PAGE) {
      ListRoutesResponse.Builder page = ListRoutesResponse.newBuilder();
      for (Line line : lines.subList(from, (int) Math.min(from + PAGE, most))) {
        page.addRoutes(OperatorAnswers.announced(line.prefix(), told.neighbor(), line.block()));
      }
      sink.accept(page.build());
    }
  }
}
