package net.donut.agent.fib;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.netlink.Errno;
import net.donut.netlink.GroupBucket;
import net.donut.netlink.KernelLink;
import net.donut.netlink.KernelRoute;
import net.donut.netlink.NetlinkException;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.RouteLookup;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/// One comparison of the intent with a fresh kernel dump, on a thread of its own.
final class KernelInspection {
  private static final int ENTRIES_A_CHUNK = 1000;
  private static final int ATTEMPTS = 3;

  private final Fib fib;
  private final FibOptions options;
  private final InspectQuery query;
  private final @Nullable IpAddress lookup;
  private final Consumer<List<InspectEntry>> sink;
  private final Predicate<Prefix> wanted;
  private final Map<Integer, List<GroupBucket>> buckets = new HashMap<>();
  private final Int2ObjectHashMap<Snapshot.GroupCopy> byKernelGroup = new Int2ObjectHashMap<>();
  private List<InspectEntry> chunk = new ArrayList<>();
  private long installed;
  private long unexpected;
  private long unclaimed;
  private long foreign;
  private long intendedIpv4;
  private long intendedIpv6;
  private long dumpNanos;

  /// @param lookup the address of a packet whose way is asked for, or null
  KernelInspection(
      Fib fib,
      FibOptions options,
      InspectQuery query,
      @Nullable IpAddress lookup,
      Consumer<List<InspectEntry>> sink) {
    this.lookup = lookup;
    this.fib = fib;
    this.options = options;
    this.query = query;
    this.sink = sink;
    this.wanted =
        switch (query) {
          case InspectQuery.Summary(), InspectQuery.All(), InspectQuery.Drift() -> _ -> false;
          case InspectQuery.Address(IpAddress address) -> prefix -> prefix.contains(address);
          case InspectQuery.Covering(Prefix target) -> prefix -> prefix.contains(target);
        };
  }

  InspectSummary run() throws InterruptedException {
    Path namespace = options.namespace();
    if (namespace == null) {
      return inspect();
    }
    try (NetworkNamespace handle = NetworkNamespace.open(namespace)) {
      return handle.<InspectSummary, InterruptedException>call(this::inspect);
    }
  }

  private record Pair(Snapshot.Table intent, KernelDump kernel) {}

  private InspectSummary inspect() throws InterruptedException {
    try (NetlinkSocket socket = NetlinkSocket.open()) {
      for (int attempt = 1; ; attempt++) {
        Snapshot snapshot = fib.ask(ForwardingPlane::snapshot);
        long start = System.nanoTime();
        List<Pair> pairs = new ArrayList<>();
        for (Snapshot.Table table : snapshot.tables()) {
          pairs.add(
              new Pair(
                  table,
                  new KernelDump(options, table.family(), wanted).read(socket, table.number())));
        }
        dumpNanos = System.nanoTime() - start;
        long writes = fib.ask(ForwardingPlane::writes);
        if (writes == snapshot.writes() || attempt == ATTEMPTS) {
          return report(socket, snapshot, pairs);
        }
      }
    }
  }

  private InspectSummary report(NetlinkSocket socket, Snapshot snapshot, List<Pair> pairs) {
    for (Pair pair : pairs) {
      nameKernelGroups(pair.intent(), snapshot);
    }
    for (Pair pair : pairs) {
      compare(pair, snapshot, socket);
    }
    if (!chunk.isEmpty()) {
      sink.accept(sorted(chunk));
    }
    long intended = intendedIpv4 + intendedIpv6;
    RouteLookup match = lookup == null ? null : socket.view().fibMatch(lookup);
    return new InspectSummary(
        intended,
        installed,
        intended - installed,
        unexpected,
        foreign,
        snapshot.groups().size(),
        snapshot.hops(),
        dumpNanos / 1000,
        intendedIpv4,
        intendedIpv6,
        unclaimed,
        match == null ? "" : words(match, socket),
        match instanceof RouteLookup.Found route && lookup != null
            ? found(route, lookup, socket)
            : null);
  }

