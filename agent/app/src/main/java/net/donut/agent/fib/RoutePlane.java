package net.donut.agent.fib;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.netlink.Errno;
import net.donut.netlink.KernelRoute;
import net.donut.netlink.NetlinkError;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.Outcome;
import net.donut.netlink.Request;
import net.donut.netlink.RouteLookup;
import net.donut.netlink.RoutePlace;
import net.donut.netlink.RouteType;
import net.donut.netlink.WriteMode;
import org.jspecify.annotations.Nullable;

/// The routes of all network instances on their way to the kernel: batches, answers, and the long
/// work that goes in steps. Owned by `agent-fib`.
final class RoutePlane {
  /*
   * Every request goes through `send`: it compares what the kernel is known to hold with the group
   * wanted now, and writes only a difference. So putting all routes of a group back, repairing one,
   * and answering a client are the same thing, and doing any of them twice costs nothing.
   *
   * CREATE is used where nothing of ours is known to stand: the kernel then refuses (EEXIST) instead
   * of replacing somebody else's route.
   */

  /// Work over all slots of the tables, done a bounded number of slots at a time.
  private interface Sweep {
    void slot(RouteTable table, int slot);
  }

  private record Job(Sweep sweep, ArrayDeque<RouteTable> tables, Cursor cursor, Runnable then) {}

  private static final class Cursor {
    private int next;
  }

  private static final int SLOTS_A_STEP = 8192;
  private static final RouteAck UNHEARD = (_, _) -> {};

  private final NetlinkSocket socket;
  private final FibOptions options;
  private final Map<String, Instance> instances = new LinkedHashMap<>();
  private final Map<Instance, RouteRequests> creates = new LinkedHashMap<>();
  private final Map<Instance, RouteRequests> replaces = new LinkedHashMap<>();
  private final List<@Nullable Group> groups = new ArrayList<>();
  private final ArrayDeque<Integer> freeHandles = new ArrayDeque<>();
  private final ArrayDeque<Job> jobs = new ArrayDeque<>();
  private final ExpectedDeletes expectedDeletes = new ExpectedDeletes();
  private boolean putBackWanted;
  private boolean swept;
  private long writes;

  RoutePlane(NetlinkSocket socket, FibOptions options) {
    this.socket = socket;
    this.options = options;
    groups.add(null);
    options.networkInstances().forEach((name, table) -> addInstance(new Instance(name, table)));
  }

  private void addInstance(Instance instance) {
    instances.put(instance.name(), instance);
    RoutePlace place = new RoutePlace(instance.table(), options.protocol(), options.metric());
    creates.put(instance, new RouteRequests(socket, place, WriteMode.CREATE));
    replaces.put(instance, new RouteRequests(socket, place, WriteMode.CREATE_OR_REPLACE));
  }

  Collection<Instance> instances() {
    return instances.values();
  }

  @Nullable Instance instance(String name) {
    return instances.get(name);
  }

  /// The instance of a kernel table, or null.
  @Nullable Instance instance(int table) {
    for (Instance instance : instances.values()) {
      if (instance.table() == table) {
        return instance;
      }
    }
    return null;
  }

  List<RouteTable> tables() {
    List<RouteTable> tables = new ArrayList<>();
    for (Instance instance : instances.values()) {
      tables.add(instance.routes(Family.IPV4));
      tables.add(instance.routes(Family.IPV6));
    }
    return tables;
  }

  /// Routes written or deleted so far.
  long writes() {
    return writes;
  }

  Group newGroup(Instance instance, long id) {
    Integer free = freeHandles.poll();
    int handle = free == null ? groups.size() : free;
    Group group = new Group(instance, id, handle);
    if (free == null) {
      groups.add(group);
    } else {
      groups.set(handle, group);
    }
    return group;
  }

  void freeGroup(Group group) {
    groups.set(group.handle(), null);
    freeHandles.add(group.handle());
  }

  Group group(int handle) {
    Group group = groups.get(handle);
    if (group == null) {
      throw new IllegalStateException("group handle: " + handle + " (expected: one in use)");
    }
    return group;
  }

  List<Group> groups() {
    List<Group> present = new ArrayList<>();
    for (Group group : groups) {
      if (group != null) {
        present.add(group);
      }
    }
    return present;
  }

