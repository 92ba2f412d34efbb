package net.donut.agent.service;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import net.donut.agent.rib.AgentRib;
import net.donut.agent.rib.RibThread;
import net.donut.agent.rib.Withheld;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.WithheldRoute;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// One AdjRibOut call: what a session is announced, with the next hop it sees.
final class AdvertisedRoutes {
  private @Nullable IpAddress ipv4;
  private @Nullable IpAddress ipv6;

  private AdvertisedRoutes() {}

  /// To be called within the gRPC method, before it returns.
  static void list(String session, ServerCallStreamObserver<RouteBatch> answer, RibThread rib) {
    AdvertisedRoutes shown = new AdvertisedRoutes();
    RouteStream stream = new RouteStream(answer, rib, (_, family) -> shown.nextHop(family));
    rib.submit(table -> shown.begin(table, session, stream, answer));
  }

  private void begin(
      AgentRib table,
      String session,
      RouteStream stream,
      ServerCallStreamObserver<RouteBatch> answer) {
    ipv4 = table.nextHop(session, Family.IPV4);
    ipv6 = table.nextHop(session, Family.IPV6);
    RouteBatch.Builder withheld = RouteBatch.newBuilder().setNeighbor(session);
    for (Withheld route : table.withheld(session)) {
      withheld.addWithheld(
          WithheldRoute.newBuilder()
              .setPrefix(route.prefix().toString())
              .setReason("too-long")
              .setBytes(route.bytes())
              .setLimit(route.limit()));
    }
    if (withheld.getWithheldCount() > 0) {
      answer.onNext(withheld.build());
    }
    if (!table.listAdvertised(session, stream)) {
      answer.onError(
          Status.NOT_FOUND
              .withDescription("neighbor: '" + session + "' (expected: one that is configured)")
              .asRuntimeException());
    }
  }

  private @Nullable IpAddress nextHop(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }
}
