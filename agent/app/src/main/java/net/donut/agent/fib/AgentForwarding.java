package net.donut.agent.fib;

import java.util.Collection;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// The forwarding plane as the gRIBI RIB sees it: the kernel, or a fake in tests. Every method is
/// for the owner, `agent-fib`. Errors are one line each.
public interface AgentForwarding {
  Collection<Instance> instances();

  /// The network instance of a name, or null.
  @Nullable Instance instance(String name);

  /// A new group without content; it means nothing to the kernel before [#putGroup].
  Group newGroup(Instance instance, long id);

  /// Programs a hop that is new or whose spec changed, and all groups that use it. Returns why it
  /// cannot carry what was asked for, or null.
  @Nullable String putHop(FibHop hop);

  /// Removes a hop that no group refers to.
  void removeHop(FibHop hop);

  /// Programs a group that is new or whose content changed, and all groups it backs up. Returns
  /// what the kernel refused, or null.
  @Nullable String putGroup(Group group);

  /// Removes a group that nothing refers to.
  void removeGroup(Group group);

  /// Makes a route use a group and returns its slot. The answer comes now or in [#flush].
  int putRoute(
      RouteTable table, long high, long low, int length, Group group, RouteAck ack, long token);

  /// As [#putRoute] for a route that the kernel must not have, because it asks for what cannot be
  /// done; `reason` is its answer.
  int withholdRoute(
      RouteTable table,
      long high,
      long low,
      int length,
      Group group,
      String reason,
      RouteAck ack,
      long token);

  /// Takes an intended route away; its slot is free once the answer is there.
  void removeRoute(RouteTable table, int slot, RouteAck ack, long token);

  /// Removes all routes of a network instance, and from the kernel in bulk where it can.
  void removeRoutes(Instance instance);

  /// What limits removals.
  RemovalGuard guard();

  /// Tells the operator one line.
  void notice(String text);

  /// The group of a handle.
  Group group(int handle);

  /// Waits for the answers to all requests given so far.
  void flush();

  /// The routes of a family in an instance.
  default RouteTable routes(Instance instance, Family family) {
    return instance.routes(family);
  }
}
