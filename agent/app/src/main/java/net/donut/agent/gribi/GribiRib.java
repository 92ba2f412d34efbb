package net.donut.agent.gribi;

import gribi.Gribi.AFTOperation;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import net.donut.agent.fib.AgentForwarding;
import net.donut.agent.fib.Instance;
import net.donut.agent.fib.RemovalGuard;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// The gRIBI RIB: entries by network instance, and the rules by which they refer to each other.
/// Owned by `agent-fib`.
final class GribiRib {
  /*
   * Every operation ends in exactly one call to its sink: `failed` when the RIB does not accept it,
   * `programmed` with the forwarding plane's answer otherwise. In QUEUE mode an operation with a
   * missing reference may wait for that call; a later operation on the same entry then fails the one
   * that waits, so that the entry ends as the last operation says.
   *
   * The rules of each kind of entry return a result; only this class calls the sink.
   */

  private final AgentForwarding forwarding;
  private final ForwardReferences mode;
  private final Map<String, RibInstance> instances = new LinkedHashMap<>();
  private final PendingOperations pending = new PendingOperations();
  private final GribiOverrides overrides;
  private final HopEntries hops;
  private final GroupEntries groups;
  private final PrefixEntries ipv4;
  private final PrefixEntries ipv6;
  private final LabelEntries labels;

  GribiRib(AgentForwarding forwarding, ForwardReferences mode) {
    this.forwarding = forwarding;
    this.mode = mode;
    this.overrides = new GribiOverrides(forwarding);
    for (Instance instance : forwarding.instances()) {
      instances.put(instance.name(), new RibInstance(instance));
    }
    GroupLookup lookup = new GroupLookup(instances);
    this.hops = new HopEntries(forwarding);
    this.groups = new GroupEntries(forwarding);
    this.ipv4 = new PrefixEntries(Family.IPV4, forwarding, lookup, overrides);
    this.ipv6 = new PrefixEntries(Family.IPV6, forwarding, lookup, overrides);
    this.labels = new LabelEntries(lookup);
  }

  RemovalGuard guard() {
    return forwarding.guard();
  }

  Collection<RibInstance> instances() {
    return instances.values();
  }

  @Nullable RibInstance instance(String name) {
    return instances.get(name);
  }

  /// The gRIBI id of a group by its handle.
  long groupId(int handle) {
    return forwarding.group(handle).id();
  }

  GribiOverrides overrides() {
    return overrides;
  }

  // ---- operations

  /// Executes one operation that reached the agent at a time. Its result may come only with
  /// [#flush].
  void execute(AFTOperation message, OperationSink sink, long arrivedNanos) {
    EntryKey appeared = run(message, sink, arrivedNanos);
    if (appeared != null && !pending.isEmpty()) {
      runWhatWaitsFor(appeared);
    }
  }

  private void runWhatWaitsFor(EntryKey first) {
    ArrayDeque<EntryKey> appeared = new ArrayDeque<>(List.of(first));
    while (!appeared.isEmpty()) {
      for (PendingOperations.Waiting waiting : pending.takeWaitingFor(appeared.remove())) {
        EntryKey another = run(waiting.operation(), waiting.sink(), waiting.arrivedNanos());
        if (another != null) {
          appeared.add(another);
        }
      }
    }
  }

  /// Executes one operation. Returns the entry that is there since, if others may wait for it.
  private @Nullable EntryKey run(AFTOperation message, OperationSink sink, long arrivedNanos) {
    RibInstance instance = instances.get(message.getNetworkInstance());
    if (instance == null) {
      sink.failed(
          message.getId(),
          "network_instance: '"
              + message.getNetworkInstance()
              + "' (expected: one of "
              + instances.keySet()
              + ")");
      return null;
    }
    Operation operation = new Operation(instance, message, sink, arrivedNanos);
    EntryRules rules = rulesOf(message);
    return switch (rules.target(operation)) {
      case OperationResult.Failed(String text) -> {
        sink.failed(operation.id(), text);
        yield null;
      }
      case EntryKey key -> {
        supersede(key, operation.id());
        yield conclude(operation, key, rules.apply(operation, key), sink);
      }
    };
  }

