package net.donut.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import net.donut.core.answer.OriginValidity;
import net.donut.core.answer.RejectReason;
import net.donut.core.policy.Policy;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.table.AttributeTable;
import net.donut.model.table.PrefixTable;
import net.donut.model.table.SharedAttributes;
import org.jspecify.annotations.Nullable;

/// One family's routes: the prefix table, a column per neighbor, and the class of each prefix.
/// Changes mark prefixes dirty; [RibCommit] decides them. Owned by the engine's thread.
final class CoreRib {
  /// `prefixReasons` holds ordinal + 2 of a reason, OK, or 0 for a slot not looked at yet.
  private static final byte OK = 1;

  private static final RejectReason[] REASONS = RejectReason.values();

  private final Family family;
  private final AttributeTable attributes;
  private final CoreNeighbors neighbors;
  private final Routers routers;
  private final Links links;
  private final PrefixTable table;
  private final CoreOverrides overrides;
  private final List<Column> columns = new ArrayList<>();
  private final List<BitSet> sweeps = new ArrayList<>();
  private final List<long[]> rejects = new ArrayList<>();
  private final Exits exits = new Exits();
  private final Grades grades;
  private final ClassTable classes;
  private final Forwarding forwarding;
  private final HeadlessRouters headless;
  private final BitSet dirty = new BitSet();
  private final BitSet awaited = new BitSet();
  private final BitSet deferred = new BitSet(0);
  private ValidatedPayloads payloads = ValidatedPayloads.NONE;
  private boolean rejectsInvalid;
  private Verdicts verdicts;
  private byte[] prefixReasons = new byte[64];
  private final BitSet covered = new BitSet(0);
  private int[] classOf = new int[64];
  private boolean livenessDirty = true;
  private boolean orderDirty = true;

  CoreRib(
      Family family,
      Policy policy,
      AttributeTable attributes,
      CoreNeighbors neighbors,
      Routers routers,
      Links links,
      int mostUnused) {
    this.family = family;
    this.attributes = attributes;
    this.neighbors = neighbors;
    this.routers = routers;
    this.links = links;
    this.table = new PrefixTable(family);
    this.overrides = new CoreOverrides(table);
    this.verdicts = new Verdicts(policy, new DisjointPrefixes(List.of()));
    this.grades = new Grades(attributes, neighbors, exits, family, verdicts);
    // The other family may hold a set last: whoever does, what was found out about it goes.
    attributes.onFree(grades::forget);
    this.classes = new ClassTable(family, exits, neighbors, routers, mostUnused);
    this.headless = new HeadlessRouters(classes);
    this.forwarding = new Forwarding(family, exits, neighbors, routers, links, headless);
    makeRoom();
    setOwn(policy);
  }

  Family family() {
    return family;
  }

  PrefixTable table() {
    return table;
  }

  CoreOverrides overrides() {
    return overrides;
  }

  Grades grades() {
    return grades;
  }

  Exits exits() {
    return exits;
  }

  Forwarding forwarding() {
    return forwarding;
  }

  Verdicts verdicts() {
    return verdicts;
  }

  /// One more than the largest neighbor with a column.
  int columnCount() {
    return columns.size();
  }

  Column column(int neighbor) {
    return columns.get(neighbor);
  }

  /// The class of a slot as of the last commit, 0 for none.
  int classOf(int slot) {
    return slot < classOf.length ? classOf[slot] : 0;
  }

  /// Puts a slot into another class, 0 for none, and counts it there.
  void setClass(int slot, int number) {
    int before = classOf(slot);
    if (before == number) {
      return;
    }
    if (before != 0) {
      classes.removePrefix(before);
    }
    if (number != 0) {
      classes.addPrefix(number);
    }
    classOf[slot] = number;
  }

  private void makeRoom() {
    while (columns.size() < neighbors.size()) {
      columns.add(new Column());
      sweeps.add(new BitSet(0));
      rejects.add(new long[REASONS.length]);
    }
  }

  private void makeRoom(int slot) {
    if (slot >= classOf.length) {
      int room = slot + Math.max(64, slot >> 2);
      classOf = Arrays.copyOf(classOf, room);
      prefixReasons = Arrays.copyOf(prefixReasons, room);
    }
  }

  // Changes.

  void announce(int neighbor, Prefixes prefixes, PathAttributes path) {
    announce(neighbor, prefixes, attributes.intern(path));
  }

  void announce(int neighbor, Prefixes prefixes, SharedAttributes path) {
    announce(neighbor, prefixes, attributes.intern(path));
  }

