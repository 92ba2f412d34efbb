package net.donut.agent.service;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.agent.rib.Advertiser;
import net.donut.agent.rib.AgentRib;
import net.donut.agent.rib.RibPort;
import net.donut.agent.rib.RibTask;
import net.donut.agent.rib.RibThread;
import net.donut.api.AttributeMapping;
import net.donut.api.FamilyMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.AdvertiseRequest;
import net.donut.api.agent.v1.AdvertiseResponse;
import net.donut.api.agent.v1.AttributeSet;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import org.jspecify.annotations.Nullable;

/// One Advertise stream. Requests are read in gRPC callbacks, one after the other, and applied on
/// `agent-rib`, which writes the acknowledgements and asks for the next request: at most WINDOW
/// wait at a time. `sets` belongs to the callbacks, the rest to `agent-rib`.
final class AdvertiseStream implements StreamObserver<AdvertiseRequest>, Advertiser {
  private static final int WINDOW = 16;

  private final ServerCallStreamObserver<AdvertiseResponse> stream;
  private final RibThread rib;
  private final RibPort port;
  private final Map<Integer, PathAttributes> sets = new HashMap<>();
  private final Set<String> unknown = new HashSet<>();
  private State state = State.OPEN;

  private enum State {
    OPEN,
    CLOSED
  }

  private record Routes(Prefixes prefixes, @Nullable PathAttributes attributes) {}

  /// To be called within the gRPC method, before it returns.
  AdvertiseStream(ServerCallStreamObserver<AdvertiseResponse> stream, RibThread rib, RibPort port) {
    this.stream = stream;
    this.rib = rib;
    this.port = port;
    stream.disableAutoRequest();
    stream.setOnCancelHandler(() -> rib.submit(table -> leave(table, "cancelled")));
    stream.request(WINDOW);
  }

  @Override
  public void onNext(AdvertiseRequest request) {
    RibTask step;
    try {
      step = read(request);
    } catch (IllegalArgumentException e) {
      rib.submit(table -> fail(table, Status.INVALID_ARGUMENT.withDescription(e.getMessage())));
      return;
    }
    long seq = request.getSeq();
    rib.submit(table -> {
      if (state == State.OPEN) {
        step.run(table);
        stream.onNext(AdvertiseResponse.newBuilder().setSeq(seq).build());
        stream.request(1);
      }
    });
  }

  private RibTask read(AdvertiseRequest request) {
    return switch (request.getStepCase()) {
      case BEGIN -> table -> table.beginAdvertising(this);
      case END -> table -> table.endAdvertising(this);
      case BATCH -> read(request.getBatch());
      case STEP_NOT_SET ->
          throw new IllegalArgumentException("step: none (expected: begin, batch or end)");
    };
  }

  private RibTask read(RouteBatch batch) {
    for (AttributeSet set : batch.getAttributeSetsList()) {
      if (set.getId() == 0) {
        throw new IllegalArgumentException("attribute set id: 0 (expected: 1 or more)");
      }
      sets.put(set.getId(), AttributeMapping.fromProto(set));
    }
    List<Routes> routes = new ArrayList<>(batch.getGroupsCount());
    for (RouteGroup group : batch.getGroupsList()) {
      routes.add(
          new Routes(
              NlriMapping.unpack(FamilyMapping.fromProto(group.getFamily()), group.getNlri()),
              attributes(group.getAttributeSetId())));
    }
    String session = batch.getNeighbor();
    return table -> apply(table, session, routes);
  }

  private @Nullable PathAttributes attributes(int id) {
    PathAttributes found = sets.get(id);
    if (id != 0 && found == null) {
      throw new IllegalArgumentException(
          "attribute set id: "
              + Integer.toUnsignedString(id)
              + " (expected: one defined before in this stream, or 0 to withdraw)");
    }
    return id == 0 ? null : found;
  }

  private void apply(AgentRib table, String session, List<Routes> routes) {
    for (Routes part : routes) {
      if (!table.advertise(this, session, part.prefixes(), part.attributes())
          && unknown.add(session)) {
        port.notice(
            "advertise: neighbor '" + session + "' is not configured; its routes are ignored");
      }
    }
  }

  @Override
  public void onError(Throwable cause) {
    rib.submit(table -> leave(table, String.valueOf(cause.getMessage())));
  }

  @Override
  public void onCompleted() {
    rib.submit(table -> {
      if (state == State.OPEN) {
        leave(table, "completed");
        stream.onCompleted();
      }
    });
  }

  @Override
  public void superseded() {
    if (state == State.OPEN) {
      state = State.CLOSED;
      stream.onError(
          Status.ABORTED
              .withDescription("advertise: another stream began (expected: one at a time)")
              .asRuntimeException());
    }
  }

  private void fail(AgentRib table, Status status) {
    if (state == State.OPEN) {
      leave(table, String.valueOf(status.getDescription()));
      stream.onError(status.asRuntimeException());
    }
  }

  private void leave(AgentRib table, String cause) {
    if (state == State.OPEN) {
      state = State.CLOSED;
      table.leaveAdvertising(this);
      ServiceLog.advertiserGone(cause);
    }
  }
}