  private EntryRules rulesOf(AFTOperation message) {
    return switch (message.getOp()) {
      case INVALID, UNRECOGNIZED ->
          new EntryRules.Unsupported(
              "op: " + message.getOpValue() + " (expected: ADD, REPLACE or DELETE)");
      case ADD, REPLACE, DELETE ->
          switch (message.getEntryCase()) {
            case NEXT_HOP -> hops;
            case NEXT_HOP_GROUP -> groups;
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
            case MPLS -> labels;
            case MAC_ENTRY -> new EntryRules.Unsupported("mac_entry: not supported");
            case POLICY_FORWARDING_ENTRY ->
                new EntryRules.Unsupported("policy_forwarding_entry: not supported");
            case ENTRY_NOT_SET ->
                new EntryRules.Unsupported(
                    "entry: none (expected: ipv4, ipv6, mpls, next_hop_group or next_hop)");
          };
    };
  }

  private @Nullable EntryKey conclude(
      Operation operation, EntryKey key, OperationResult result, OperationSink sink) {
    switch (result) {
      case OperationResult.Held(String fibError, OperationResult.Entry entry) -> {
        sink.programmed(operation.id(), fibError.isEmpty() ? null : fibError);
        return entry == OperationResult.Entry.NEW ? key : null;
      }
      case OperationResult.Sent() -> {}
      case OperationResult.Failed(String text) -> sink.failed(operation.id(), text);
      case OperationResult.Waiting(EntryKey missing, String text) ->
          await(operation, key, missing, text, sink);
    }
    return null;
  }

  private void await(
      Operation operation, EntryKey key, EntryKey missing, String text, OperationSink sink) {
    if (mode == ForwardReferences.REJECT) {
      sink.failed(operation.id(), text);
    } else if (pending.isFull()) {
      sink.failed(
          operation.id(),
          text + "; operations that wait: " + PendingOperations.MOST + ", no room for more");
    } else {
      pending.add(
          new PendingOperations.Waiting(
              key, missing, operation.message(), sink, operation.arrivedNanos()));
    }
  }

  /// A later operation on an entry ends the waiting of an earlier one.
  private void supersede(EntryKey key, long id) {
    PendingOperations.Waiting earlier = pending.isEmpty() ? null : pending.takeOf(key);
    if (earlier != null) {
      earlier
          .sink()
          .failed(
              earlier.operation().getId(),
              "superseded by operation " + Long.toUnsignedString(id) + " while it waited");
    }
  }

  /// Waits for the forwarding plane's answers to all operations executed so far.
  void flush() {
    forwarding.flush();
  }

  /// Forgets the waiting operations of a client that is gone or no longer primary: they get no
  /// result.
  void cancelWaiting(OperationSink sink) {
    if (!pending.isEmpty()) {
      pending.takeAll(waiting -> waiting.sink().equals(sink));
    }
  }

  // ---- flush

  /// Removes all entries of some instances, as far as nothing in others refers to them. Returns
  /// whether anything had to stay.
  boolean flushInstances(Collection<RibInstance> flushed) {
    Predicate<PendingOperations.Waiting> concerned =
        waiting ->
            flushed.stream().anyMatch(each -> each.name().equals(waiting.entry().instance()));
    for (PendingOperations.Waiting waiting : pending.takeAll(concerned)) {
      waiting.sink().failed(waiting.operation().getId(), "flushed while it waited");
    }
    for (RibInstance instance : flushed) {
      forwarding.removeRoutes(instance.instance());
      instance.forgetMessages();
      overrides.endAll(instance);
      labels.removeAll(instance);
    }
    boolean remains = false;
    for (RibInstance instance : flushed) {
      remains |= groups.removeUnreferenced(instance);
    }
    for (RibInstance instance : flushed) {
      remains |= hops.removeUnreferenced(instance);
    }
    return remains;
  }
}
