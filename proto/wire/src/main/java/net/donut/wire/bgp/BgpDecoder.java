package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Reads BGP messages: bytes to values.
///
/// The withdrawals of an [BgpMessage.Update] are to be applied before its announcements: a prefix
/// that is in both is announced (RFC 4271 §4.3).
public final class BgpDecoder {
  private static final int ROUTE_REFRESH_BYTES = 23;

  private BgpDecoder() {}

  /// Reads one whole message, header included, from the readable bytes of `message`, and retains
  /// nothing of the buffer. Path identifiers are read and dropped: their prefixes are in the
  /// update.
  ///
  /// Throws [BgpFault], and nothing else, when the message ends the session.
  public static BgpMessage decode(ByteBuf message, SessionOptions options) {
    return decode(message, options, AttributeSet.Source.SESSION).message();
  }

  static UpdateDecoder.Result decode(
      ByteBuf in, SessionOptions options, AttributeSet.Source source) {
    int end = in.writerIndex();
    int type = Header.read(in, options.maxMessageBytes());
    return switch (type) {
      case Header.OPEN -> plain(OpenCodec.read(in, end));
      case Header.UPDATE -> UpdateDecoder.read(in, end, options, source);
      case Header.NOTIFICATION -> plain(readNotification(in, end));
      case Header.KEEPALIVE -> plain(new BgpMessage.Keepalive());
      default -> plain(readRouteRefresh(in, end));
    };
  }

  private static UpdateDecoder.Result plain(BgpMessage message) {
    return UpdateDecoder.Result.of(message);
  }

  private static BgpMessage readNotification(ByteBuf in, int end) {
    int code = in.readUnsignedByte();
    int subcode = in.readUnsignedByte();
    byte[] data = new byte[end - in.readerIndex()];
    in.readBytes(data);
    return new BgpMessage.Notification(code, subcode, data);
  }

  /// RFC 2918 §3, RFC 7313 §5. A longer message without subtype holds route filters (RFC 5291) that
  /// nobody agreed on, so it is an error as well.
  private static BgpMessage readRouteRefresh(ByteBuf in, int end) {
    int start = in.readerIndex() - Header.BYTES;
    int length = end - start;
    if (length != ROUTE_REFRESH_BYTES) {
      boolean enhanced = length > Header.BYTES + 2 && in.getByte(in.readerIndex() + 2) != 0;
      byte[] whole = new byte[length];
      in.getBytes(start, whole);
      String message =
          "ROUTE-REFRESH length: " + length + " (expected: " + ROUTE_REFRESH_BYTES + ")";
      throw enhanced
          ? MessageFaults.routeRefresh(1, whole, message)
          : MessageFaults.header(
              MessageFaults.BAD_MESSAGE_LENGTH, Arrays.copyOfRange(whole, 16, 18), message);
    }
    return new BgpMessage.RouteRefresh(
        in.readUnsignedShort(), in.readUnsignedByte(), in.readUnsignedByte());
  }
}