  /// What the kernel does with a packet that comes in for an address, in the main table.
  private static String words(RouteLookup match, NetlinkSocket socket) {
    return switch (match) {
      case RouteLookup.Found(KernelRoute route, int index, var gateway) -> {
        String where =
            route.nextHopId() != 0
                ? "goes to next-hop group " + Integer.toUnsignedString(route.nextHopId())
                : "goes"
                    + (gateway == null ? "" : " to " + gateway)
                    + (index == 0 ? "" : " on " + interfaceName(index, socket));
        yield "%s by %s of %s, metric %s"
            .formatted(
                where,
                route.prefix(),
                Protocols.name(route.protocol()),
                Integer.toUnsignedString(route.metric()));
      }
      case RouteLookup.Unreachable(var error) ->
          switch (error.errno()) {
            case Errno.ENETUNREACH -> "has no route";
            case Errno.EINVAL -> "is discarded without a word (blackhole)";
            default -> "is refused: " + error.message();
          };
    };
  }

  /// The route that a packet follows. A next-hop object says where only in a full lookup.
  static InspectSummary.FoundRoute found(
      RouteLookup.Found match, IpAddress address, NetlinkSocket socket) {
    KernelRoute route = match.route();
    int index = match.interfaceIndex();
    IpAddress gateway = match.gateway();
    if (route.nextHopId() != 0
        && socket.view().lookup(address)
            instanceof RouteLookup.Found(_, int chosen, IpAddress by)) {
      index = chosen;
      gateway = by;
    }
    return new InspectSummary.FoundRoute(
        route.prefix(),
        Protocols.name(route.protocol()),
        gateway == null ? "" : gateway.toString(),
        index == 0 ? "" : interfaceName(index, socket),
        route.metric());
  }

  private static String interfaceName(int index, NetlinkSocket socket) {
    return socket.view().links().stream()
        .filter(link -> link.index() == index)
        .map(KernelLink::name)
        .findFirst()
        .orElse("interface " + index);
  }

  private void nameKernelGroups(Snapshot.Table table, Snapshot snapshot) {
    for (int i = 0; i < table.size(); i++) {
      if (table.wanted()[i] != 0 && !byKernelGroup.containsKey(table.wanted()[i])) {
        byKernelGroup.put(table.wanted()[i], snapshot.groups().get(table.handle()[i]));
      }
    }
  }

  private void compare(Pair pair, Snapshot snapshot, NetlinkSocket socket) {
    Snapshot.Table table = pair.intent();
    KernelDump kernel = pair.kernel();
    foreign += kernel.foreign();
    boolean[] seen = new boolean[kernel.ours().capacity()];
    boolean[] claimable = new boolean[seen.length];
    for (int i = 0; i < table.size(); i++) {
      int slot = kernel.ours().find(table.high()[i], table.low(i), table.length(i));
      int found = slot < 0 ? 0 : kernel.group(slot);
      if (table.handle()[i] == 0) {
        if (slot >= 0 && table.adopted().get(i) && !snapshot.swept()) {
          claimable[slot] = true;
        }
        continue;
      }
      if (slot >= 0) {
        seen[slot] = true;
      }
      intendedIpv4 += table.family() == Family.IPV4 ? 1 : 0;
      intendedIpv6 += table.family() == Family.IPV6 ? 1 : 0;
      boolean good = found != 0 && found == table.wanted()[i];
      installed += good ? 1 : 0;
      if (isAskedFor(good, table, i)) {
        add(intendedEntry(table, i, found, good, kernel, snapshot, socket));
      }
    }
    for (int slot = 0; slot < seen.length; slot++) {
      if (kernel.ours().isPresent(slot) && !seen[slot]) {
        unclaimed += claimable[slot] ? 1 : 0;
        unexpected += claimable[slot] ? 0 : 1;
        Prefix prefix = kernel.ours().prefix(slot);
        if (query instanceof InspectQuery.All
            || (query instanceof InspectQuery.Drift && !claimable[slot])
            || wanted.test(prefix)) {
          add(unexpectedEntry(table, prefix, kernel.group(slot), socket));
        }
      }
    }
    for (KernelRoute route : kernel.foreignWanted()) {
      add(foreignEntry(table, route));
    }
  }

  private boolean isAskedFor(boolean good, Snapshot.Table table, int i) {
    return switch (query) {
      case InspectQuery.Summary() -> false;
      case InspectQuery.All() -> true;
      case InspectQuery.Drift() -> !good;
      case InspectQuery.Address _, InspectQuery.Covering _ -> wanted.test(table.prefix(i));
    };
  }

