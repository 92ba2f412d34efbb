package net.donut.netlink;

import java.lang.foreign.MemorySegment;
import net.donut.model.Prefixes;

/// The floor under [RouteBatch]: the same routes in messages made beforehand, so that a run is
/// system calls and the kernel's work alone. For measurements. Owned by the thread of its socket,
/// whose memory it holds for good: about 60 bytes per route.
public final class BareRouteLoad {
  private static final int MESSAGE_ROOM = 128;

  private final NetlinkSocket socket;
  private final MemorySegment messages;
  private final int count;
  // Where each send ends; its last message asks for the ack.
  private final long[] ends;

  private BareRouteLoad(NetlinkSocket socket, MemorySegment messages, int count, long[] ends) {
    this.socket = socket;
    this.messages = messages;
    this.count = count;
    this.ends = ends;
  }

  /// Makes the messages that write all prefixes to one next-hop object.
  public static BareRouteLoad encode(
      NetlinkSocket socket,
      RoutePlace place,
      Prefixes prefixes,
      int nextHopId,
      int messagesPerSend) {
    int count = prefixes.size();
    MemorySegment messages = socket.arena().allocate((long) count * MESSAGE_ROOM, 8);
    MessageWriter writer = new MessageWriter(messages);
    long[] ends = new long[(count + messagesPerSend - 1) / messagesPerSend];
    for (int i = 0; i < count; i++) {
      writer.begin(
          RtNetlink.RTM_NEWROUTE,
          WriteMode.CREATE.flags() | RtNetlink.NLM_F_REQUEST,
          socket.nextSequence());
      RequestEncoder.routeHeader(
          writer,
          prefixes.family(),
          prefixes.length(i),
          place.table(),
          place.protocol(),
          RtNetlink.RT_SCOPE_UNIVERSE,
          RouteType.UNICAST);
      RequestEncoder.routeBody(
          writer,
          prefixes.family(),
          prefixes.high(i),
          prefixes.low(i),
          place.table(),
          place.metric());
      writer.attributeU32(RtNetlink.RTA_NH_ID, nextHopId);
      writer.end();
      if ((i + 1) % messagesPerSend == 0 || i + 1 == count) {
        writer.requestAck();
        ends[i / messagesPerSend] = writer.position();
      }
    }
    return new BareRouteLoad(socket, messages, count, ends);
  }

  /// Sends all of it; gives how many routes that were. Throws NetlinkException at the first
  /// refusal.
  public int run() {
    long begin = 0;
    for (long end : ends) {
      int sent = socket.send(messages.asSlice(begin, end - begin), end - begin);
      if (sent < 0) {
        throw NetlinkException.ofCall("send of routes", -sent);
      }
      long received = socket.receive(0);
      int error = received < 0 ? (int) received : socket.received().get(MessageWriter.U32, 16);
      if (error != 0) {
        throw NetlinkException.ofCall("RTM_NEWROUTE in a bare load", -error);
      }
      begin = end;
    }
    return count;
  }
}
