package net.donut.controller.southbound;

import gribi.Gribi.AFTEntry;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.AFTResult;
import gribi.Gribi.Uint128;
import gribi_aft.GribiAft.Afts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.donut.controller.southbound.EntryTable.Cell;
import net.donut.core.change.Hop;
import net.donut.core.change.HopGroup;
import net.donut.core.change.NumberedHop;
import net.donut.core.change.OverrideEnd;
import net.donut.core.change.RouteBlock;
import net.donut.core.change.RouterDelta;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.table.PrefixTable;
import org.jspecify.annotations.Nullable;
import ywrapper.Ywrapper.BytesValue;

/// What the forwarding table of one agent is to be, what was sent of it, and the operations that
/// turn the one into the other. Owned by `south-NAME`.
final class Intent {
  /*
   * The intent is an Outbox over dense tables: a change overwrites what was wanted before it, and an
   * entry is dirty while what is wanted differs from what was sent, so any number of changes while an
   * agent is slow or away costs one operation an entry.
   *
   * Order within an agent: next hops, backup groups, groups, prefixes; removals the other way round
   * and after all prefixes, so that a prefix always stands on something (make before break). The
   * agent works in the order of the stream, so nothing waits for acknowledgements.
   *
   * A class with a single hop gets the sink as its backup: the agent's loopback, which never loses
   * its carrier and forwards nothing. Without it, losing that hop makes the kernel delete the group
   * and walk the whole table for its routes before it turns to the groups that have a backup.
   *
   * Order across agents: a block of routes with a stage gets a ticket, and is sent when the RIB
   * thread opens the ticket because the routers before it have done their part.
   */

  /// What the agent is told of a next hop; both empty for a discard.
  record NextHop(String address, String interfaceName) {
    static NextHop of(Hop hop) {
      return switch (hop) {
        case Hop.Local(var _, var gateway, var device) -> new NextHop(gateway.toString(), device);
        case Hop.Via(var _, var _, var gateway, var device) ->
            new NextHop(gateway.toString(), device);
        case Hop.Discard() -> new NextHop("", "");
      };
    }
  }

  /// What the agent is told of a group; `backup` 0 for none.
  record Group(int nextHop, long backup) {}

  static final String NETWORK_INSTANCE = "DEFAULT";
  static final NextHop SINK = new NextHop("", "lo");
  static final int SINK_HOP = 1;
  static final long SINK_GROUP = 1;
  private static final int MOST_ERRORS = 20;

  private final EntryTable<NextHop> nextHops = new EntryTable<>();
  private final EntryTable<Group> groups = new EntryTable<>();
  private final Map<Long, Integer> prefixesOn = new HashMap<>();
  private final PrefixIntent ipv4 = new PrefixIntent(Family.IPV4, prefixesOn);
  private final PrefixIntent ipv6 = new PrefixIntent(Family.IPV6, prefixesOn);
  private final InFlight inFlight = new InFlight();
  private final Map<Prefix, OverrideEnd> overrideEnds = new HashMap<>();
  private final Map<String, String> errors = new LinkedHashMap<>();
  private final Map<Prefix, String> troubles = new LinkedHashMap<>();
  private final Map<Long, @Nullable NextHop> foundNextHops = new HashMap<>();
  private final Map<Long, @Nullable Group> foundGroups = new HashMap<>();
  private int foundPrefixes;

  private PrefixIntent of(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }

  /// Folds a change in. Blocks of stage 0 go at once, others with the ticket of their stage.
  void fold(RouterDelta delta, StageTickets tickets, AgentDriver.Cause cause) {
    for (NumberedHop hop : delta.hops()) {
      nextHops.want(hop.index(), NextHop.of(hop.hop()));
    }
    fold(delta.groups());
    for (RouteBlock block : delta.routes()) {
      fold(block, tickets.of(block.stage()), cause);
    }
    delta.overrideEnds().forEach(this::fold);
    delta.removedGroups().forEach(groups::remove);
    delta.removedHops().forEach(index -> nextHops.remove(index));
  }

