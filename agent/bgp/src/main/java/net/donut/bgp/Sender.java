package net.donut.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.donut.bgp.SessionInfo.Feature;
import net.donut.model.Family;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpEncoder;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.UpdateWriter;
import org.jspecify.annotations.Nullable;

/// Takes routes from the [OutboundSource] and writes them to an established session, as long as the
/// connection takes them. Owned by the event loop.
final class Sender {
  /// Written at once; large enough for the largest message.
  private static final int CHUNK_BYTES = 64 * 1024;

  /// What one session may encode before others have their turn.
  private static final int TURN_BYTES = 1024 * 1024;

  /// RFC 9687 §5: the longer of this and twice the hold time.
  private static final long SEND_HOLD_SECONDS = 480;

  private final EventLoop loop;
  private final String neighbor;
  private final SessionInfo session;
  private final TcpConnection connection;
  private final OutboundSource source;
  private final Session.Counts counts;
  private final Session owner;
  private boolean sending;
  private boolean stopped;
  private @Nullable Future<?> sendHold;

  Sender(
      EventLoop loop,
      String neighbor,
      SessionInfo session,
      TcpConnection connection,
      OutboundSource source,
      Session.Counts counts,
      Session owner) {
    this.loop = loop;
    this.neighbor = neighbor;
    this.session = session;
    this.connection = connection;
    this.source = source;
    this.counts = counts;
    this.owner = owner;
  }

  void stop() {
    stopped = true;
    endSendHold();
  }

  void writabilityChanged() {
    if (connection.isWritable()) {
      endSendHold();
      send();
    } else if (sendHold == null && !stopped) {
      long seconds = Math.max(SEND_HOLD_SECONDS, 2L * session.holdTimeSeconds());
      sendHold = loop.schedule(() -> owner.stalled(connection), seconds, TimeUnit.SECONDS);
    }
  }

  private void endSendHold() {
    if (sendHold != null) {
      sendHold.cancel(false);
      sendHold = null;
    }
  }

  /// Sends until the source has nothing, the connection takes no more, or the turn is over.
  void send() {
    Channel channel = connection.channel();
    if (sending || stopped || channel == null) {
      return;
    }
    sending = true;
    try {
      int bytes = 0;
      boolean more = true;
      while (more && bytes < TURN_BYTES && !stopped && connection.isWritable()) {
        ByteBuf chunk = channel.alloc().directBuffer(CHUNK_BYTES + CHUNK_BYTES / 4);
        more = fill(chunk);
        bytes += chunk.readableBytes();
        if (chunk.isReadable()) {
          connection.writeBytes(chunk);
          if (!connection.isWritable()) {
            connection.flush();
          }
        } else {
          chunk.release();
        }
      }
      connection.flush();
      if (more && !stopped && connection.isWritable()) {
        loop.execute(this::send);
      }
    } catch (RuntimeException e) {
      owner.bug(e);
    } finally {
      sending = false;
    }
  }

  /// Encodes into a chunk; false when the source has nothing left.
  private boolean fill(ByteBuf chunk) {
    while (chunk.readableBytes() < CHUNK_BYTES) {
      Outbound next = source.next(neighbor, session.session());
      if (next == null) {
        return false;
      }
      encode(next, chunk);
    }
    return true;
  }

  private void encode(Outbound piece, ByteBuf out) {
    switch (piece) {
      case Outbound.Announce announce -> announce(announce, out);
      case Outbound.Withdraw(Prefixes prefixes) -> withdraw(prefixes, out);
      case Outbound.EndOfRib(Family family) -> {
        if (session.families().contains(family)) {
          UpdateWriter.endOfRib(family, out);
          sent(1);
        }
      }
      case Outbound.BeginRefresh(Family family) ->
          refresh(family, 1, Feature.ENHANCED_ROUTE_REFRESH, out);
      case Outbound.EndRefresh(Family family) ->
          refresh(family, 2, Feature.ENHANCED_ROUTE_REFRESH, out);
      case Outbound.RequestRefresh(Family family) -> refresh(family, 0, Feature.ROUTE_REFRESH, out);
    }
  }

  private void announce(Outbound.Announce announce, ByteBuf out) {
    Prefixes prefixes = announce.prefixes();
    if (!session.families().contains(prefixes.family())) {
      counts.unsendable += prefixes.size();
      return;
    }
    Family nextHop = announce.attributes().nextHop().family();
    boolean fits =
        nextHop == prefixes.family()
            || (prefixes.family() == Family.IPV4
                && session.features().contains(Feature.EXTENDED_NEXT_HOP));
    int messages =
        fits ? UpdateWriter.announce(prefixes, announce.attributes(), session.options(), out) : 0;
    sent(messages);
    if (messages == 0 && !prefixes.isEmpty()) {
      counts.unsendable += prefixes.size();
      withdraw(prefixes, out);
      if (fits) {
        source.tooLong(
            neighbor,
            session.session(),
            announce,
            UpdateWriter.shortest(prefixes, announce.attributes(), session.options(), out.alloc()),
            session.options().maxMessageBytes());
      }
    }
  }

  private void withdraw(Prefixes prefixes, ByteBuf out) {
    if (session.families().contains(prefixes.family())) {
      sent(UpdateWriter.withdraw(prefixes, session.options(), out));
    }
  }

  private void refresh(Family family, int subtype, Feature needed, ByteBuf out) {
    if (session.families().contains(family) && session.features().contains(needed)) {
      BgpEncoder.encode(
          new BgpMessage.RouteRefresh(family.afi(), subtype, 1), session.options(), out);
      counts.messagesSent++;
    }
  }

  private void sent(int messages) {
    counts.updatesSent += messages;
    counts.messagesSent += messages;
  }
}
