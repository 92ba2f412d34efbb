package net.donut.agent.fib;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// A next-hop group of a network instance, with the group that stands in when all its members are
/// gone. Owned by `agent-fib`.
public final class Group {
  /// A member and its share among the members of the same group.
  public record Member(FibHop hop, long weight) {}

  private final Instance instance;
  private final long id;
  private final int handle;
  private final Set<Group> backupOf = new LinkedHashSet<>();
  private List<Member> members = List.of();
  private @Nullable Group backup;
  private int routesIpv4;
  private int routesIpv6;
  private int labels;
  private Presence ipv4 = new Presence.Unknown();
  private Presence ipv6 = new Presence.Unknown();
  private String faultIpv4 = "";
  private String faultIpv6 = "";

  /// What the kernel holds of a group for the routes of one family.
  sealed interface Presence {
    /// Nothing was tried yet.
    record Unknown() implements Presence {}

    /// A kernel group of this id.
    record Held(int id) implements Presence {}

    /// Nothing, because no next hop lives.
    record Down() implements Presence {}

    /// Nothing, because the kernel refused it.
    record Refused(String error) implements Presence {}
  }

  public Group(Instance instance, long id, int handle) {
    this.instance = instance;
    this.id = id;
    this.handle = handle;
  }

  public Instance instance() {
    return instance;
  }

  /// The gRIBI id, unsigned.
  public long id() {
    return id;
  }

  /// A dense number from 1 that stands for the group in route tables.
  public int handle() {
    return handle;
  }

  public List<Member> members() {
    return members;
  }

  public @Nullable Group backup() {
    return backup;
  }

  /// Sets the whole content and moves the references that go with it.
  public void replaceContent(List<Member> nextMembers, @Nullable Group nextBackup) {
    members.forEach(member -> member.hop().removeUser(this));
    members = List.copyOf(nextMembers);
    members.forEach(member -> member.hop().addUser(this));
    if (backup != null) {
      backup.backupOf.remove(this);
    }
    backup = nextBackup;
    if (backup != null) {
      backup.backupOf.add(this);
    }
  }

  /// Whether `other` is this group or one of its backups, directly or through others.
  public boolean leadsTo(Group other) {
    for (Group at = this; at != null; at = at.backup) {
      if (at == other) {
        return true;
      }
    }
    return false;
  }

  /// Counts a label entry that refers to it, or one that no longer does.
  public void countLabels(int change) {
    labels += change;
  }

  void countRoutes(RouteTable table, int change) {
    if (table.family() == Family.IPV4) {
      routesIpv4 += change;
    } else {
      routesIpv6 += change;
    }
  }

  /// Whether a prefix, a label or another group refers to it.
  public boolean isReferenced() {
    return routesIpv4 + routesIpv6 + labels > 0 || !backupOf.isEmpty();
  }

  /// What refers to it, for a message.
  public String references() {
    return (routesIpv4 + routesIpv6)
        + " prefixes, "
        + labels
        + " labels, "
        + backupOf.size()
        + " groups it backs up";
  }

  /// Whether prefixes of a family use it.
  boolean hasRoutes(Family family) {
    return (family == Family.IPV4 ? routesIpv4 : routesIpv6) > 0;
  }

  int routes(Family family) {
    return family == Family.IPV4 ? routesIpv4 : routesIpv6;
  }

  Presence presence(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }

  void setPresence(Family family, Presence next) {
    if (family == Family.IPV4) {
      ipv4 = next;
    } else {
      ipv6 = next;
    }
  }

  /// Why routes of a family are not forwarded as intended although the kernel holds the group.
  void setFault(Family family, String fault) {
    if (family == Family.IPV4) {
      faultIpv4 = fault;
    } else {
      faultIpv6 = fault;
    }
  }

  /// Why routes of a family cannot be as intended on this group, or null.
  @Nullable String refusal(Family family) {
    if (presence(family) instanceof Presence.Refused(String error)) {
      return error;
    }
    String fault = family == Family.IPV4 ? faultIpv4 : faultIpv6;
    return fault.isEmpty() ? null : fault;
  }

  /// The id of the kernel group for a family, 0 when there is none.
  int kernelId(Family family) {
    return presence(family) instanceof Presence.Held(int id) ? id : 0;
  }

  /// The groups whose kernel content depends on this one: itself, and all it backs up.
  List<Group> dependents() {
    Set<Group> found = new LinkedHashSet<>();
    collectDependents(found);
    return new ArrayList<>(found);
  }

  private void collectDependents(Set<Group> found) {
    if (found.add(this)) {
      backupOf.forEach(group -> group.collectDependents(found));
    }
  }

  @Override
  public String toString() {
    return instance + " next-hop group " + Long.toUnsignedString(id);
  }
}