  private InspectEntry intendedEntry(
      Snapshot.Table table,
      int i,
      int found,
      boolean good,
      KernelDump kernel,
      Snapshot snapshot,
      NetlinkSocket socket) {
    Snapshot.GroupCopy group = snapshot.groups().get(table.handle()[i]);
    int protocol = kernel.foreignProtocol(table.high()[i], table.low(i), table.length(i));
    RouteTable.State state = RouteTable.State.of(table.state()[i]);
    InspectEntry.Status status;
    if (good) {
      status = InspectEntry.Status.INSTALLED;
    } else if (found == 0 && (protocol >= 0 || state == RouteTable.State.CONFLICT)) {
      status = InspectEntry.Status.CONFLICT;
    } else if (state != RouteTable.State.GOOD) {
      status = InspectEntry.Status.FAILED;
    } else if (table.wanted()[i] == 0) {
      status = InspectEntry.Status.PENDING;
    } else {
      status = InspectEntry.Status.MISSING;
    }
    String error = table.errors().getOrDefault(i, "");
    if (status == InspectEntry.Status.PENDING && error.isEmpty()) {
      error = "no next hop of its group is alive";
    }
    return new InspectEntry(
        table.prefix(i),
        table.instance(),
        group == null ? 0 : group.id(),
        found,
        true,
        found != 0,
        status,
        nextHops(group, table.family(), found, socket),
        error,
        !good && protocol >= 0 ? Protocols.name(protocol) : "");
  }

  private InspectEntry unexpectedEntry(
      Snapshot.Table table, Prefix prefix, int found, NetlinkSocket socket) {
    Snapshot.GroupCopy group = byKernelGroup.get(found);
    return new InspectEntry(
        prefix,
        table.instance(),
        group == null ? 0 : group.id(),
        found,
        false,
        true,
        InspectEntry.Status.UNEXPECTED,
        nextHops(group, table.family(), found, socket),
        "",
        "");
  }

  private static InspectEntry foreignEntry(Snapshot.Table table, KernelRoute route) {
    return new InspectEntry(
        route.prefix(),
        table.instance(),
        0,
        route.nextHopId(),
        false,
        true,
        InspectEntry.Status.FOREIGN,
        List.of(),
        "",
        Protocols.name(route.protocol()));
  }

  private List<InspectEntry.NextHop> nextHops(
      Snapshot.@Nullable GroupCopy group, Family family, int kernelGroup, NetlinkSocket socket) {
    if (group == null) {
      return List.of();
    }
    List<GroupBucket> used =
        kernelGroup == 0
            ? List.of()
            : buckets.computeIfAbsent(kernelGroup, id -> bucketsOf(id, socket));
    List<InspectEntry.NextHop> hops = new ArrayList<>();
    for (Snapshot.MemberCopy member : group.members()) {
      int id = member.kernelId(family);
      int count = (int) used.stream().filter(bucket -> bucket.nextHopId() == id).count();
      hops.add(
          new InspectEntry.NextHop(
              member.index(),
              member.address(),
              member.interfaceName(),
              member.rank(),
              count,
              member.alive()));
    }
    return hops;
  }

  /// A group that is not resilient, or gone meanwhile, has none.
  private static List<GroupBucket> bucketsOf(int id, NetlinkSocket socket) {
    try {
      return socket.view().buckets(id);
    } catch (NetlinkException e) {
      return List.of();
    }
  }

  private void add(InspectEntry entry) {
    chunk.add(entry);
    if (chunk.size() == ENTRIES_A_CHUNK && !isChain()) {
      sink.accept(chunk);
      chunk = new ArrayList<>();
    }
  }

  private boolean isChain() {
    return query instanceof InspectQuery.Address || query instanceof InspectQuery.Covering;
  }

  /// A chain is given longest prefix first.
  private List<InspectEntry> sorted(List<InspectEntry> entries) {
    if (isChain()) {
      entries.sort(
          Comparator.comparingInt((InspectEntry entry) -> entry.prefix().length()).reversed());
    }
    return entries;
  }
}