  /// The slot of a prefix that no request is on its way for, added if need be.
  int settledSlot(RouteTable table, long high, long low, int length) {
    int slot = table.findOrAdd(high, low, length);
    if (table.isPending(slot)) {
      flush();
      slot = table.findOrAdd(high, low, length);
    }
    return slot;
  }

  /// Waits for the answer to what was asked for a slot, if anything was.
  void awaitAnswer(RouteTable table, int slot) {
    if (table.isPending(slot)) {
      flush();
    }
  }

  void intend(RouteTable table, int slot, @Nullable Group group) {
    int before = table.intent(slot);
    int after = group == null ? 0 : group.handle();
    if (before == after) {
      return;
    }
    long idBefore = 0;
    if (before != 0) {
      Group groupBefore = group(before);
      groupBefore.countRoutes(table, -1);
      idBefore = groupBefore.id();
    }
    if (group != null) {
      group.countRoutes(table, 1);
    }
    table.setIntent(slot, after, group == null ? 0 : group.id(), idBefore);
  }

  /// Makes the kernel's route of a slot what its group says now.
  void send(RouteTable table, int slot, RouteAck ack, long token) {
    int wanted = 0;
    String refusal = null;
    if (table.intent(slot) != 0 && table.state(slot) != RouteTable.State.WITHHELD) {
      Group group = group(table.intent(slot));
      wanted = group.kernelId(table.family());
      refusal = group.refusal(table.family());
    }
    int known = table.kernel(slot);
    if (wanted == known) {
      settle(table, slot, refusal);
      ack.programmed(token, refusal);
      return;
    }
    if (refusal != null) {
      table.setState(slot, RouteTable.State.FAILED, refusal);
    }
    Map<Instance, RouteRequests> lane = known == 0 || wanted == 0 ? creates : replaces;
    RouteRequests requests = lane.getOrDefault(table.instance(), creates.get(table.instance()));
    if (requests == null) {
      throw new IllegalStateException(table.instance() + ": unknown network instance");
    }
    requests.add(table, slot, wanted, ack, token);
    if (requests.isFull()) {
      flush();
    }
  }

  private @Nullable String refusalOf(RouteTable table, int slot) {
    int handle = table.intent(slot);
    return handle == 0 ? null : group(handle).refusal(table.family());
  }

  private static void settle(RouteTable table, int slot, @Nullable String refusal) {
    if (table.intent(slot) == 0) {
      table.releaseIfEmpty(slot);
    } else if (refusal != null) {
      table.setState(slot, RouteTable.State.FAILED, refusal);
    } else if (table.state(slot) != RouteTable.State.WITHHELD) {
      table.setState(slot, RouteTable.State.GOOD, "");
    }
  }

  /// [#send] for nobody, and waits for the kernel's answer.
  void sendNow(RouteTable table, int slot) {
    send(table, slot, UNHEARD, 0);
    flush();
  }

  /// Sends what gathered, and waits for the kernel's answers.
  void flush() {
    for (RouteRequests requests : creates.values()) {
      writes += requests.flush(this::completed);
    }
    for (RouteRequests requests : replaces.values()) {
      writes += requests.flush(this::completed);
    }
  }

  private void completed(
      RouteTable table,
      int slot,
      int kernelGroup,
      @Nullable NetlinkError error,
      RouteAck ack,
      long token) {
    if (kernelGroup == 0) {
      completedDelete(table, slot, error, ack, token);
    } else {
      completedPut(table, slot, kernelGroup, error, ack, token);
    }
  }

  private void completedDelete(
      RouteTable table, int slot, @Nullable NetlinkError error, RouteAck ack, long token) {
    if (error == null) {
      expectedDeletes.add(table, slot);
    }
    String answer = null;
    if (error == null || error.errno() == Errno.ESRCH) {
      table.setKernel(slot, 0);
    } else {
      answer = error.message();
    }
    if (table.intent(slot) != 0 && table.state(slot) != RouteTable.State.GOOD) {
      answer = table.error(slot);
    }
    if (table.intent(slot) == 0) {
      table.releaseIfEmpty(slot);
    }
    ack.programmed(token, answer);
  }

