package net.donut.agent.gribi;

import gribi_aft.GribiAft.Afts;
import java.util.List;
import net.donut.agent.fib.AgentForwarding;
import net.donut.agent.fib.FibHop;
import net.donut.agent.fib.HopSpec;
import org.jspecify.annotations.Nullable;

/// Next hops: referred to by groups of their instance. Owned by `agent-fib`.
final class HopEntries implements EntryRules {
  private final AgentForwarding forwarding;

  HopEntries(AgentForwarding forwarding) {
    this.forwarding = forwarding;
  }

  @Override
  public OperationTarget target(Operation operation) {
    long index = operation.message().getNextHop().getIndex();
    return index == 0
        ? new OperationResult.Failed("next_hop index: 0 (expected: 1 or more)")
        : EntryKey.nextHop(operation.instance().name(), index);
  }

  @Override
  public OperationResult apply(Operation operation, EntryKey key) {
    RibInstance instance = operation.instance();
    Afts.NextHopKey message = operation.message().getNextHop();
    RibInstance.HopEntry before = instance.hops().get(message.getIndex());
    if (operation.isDelete()) {
      return before == null ? OperationResult.DONE : delete(instance, before.hop());
    }
    if (operation.isReplace() && before == null) {
      return new OperationResult.Failed(
          instance.missing("next hop", message.getIndex()) + "; REPLACE needs it");
    }
    return put(instance, message, before);
  }

  private OperationResult delete(RibInstance instance, FibHop hop) {
    if (hop.isReferenced()) {
      return new OperationResult.Failed(hop + ": referenced by a next-hop group");
    }
    remove(instance, hop);
    return OperationResult.DONE;
  }

  private void remove(RibInstance instance, FibHop hop) {
    forwarding.removeHop(hop);
    instance.hops().remove(hop.index());
  }

  private OperationResult put(
      RibInstance instance, Afts.NextHopKey message, RibInstance.@Nullable HopEntry before) {
    long index = message.getIndex();
    HopSpec spec;
    try {
      spec = HopSpecs.of(message.getNextHop(), instance.name());
    } catch (IllegalArgumentException e) {
      return new OperationResult.Failed(
          "next hop " + Long.toUnsignedString(index) + ": " + e.getMessage());
    }
    FibHop hop;
    if (before == null) {
      hop = new FibHop(instance.instance(), index, spec);
    } else {
      hop = before.hop();
      hop.replaceSpec(spec);
    }
    String refusal = forwarding.putHop(hop);
    String error = refusal == null ? "" : refusal;
    instance.hops().put(index, new RibInstance.HopEntry(hop, message, error));
    return new OperationResult.Held(
        error, before == null ? OperationResult.Entry.NEW : OperationResult.Entry.KNOWN_BEFORE);
  }

  /// Removes the next hops of an instance that no group refers to. Returns whether any had to stay.
  boolean removeUnreferenced(RibInstance instance) {
    for (RibInstance.HopEntry entry : List.copyOf(instance.hops().values())) {
      if (!entry.hop().isReferenced()) {
        remove(instance, entry.hop());
      }
    }
    return !instance.hops().isEmpty();
  }
}
