package net.donut.agent.fib;

import java.util.Arrays;
import java.util.List;
import net.donut.netlink.BatchResult;
import net.donut.netlink.NetlinkError;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.RouteBatch;
import net.donut.netlink.RoutePlace;
import net.donut.netlink.WriteMode;
import org.jspecify.annotations.Nullable;

/// Route requests of one table on their way to the kernel, and who waits for the answers. Owned by
/// `agent-fib`.
final class RouteRequests {
  /// Takes the answer to one request; `error` is null when the kernel did it.
  interface Completion {
    void completed(
        RouteTable table,
        int slot,
        int kernelGroup,
        @Nullable NetlinkError error,
        RouteAck ack,
        long token);
  }

  private static final int MOST = 8192;
  private static final RouteAck NOBODY = (_, _) -> {};

  private final RouteBatch batch;
  private RouteTable[] tables = new RouteTable[64];
  private int[] slots = new int[64];
  private int[] groups = new int[64];
  private RouteAck[] acks = new RouteAck[64];
  private long[] tokens = new long[64];
  private int count;

  RouteRequests(NetlinkSocket socket, RoutePlace place, WriteMode mode) {
    batch = socket.routeBatch(place, mode);
  }

  boolean isFull() {
    return count >= MOST;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// Asks for a route to a kernel group; 0 asks for its deletion.
  void add(RouteTable table, int slot, int kernelGroup, RouteAck ack, long token) {
    if (count == slots.length) {
      grow();
    }
    tables[count] = table;
    slots[count] = slot;
    groups[count] = kernelGroup;
    acks[count] = ack;
    tokens[count] = token;
    count++;
    long high = table.prefixes().high(slot);
    long low = table.prefixes().low(slot);
    int length = table.prefixes().length(slot);
    if (kernelGroup == 0) {
      batch.delete(table.family(), high, low, length);
    } else {
      batch.put(table.family(), high, low, length, kernelGroup);
    }
    table.setPending(slot);
  }

  private void grow() {
    int room = count * 2;
    tables = Arrays.copyOf(tables, room);
    slots = Arrays.copyOf(slots, room);
    groups = Arrays.copyOf(groups, room);
    acks = Arrays.copyOf(acks, room);
    tokens = Arrays.copyOf(tokens, room);
  }

  /// Waits for the answers to all requests and hands them out in order. Returns how many the kernel
  /// carried out.
  int flush(Completion completion) {
    if (count == 0) {
      return 0;
    }
    BatchResult result = batch.finish();
    List<BatchResult.Refusal> refusals = result.refusals();
    int asked = count;
    int refused = 0;
    for (int i = 0; i < asked; i++) {
      NetlinkError error = null;
      if (refused < refusals.size() && refusals.get(refused).index() == i) {
        error = refusals.get(refused++).error();
      }
      tables[i].clearPending(slots[i]);
      completion.completed(tables[i], slots[i], groups[i], error, acks[i], tokens[i]);
    }
    Arrays.fill(acks, 0, asked, NOBODY);
    count = 0;
    return asked - refusals.size();
  }
}
