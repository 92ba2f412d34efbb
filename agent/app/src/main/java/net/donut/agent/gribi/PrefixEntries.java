package net.donut.agent.gribi;

import com.google.protobuf.ByteString;
import gribi.Gribi.AFTOperation;
import gribi_aft.GribiAft.Afts;
import net.donut.agent.fib.AgentForwarding;
import net.donut.agent.fib.Group;
import net.donut.agent.fib.RemovalGuard;
import net.donut.agent.fib.RouteTable;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.table.PrefixTable;

/// Prefixes of one family: each on a group, and for a limited time on another when its metadata
/// says so. Owned by `agent-fib`.
final class PrefixEntries implements EntryRules {
  private static final ByteString WITHDRAWN = ByteString.copyFromUtf8("withdrawn");

  private final Family family;
  private final AgentForwarding forwarding;
  private final GroupLookup lookup;
  private final GribiOverrides overrides;
  private final PrefixText prefix = new PrefixText();

  PrefixEntries(
      Family family, AgentForwarding forwarding, GroupLookup lookup, GribiOverrides overrides) {
    this.family = family;
    this.forwarding = forwarding;
    this.lookup = lookup;
    this.overrides = overrides;
  }

  @Override
  public OperationTarget target(Operation operation) {
    String text = text(operation.message());
    if (!prefix.parse(family, text)) {
      return new OperationResult.Failed(PrefixText.fault(family, text));
    }
    EntryKey.Kind kind = family == Family.IPV4 ? EntryKey.Kind.IPV4 : EntryKey.Kind.IPV6;
    return new EntryKey(
        operation.instance().name(), kind, prefix.high(), prefix.low(), prefix.length());
  }

  private String text(AFTOperation message) {
    return family == Family.IPV4 ? message.getIpv4().getPrefix() : message.getIpv6().getPrefix();
  }

  @Override
  public OperationResult apply(Operation operation, EntryKey key) {
    return operation.isDelete() ? delete(operation, key) : put(operation, key);
  }

  /// The group after an override must be there when the operation arrives, also where forward
  /// references wait.
  private OperationResult put(Operation operation, EntryKey key) {
    RibInstance instance = operation.instance();
    RouteTable table = instance.instance().routes(family);
    if (operation.isReplace()
        && table.findIntended(key.high(), key.low(), key.length()) == PrefixTable.NONE) {
      return new OperationResult.Failed(name(key) + ": missing; REPLACE needs it");
    }
    GroupReference reference = reference(operation.message());
    OverrideText override = OverrideText.read(reference.metadata());
    String objection = GribiOverrides.objection(override, instance);
    if (objection != null) {
      return new OperationResult.Failed(name(key) + ": " + objection);
    }
    return switch (lookup.find(instance, reference)) {
      case GroupLookup.Answer.NotFound(OperationResult result) -> result;
      case GroupLookup.Answer.Found(Group group) -> {
        int slot = route(table, key, reference, group, operation);
        overrides.put(instance, table, slot, override, operation.arrivedNanos());
        keepMessage(operation, key, slot);
        yield OperationResult.SENT;
      }
    };
  }

  private GroupReference reference(AFTOperation message) {
    return family == Family.IPV4
        ? GroupReference.of(message.getIpv4().getIpv4Entry())
        : GroupReference.of(message.getIpv6().getIpv6Entry());
  }

  private int route(
      RouteTable table, EntryKey key, GroupReference reference, Group group, Operation operation) {
    long high = key.high();
    long low = key.low();
    int length = key.length();
    if (reference.decapsulates() != 0) {
      String reason = name(key) + ": decapsulate_header: not supported by this forwarding plane";
      return forwarding.withholdRoute(
          table, high, low, length, group, reason, operation.ack(), operation.id());
    }
    return forwarding.putRoute(table, high, low, length, group, operation.ack(), operation.id());
  }

  /// A message that says nothing but a group of its own instance can be made again from the route
  /// table.
  private void keepMessage(Operation operation, EntryKey key, int slot) {
    RibInstance instance = operation.instance();
    if (family == Family.IPV4) {
      Afts.Ipv4EntryKey message = operation.message().getIpv4();
      if (GroupReference.isAlone(message)) {
        instance.forgetMessage(family, slot);
      } else {
        instance.keepIpv4(slot, message);
      }
    } else {
      Afts.Ipv6EntryKey message = operation.message().getIpv6();
      if (GroupReference.isAlone(message) && canonicalIpv6(key).equals(message.getPrefix())) {
        instance.forgetMessage(family, slot);
      } else {
        instance.keepIpv6(slot, message);
      }
    }
  }

  private static String canonicalIpv6(EntryKey key) {
    return IpAddress.ofIpv6(key.high(), key.low()) + "/" + key.length();
  }

  private OperationResult delete(Operation operation, EntryKey key) {
    RibInstance instance = operation.instance();
    RouteTable table = instance.instance().routes(family);
    int slot = table.findIntended(key.high(), key.low(), key.length());
    if (slot == PrefixTable.NONE) {
      return OperationResult.DONE;
    }
    String objection =
        forwarding.guard().objection(table, slot, reason(operation.message()), System.nanoTime());
    if (objection != null) {
      return new OperationResult.Failed(objection);
    }
    instance.forgetMessage(family, slot);
    overrides.end(table, slot);
    forwarding.removeRoute(table, slot, operation.ack(), operation.id());
    return OperationResult.SENT;
  }

  /// Our controller says in a deletion, which has no other use for content, that the route was
  /// withdrawn from it.
  private RemovalGuard.Reason reason(AFTOperation message) {
    ByteString metadata =
        family == Family.IPV4
            ? message.getIpv4().getIpv4Entry().getEntryMetadata().getValue()
            : message.getIpv6().getIpv6Entry().getEntryMetadata().getValue();
    return metadata.equals(WITHDRAWN)
        ? RemovalGuard.Reason.WITHDRAWN
        : RemovalGuard.Reason.UNEXPLAINED;
  }

  private String name(EntryKey key) {
    return new Prefix(family, key.high(), key.low(), key.length()).toString();
  }
}