  private void fold(OverrideEnd end) {
    if (end.group() == 0) {
      overrideEnds.remove(end.prefix());
    } else {
      overrideEnds.put(end.prefix(), end);
    }
    of(end.prefix().family()).renew(end.prefix());
  }

  private void fold(List<HopGroup> changed) {
    Set<Long> backups = new HashSet<>();
    changed.forEach(group -> backups.add(group.backup()));
    for (HopGroup group : changed) {
      boolean single =
          group.backup() == 0 && !backups.contains(group.id()) && !isBackup(group.id());
      if (single && !isDiscard(group.hop())) {
        nextHops.want(SINK_HOP, SINK);
        groups.want(SINK_GROUP, new Group(SINK_HOP, 0));
        groups.want(group.id(), new Group(group.hop(), SINK_GROUP));
      } else {
        groups.want(group.id(), new Group(group.hop(), group.backup()));
      }
    }
  }

  /// Whether a group is known as the end of a chain; a class without backup never ends in nothing
  /// unless it discards.
  private boolean isBackup(long id) {
    Cell<Group> cell = groups.find(id);
    return cell != null && cell.wanted != null && cell.wanted.backup() == 0;
  }

  private boolean isDiscard(int hop) {
    Cell<NextHop> cell = nextHops.find(hop);
    return cell != null && cell.wanted != null && cell.wanted.interfaceName().isEmpty();
  }

  private void fold(RouteBlock block, long ticket, AgentDriver.Cause cause) {
    Prefixes prefixes = block.prefixes();
    PrefixIntent family = of(prefixes.family());
    for (int i = 0; i < prefixes.size(); i++) {
      family.set(
          prefixes.high(i), prefixes.low(i), prefixes.length(i), block.groups()[i], ticket, cause);
    }
  }

  /// The operations to send now, at most `most`, in the order they must be sent; empty when there
  /// is nothing to send or too much is unacknowledged.
  List<AFTOperation> next(int most, long open, Uint128 electionId) {
    Batch batch = new Batch(most, electionId);
    nextHops.additions().forEach(batch::nextHop);
    orderedGroups().forEach(batch::group);
    prefixes(ipv4, batch, open);
    prefixes(ipv6, batch, open);
    if (batch.hasRoom() && ipv4.pending() + ipv6.pending() == 0) {
      deletions(batch);
    }
    return batch.operations;
  }

  /// Groups to add or replace, each after its backup.
  private List<Cell<Group>> orderedGroups() {
    List<Cell<Group>> additions = groups.additions();
    if (additions.isEmpty()) {
      return additions;
    }
    List<Cell<Group>> ordered = new ArrayList<>(additions.size());
    Set<Cell<Group>> seen = new HashSet<>();
    additions.forEach(cell -> addInOrder(cell, seen, ordered));
    return ordered;
  }

  private void addInOrder(Cell<Group> cell, Set<Cell<Group>> seen, List<Cell<Group>> ordered) {
    Group wanted = cell.wanted;
    boolean sendable = wanted != null && cell.state != EntryTable.State.REFUSED;
    if (wanted == null || !sendable || !groups.isDirty(cell) || !seen.add(cell)) {
      return;
    }
    Cell<Group> backup = groups.find(wanted.backup());
    if (backup != null) {
      addInOrder(backup, seen, ordered);
    }
    ordered.add(cell);
  }

  private static void prefixes(PrefixIntent family, Batch batch, long open) {
    while (batch.hasRoom()) {
      int slot = family.next(open);
      if (slot == PrefixTable.NONE) {
        return;
      }
      batch.prefix(family, slot);
    }
  }

