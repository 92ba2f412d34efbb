package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;

/// Reads BGP messages: bytes to values.
public final class BgpDecoder {
  private BgpDecoder() {}

  /// Reads one whole message, header included, from the readable bytes of `message`, and retains
  /// nothing of the buffer.
  ///
  /// Throws [BgpFault], and nothing else, when the message ends the session.
  public static BgpMessage decode(ByteBuf message, SessionOptions options) {
    String text = String.valueOf(message + " " + options);
    throw unfinished(text);
  }

  private static UnsupportedOperationException unfinished(String text) {
    return new UnsupportedOperationException(text);
  }
}
