package net.donut.agent.service;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Arrays;
import net.donut.agent.rib.RibThread;
import net.donut.agent.rib.RouteDelta;
import net.donut.agent.rib.RouteSubscriber;
import net.donut.api.AttributeMapping;
import net.donut.api.FamilyMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.AttributeSet;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.api.agent.v1.RouteRuns;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import org.jspecify.annotations.Nullable;

/// Routes on their way to one gRPC stream, as batches that define attribute sets before their use.
/// Owned by `agent-rib`, the stream's only writer.
final class RouteStream implements RouteSubscriber {
  private static final int MOST_BYTES = 1 << 20;
  private static final int READY_BYTES = 1 << 19;

  /// What a route takes at most, its set apart: prefix, id, count.
  private static final int ROUTE_BYTES = 17 + 5 + 2;

  private static final int ROUTES = 2000;

  private final ServerCallStreamObserver<RouteBatch> stream;
  private final NextHops nextHops;
  private int[] generations = new int[256];

  /// The next hop to show for routes of a session, null for their own.
  @FunctionalInterface
  interface NextHops {
    @Nullable IpAddress of(String session, Family family);
  }

  /// To be called within the gRPC method, before it returns.
  RouteStream(ServerCallStreamObserver<RouteBatch> stream, RibThread rib, NextHops nextHops) {
    this.stream = stream;
    this.nextHops = nextHops;
    stream.setOnReadyThreshold(READY_BYTES);
    stream.setOnReadyHandler(rib::wake);
    stream.setOnCancelHandler(() -> rib.submit(table -> table.unsubscribe(this)));
  }

  @Override
  public boolean isReady() {
    return stream.isReady();
  }

  @Override
  public void completed() {
    stream.onCompleted();
  }

  @Override
  public void next(RouteDelta delta) {
    switch (delta) {
      case RouteDelta.Removed(var session) ->
          stream.onNext(RouteBatch.newBuilder().setNeighbor(session).setRemoved(true).build());
      case RouteDelta.Cleared(var session, var family, var epoch) ->
          stream.onNext(batch(session, epoch).addCleared(FamilyMapping.toProto(family)).build());
      case RouteDelta.Completed(var session, var family, var epoch) ->
          stream.onNext(
              batch(session, epoch).addEndOfSnapshot(FamilyMapping.toProto(family)).build());
      case RouteDelta.Withdrawn(var session, var family, var epoch, var prefixes) ->
          stream.onNext(
              batch(session, epoch)
                  .addGroups(withdrawn(family, NlriMapping.pack(prefixes)))
                  .build());
      case RouteDelta.Announced announced -> announced(announced);
    }
  }

  private void announced(RouteDelta.Announced announced) {
    IpAddress nextHop = nextHops.of(announced.session(), announced.family());
    RouteBatch.Builder batch = batch(announced.session(), announced.epoch());
    Runs runs = new Runs(announced.family());
    int bytes = 0;
    for (RouteDelta.Group group : announced.groups()) {
      if (bytes > MOST_BYTES) {
        stream.onNext(batch.setRuns(runs.build()).build());
        batch = batch(announced.session(), announced.epoch());
        runs = new Runs(announced.family());
        bytes = 0;
      }
      if (define(group)) {
        AttributeSet set = AttributeMapping.toProto(group.id(), shown(group, nextHop));
        batch.addAttributeSets(set);
        bytes += set.getSerializedSize();
      }
      runs.add(group);
      bytes += group.prefixes().size() * ROUTE_BYTES;
    }
    stream.onNext(batch.setRuns(runs.build()).build());
  }

  /// Collects the routes of one batch.
  private static final class Runs {
    private final RouteRuns.Builder builder = RouteRuns.newBuilder();
    private final NlriMapping.Packer nlri = new NlriMapping.Packer(ROUTES);

    Runs(Family family) {
      builder.setFamily(FamilyMapping.toProto(family));
    }

    void add(RouteDelta.Group group) {
      builder.addAttributeSetIds(group.id()).addCounts(group.prefixes().size());
      nlri.add(group.prefixes());
    }

    RouteRuns build() {
      return builder.setNlri(nlri.build()).build();
    }
  }

  private static PathAttributes shown(RouteDelta.Group group, @Nullable IpAddress nextHop) {
    return nextHop == null
        ? group.attributes()
        : group.attributes().toBuilder().nextHop(nextHop).build();
  }

  /// Whether the stream has to be told what the id stands for now.
  private boolean define(RouteDelta.Group group) {
    if (group.id() >= generations.length) {
      generations = Arrays.copyOf(generations, Math.max(group.id() + 1, generations.length * 2));
    }
    boolean known = generations[group.id()] == group.generation();
    generations[group.id()] = group.generation();
    return !known;
  }

  private static RouteBatch.Builder batch(String session, long epoch) {
    return RouteBatch.newBuilder().setNeighbor(session).setEpoch(epoch);
  }

  private static RouteGroup withdrawn(Family family, ByteString nlri) {
    return RouteGroup.newBuilder().setFamily(FamilyMapping.toProto(family)).setNlri(nlri).build();
  }
}