  private void deletions(Batch batch) {
    List<Cell<Group>> unused = unusedGroups();
    while (!unused.isEmpty() && batch.hasRoom()) {
      unused.forEach(batch::group);
      unused = unusedGroups();
    }
    List<Cell<NextHop>> gone = nextHops.deletions();
    if (gone.isEmpty()) {
      return;
    }
    Set<Long> used = new HashSet<>();
    groups
        .all()
        .forEach(cell -> {
          Group sent = cell.sent;
          if (sent != null) {
            used.add((long) sent.nextHop());
          }
        });
    for (Cell<NextHop> cell : gone) {
      if (!used.contains(cell.id)) {
        batch.nextHop(cell);
      }
    }
  }

  /// Groups that can be deleted now: nothing that was sent refers to them.
  private List<Cell<Group>> unusedGroups() {
    List<Cell<Group>> gone = groups.deletions();
    if (gone.isEmpty()) {
      return gone;
    }
    Set<Long> backups = new HashSet<>();
    groups
        .all()
        .forEach(cell -> {
          Group sent = cell.sent;
          if (sent != null) {
            backups.add(sent.backup());
          }
        });
    return gone.stream()
        .filter(cell -> !backups.contains(cell.id) && prefixesOn.getOrDefault(cell.id, 0) <= 0)
        .toList();
  }

  /// Whether packets to a prefix go where they are wanted to go: the route, its group and the next
  /// hop of that were acknowledged.
  Programmed programmed(Family family, long high, long low, int length) {
    PrefixIntent prefixes = of(family);
    int slot = prefixes.wantedSlot(high, low, length);
    if (slot == PrefixTable.NONE) {
      return Programmed.YES;
    }
    long group = prefixes.wanted(slot);
    Programmed worst = worse(prefixes.programmed(slot), groups.programmed(group));
    Cell<Group> cell = groups.find(group);
    Group content = cell == null ? null : cell.wanted;
    return content == null ? worst : worse(worst, nextHops.programmed(content.nextHop()));
  }

