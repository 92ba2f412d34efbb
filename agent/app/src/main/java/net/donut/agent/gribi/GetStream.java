package net.donut.agent.gribi;

import gribi.Gribi.AFTEntry;
import gribi.Gribi.GetResponse;
import gribi_aft.GribiAft.Afts;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import net.donut.agent.fib.Fib;
import net.donut.agent.fib.RouteTable;
import net.donut.model.Family;
import org.agrona.collections.Long2ObjectHashMap;
import ywrapper.Ywrapper.UintValue;

/// One Get RPC: walks the RIB in steps, as fast as its client reads. Entries that change meanwhile
/// may or may not be seen. Owned by `agent-fib`.
final class GetStream {
  private static final int ENTRIES_A_MESSAGE = 1000;
  private static final int MESSAGES_A_STEP = 8;

  /// A part of the walk.
  private interface Part {
    /// Adds entries until the message is full; false when there are no more.
    boolean fill(GetResponse.Builder message);
  }

  private final GribiRib rib;
  private final ServerCallStreamObserver<GetResponse> call;
  private final ArrayDeque<Part> parts = new ArrayDeque<>();

  GetStream(
      Collection<RibInstance> instances,
      Set<EntryKey.Kind> kinds,
      GribiRib rib,
      ServerCallStreamObserver<GetResponse> call) {
    this.rib = rib;
    this.call = call;
    for (RibInstance instance : instances) {
      if (kinds.contains(EntryKey.Kind.NEXT_HOP)) {
        parts.add(hops(instance));
      }
      if (kinds.contains(EntryKey.Kind.NEXT_HOP_GROUP)) {
        parts.add(groups(instance));
      }
      if (kinds.contains(EntryKey.Kind.IPV4)) {
        parts.add(prefixes(instance, Family.IPV4));
      }
      if (kinds.contains(EntryKey.Kind.IPV6)) {
        parts.add(prefixes(instance, Family.IPV6));
      }
      if (kinds.contains(EntryKey.Kind.LABEL)) {
        parts.add(labels(instance));
      }
    }
  }

  /// Writes some messages. IDLE means that it is over.
  Fib.Progress step() {
    for (int i = 0; i < MESSAGES_A_STEP; i++) {
      if (call.isCancelled()) {
        return Fib.Progress.IDLE;
      }
      if (!call.isReady()) {
        return Fib.Progress.WAITING;
      }
      GetResponse.Builder message = GetResponse.newBuilder();
      while (!parts.isEmpty() && message.getEntryCount() < ENTRIES_A_MESSAGE) {
        if (!parts.element().fill(message)) {
          parts.remove();
        }
      }
      if (message.getEntryCount() > 0) {
        call.onNext(message.build());
      }
      if (parts.isEmpty()) {
        call.onCompleted();
        return Fib.Progress.IDLE;
      }
    }
    return Fib.Progress.BUSY;
  }

  private static AFTEntry.Status fib(boolean programmed) {
    return programmed ? AFTEntry.Status.PROGRAMMED : AFTEntry.Status.NOT_PROGRAMMED;
  }

  private static AFTEntry.Builder entry(RibInstance instance, AFTEntry.Status fib) {
    return AFTEntry.newBuilder()
        .setNetworkInstance(instance.name())
        .setRibStatus(AFTEntry.Status.PROGRAMMED)
        .setFibStatus(fib);
  }

  /// Adds the entry of a key, if there still is one.
  private interface Adder<T> {
    void add(T value, GetResponse.Builder message);
  }

  private static <T> Part walk(Long2ObjectHashMap<T> map, Adder<T> adder) {
    List<Long> sorted = new ArrayList<>(map.keySet());
    sorted.sort(Long::compareUnsigned);
    ArrayDeque<Long> keys = new ArrayDeque<>(sorted);
    return message -> {
      while (!keys.isEmpty() && message.getEntryCount() < ENTRIES_A_MESSAGE) {
        T value = map.get((long) keys.remove());
        if (value != null) {
          adder.add(value, message);
        }
      }
      return !keys.isEmpty();
    };
  }

  private static Part hops(RibInstance instance) {
    return walk(
        instance.hops(),
        (hop, message) ->
            message.addEntry(
                entry(instance, fib(hop.fibError().isEmpty())).setNextHop(hop.message())));
  }

  private static Part groups(RibInstance instance) {
    return walk(
        instance.groups(),
        (group, message) ->
            message.addEntry(
                entry(instance, fib(group.fibError().isEmpty())).setNextHopGroup(group.message())));
  }

  private static Part labels(RibInstance instance) {
    return walk(
        instance.labels(),
        (label, message) ->
            message.addEntry(
                entry(instance, AFTEntry.Status.NOT_PROGRAMMED).setMpls(label.message())));
  }

  private Part prefixes(RibInstance instance, Family family) {
    RouteTable table = instance.instance().routes(family);
    return new Part() {
      private int next;

      @Override
      public boolean fill(GetResponse.Builder message) {
        while (next < table.capacity() && message.getEntryCount() < ENTRIES_A_MESSAGE) {
          int slot = next++;
          if (table.isIntended(slot)) {
            message.addEntry(prefix(instance, table, slot));
          }
        }
        return next < table.capacity();
      }
    };
  }

  private AFTEntry.Builder prefix(RibInstance instance, RouteTable table, int slot) {
    AFTEntry.Builder entry = entry(instance, fib(table.isInstalled(slot)));
    if (table.family() == Family.IPV4) {
      Afts.Ipv4EntryKey kept = instance.ipv4Message(slot);
      return entry.setIpv4(kept != null ? kept : plainIpv4(table, slot));
    }
    Afts.Ipv6EntryKey kept = instance.ipv6Message(slot);
    return entry.setIpv6(kept != null ? kept : plainIpv6(table, slot));
  }

  private Afts.Ipv4EntryKey plainIpv4(RouteTable table, int slot) {
    return Afts.Ipv4EntryKey.newBuilder()
        .setPrefix(table.prefix(slot).toString())
        .setIpv4Entry(Afts.Ipv4Entry.newBuilder().setNextHopGroup(group(table, slot)))
        .build();
  }

  private Afts.Ipv6EntryKey plainIpv6(RouteTable table, int slot) {
    return Afts.Ipv6EntryKey.newBuilder()
        .setPrefix(table.prefix(slot).toString())
        .setIpv6Entry(Afts.Ipv6Entry.newBuilder().setNextHopGroup(group(table, slot)))
        .build();
  }

  private UintValue group(RouteTable table, int slot) {
    return UintValue.newBuilder().setValue(rib.groupId(table.intent(slot))).build();
  }
}
