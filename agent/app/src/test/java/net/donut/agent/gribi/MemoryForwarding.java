package net.donut.agent.gribi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.donut.agent.fib.AgentForwarding;
import net.donut.agent.fib.FibHop;
import net.donut.agent.fib.Group;
import net.donut.agent.fib.Instance;
import net.donut.agent.fib.MemoryRoutes;
import net.donut.agent.fib.RemovalGuard;
import net.donut.agent.fib.RouteAck;
import net.donut.agent.fib.RouteTable;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// A forwarding plane that only remembers. It answers route requests at [#flush], as the kernel
/// does.
final class MemoryForwarding implements AgentForwarding {
  private final Map<String, Instance> instances = new LinkedHashMap<>();
  private final List<@Nullable Group> groups = new ArrayList<>();
  private final Set<FibHop> hops = new LinkedHashSet<>();
  private final List<Runnable> answers = new ArrayList<>();
  private final RemovalGuard guard = new RemovalGuard(30);
  private final List<String> notices = new ArrayList<>();

  MemoryForwarding(String... names) {
    groups.add(null);
    for (String name : names) {
      instances.put(name, new Instance(name, 254 + instances.size() * 1000));
    }
  }

  Set<FibHop> hops() {
    return hops;
  }

  List<String> notices() {
    return List.copyOf(notices);
  }

  long groupCount() {
    return groups.stream().filter(Objects::nonNull).count();
  }

  @Override
  public Collection<Instance> instances() {
    return instances.values();
  }

  @Override
  public @Nullable Instance instance(String name) {
    return instances.get(name);
  }

  @Override
  public Group newGroup(Instance instance, long id) {
    Group group = new Group(instance, id, groups.size());
    groups.add(group);
    return group;
  }

  @Override
  public @Nullable String putHop(FibHop hop) {
    hops.add(hop);
    return null;
  }

  @Override
  public void removeHop(FibHop hop) {
    hops.remove(hop);
  }

  @Override
  public @Nullable String putGroup(Group group) {
    return null;
  }

  @Override
  public void removeGroup(Group group) {
    groups.set(group.handle(), null);
  }

  @Override
  public int putRoute(
      RouteTable table, long high, long low, int length, Group group, RouteAck ack, long token) {
    Group before = intended(table, table.findIntended(high, low, length));
    int slot = MemoryRoutes.put(table, high, low, length, group, before);
    answers.add(() -> ack.programmed(token, null));
    return slot;
  }

  @Override
  public int withholdRoute(
      RouteTable table,
      long high,
      long low,
      int length,
      Group group,
      String reason,
      RouteAck ack,
      long token) {
    int slot = putRoute(table, high, low, length, group, (_, _) -> {}, token);
    answers.add(() -> ack.programmed(token, reason));
    return slot;
  }

  @Override
  public void removeRoute(RouteTable table, int slot, RouteAck ack, long token) {
    MemoryRoutes.remove(table, slot, intended(table, slot));
    answers.add(() -> ack.programmed(token, null));
  }

  private @Nullable Group intended(RouteTable table, int slot) {
    return slot < 0 ? null : groups.get(table.intent(slot));
  }

  @Override
  public void removeRoutes(Instance instance) {
    for (Family family : Family.values()) {
      RouteTable table = instance.routes(family);
      for (int slot = 0; slot < table.capacity(); slot++) {
        if (table.isIntended(slot)) {
          removeRoute(table, slot, (_, _) -> {}, 0);
        }
      }
    }
  }

  @Override
  public RemovalGuard guard() {
    return guard;
  }

  @Override
  public void notice(String text) {
    notices.add(text);
  }

  @Override
  public Group group(int handle) {
    return Objects.requireNonNull(groups.get(handle));
  }

  @Override
  public void flush() {
    List<Runnable> due = List.copyOf(answers);
    answers.clear();
    due.forEach(Runnable::run);
  }
}