  private static Programmed worse(Programmed one, Programmed other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /// Whether everything that may be sent with tickets up to `open` was sent and acknowledged.
  boolean isSettled(long open) {
    return inFlight.size() == 0
        && ipv4.isSent(open)
        && ipv6.isSent(open)
        && groups.additions().isEmpty();
  }

  /// Whether everything, whatever its stage, was sent and answered.
  boolean isAllSent() {
    return inFlight.size() == 0
        && ipv4.pending() + ipv6.pending() == 0
        && groups.additions().isEmpty();
  }

  /// Takes an acknowledgement. Returns what went wrong, or null.
  @Nullable String result(AFTResult result) {
    if (!inFlight.contains(result.getId())) {
      return null;
    }
    return switch (result.getStatus()) {
      case FIB_PROGRAMMED -> {
        done(result.getId());
        yield null;
      }
      case FAILED, FIB_FAILED -> refused(result);
      case UNSET, OK, RIB_PROGRAMMED, UNRECOGNIZED -> null;
    };
  }

  private void done(long id) {
    long key = inFlight.key(id);
    if (!errors.isEmpty()) {
      errors.remove(name(id));
    }
    switch (inFlight.kind(id)) {
      case NEXT_HOP -> nextHops.done(key);
      case GROUP -> groups.done(key);
      case IPV4 -> ipv4.done((int) key);
      case IPV6 -> ipv6.done((int) key);
    }
    inFlight.remove(id);
  }

  private String refused(AFTResult result) {
    long id = result.getId();
    long key = inFlight.key(id);
    String name = name(id);
    String details = result.getErrorDetails().getErrorMessage();
    String error = name + ": " + result.getStatus() + (details.isEmpty() ? "" : ": " + details);
    switch (inFlight.kind(id)) {
      case NEXT_HOP -> nextHops.refused(key);
      case GROUP -> groups.refused(key);
      case IPV4 -> ipv4.refused((int) key);
      case IPV6 -> ipv6.refused((int) key);
    }
    inFlight.remove(id);
    if (errors.size() < MOST_ERRORS || errors.containsKey(name)) {
      errors.put(name, error);
    }
    return error;
  }

  private String name(long id) {
    long key = inFlight.key(id);
    return switch (inFlight.kind(id)) {
      case NEXT_HOP -> "next hop " + key;
      case GROUP -> "next-hop group " + Long.toUnsignedString(key);
      case IPV4 -> ipv4.prefix((int) key).toString();
      case IPV6 -> ipv6.prefix((int) key).toString();
    };
  }

  /// Takes what an agent says of a route after its acknowledgement. Returns whether that is news.
  boolean routeState(Prefix prefix, String error) {
    if (error.isEmpty()) {
      troubles.remove(prefix);
      return of(prefix.family()).troubleOver(prefix);
    }
    if (troubles.size() < MOST_ERRORS || troubles.containsKey(prefix)) {
      troubles.put(prefix, error);
    }
    return of(prefix.family()).troubled(prefix);
  }

  /// Queues what was refused again.
  void retry() {
    nextHops.retry();
    groups.retry();
    ipv4.retry();
    ipv6.retry();
  }

  int refused() {
    return nextHops.refused() + groups.refused() + ipv4.refused() + ipv6.refused();
  }

  /// One of the refusals that hold, or empty.
  String firstError() {
    if (errors.isEmpty() && !troubles.isEmpty()) {
      Map.Entry<Prefix, String> first = troubles.entrySet().iterator().next();
      return first.getKey() + ": " + first.getValue();
    }
    return errors.isEmpty() ? "" : errors.values().iterator().next();
  }

  int unacked() {
    return inFlight.size();
  }

  /// Entries that wait to be sent, those that were refused included.
  int pending() {
    return ipv4.pending()
        + ipv6.pending()
        + ipv4.refused()
        + ipv6.refused()
        + nextHops.pending()
        + groups.pending();
  }

  int groups() {
    return groups.wanted();
  }

  int prefixes() {
    return ipv4.size() + ipv6.size();
  }

  /// Begins to read what the agent has: nothing that was sent before counts any more.
  void beginAdopt() {
    inFlight.clear();
    errors.clear();
    troubles.clear();
    foundNextHops.clear();
    foundGroups.clear();
    foundPrefixes = 0;
    prefixesOn.clear();
    ipv4.beginAdopt();
    ipv6.beginAdopt();
  }

  /// An entry that the agent has. Throws IllegalArgumentException when it makes no sense.
  void found(AFTEntry entry) {
    boolean inKernel = entry.getFibStatus() != AFTEntry.Status.NOT_PROGRAMMED;
    switch (entry.getEntryCase()) {
      case NEXT_HOP -> {
        Afts.NextHop nextHop = entry.getNextHop().getNextHop();
        NextHop content =
            new NextHop(
                nextHop.getIpAddress().getValue(),
                nextHop.getInterfaceRef().getInterface().getValue());
        foundNextHops.put(entry.getNextHop().getIndex(), inKernel ? content : null);
      }
      case NEXT_HOP_GROUP ->
          foundGroups.put(
              entry.getNextHopGroup().getId(),
              inKernel ? group(entry.getNextHopGroup().getNextHopGroup()) : null);
      case IPV4 -> {
        Afts.Ipv4Entry content = entry.getIpv4().getIpv4Entry();
        long group = content.getNextHopGroup().getValue();
        boolean known = inKernel && !GribiEntries.isOverride(content.getEntryMetadata());
        found(ipv4, entry.getIpv4().getPrefix(), known ? group : PrefixIntent.UNKNOWN);
      }
      case IPV6 -> {
        Afts.Ipv6Entry content = entry.getIpv6().getIpv6Entry();
        long group = content.getNextHopGroup().getValue();
        boolean known = inKernel && !GribiEntries.isOverride(content.getEntryMetadata());
        found(ipv6, entry.getIpv6().getPrefix(), known ? group : PrefixIntent.UNKNOWN);
      }
      case MPLS, MAC_ENTRY, POLICY_FORWARDING_ENTRY, ENTRY_NOT_SET -> {
        // Nothing that this controller ever asks for: left alone.
      }
    }
  }

  private static @Nullable Group group(Afts.NextHopGroup group) {
    return group.getNextHopCount() == 1
        ? new Group((int) group.getNextHop(0).getIndex(), group.getBackupNextHopGroup().getValue())
        : null;
  }

  private void found(PrefixIntent family, String prefix, long group) {
    foundPrefixes++;
    family.found(Prefix.parse(prefix), group);
  }

  /// Whether the agent has any entry: only then can a wrong intent take something away.
  int foundEntries() {
    return foundNextHops.size() + foundGroups.size() + foundPrefixes;
  }

  /// Compares what is wanted with what was found. Called right before the first operation of a
  /// stream. Returns how many entries differ.
  int endAdopt() {
    nextHops.adopt(foundNextHops);
    groups.adopt(foundGroups);
    int different = ipv4.endAdopt() + ipv6.endAdopt() + nextHops.pending() + groups.pending();
    foundNextHops.clear();
    foundGroups.clear();
    return different;
  }

  /// Collects operations in order. An entry without wanted content is a deletion.
  private final class Batch {
    private final List<AFTOperation> operations = new ArrayList<>();
    private final int most;
    private final Uint128 electionId;

    Batch(int most, Uint128 electionId) {
      this.most = most;
      this.electionId = electionId;
    }

    boolean hasRoom() {
      return operations.size() < most && inFlight.hasRoom();
    }

    void nextHop(Cell<NextHop> cell) {
      if (!hasRoom()) {
        return;
      }
      NextHop content = cell.wanted;
      Afts.NextHopKey.Builder entry = Afts.NextHopKey.newBuilder().setIndex(cell.id);
      if (content != null) {
        entry.setNextHop(GribiEntries.nextHop(content));
      }
      nextHops.send(cell);
      operations.add(
          operation(InFlight.Kind.NEXT_HOP, cell.id, content != null).setNextHop(entry).build());
    }

    void group(Cell<Group> cell) {
      if (!hasRoom()) {
        return;
      }
      Group content = cell.wanted;
      Afts.NextHopGroupKey.Builder entry = Afts.NextHopGroupKey.newBuilder().setId(cell.id);
      if (content != null) {
        entry.setNextHopGroup(GribiEntries.group(content));
      }
      groups.send(cell);
      operations.add(
          operation(InFlight.Kind.GROUP, cell.id, content != null).setNextHopGroup(entry).build());
    }

    void prefix(PrefixIntent family, int slot) {
      Prefix prefix = family.prefix(slot);
      boolean withdrawn = family.isWithdrawn(slot);
      long group = family.send(slot);
      BytesValue metadata = withdrawn ? GribiEntries.WITHDRAWN : metadata(prefix, group);
      if (family.family() == Family.IPV4) {
        operations.add(
            operation(InFlight.Kind.IPV4, slot, group != 0)
                .setIpv4(GribiEntries.ipv4(prefix.toString(), group, metadata))
                .build());
      } else {
        operations.add(
            operation(InFlight.Kind.IPV6, slot, group != 0)
                .setIpv6(GribiEntries.ipv6(prefix.toString(), group, metadata))
                .build());
      }
    }

    private @Nullable BytesValue metadata(Prefix prefix, long group) {
      OverrideEnd end = overrideEnds.isEmpty() ? null : overrideEnds.get(prefix);
      if (end == null || group == 0) {
        return null;
      }
      long left = TimeUnit.NANOSECONDS.toMillis(end.until() - System.nanoTime());
      return GribiEntries.override(Math.max(1, left), end.group());
    }

    private AFTOperation.Builder operation(InFlight.Kind kind, long key, boolean isThere) {
      return AFTOperation.newBuilder()
          .setId(inFlight.add(kind, key))
          .setNetworkInstance(NETWORK_INSTANCE)
          .setOp(isThere ? AFTOperation.Operation.ADD : AFTOperation.Operation.DELETE)
          .setElectionId(electionId);
    }
  }
}