  /// Takes over the caller's reference on an attribute set.
  private void announce(int neighbor, Prefixes prefixes, int id) {
    for (int i = 0; i < prefixes.size(); i++) {
      int slot = table.findOrAdd(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      makeRoom(slot);
      if (prefixReasons[slot] == 0) {
        prefixReasons[slot] = judge(slot);
      }
      set(neighbor, slot, id);
      BitSet seen = sweeps.get(neighbor);
      if (!seen.isEmpty()) {
        seen.set(slot + 1);
      }
    }
    release(id);
  }

  void withdraw(int neighbor, Prefixes prefixes) {
    for (int i = 0; i < prefixes.size(); i++) {
      int slot = table.find(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      if (slot != PrefixTable.NONE) {
        set(neighbor, slot, 0);
        sweeps.get(neighbor).clear(slot + 1);
      }
    }
  }

  private void set(int neighbor, int slot, int id) {
    Column column = columns.get(neighbor);
    int before = column.get(slot);
    if (before == id) {
      return;
    }
    if (before != 0) {
      count(neighbor, slot, before, -1);
    }
    column.set(slot, id);
    if (id != 0) {
      attributes.retain(id);
      count(neighbor, slot, id, 1);
    }
    if (before != 0) {
      release(before);
    }
    dirty.set(slot);
  }

  private void count(int neighbor, int slot, int id, int change) {
    RejectReason reason = reason(neighbor, slot, id);
    if (reason != null) {
      rejects.get(neighbor)[reason.index()] += change;
    }
  }

  /// One reference to an attribute set less.
  void release(int id) {
    attributes.release(id);
  }

  /// Bit 0 says that a sweep runs, bit slot + 1 that the slot was repeated.
  void sweepStart(int neighbor) {
    BitSet seen = sweeps.get(neighbor);
    seen.clear();
    seen.set(0);
  }

  int sweepEnd(int neighbor) {
    BitSet seen = sweeps.get(neighbor);
    if (!seen.get(0)) {
      return 0;
    }
    sweeps.set(neighbor, new BitSet(0));
    return clearUnless(neighbor, seen);
  }

  int clear(int neighbor) {
    BitSet seen = sweeps.get(neighbor);
    if (seen.get(0)) {
      sweepStart(neighbor);
    }
    return clearUnless(neighbor, new BitSet(0));
  }

  private int clearUnless(int neighbor, BitSet seen) {
    int cleared = 0;
    for (int slot = nextIn(neighbor, 0); slot >= 0; slot = nextIn(neighbor, slot + 1)) {
      if (!seen.get(slot + 1)) {
        set(neighbor, slot, 0);
        cleared++;
      }
    }
    return cleared;
  }

  /// Hands over the slots in which a neighbor has a path that policy accepts.
  void forEachAccepted(int neighbor, IntConsumer into) {
    Column column = columns.get(neighbor);
    for (int slot = nextIn(neighbor, 0); slot >= 0; slot = nextIn(neighbor, slot + 1)) {
      if (reason(neighbor, slot, column.get(slot)) == null) {
        into.accept(slot);
      }
    }
  }

  /// The first slot from `from` on in which a neighbor has a path, or -1.
  private int nextIn(int neighbor, int from) {
    Column column = columns.get(neighbor);
    int slot = from;
    while (slot < table.capacity()) {
      int[] page = column.page(slot >>> Column.PAGE_BITS);
      if (Column.isZeros(page)) {
        slot = ((slot >>> Column.PAGE_BITS) + 1) << Column.PAGE_BITS;
      } else if (page[slot & Column.PAGE_MASK] != 0) {
        return slot;
      } else {
        slot++;
      }
    }
    return -1;
  }

  /// Every prefix of a neighbor is to be decided again, under another order of neighbors.
  void reorder(int neighbor) {
    orderDirty = true;
    for (int slot = nextIn(neighbor, 0); slot >= 0; slot = nextIn(neighbor, slot + 1)) {
      dirty.set(slot);
    }
  }

  /// Sends a prefix by the neighbor of an override.
  void override(RouteOverride override, int neighbor) {
    overrides.add(override, neighbor, dirty);
  }

  /// Ends the override of a prefix, if there is one.
  void endOverride(Prefix prefix) {
    overrides.remove(prefix, dirty);
  }

  /// A router hears nobody any more: it goes on with these exits by class, and by slot where an
  /// override ends by itself.
  void loseRouter(int router, Liveness then, int[] exits, Map<Integer, Integer> afterOverrides) {
    headless.add(router, then, exits, afterOverrides);
    livenessDirty = true;
  }

  /// Whether a router hears nobody.
  boolean isHeadless(int router) {
    return headless.contains(router);
  }

  /// A router hears us.
  void regainRouter(int router) {
    if (headless.contains(router)) {
      headless.remove(router, dirty);
      livenessDirty = true;
    }
  }

  void livenessChanged() {
    livenessDirty = true;
  }

  /// A neighbor's first table is on its way: until [#tableHeard], a prefix that was never decided
  /// waits for that neighbor's word on it.
  void awaitTable(int neighbor) {
    awaited.set(neighbor);
  }

  void tableHeard(int neighbor) {
    if (awaited.get(neighbor)) {
      awaited.clear(neighbor);
      dirty.or(deferred);
      deferred.clear();
    }
  }

  /// Takes out of what is dirty the prefixes that have to wait.
  void defer() {
    if (awaited.isEmpty()) {
      return;
    }
    for (int slot = dirty.nextSetBit(0); slot >= 0; slot = dirty.nextSetBit(slot + 1)) {
      if (classOf(slot) == 0 && columns.get(Neighbor.OWN).get(slot) == 0 && lacksWord(slot)) {
        deferred.set(slot);
        dirty.clear(slot);
      } else {
        deferred.clear(slot);
      }
    }
  }

  private boolean lacksWord(int slot) {
    for (int n = awaited.nextSetBit(0); n >= 0; n = awaited.nextSetBit(n + 1)) {
      if (columns.get(n).get(slot) == 0) {
        return true;
      }
    }
    return false;
  }

  boolean isClean() {
    return dirty.isEmpty() && !livenessDirty && !orderDirty;
  }

  boolean isLivenessDirty() {
    return livenessDirty;
  }

  boolean isOrderDirty() {
    return orderDirty;
  }

  void committed() {
    dirty.clear();
    livenessDirty = false;
    orderDirty = false;
  }

  /// The slots in which a path of a neighbor is refused now; for [#judgeAgain].
  BitSet refused(int neighbor) {
    BitSet refused = new BitSet(0);
    for (int slot = nextIn(neighbor, 0); slot >= 0; slot = nextIn(neighbor, slot + 1)) {
      if (reason(neighbor, slot, columns.get(neighbor).get(slot)) != null) {
        refused.set(slot);
      }
    }
    return refused;
  }

  /// What is known of a neighbor's next hops changed: its paths are judged again, and prefixes of
  /// which one was refused and is accepted now, or the other way round, are to be decided again.
  void judgeAgain(int neighbor, BitSet refusedBefore) {
    grades.restart(neighbor);
    Arrays.fill(rejects.get(neighbor), 0);
    for (int slot = nextIn(neighbor, 0); slot >= 0; slot = nextIn(neighbor, slot + 1)) {
      RejectReason reason = reason(neighbor, slot, columns.get(neighbor).get(slot));
      if (reason != null) {
        rejects.get(neighbor)[reason.index()]++;
      }
      if (refusedBefore.get(slot) != (reason != null)) {
        dirty.set(slot);
      }
    }
  }

  /// Takes over the networks of the exchanges that we are on: prefixes inside of them, before or
  /// now, are judged again.
  void setLans(DisjointPrefixes next) {
    DisjointPrefixes before = verdicts.lans();
    if (before.equals(next)) {
      return;
    }
    Verdicts after = new Verdicts(verdicts.policy(), next);
    BitSet slots = new BitSet(0);
    List<Prefix> changed = new ArrayList<>(before.all());
    changed.addAll(next.all());
    changed.removeIf(lan -> before.all().contains(lan) && next.all().contains(lan));
    for (Prefix lan : changed) {
      for (int slot : table.slotsWithin(lan)) {
        slots.set(slot);
      }
    }
    slots.stream().forEach(slot -> countAll(slot, -1));
    verdicts = after;
    grades.judgeBy(after);
    slots.stream()
        .forEach(slot -> {
          prefixReasons[slot] = judge(slot);
          countAll(slot, 1);
          dirty.set(slot);
        });
  }

  private void countAll(int slot, int change) {
    for (int neighbor = 0; neighbor < columns.size(); neighbor++) {
      int id = columns.get(neighbor).get(slot);
      if (id != 0) {
        count(neighbor, slot, id, change);
      }
    }
  }

  /// Takes over a policy that neighbors, routers and links have taken over already, with the
  /// networks of the exchanges that it names.
  void applyPolicy(Policy policy, List<Neighbor> gone, DisjointPrefixes lans) {
    for (Neighbor neighbor : gone) {
      clear(neighbor.index);
      tableHeard(neighbor.index);
    }
    overrides.removeNeighbors(gone);
    makeRoom();
    verdicts = new Verdicts(policy, lans);
    rejectsInvalid = payloads.size() > 0 && verdicts.rejectsInvalidOrigins();
    grades.restart(verdicts);
    forwarding.restart();
    headless.policyChanged();
    setOwn(policy);
    rejects.forEach(counts -> Arrays.fill(counts, 0));
    for (int slot = 0; slot < table.capacity(); slot++) {
      if (table.isPresent(slot)) {
        prefixReasons[slot] = judge(slot);
        dirty.set(slot);
      }
    }
    for (int neighbor = 0; neighbor < columns.size(); neighbor++) {
      for (int slot = nextIn(neighbor, 0); slot >= 0; slot = nextIn(neighbor, slot + 1)) {
        count(neighbor, slot, columns.get(neighbor).get(slot), 1);
      }
    }
    livenessDirty = true;
    orderDirty = true;
  }

  /// Neighbors were added that have no paths yet; nothing else of the policy changed.
  void neighborsAdded() {
    makeRoom();
    livenessDirty = true;
    orderDirty = true;
  }

  private void setOwn(Policy policy) {
    sweepStart(Neighbor.OWN);
    IpAddress nowhere = family == Family.IPV4 ? IpAddress.ofIpv4(0) : IpAddress.ofIpv6(0, 0);
    List<Prefix> ours =
        policy.networks().stream().filter(network -> network.family() == family).toList();
    announce(
        Neighbor.OWN,
        Prefixes.copyOf(family, ours),
        PathAttributes.of(Origin.IGP, AsPath.EMPTY, nowhere));
    sweepEnd(Neighbor.OWN);
  }

  /// A prefix that nobody announces is forgotten; its slot may be given to another.
  void removeSlot(int slot) {
    table.remove(slot);
    classOf[slot] = 0;
    prefixReasons[slot] = 0;
  }

  // Judgement.

  private byte judge(int slot) {
    RejectReason reason = verdicts.ofPrefix(table.prefix(slot));
    covered.set(
        slot,
        rejectsInvalid
            && payloads.covers(family, table.high(slot), table.low(slot), table.length(slot)));
    return reason == null ? OK : (byte) (reason.index() + 2);
  }

  /// What [Verdicts#ofPrefix] says of a slot, whoever announces it.
  @Nullable RejectReason prefixReason(int slot) {
    byte known = prefixReasons[slot];
    return known <= OK ? null : REASONS[known - 2];
  }

  /// Why the prefix alone makes a neighbor's path unusable, or null; `reason` is what
  /// [#prefixReason] says of the slot.
  @Nullable RejectReason prefixReason(int neighbor, int slot, RejectReason reason) {
    return verdicts.ofPrefix(reason, neighbors.get(neighbor), table.prefix(slot));
  }

  /// Why a path is not used, or null when it is accepted.
  @Nullable RejectReason reason(int neighbor, int slot, int attributeId) {
    RejectReason ofPath = grades.reason(grades.grade(neighbor, attributeId));
    if (ofPath != null) {
      return ofPath;
    }
    RejectReason known = prefixReason(slot);
    RejectReason ofPrefix = known == null ? null : prefixReason(neighbor, slot, known);
    if (ofPrefix != null) {
      return ofPrefix;
    }
    return isInvalidOrigin(neighbor, slot, attributeId) ? RejectReason.INVALID_ORIGIN : null;
  }

  /// What was found and what was expected where a path is refused, for people.
  String evidence(RejectReason reason, int neighbor, int slot, int attributeId) {
    return new RefusalText(verdicts, payloads)
        .of(reason, neighbors.get(neighbor), table.prefix(slot), attributes.get(attributeId));
  }

  /// Judges origins by these payloads from the next policy on.
  void setPayloads(ValidatedPayloads next) {
    payloads = next;
  }

  /// Whether a path is refused for its origin. Only slots that a payload covers are looked at.
  boolean isInvalidOrigin(int neighbor, int slot, int attributeId) {
    return rejectsInvalid
        && neighbor != Neighbor.OWN
        && covered.get(slot)
        && validity(slot, attributeId) == OriginValidity.INVALID;
  }

  /// What the payloads say of a path, whether or not policy asks.
  OriginValidity validity(int slot, int attributeId) {
    return payloads.validity(
        family,
        table.high(slot),
        table.low(slot),
        table.length(slot),
        attributes.get(attributeId).asPath().originAs());
  }

  /// How many paths of a neighbor are rejected, by reason.
  long[] rejects(int neighbor) {
    return rejects.get(neighbor);
  }

  // What a commit needs.

  Liveness liveness(Set<String> cutNeighbors, Set<String> cutLinks) {
    return headless.in(Liveness.of(neighbors, routers, links, family, cutNeighbors, cutLinks));
  }

  /// The first slot from `from` on that is to be decided, or -1.
  int nextDirty(int from) {
    return dirty.nextSetBit(from);
  }

  /// Has every prefix decided.
  void markAll() {
    for (int slot = 0; slot < table.capacity(); slot++) {
      if (table.isPresent(slot)) {
        dirty.set(slot);
      }
    }
  }

  /// Has every prefix under an override decided.
  void markOverridden() {
    overrides.markAll(dirty);
  }

  /// Has the prefixes decided that other liveness may send elsewhere than within their class.
  void markUndecided(Liveness liveness) {
    dirty.or(slotsOf(undecided(liveness)));
  }

  /// The class for a slot that was decided into `decided`: another one where routers that hear
  /// nobody go on as before.
  int keepHeadless(int slot, int before, int decided) {
    return headless.keep(slot, before, decided);
  }

  /// Tells routers the groups of the class that a slot would be in without its override.
  void tellOverride(int slot, int base, long[] groups, CommitLog log) {
    overrides.tell(slot, base, groups, classes, log);
  }

  /// Forgets the classes that nobody is in, when there are too many of them; their numbers are free
  /// for others from then on.
  boolean purgeClasses() {
    if (!classes.isPurgeDue()) {
      return false;
    }
    classes.purge();
    headless.forget();
    return true;
  }

  /// One more than the largest class.
  int classCount() {
    return classes.size();
  }

  /// How many classes have prefixes.
  int classesInUse() {
    return classes.inUse();
  }

  boolean isClassUsed(int number) {
    return classes.isUsed(number);
  }

  /// How many prefixes are in a class.
  int prefixesOf(int number) {
    return classes.prefixes(number);
  }

  /// The id of the next-hop group of a class.
  long group(int number) {
    return classes.group(number);
  }

  /// Exit `place` of the list of a class at a router, or [Exits#NONE].
  int exit(int number, int router, int place) {
    return classes.exit(number, router, place);
  }

  /// What a class means to the routers under some liveness.
  ClassForwarding meaning(int number, Liveness liveness) {
    return forwarding.of(classes, number, liveness);
  }

  /// The exit that each router uses first for a class.
  int[] primaries(int number, Liveness liveness) {
    return forwarding.primaries(classes, number, liveness);
  }

  /// A decider that puts prefixes into our classes.
  Decider decider(Liveness liveness) {
    return decider(liveness, classes);
  }

  /// A decider with classes of its own.
  Decider decider(Liveness liveness, ClassTable into) {
    return new Decider(this, neighbors, routers, family, liveness, into);
  }

  ClassTable newClassTable() {
    return new ClassTable(family, exits, neighbors, routers, ClassTable.MOST_UNUSED);
  }

  AttributeTable attributes() {
    return attributes;
  }

  /// The classes whose prefixes are to be decided again when liveness changes: those with a list
  /// made from what was usable before, and those with a router that can use nothing of a full list.
  BitSet undecided(Liveness liveness) {
    BitSet found = new BitSet();
    for (int number = 1; number < classes.size(); number++) {
      if (classes.prefixes(number) > 0) {
        for (int router = 0; router < routers.size(); router++) {
          if (classes.isFallback(number, router) || isExhausted(number, router, liveness)) {
            found.set(number);
          }
        }
      }
    }
    return found;
  }

  private boolean isExhausted(int number, int router, Liveness liveness) {
    if (classes.exit(number, router, ClassTable.LIST - 1) == Exits.NONE) {
      return false;
    }
    for (int i = 0; i < ClassTable.LIST; i++) {
      if (forwarding.isUsable(classes.exit(number, router, i), router, liveness)) {
        return false;
      }
    }
    return true;
  }

  /// The slots whose class is in `numbers`, without those that are decided in this commit.
  BitSet cleanSlotsOf(BitSet numbers) {
    BitSet found = slotsOf(numbers);
    found.andNot(dirty);
    return found;
  }

  /// The slots whose class is in `numbers`.
  BitSet slotsOf(BitSet numbers) {
    BitSet found = new BitSet(0);
    if (numbers.isEmpty()) {
      return found;
    }
    int most = Math.min(classOf.length, table.capacity());
    for (int slot = 0; slot < most; slot++) {
      int number = classOf[slot];
      if (number != 0 && numbers.get(number)) {
        found.set(slot);
      }
    }
    return found;
  }
}
