package net.donut.agent.gribi;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import net.donut.agent.fib.AgentForwarding;
import net.donut.agent.fib.RouteTable;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// Overrides that stand: prefixes on a group for a limited time, and the group each goes back to.
/// Owned by `agent-fib`.
final class GribiOverrides {
  /*
   * A route that goes back takes the way of a REPLACE through the forwarding plane. It does not take
   * the way through the RIB: there it would end the waiting of a client's later operation.
   *
   * An override holds no reference to the group it goes back to, so clients may delete that group. It
   * is looked up by its id when the time is over.
   *
   * Each prefix has at most one. Those that end at once are put back in turns of a bounded number.
   */

  private static final int MOST_A_TURN = 256;

  private record Place(RouteTable table, int slot) {}

  private record Standing(
      Place place, RibInstance instance, long then, long endNanos, long number) {
    static int inOrder(Standing a, Standing b) {
      long later = a.endNanos - b.endNanos;
      return later == 0 ? Long.compare(a.number, b.number) : Long.signum(later);
    }
  }

  private final AgentForwarding forwarding;
  private final Map<Place, Standing> standing = new HashMap<>();
  private final TreeSet<Standing> byEnd = new TreeSet<>(Standing::inOrder);
  private long nextNumber;

  GribiOverrides(AgentForwarding forwarding) {
    this.forwarding = forwarding;
  }

  /// Why a prefix of an instance cannot be overridden as its metadata says, or null.
  static @Nullable String objection(OverrideText text, RibInstance instance) {
    return switch (text) {
      case OverrideText.Absent _ -> null;
      case OverrideText.Unreadable(String why) -> why;
      case OverrideText.Terms(_, long then) ->
          instance.groups().containsKey(then)
              ? null
              : "override then: "
                  + instance.missing("next-hop group", then)
                  + " (expected: a group that is there)";
    };
  }

  /// Takes what an accepted operation says of its prefix, in place of what was known.
  void put(RibInstance instance, RouteTable table, int slot, OverrideText text, long arrivedNanos) {
    end(table, slot);
    if (text instanceof OverrideText.Terms(long millis, long then)) {
      Place place = new Place(table, slot);
      long endNanos = arrivedNanos + TimeUnit.MILLISECONDS.toNanos(millis);
      Standing begun = new Standing(place, instance, then, endNanos, nextNumber++);
      standing.put(place, begun);
      byEnd.add(begun);
    }
  }

  /// Forgets the override of a prefix, if there is one.
  void end(RouteTable table, int slot) {
    if (!standing.isEmpty()) {
      Standing ended = standing.remove(new Place(table, slot));
      if (ended != null) {
        byEnd.remove(ended);
      }
    }
  }

  /// Forgets all overrides of an instance.
  void endAll(RibInstance instance) {
    standing.values().removeIf(each -> each.instance() == instance);
    byEnd.removeIf(each -> each.instance() == instance);
  }

  int size() {
    return standing.size();
  }

  /// Puts the prefixes back whose time is over. Returns nanoseconds until the next.
  long runTimers(long nowNanos) {
    int done = 0;
    while (done < MOST_A_TURN && untilNext(nowNanos) <= 0) {
      goBack(byEnd.removeFirst());
      done++;
    }
    if (done > 0) {
      forwarding.flush();
    }
    return Math.max(1, untilNext(nowNanos));
  }

  private long untilNext(long nowNanos) {
    return byEnd.isEmpty() ? Long.MAX_VALUE : byEnd.getFirst().endNanos() - nowNanos;
  }

  private void goBack(Standing over) {
    standing.remove(over.place());
    RouteTable table = over.place().table();
    int slot = over.place().slot();
    Prefix prefix = table.prefix(slot);
    RibInstance.GroupEntry back = over.instance().groups().get(over.then());
    if (back == null) {
      String stays = Long.toUnsignedString(forwarding.group(table.intent(slot)).id());
      forwarding.notice(
          "%s: its override is over, but %s; it stays on group %s"
              .formatted(prefix, over.instance().missing("next-hop group", over.then()), stays));
      return;
    }
    String text =
        "%s: its override is over, back on group %s"
            .formatted(prefix, Long.toUnsignedString(over.then()));
    over.instance().forgetMessage(table.family(), slot);
    forwarding.putRoute(
        table,
        prefix.high(),
        prefix.low(),
        prefix.length(),
        back.group(),
        (_, error) ->
            forwarding.notice(error == null ? text : text + ", not in the kernel: " + error),
        0);
  }
}
