package net.donut.agent.fib;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.donut.netlink.BatchResult;
import net.donut.netlink.Errno;
import net.donut.netlink.KernelGroup;
import net.donut.netlink.KernelNextHop;
import net.donut.netlink.NetlinkError;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.NextHopObject;
import net.donut.netlink.Outcome;
import net.donut.netlink.Request;
import net.donut.netlink.WriteMode;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntHashSet;
import org.jspecify.annotations.Nullable;

/// The next hops and groups of ours that the kernel holds, as far as is known, and the only way to
/// change them. Writes nothing that is there already. Owned by `agent-fib`.
final class KernelObjects {
  private final NetlinkSocket socket;
  private final int protocol;
  private final Int2ObjectHashMap<NextHopObject> held = new Int2ObjectHashMap<>();
  /* What we wrote or adopted and did not delete: ours even when somebody changed its protocol. */
  private final IntHashSet written = new IntHashSet();
  private long writes;

  KernelObjects(NetlinkSocket socket, int protocol) {
    this.socket = socket;
    this.protocol = protocol;
  }

  @Nullable NextHopObject get(int id) {
    return held.get(id);
  }

  /// Objects written or deleted so far.
  long writes() {
    return writes;
  }

  List<NextHopObject> all() {
    return new ArrayList<>(held.values());
  }

  /// Makes the kernel hold an object. Returns its refusal, or null.
  @Nullable NetlinkError put(NextHopObject wanted) {
    NextHopObject before = held.get(wanted.id());
    if (wanted.equals(before)) {
      return null;
    }
    NetlinkError error = write(wanted, before == null ? WriteMode.CREATE : WriteMode.REPLACE);
    if (error != null && error.errno() == Errno.ENOENT && before != null) {
      NextHopObject now = socket.view().nextHop(wanted.id());
      if (now == null) {
        held.remove(wanted.id());
        return write(wanted, WriteMode.CREATE);
      }
    }
    if (error != null && error.errno() == Errno.EEXIST && before == null) {
      return putOverUnknown(wanted, error);
    }
    return error;
  }

  /// Replaces groups that are held, all in one send. Returns those the kernel refused.
  List<KernelGroup> replaceAll(List<KernelGroup> wanted) {
    List<Request> requests = new ArrayList<>();
    for (KernelGroup group : wanted) {
      requests.add(new Request.PutNextHop(group, WriteMode.REPLACE));
    }
    List<KernelGroup> refused = new ArrayList<>();
    for (BatchResult.Refusal refusal : socket.executeAll(requests).refusals()) {
      refused.add(wanted.get(refusal.index()));
    }
    for (KernelGroup group : wanted) {
      if (!refused.contains(group)) {
        writes++;
        held.put(group.id(), group);
      }
    }
    return refused;
  }

  /// Something stands at the id that was not known of: ours to replace, or somebody else's.
  private @Nullable NetlinkError putOverUnknown(NextHopObject wanted, NetlinkError error) {
    NextHopObject found = socket.view().nextHop(wanted.id());
    if (found == null) {
      return write(wanted, WriteMode.CREATE);
    }
    if (found.protocol() != protocol && !written.contains(found.id())) {
      return error;
    }
    held.put(found.id(), found);
    return wanted.equals(found) ? null : write(wanted, WriteMode.REPLACE);
  }

  private @Nullable NetlinkError write(NextHopObject wanted, WriteMode mode) {
    if (socket.execute(new Request.PutNextHop(wanted, mode))
        instanceof Outcome.Refused(var error)) {
      return error;
    }
    writes++;
    held.put(wanted.id(), wanted);
    written.add(wanted.id());
    return null;
  }

  /// Deletes next hops, all in one send: the kernel takes them out of every group at once, as if
  /// their links had died. Returns the groups that went with them.
  List<Integer> deleteHops(Set<Integer> ids) {
    Set<Integer> known = new HashSet<>(ids);
    known.retainAll(held.keySet());
    socket.executeAll(known.stream().map(Request.DeleteNextHop::new).toList());
    writes += known.size();
    known.forEach(held::remove);
    known.forEach(written::remove);
    return known.isEmpty() ? List.of() : dropMember(known);
  }

  /// Deletes an object; what used it goes with it.
  void delete(int id) {
    written.remove(id);
    if (held.remove(id) instanceof KernelNextHop) {
      dropMember(Set.of(id));
    }
    if (socket.execute(new Request.DeleteNextHop(id)) instanceof Outcome.Accepted) {
      writes++;
    }
  }

  /// Takes what a dump or an event says about an object of ours.
  void adopt(NextHopObject object) {
    held.put(object.id(), object);
    written.add(object.id());
  }

  /// The kernel no longer has it.
  void forget(int id) {
    held.remove(id);
  }

  /// Does what the kernel did when a link died: its next hops are gone, from groups too, and groups
  /// left empty are gone. Returns those groups.
  List<Integer> linkGone(int interfaceIndex) {
    Set<Integer> dead = new HashSet<>();
    for (NextHopObject object : held.values()) {
      boolean onLink =
          switch (object) {
            case KernelNextHop.Gateway gateway -> gateway.interfaceIndex() == interfaceIndex;
            case KernelNextHop.Connected connected -> connected.interfaceIndex() == interfaceIndex;
            case KernelNextHop.Blackhole _, KernelGroup _ -> false;
          };
      if (onLink) {
        dead.add(object.id());
      }
    }
    dead.forEach(held::remove);
    return dead.isEmpty() ? List.of() : dropMember(dead);
  }

  private List<Integer> dropMember(Set<Integer> dead) {
    List<Integer> vanished = new ArrayList<>();
    List<KernelGroup> reduced = new ArrayList<>();
    for (NextHopObject object : held.values()) {
      if (object instanceof KernelGroup group) {
        List<KernelGroup.Member> left =
            group.members().stream().filter(member -> !dead.contains(member.nextHopId())).toList();
        if (left.isEmpty()) {
          vanished.add(group.id());
        } else if (left.size() < group.members().size()) {
          reduced.add(new KernelGroup(group.id(), left, group.kind(), group.protocol()));
        }
      }
    }
    vanished.forEach(held::remove);
    reduced.forEach(group -> held.put(group.id(), group));
    return vanished;
  }

  /// Compares with a fresh dump and takes what it says. Returns the ids that differed.
  Set<Integer> refresh() {
    Int2ObjectHashMap<NextHopObject> found = new Int2ObjectHashMap<>();
    for (NextHopObject object : socket.view().nextHops()) {
      if (object.protocol() == protocol) {
        found.put(object.id(), object);
      }
    }
    Set<Integer> different = new HashSet<>();
    for (NextHopObject object : held.values()) {
      if (!object.equals(found.get(object.id()))) {
        different.add(object.id());
      }
    }
    for (NextHopObject object : found.values()) {
      if (!object.equals(held.get(object.id()))) {
        different.add(object.id());
      }
    }
    held.clear();
    held.putAll(found);
    return different;
  }

  /// What the kernel says about an object now, or null when it has none of this id.
  @Nullable NextHopObject ask(int id) {
    return socket.view().nextHop(id);
  }
}
