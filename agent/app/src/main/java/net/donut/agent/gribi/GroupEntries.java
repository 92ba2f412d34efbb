package net.donut.agent.gribi;

import gribi_aft.GribiAft.Afts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.donut.agent.fib.AgentForwarding;
import net.donut.agent.fib.FibHop;
import net.donut.agent.fib.Group;
import org.jspecify.annotations.Nullable;

/// Next-hop groups: they refer to next hops and to a backup, and are referred to by prefixes,
/// labels and the groups they back up. Owned by `agent-fib`.
final class GroupEntries implements EntryRules {
  private static final int MOST_BACKUPS = 16;

  private final AgentForwarding forwarding;

  GroupEntries(AgentForwarding forwarding) {
    this.forwarding = forwarding;
  }

  /// What a group shall consist of, or why it cannot.
  private sealed interface Content {
    record Valid(List<Group.Member> members, @Nullable Group backup) implements Content {}

    record Invalid(OperationResult why) implements Content {}
  }

  @Override
  public OperationTarget target(Operation operation) {
    long id = operation.message().getNextHopGroup().getId();
    return id == 0
        ? new OperationResult.Failed("next_hop_group id: 0 (expected: 1 or more)")
        : EntryKey.group(operation.instance().name(), id);
  }

  @Override
  public OperationResult apply(Operation operation, EntryKey key) {
    RibInstance instance = operation.instance();
    Afts.NextHopGroupKey message = operation.message().getNextHopGroup();
    RibInstance.GroupEntry before = instance.groups().get(message.getId());
    if (operation.isDelete()) {
      return before == null ? OperationResult.DONE : delete(instance, before.group());
    }
    if (operation.isReplace() && before == null) {
      return new OperationResult.Failed(
          instance.missing("next-hop group", message.getId()) + "; REPLACE needs it");
    }
    return switch (content(instance, message, before)) {
      case Content.Invalid(OperationResult why) -> why;
      case Content.Valid valid -> put(instance, message, before, valid);
    };
  }

  private OperationResult delete(RibInstance instance, Group group) {
    if (group.isReferenced()) {
      return new OperationResult.Failed(group + ": referenced by " + group.references());
    }
    remove(instance, group);
    return OperationResult.DONE;
  }

  private void remove(RibInstance instance, Group group) {
    group.replaceContent(List.of(), null);
    forwarding.removeGroup(group);
    instance.groups().remove(group.id());
  }

  private OperationResult put(
      RibInstance instance,
      Afts.NextHopGroupKey message,
      RibInstance.@Nullable GroupEntry before,
      Content.Valid content) {
    long id = message.getId();
    Group group = before == null ? forwarding.newGroup(instance.instance(), id) : before.group();
    group.replaceContent(content.members(), content.backup());
    String refusal = forwarding.putGroup(group);
    String error = refusal == null ? "" : refusal;
    instance.groups().put(id, new RibInstance.GroupEntry(group, message, error));
    return new OperationResult.Held(
        error, before == null ? OperationResult.Entry.NEW : OperationResult.Entry.KNOWN_BEFORE);
  }

  private static Content content(
      RibInstance instance, Afts.NextHopGroupKey message, RibInstance.@Nullable GroupEntry before) {
    Afts.NextHopGroup wanted = message.getNextHopGroup();
    String name = "next-hop group " + Long.toUnsignedString(message.getId());
    if (wanted.getNextHopCount() == 0) {
      return failed(name + ": no next hops (expected: 1 or more)");
    }
    List<Group.Member> members = new ArrayList<>();
    Set<FibHop> seen = new HashSet<>();
    for (Afts.NextHopGroup.NextHopKey member : wanted.getNextHopList()) {
      long index = member.getIndex();
      RibInstance.HopEntry hop = instance.hops().get(index);
      if (index == 0) {
        return failed(name + ": next_hop index: 0 (expected: 1 or more)");
      }
      if (hop == null) {
        return waiting(
            EntryKey.nextHop(instance.name(), index),
            name + ": " + instance.missing("next hop", index));
      }
      if (!seen.add(hop.hop())) {
        return failed(name + ": next hop " + Long.toUnsignedString(index) + " twice");
      }
      Afts.NextHopGroup.NextHop share = member.getNextHop();
      long weight = share.hasWeight() ? share.getWeight().getValue() : 1;
      if (weight == 0) {
        return failed(name + ": weight: 0 (expected: 1 or more)");
      }
      members.add(new Group.Member(hop.hop(), weight < 0 ? Long.MAX_VALUE : weight));
    }
    return wanted.hasBackupNextHopGroup()
        ? withBackup(instance, name, before, members, wanted.getBackupNextHopGroup().getValue())
        : new Content.Valid(members, null);
  }

  private static Content withBackup(
      RibInstance instance,
      String name,
      RibInstance.@Nullable GroupEntry before,
      List<Group.Member> members,
      long backupId) {
    RibInstance.GroupEntry found = instance.groups().get(backupId);
    if (found == null) {
      return waiting(
          EntryKey.group(instance.name(), backupId),
          name + ": backup " + instance.missing("next-hop group", backupId));
    }
    String objection = objectionToBackup(before, found.group());
    return objection == null
        ? new Content.Valid(members, found.group())
        : failed(name + ": " + objection);
  }

  private static Content failed(String text) {
    return new Content.Invalid(new OperationResult.Failed(text));
  }

  private static Content waiting(EntryKey missing, String text) {
    return new Content.Invalid(new OperationResult.Waiting(missing, text));
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

  /// Removes groups of an instance until the rest is referred to; a group goes before its backup.
  /// Returns whether any had to stay.
  boolean removeUnreferenced(RibInstance instance) {
    ArrayDeque<Group> free = new ArrayDeque<>();
    for (RibInstance.GroupEntry entry : instance.groups().values()) {
      if (!entry.group().isReferenced()) {
        free.add(entry.group());
      }
    }
    while (!free.isEmpty()) {
      Group group = free.remove();
      Group backup = group.backup();
      remove(instance, group);
      if (backup != null && !backup.isReferenced()) {
        free.add(backup);
      }
    }
    return !instance.groups().isEmpty();
  }
}
