package net.donut.agent.gribi;

import com.google.protobuf.ByteString;
import gribi.Gribi.AFTOperation;
import gribi_aft.GribiAft.Afts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import net.donut.agent.fib.AgentForwarding;
import net.donut.agent.fib.FibHop;
import net.donut.agent.fib.Group;
import net.donut.agent.fib.HopSpec;
import net.donut.agent.fib.Instance;
import net.donut.agent.fib.RemovalGuard;
import net.donut.agent.fib.RouteTable;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.table.PrefixTable;
import org.jspecify.annotations.Nullable;
import ywrapper.Ywrapper.BytesValue;

/// The gRIBI RIB: entries by network instance, and the rules by which they refer to each other.
/// Owned by `agent-fib`.
final class GribiRib {
  /*
   * Every operation ends in exactly one call to its sink: `failed` when the RIB does not accept it,
   * `programmed` with the forwarding plane's answer otherwise. In QUEUE mode an operation with a
   * missing reference may wait for that call; a later operation on the same entry then fails the one
   * that waits, so that the entry ends as the last operation says.
   */

  private static final int MOST_BACKUPS = 16;
  private static final ByteString WITHDRAWN = ByteString.copyFromUtf8("withdrawn");

  private final AgentForwarding forwarding;
  private final ForwardReferences mode;
  private final Map<String, RibInstance> instances = new LinkedHashMap<>();
  private final PendingOperations pending = new PendingOperations();
  private final PrefixText prefix = new PrefixText();
  private final ArrayDeque<EntryKey> appeared = new ArrayDeque<>();
  private final GribiOverrides overrides;
  private long arrivedNanos;

