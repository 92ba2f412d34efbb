package net.donut.controller.rib;

import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.controller.policy.PolicyDocument.RouterEntry;
import net.donut.controller.southbound.AgentDriver;
import net.donut.core.change.ExportBlock;
import net.donut.core.change.RouteBlock;
import net.donut.core.change.RouterDelta;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// An agent of a replay: there is none, and what it would be told is kept. Owned by the thread that
/// replays.
public final class ReplayedAgent implements AgentDriver {
  private final RouterEntry router;
  private final List<RouterDelta> changes = new ArrayList<>();
  private final Map<Prefix, Long> routes = new TreeMap<>();
  private final Map<String, Map<Prefix, PathAttributes>> announced = new TreeMap<>();
  private boolean released;
  private boolean closed;

  ReplayedAgent(RouterEntry router) {
    this.router = router;
  }

  ReplayedAgent opened() {
    closed = false;
    routes.clear();
    return this;
  }

  /// The changes that it was told, oldest first.
  public List<RouterDelta> changes() {
    return List.copyOf(changes);
  }

  /// The group of each prefix that it is to forward.
  public Map<Prefix, Long> routes() {
    return Map.copyOf(routes);
  }

  /// What a neighbor is to be told by now.
  public Map<Prefix, PathAttributes> announced(String neighbor) {
    return Map.copyOf(announced.getOrDefault(neighbor, Map.of()));
  }

  /// Whether it is to be made equal to the intent.
  public boolean isReleased() {
    return released;
  }

  /// Whether its router left the policy.
  public boolean isClosed() {
    return closed;
  }

  @Override
  public ManagedChannel channel() {
    throw new IllegalStateException("no agent of a replay can be asked");
  }

  @Override
  public Address address() {
    return new Address(router.name(), router.agentHost(), router.agentPort());
  }

  @Override
  public void configure(ConfigureRequest request) {
    // Configurations follow from the policy alone.
  }

  @Override
  public void change(long newGeneration, @Nullable RouterDelta delta, Cause cause) {
    if (delta == null) {
      return;
    }
    changes.add(delta);
    for (RouteBlock block : delta.routes()) {
      int at = 0;
      for (Prefix prefix : block.prefixes()) {
        long group = block.groups()[at++];
        if (group == 0) {
          routes.remove(prefix);
        } else {
          routes.put(prefix, group);
        }
      }
    }
  }

  @Override
  public void retryNow() {
    // There is nothing that was refused.
  }

  @Override
  public void open(long ticket) {
    // Stages hold up what is sent, not what is intended.
  }

  @Override
  public void release() {
    released = true;
  }

  @Override
  public void othersDone(long doneGeneration) {
    // As with stages.
  }

  @Override
  public void announceAll(List<? extends ExportBlock> blocks, long ofGeneration) {
    announced.clear();
    announce(blocks, ofGeneration);
  }

  @Override
  public void announce(List<? extends ExportBlock> blocks, long ofGeneration) {
    for (ExportBlock block : blocks) {
      Map<Prefix, PathAttributes> told =
          announced.computeIfAbsent(block.neighbor(), _ -> new TreeMap<>());
      for (Prefix prefix : block.prefixes()) {
        switch (block) {
          case ExportBlock.Announce announce -> told.put(prefix, announce.attributes());
          case ExportBlock.Withdraw _ -> told.remove(prefix);
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
