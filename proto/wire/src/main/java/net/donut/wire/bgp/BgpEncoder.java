package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import net.donut.model.Prefixes;

/// Writes BGP messages: values to bytes.
public final class BgpEncoder {
  private BgpEncoder() {}

  /// Appends a message with its header. An [BgpMessage.Update] is written as one or several
  /// messages, as [UpdateWriter] does, withdrawals first.
  ///
  /// Throws IllegalArgumentException when a message cannot be put into the size limit of the
  /// session; attributes too large for it are better found with [UpdateWriter#announce].
  public static void encode(BgpMessage message, SessionOptions options, ByteBuf out) {
    switch (message) {
      case BgpMessage.Open open -> {
        int start = Header.begin(Header.OPEN, out);
        OpenCodec.write(open, out);
        Header.finish(start, out);
      }
      case BgpMessage.Update update -> writeUpdate(update, options, out);
      case BgpMessage.EndOfRib(var family) -> UpdateWriter.endOfRib(family, out);
      case BgpMessage.Notification(int code, int subcode, byte[] data) -> {
        int start = Header.begin(Header.NOTIFICATION, out);
        int room = options.maxMessageBytes() - Header.BYTES - 2;
        out.writeByte(code).writeByte(subcode).writeBytes(data, 0, Math.min(data.length, room));
        Header.finish(start, out);
      }
      case BgpMessage.Keepalive _ -> Header.finish(Header.begin(Header.KEEPALIVE, out), out);
      case BgpMessage.RouteRefresh(int afi, int subtype, int safi) -> {
        int start = Header.begin(Header.ROUTE_REFRESH, out);
        out.writeShort(afi).writeByte(subtype).writeByte(safi);
        Header.finish(start, out);
      }
    }
  }

  private static void writeUpdate(BgpMessage.Update update, SessionOptions options, ByteBuf out) {
    for (Prefixes prefixes : update.withdrawals()) {
      UpdateWriter.withdraw(prefixes, options, out);
    }
    for (BgpMessage.Announcement announcement : update.announcements()) {
      Prefixes prefixes = announcement.prefixes();
      int messages = UpdateWriter.announce(prefixes, announcement.attributes(), options, out);
      if (messages == 0 && !prefixes.isEmpty()) {
        throw new IllegalArgumentException(
            "attributes of "
                + prefixes.get(0)
                + ": too large (expected: a message of "
                + options.maxMessageBytes()
                + " bytes)");
      }
    }
  }
}