  GribiRib(AgentForwarding forwarding, ForwardReferences mode) {
    this.forwarding = forwarding;
    this.mode = mode;
    this.overrides = new GribiOverrides(forwarding);
    for (Instance instance : forwarding.instances()) {
      instances.put(instance.name(), new RibInstance(instance));
    }
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

  /// Executes one operation that reached the agent at a time. Its result may come only with
  /// [#flush].
  void execute(AFTOperation operation, OperationSink sink, long nowNanos) {
    run(operation, sink, nowNanos);
    while (!appeared.isEmpty()) {
      for (PendingOperations.Waiting waiting : pending.takeWaitingFor(appeared.remove())) {
        run(waiting.operation(), waiting.sink(), waiting.arrivedNanos());
      }
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

  private void run(AFTOperation operation, OperationSink sink, long arrived) {
    arrivedNanos = arrived;
    long id = operation.getId();
    RibInstance instance = instances.get(operation.getNetworkInstance());
    if (instance == null) {
      sink.failed(
          id,
          "network_instance: '"
              + operation.getNetworkInstance()
              + "' (expected: one of "
              + instances.keySet()
              + ")");
      return;
    }
    switch (operation.getOp()) {
      case ADD, REPLACE, DELETE -> {}
      case INVALID, UNRECOGNIZED -> {
        sink.failed(id, "op: " + operation.getOpValue() + " (expected: ADD, REPLACE or DELETE)");
        return;
      }
    }
    switch (operation.getEntryCase()) {
      case NEXT_HOP -> nextHop(instance, operation, sink);
      case NEXT_HOP_GROUP -> group(instance, operation, sink);
      case IPV4 -> ipv4(instance, operation, sink);
      case IPV6 -> ipv6(instance, operation, sink);
      case MPLS -> label(instance, operation, sink);
      case MAC_ENTRY -> sink.failed(id, "mac_entry: not supported");
      case POLICY_FORWARDING_ENTRY -> sink.failed(id, "policy_forwarding_entry: not supported");
      case ENTRY_NOT_SET ->
          sink.failed(id, "entry: none (expected: ipv4, ipv6, mpls, next_hop_group or next_hop)");
    }
  }

  // ---- next hops

  private void nextHop(RibInstance instance, AFTOperation operation, OperationSink sink) {
    long id = operation.getId();
    Afts.NextHopKey message = operation.getNextHop();
    long index = message.getIndex();
    if (index == 0) {
      sink.failed(id, "next_hop index: 0 (expected: 1 or more)");
      return;
    }
    EntryKey key = EntryKey.nextHop(instance.name(), index);
    supersede(key, id);
    RibInstance.HopEntry before = instance.hops().get(index);
    switch (operation.getOp()) {
      case DELETE -> deleteHop(instance, index, before, id, sink);
      case REPLACE -> {
        if (before == null) {
          sink.failed(id, missing("next hop", index, instance) + "; REPLACE needs it");
          return;
        }
        putHop(instance, message, before, key, id, sink);
      }
      case ADD, INVALID, UNRECOGNIZED -> putHop(instance, message, before, key, id, sink);
    }
  }

  private void deleteHop(
      RibInstance instance,
      long index,
      RibInstance.@Nullable HopEntry before,
      long id,
      OperationSink sink) {
    if (before != null && before.hop().isReferenced()) {
      sink.failed(id, before.hop() + ": referenced by a next-hop group");
      return;
    }
    if (before != null) {
      forwarding.removeHop(before.hop());
      instance.hops().remove(index);
    }
    sink.programmed(id, null);
  }

  private void putHop(
      RibInstance instance,
      Afts.NextHopKey message,
      RibInstance.@Nullable HopEntry before,
      EntryKey key,
      long id,
      OperationSink sink) {
    HopSpec spec;
    try {
      spec = HopSpecs.of(message.getNextHop(), instance.name());
    } catch (IllegalArgumentException e) {
      sink.failed(
          id, "next hop " + Long.toUnsignedString(message.getIndex()) + ": " + e.getMessage());
      return;
    }
    FibHop hop;
    if (before == null) {
      hop = new FibHop(instance.instance(), message.getIndex(), spec);
    } else {
      hop = before.hop();
      hop.replaceSpec(spec);
    }
    String error = forwarding.putHop(hop);
    instance
        .hops()
        .put(
            message.getIndex(), new RibInstance.HopEntry(hop, message, error == null ? "" : error));
    sink.programmed(id, error);
    if (before == null) {
      appeared.add(key);
    }
  }

  // ---- next-hop groups

  private void group(RibInstance instance, AFTOperation operation, OperationSink sink) {
    long id = operation.getId();
    Afts.NextHopGroupKey message = operation.getNextHopGroup();
    long groupId = message.getId();
    if (groupId == 0) {
      sink.failed(id, "next_hop_group id: 0 (expected: 1 or more)");
      return;
    }
    EntryKey key = EntryKey.group(instance.name(), groupId);
    supersede(key, id);
    RibInstance.GroupEntry before = instance.groups().get(groupId);
    switch (operation.getOp()) {
      case DELETE -> deleteGroup(instance, groupId, before, id, sink);
      case REPLACE -> {
        if (before == null) {
          sink.failed(id, missing("next-hop group", groupId, instance) + "; REPLACE needs it");
          return;
        }
        putGroup(instance, operation, before, key, sink);
      }
      case ADD, INVALID, UNRECOGNIZED -> putGroup(instance, operation, before, key, sink);
    }
  }

  private void deleteGroup(
      RibInstance instance,
      long groupId,
      RibInstance.@Nullable GroupEntry before,
      long id,
      OperationSink sink) {
    if (before != null && before.group().isReferenced()) {
      sink.failed(id, before.group() + ": referenced by " + before.group().references());
      return;
    }
    if (before != null) {
      before.group().replaceContent(List.of(), null);
      forwarding.removeGroup(before.group());
      instance.groups().remove(groupId);
    }
    sink.programmed(id, null);
  }

  private void putGroup(
      RibInstance instance,
      AFTOperation operation,
      RibInstance.@Nullable GroupEntry before,
      EntryKey key,
      OperationSink sink) {
    long id = operation.getId();
    Afts.NextHopGroupKey message = operation.getNextHopGroup();
    Afts.NextHopGroup content = message.getNextHopGroup();
    String name = "next-hop group " + Long.toUnsignedString(message.getId());
    if (content.getNextHopCount() == 0) {
      sink.failed(id, name + ": no next hops (expected: 1 or more)");
      return;
    }
    List<Group.Member> members = new ArrayList<>();
    Set<FibHop> seen = new HashSet<>();
    for (Afts.NextHopGroup.NextHopKey member : content.getNextHopList()) {
      long index = member.getIndex();
      RibInstance.HopEntry hop = instance.hops().get(index);
      if (index == 0) {
        sink.failed(id, name + ": next_hop index: 0 (expected: 1 or more)");
        return;
      }
      if (hop == null) {
        awaitOrFail(
            key,
            EntryKey.nextHop(instance.name(), index),
            name + ": " + missing("next hop", index, instance),
            operation,
            sink);
        return;
      }
      if (!seen.add(hop.hop())) {
        sink.failed(id, name + ": next hop " + Long.toUnsignedString(index) + " twice");
        return;
      }
      Afts.NextHopGroup.NextHop share = member.getNextHop();
      long weight = share.hasWeight() ? share.getWeight().getValue() : 1;
      if (weight == 0) {
        sink.failed(id, name + ": weight: 0 (expected: 1 or more)");
        return;
      }
      members.add(new Group.Member(hop.hop(), weight < 0 ? Long.MAX_VALUE : weight));
    }
    Group backup = null;
    if (content.hasBackupNextHopGroup()) {
      long backupId = content.getBackupNextHopGroup().getValue();
      RibInstance.GroupEntry found = instance.groups().get(backupId);
      if (found == null) {
        awaitOrFail(
            key,
            EntryKey.group(instance.name(), backupId),
            name + ": backup " + missing("next-hop group", backupId, instance),
            operation,
            sink);
        return;
      }
      backup = found.group();
      String objection = objectionToBackup(before, backup);
      if (objection != null) {
        sink.failed(id, name + ": " + objection);
        return;
      }
    }
    Group group =
        before == null ? forwarding.newGroup(instance.instance(), message.getId()) : before.group();
    group.replaceContent(members, backup);
    String error = forwarding.putGroup(group);
    instance
        .groups()
        .put(
            message.getId(),
            new RibInstance.GroupEntry(group, message, error == null ? "" : error));
    sink.programmed(id, error);
    if (before == null) {
      appeared.add(key);
    }
  }

  private static @Nullable String objectionToBackup(
      RibInstance.@Nullable GroupEntry before, Group backup) {
    if (before != null && backup.leadsTo(before.group())) {
      return "backup_next_hop_group " + Long.toUnsignedString(backup.id()) + " leads back to it";
    }
    int depth = 1;
    for (Group at = backup.backup(); at != null; at = at.backup()) {
      depth++;
    }
    return depth <= MOST_BACKUPS
        ? null
        : "backups in a chain: " + depth + " (expected: 0.." + MOST_BACKUPS + ")";
  }

  // ---- prefixes

  private void ipv4(RibInstance instance, AFTOperation operation, OperationSink sink) {
    Afts.Ipv4EntryKey message = operation.getIpv4();
    if (!prefix.parse(Family.IPV4, message.getPrefix())) {
      sink.failed(operation.getId(), PrefixText.fault(Family.IPV4, message.getPrefix()));
      return;
    }
    Afts.Ipv4Entry entry = message.getIpv4Entry();
    if (operation.getOp() == AFTOperation.Operation.DELETE) {
      deletePrefix(instance, EntryKey.Kind.IPV4, reason(entry.getEntryMetadata()), operation, sink);
      return;
    }
    GroupReference reference = GroupReference.of(entry);
    int slot = putPrefix(instance, Family.IPV4, EntryKey.Kind.IPV4, reference, operation, sink);
    if (slot != PrefixTable.NONE) {
      if (GroupReference.isAlone(message)) {
        instance.forgetMessage(Family.IPV4, slot);
      } else {
        instance.keepIpv4(slot, message);
      }
    }
  }

  private void ipv6(RibInstance instance, AFTOperation operation, OperationSink sink) {
    Afts.Ipv6EntryKey message = operation.getIpv6();
    if (!prefix.parse(Family.IPV6, message.getPrefix())) {
      sink.failed(operation.getId(), PrefixText.fault(Family.IPV6, message.getPrefix()));
      return;
    }
    Afts.Ipv6Entry entry = message.getIpv6Entry();
    if (operation.getOp() == AFTOperation.Operation.DELETE) {
      deletePrefix(instance, EntryKey.Kind.IPV6, reason(entry.getEntryMetadata()), operation, sink);
      return;
    }
    GroupReference reference = GroupReference.of(entry);
    boolean plain = GroupReference.isAlone(message) && canonicalIpv6().equals(message.getPrefix());
    int slot = putPrefix(instance, Family.IPV6, EntryKey.Kind.IPV6, reference, operation, sink);
    if (slot != PrefixTable.NONE) {
      if (plain) {
        instance.forgetMessage(Family.IPV6, slot);
      } else {
        instance.keepIpv6(slot, message);
      }
    }
  }

  private String canonicalIpv6() {
    return IpAddress.ofIpv6(prefix.high(), prefix.low()) + "/" + prefix.length();
  }

  /// Returns the slot of the accepted prefix, or NONE. The group after an override must be there
  /// when the operation arrives, also where forward references wait.
  private int putPrefix(
      RibInstance instance,
      Family family,
      EntryKey.Kind kind,
      GroupReference reference,
      AFTOperation operation,
      OperationSink sink) {
    long id = operation.getId();
    RouteTable table = instance.instance().routes(family);
    long high = prefix.high();
    long low = prefix.low();
    int length = prefix.length();
    if (!pending.isEmpty()) {
      supersede(new EntryKey(instance.name(), kind, high, low, length), id);
    }
    if (operation.getOp() == AFTOperation.Operation.REPLACE
        && table.findIntended(high, low, length) == PrefixTable.NONE) {
      sink.failed(id, prefixName(family, high, low, length) + ": missing; REPLACE needs it");
      return PrefixTable.NONE;
    }
    OverrideText override = OverrideText.read(reference.metadata());
    String objection = GribiOverrides.objection(override, instance);
    if (objection != null) {
      sink.failed(id, prefixName(family, high, low, length) + ": " + objection);
      return PrefixTable.NONE;
    }
    Group group =
        resolve(
            instance,
            reference,
            () -> new EntryKey(instance.name(), kind, high, low, length),
            operation,
            sink);
    if (group == null) {
      return PrefixTable.NONE;
    }
    int slot = route(table, reference, group, sink, id);
    overrides.put(instance, table, slot, override, arrivedNanos);
    return slot;
  }

  private int route(
      RouteTable table, GroupReference reference, Group group, OperationSink sink, long id) {
    long high = prefix.high();
    long low = prefix.low();
    int length = prefix.length();
    if (reference.decapsulates() != 0) {
      String reason =
          prefixName(table.family(), high, low, length)
              + ": decapsulate_header: not supported by this forwarding plane";
      return forwarding.withholdRoute(table, high, low, length, group, reason, sink, id);
    }
    return forwarding.putRoute(table, high, low, length, group, sink, id);
  }

  /// The group a reference means, or null after the operation failed or was put to wait.
  private @Nullable Group resolve(
      RibInstance own,
      GroupReference reference,
      java.util.function.Supplier<EntryKey> key,
      AFTOperation operation,
      OperationSink sink) {
    if (reference.group() == 0) {
      sink.failed(operation.getId(), "next_hop_group: none (expected: the id of one)");
      return null;
    }
    RibInstance instance =
        reference.instance().isEmpty() ? own : instances.get(reference.instance());
    if (instance == null) {
      sink.failed(
          operation.getId(),
          "next_hop_group_network_instance: '"
              + reference.instance()
              + "' (expected: one of "
              + instances.keySet()
              + ")");
      return null;
    }
    RibInstance.GroupEntry found = instance.groups().get(reference.group());
    if (found == null) {
      awaitOrFail(
          key.get(),
          EntryKey.group(instance.name(), reference.group()),
          missing("next-hop group", reference.group(), instance),
          operation,
          sink);
      return null;
    }
    return found.group();
  }

  /// Our controller says in a deletion, which has no other use for content, that the route was
  /// withdrawn from it.
  private static RemovalGuard.Reason reason(BytesValue metadata) {
    return metadata.getValue().equals(WITHDRAWN)
        ? RemovalGuard.Reason.WITHDRAWN
        : RemovalGuard.Reason.UNEXPLAINED;
  }

  private void deletePrefix(
      RibInstance instance,
      EntryKey.Kind kind,
      RemovalGuard.Reason reason,
      AFTOperation operation,
      OperationSink sink) {
    long id = operation.getId();
    Family family = kind == EntryKey.Kind.IPV4 ? Family.IPV4 : Family.IPV6;
    RouteTable table = instance.instance().routes(family);
    if (!pending.isEmpty()) {
      supersede(
          new EntryKey(instance.name(), kind, prefix.high(), prefix.low(), prefix.length()), id);
    }
    int slot = table.findIntended(prefix.high(), prefix.low(), prefix.length());
    if (slot == PrefixTable.NONE) {
      sink.programmed(id, null);
      return;
    }
    String objection = guard().objection(table, slot, reason, System.nanoTime());
    if (objection != null) {
      sink.failed(id, objection);
      return;
    }
    instance.forgetMessage(family, slot);
    overrides.end(table, slot);
    forwarding.removeRoute(table, slot, sink, id);
  }

  private static String prefixName(Family family, long high, long low, int length) {
    return new Prefix(family, high, low, length).toString();
  }

  // ---- labels

  private void label(RibInstance instance, AFTOperation operation, OperationSink sink) {
    long id = operation.getId();
    Afts.LabelEntryKey message = operation.getMpls();
    long label = message.getLabelUint64();
    if (!message.hasLabelUint64() || label < 0 || label > 0xfffff) {
      sink.failed(
          id,
          "label: "
              + (message.hasLabelUint64() ? Long.toUnsignedString(label) : "none")
              + " (expected: label_uint64 of 0..1048575)");
      return;
    }
    EntryKey key = new EntryKey(instance.name(), EntryKey.Kind.LABEL, label, 0, 0);
    supersede(key, id);
    RibInstance.LabelEntry before = instance.labels().get(label);
    if (operation.getOp() == AFTOperation.Operation.DELETE) {
      if (before != null) {
        before.group().countLabels(-1);
        instance.labels().remove(label);
      }
      sink.programmed(id, null);
      return;
    }
    if (operation.getOp() == AFTOperation.Operation.REPLACE && before == null) {
      sink.failed(id, missing("label", label, instance) + "; REPLACE needs it");
      return;
    }
    GroupReference reference = GroupReference.of(message.getLabelEntry());
    Group group = resolve(instance, reference, () -> key, operation, sink);
    if (group == null) {
      return;
    }
    group.countLabels(1);
    if (before != null) {
      before.group().countLabels(-1);
    }
    instance.labels().put(label, new RibInstance.LabelEntry(group, message));
    sink.programmed(id, "label " + label + ": MPLS is not supported by this forwarding plane");
  }

  // ---- references

  private static String missing(String what, long id, RibInstance instance) {
    return what + " " + Long.toUnsignedString(id) + " of " + instance.name() + ": missing";
  }

  private void awaitOrFail(
      EntryKey key, EntryKey missing, String message, AFTOperation operation, OperationSink sink) {
    if (mode == ForwardReferences.REJECT) {
      sink.failed(operation.getId(), message);
    } else if (pending.isFull()) {
      sink.failed(
          operation.getId(),
          message + "; operations that wait: " + PendingOperations.MOST + ", no room for more");
    } else {
      pending.add(new PendingOperations.Waiting(key, missing, operation, sink, arrivedNanos));
    }
  }

  /// A later operation on an entry ends the waiting of an earlier one.
  private void supersede(EntryKey key, long id) {
    if (pending.isEmpty()) {
      return;
    }
    PendingOperations.Waiting earlier = pending.takeOf(key);
    if (earlier != null) {
      earlier
          .sink()
          .failed(
              earlier.operation().getId(),
              "superseded by operation " + Long.toUnsignedString(id) + " while it waited");
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
      instance.labels().values().forEach(label -> label.group().countLabels(-1));
      instance.labels().clear();
    }
    boolean remains = false;
    for (RibInstance instance : flushed) {
      remains |= removeGroups(instance);
    }
    for (RibInstance instance : flushed) {
      remains |= removeHops(instance);
    }
    return remains;
  }

  /// Removes groups until the rest is referred to; a group goes before its backup.
  private boolean removeGroups(RibInstance instance) {
    ArrayDeque<Group> free = new ArrayDeque<>();
    for (RibInstance.GroupEntry entry : instance.groups().values()) {
      if (!entry.group().isReferenced()) {
        free.add(entry.group());
      }
    }
    while (!free.isEmpty()) {
      Group group = free.remove();
      Group backup = group.backup();
      group.replaceContent(List.of(), null);
      forwarding.removeGroup(group);
      instance.groups().remove(group.id());
      if (backup != null && !backup.isReferenced()) {
        free.add(backup);
      }
    }
    return !instance.groups().isEmpty();
  }

  private boolean removeHops(RibInstance instance) {
    for (RibInstance.HopEntry entry : List.copyOf(instance.hops().values())) {
      if (!entry.hop().isReferenced()) {
        forwarding.removeHop(entry.hop());
        instance.hops().remove(entry.hop().index());
      }
    }
    return !instance.hops().isEmpty();
  }
}
