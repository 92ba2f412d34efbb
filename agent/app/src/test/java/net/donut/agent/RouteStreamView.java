package net.donut.agent;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.donut.api.AttributeMapping;
import net.donut.api.FamilyMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.AttributeSet;
import net.donut.api.agent.v1.Family;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.api.agent.v1.RouteRuns;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.jspecify.annotations.Nullable;

/// What a stream of route batches says, read one batch a request. Any thread may look.
public final class RouteStreamView<T> implements ClientResponseObserver<T, RouteBatch> {
  private final Map<Integer, PathAttributes> sets = new HashMap<>();
  private final Map<String, Map<Prefix, PathAttributes>> routes = new HashMap<>();
  private final List<String> marks = new ArrayList<>();
  private @Nullable ClientCallStreamObserver<T> call;
  private @Nullable Throwable failure;
  private boolean completed;
  private int batches;

  @Override
  public synchronized void beforeStart(ClientCallStreamObserver<T> stream) {
    call = stream;
    stream.disableAutoRequestWithInitial(1);
  }

  /// Reads on.
  public synchronized void request(int count) {
    if (call != null) {
      call.request(count);
    }
  }

  public synchronized void cancel() {
    if (call != null) {
      call.cancel("done", null);
    }
  }

  @Override
  public synchronized void onNext(RouteBatch batch) {
    batches++;
    for (AttributeSet set : batch.getAttributeSetsList()) {
      sets.put(set.getId(), AttributeMapping.fromProto(set));
    }
    for (Family family : batch.getClearedList()) {
      marks.add("cleared " + batch.getNeighbor() + " " + FamilyMapping.fromProto(family));
      table(batch.getNeighbor())
          .keySet()
          .removeIf(prefix -> prefix.family() == FamilyMapping.fromProto(family));
    }
    for (RouteGroup group : batch.getGroupsList()) {
      PathAttributes attributes = sets.get(group.getAttributeSetId());
      if (group.getAttributeSetId() != 0 && attributes == null) {
        failure = new IllegalStateException("undefined set " + group.getAttributeSetId());
      }
      for (Prefix prefix :
          NlriMapping.unpack(FamilyMapping.fromProto(group.getFamily()), group.getNlri())) {
        if (attributes == null) {
          table(batch.getNeighbor()).remove(prefix);
        } else {
          table(batch.getNeighbor()).put(prefix, attributes);
        }
      }
    }
    RouteRuns runs = batch.getRuns();
    Prefixes all =
        NlriMapping.unpack(
            FamilyMapping.fromProto(batch.hasRuns() ? runs.getFamily() : Family.FAMILY_IPV4),
            runs.getNlri());
    int from = 0;
    for (int i = 0; i < runs.getAttributeSetIdsCount(); i++) {
      PathAttributes attributes = sets.get(runs.getAttributeSetIds(i));
      if (attributes == null) {
        failure = new IllegalStateException("undefined set " + runs.getAttributeSetIds(i));
        return;
      }
      int end = from + runs.getCounts(i);
      for (Prefix prefix : all.slice(from, end)) {
        table(batch.getNeighbor()).put(prefix, attributes);
      }
      from = end;
    }
    for (Family family : batch.getEndOfSnapshotList()) {
      marks.add("end " + batch.getNeighbor() + " " + FamilyMapping.fromProto(family));
    }
    if (batch.getRemoved()) {
      marks.add("removed " + batch.getNeighbor());
      routes.remove(batch.getNeighbor());
    }
  }

  private Map<Prefix, PathAttributes> table(String neighbor) {
    return routes.computeIfAbsent(neighbor, _ -> new TreeMap<>());
  }

  @Override
  public synchronized void onError(Throwable cause) {
    failure = cause;
  }

  @Override
  public synchronized void onCompleted() {
    completed = true;
  }

  public synchronized Map<Prefix, PathAttributes> routes(String neighbor) {
    return new TreeMap<>(table(neighbor));
  }

  public synchronized int count(String neighbor) {
    return table(neighbor).size();
  }

  public synchronized List<String> marks() {
    return List.copyOf(marks);
  }

  public synchronized @Nullable Throwable failure() {
    return failure;
  }

  public synchronized boolean isCompleted() {
    return completed;
  }

  public synchronized int batches() {
    return batches;
  }
}
