package net.donut.netlink;

import net.donut.model.Family;
import net.donut.model.Prefixes;

/// Writes and deletes many routes of one place, without an object a route. Owned by the thread of
/// its socket.
///
/// Entries go to the kernel as the batch fills; [#finish] sends the rest and tells what was
/// refused. The batch can then be used again.
public final class RouteBatch {
  private final RequestBatch batch;
  private final RoutePlace place;
  private final WriteMode mode;

  RouteBatch(RequestBatch batch, RoutePlace place, WriteMode mode) {
    this.batch = batch;
    this.place = place;
    this.mode = mode;
  }

  /// Writes a route by next-hop object; the prefix left-aligned in 128 bits, host bits zero. Gives
  /// the entry's index in the result.
  public int put(Family family, long high, long low, int length, int nextHopId) {
    MessageWriter writer = batch.begin(RtNetlink.RTM_NEWROUTE, mode.flags());
    RequestEncoder.routeHeader(
        writer,
        family,
        length,
        place.table(),
        place.protocol(),
        RtNetlink.RT_SCOPE_UNIVERSE,
        RouteType.UNICAST);
    RequestEncoder.routeBody(writer, family, high, low, place.table(), place.metric());
    writer.attributeU32(RtNetlink.RTA_NH_ID, nextHopId);
    return batch.end();
  }

  /// Writes all prefixes to one next-hop object.
  public void putAll(Prefixes prefixes, int nextHopId) {
    for (int i = 0; i < prefixes.size(); i++) {
      put(prefixes.family(), prefixes.high(i), prefixes.low(i), prefixes.length(i), nextHopId);
    }
  }

  /// Writes prefix `i` to next-hop object `nextHopIds[i]`.
  public void putAll(Prefixes prefixes, int[] nextHopIds) {
    if (nextHopIds.length < prefixes.size()) {
      throw new IllegalArgumentException(
          "next hop ids: " + nextHopIds.length + " (expected: " + prefixes.size() + ")");
    }
    for (int i = 0; i < prefixes.size(); i++) {
      put(prefixes.family(), prefixes.high(i), prefixes.low(i), prefixes.length(i), nextHopIds[i]);
    }
  }

  /// Deletes the route of this prefix, place and protocol, whatever next hop it uses. Gives the
  /// entry's index; a route that is not there is a refusal with ESRCH.
  public int delete(Family family, long high, long low, int length) {
    MessageWriter writer = batch.begin(RtNetlink.RTM_DELROUTE, 0);
    RequestEncoder.routeHeader(
        writer,
        family,
        length,
        place.table(),
        place.protocol(),
        RtNetlink.RT_SCOPE_NOWHERE,
        RouteType.UNSPECIFIED);
    RequestEncoder.routeBody(writer, family, high, low, place.table(), place.metric());
    return batch.end();
  }

  /// Deletes all prefixes, see [#delete]. Many prefixes of one dense block in ascending order cost
  /// the kernel up to eight times the time of any other order (it resizes its trie over and over).
  public void deleteAll(Prefixes prefixes) {
    for (int i = 0; i < prefixes.size(); i++) {
      delete(prefixes.family(), prefixes.high(i), prefixes.low(i), prefixes.length(i));
    }
  }

  /// Sends what is left and gives the result of all entries since the last call.
  public BatchResult finish() {
    return batch.finish();
  }
}