  private void completedPut(
      RouteTable table,
      int slot,
      int kernelGroup,
      @Nullable NetlinkError error,
      RouteAck ack,
      long token) {
    if (error == null) {
      table.setKernel(slot, kernelGroup);
      String refusal = refusalOf(table, slot);
      settle(table, slot, refusal);
      ack.programmed(token, refusal);
    } else if (error.errno() == Errno.EEXIST || error.errno() == Errno.ENOBUFS) {
      ack.programmed(token, putOverUnknown(table, slot, kernelGroup));
    } else {
      table.setState(slot, RouteTable.State.FAILED, error.message());
      ack.programmed(token, error.message());
    }
  }

  /// A route stands there that was not known of, or may stand there because the kernel's answer was
  /// lost. Returns the answer to the client.
  private @Nullable String putOverUnknown(RouteTable table, int slot, int kernelGroup) {
    KernelRoute wanted =
        new KernelRoute(
            table.prefix(slot),
            table.instance().table(),
            kernelGroup,
            options.protocol(),
            options.metric(),
            RouteType.UNICAST);
    KernelRoute found = standing(table, wanted.prefix());
    NetlinkError error;
    if (found == null) {
      error = deleteAndPut(table, slot, wanted);
    } else if (found.protocol() == options.protocol()) {
      error = put(wanted, WriteMode.CREATE_OR_REPLACE);
    } else {
      return route(table, slot) + ": " + conflict(table, slot, holder(found));
    }
    if (error == null) {
      table.setKernel(slot, kernelGroup);
      String refusal = refusalOf(table, slot);
      settle(table, slot, refusal);
      return refusal;
    }
    if (error.errno() == Errno.EEXIST) {
      boolean known = table.state(slot) == RouteTable.State.CONFLICT;
      return known
          ? route(table, slot) + ": " + table.error(slot)
          : route(table, slot) + ": " + conflict(table, slot, "a route of another program");
    }
    table.setState(slot, RouteTable.State.FAILED, error.message());
    return error.message();
  }

  /// The kernel deletes only what has our protocol number, so what still stands after that is not
  /// ours.
  private @Nullable NetlinkError deleteAndPut(RouteTable table, int slot, KernelRoute wanted) {
    KernelRoute ours =
        new KernelRoute(
            wanted.prefix(),
            wanted.table(),
            0,
            wanted.protocol(),
            wanted.metric(),
            RouteType.UNICAST);
    if (socket.execute(new Request.DeleteRoute(ours)) instanceof Outcome.Accepted) {
      expectedDeletes.add(table, slot);
      writes++;
    }
    return put(wanted, WriteMode.CREATE);
  }

  private @Nullable NetlinkError put(KernelRoute route, WriteMode mode) {
    Outcome outcome = socket.execute(new Request.PutRoute(route, mode));
    if (outcome instanceof Outcome.Refused(var error)) {
      return error;
    }
    writes++;
    return null;
  }

  private static String route(RouteTable table, int slot) {
    return "route " + table.prefix(slot) + " of " + table.instance();
  }

  private String conflict(RouteTable table, int slot, String holder) {
    String text =
        holder
            + " with metric "
            + options.metric()
            + " holds the prefix (expected: none; it is not replaced, ours returns when it goes)";
    table.setState(slot, RouteTable.State.CONFLICT, text);
    return text;
  }

  private static String holder(KernelRoute route) {
    return switch (route.type()) {
          case UNICAST -> "a route of ";
          case BLACKHOLE -> "a blackhole of ";
          case UNREACHABLE -> "an unreachable route of ";
          case PROHIBIT -> "a prohibiting route of ";
          default -> "a " + route.type().name().toLowerCase(Locale.ROOT) + " route of ";
        }
        + Protocols.name(route.protocol());
  }

  /// Somebody wrote a route where ours belongs. Returns what is wrong now, or null when ours is
  /// still the one that is used.
  @Nullable String foreignRoute(RouteTable table, int slot, KernelRoute foreign) {
    KernelRoute found = standing(table, foreign.prefix());
    if (found != null && found.protocol() == options.protocol()) {
      table.setKernel(slot, found.nextHopId());
      return null;
    }
    table.setKernel(slot, 0);
    return conflict(table, slot, holder(foreign));
  }

  /// The route that a lookup of the prefix's first address finds, if it is of this very prefix; a
  /// lookup does not show routes that discard, nor those with a longer one at the same address.
  private @Nullable KernelRoute standing(RouteTable table, Prefix prefix) {
    if (table.instance().table() == FibOptions.MAIN_TABLE
        && socket.view().fibMatch(prefix.address()) instanceof RouteLookup.Found found
        && found.route().prefix().equals(prefix)
        && found.route().metric() == options.metric()) {
      return found.route();
    }
    return null;
  }

  /// The kernel dropped groups and with them their routes: takes note of it.
  void groupsVanished(Set<Integer> kernelGroups) {
    if (kernelGroups.isEmpty()) {
      return;
    }
    flush();
    for (RouteTable table : tables()) {
      if (kernelGroups.stream().allMatch(id -> table.users(id) == 0)) {
        continue;
      }
      for (int slot = 0; slot < table.capacity(); slot++) {
        if (table.prefixes().isPresent(slot)
            && table.kernel(slot) != 0
            && kernelGroups.contains(table.kernel(slot))) {
          table.setKernel(slot, 0);
          table.releaseIfEmpty(slot);
        }
      }
    }
  }

  /// Begins to put back every route that the kernel lacks and whose group is there.
  void putBack() {
    putBackWanted = true;
  }

  private void putBack(RouteTable table, int slot) {
    int handle = table.intent(slot);
    RouteTable.State state = table.state(slot);
    if (handle == 0
        || state == RouteTable.State.WITHHELD
        || state == RouteTable.State.CONFLICT
        || table.isPending(slot)) {
      return;
    }
    Group group = group(handle);
    boolean refused = group.refusal(table.family()) != null;
    if (table.kernel(slot) != group.kernelId(table.family())
        || refused != (state == RouteTable.State.FAILED)) {
      send(table, slot, UNHEARD, 0);
    }
  }

  /// Begins to try again what the kernel refused or somebody else holds: not every end of a foreign
  /// route is reported.
  void retryTroubles() {
    begin(
        (table, slot) -> {
          RouteTable.State state = table.state(slot);
          boolean troubled = state == RouteTable.State.CONFLICT || state == RouteTable.State.FAILED;
          if (table.intent(slot) != 0 && troubled && !table.isPending(slot)) {
            send(table, slot, UNHEARD, 0);
          }
        },
        () -> {});
  }

  /// Hands out at most `most` troubles of routes that began, changed or ended. Returns whether more
  /// are left.
  boolean tell(int most, Consumer<RouteTrouble> observer) {
    boolean left = false;
    for (RouteTable table : tables()) {
      table.tell(most, observer);
      left |= table.hasUntold();
    }
    return left;
  }

  /// Begins to delete all routes that nobody intends; `then` runs after the last.
  void removeUnclaimed(Runnable then) {
    swept = true;
    Sweep sweep =
        (table, slot) -> {
          if (table.intent(slot) == 0 && table.kernel(slot) != 0 && !table.isPending(slot)) {
            send(table, slot, UNHEARD, 0);
          }
        };
    begin(sweep, then);
  }

  /// Whether what an earlier run left and nobody asked for again is removed, or is being removed.
  boolean isSwept() {
    return swept;
  }

  private void begin(Sweep sweep, Runnable then) {
    jobs.add(new Job(sweep, new ArrayDeque<>(tables()), new Cursor(), then));
  }

  /// Does a bounded part of the work begun. Returns whether more is left.
  boolean step() {
    if (putBackWanted && jobs.isEmpty()) {
      putBackWanted = false;
      begin(this::putBack, () -> {});
    }
    Job job = jobs.peek();
    if (job == null) {
      return false;
    }
    RouteTable table = job.tables().peek();
    if (table == null) {
      jobs.remove();
      job.then().run();
      return !jobs.isEmpty() || putBackWanted;
    }
    int end = Math.min(table.capacity(), job.cursor().next + SLOTS_A_STEP);
    for (int slot = job.cursor().next; slot < end; slot++) {
      if (table.prefixes().isPresent(slot)) {
        job.sweep().slot(table, slot);
      }
    }
    job.cursor().next = end;
    if (end >= table.capacity()) {
      job.tables().remove();
      job.cursor().next = 0;
    }
    flush();
    return true;
  }

  /// Whether a deletion that the kernel reports is the echo of our own.
  boolean isOwnDelete(RouteTable table, Prefix prefix) {
    return expectedDeletes.take(table, prefix);
  }

  /// Reports were lost: what was expected may never come.
  void reportsLost() {
    expectedDeletes.clear();
  }
}
