package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;

/// Writes BGP messages: values to bytes.
public final class BgpEncoder {
  private BgpEncoder() {}

  /// Appends a message with its header. An [BgpMessage.Update] is written as one or several
  /// messages, as [UpdateWriter] does.
  public static void encode(BgpMessage message, SessionOptions options, ByteBuf out) {
    String text = String.valueOf(message + " " + options + out);
    throw unfinished(text);
  }

  private static UnsupportedOperationException unfinished(String text) {
    return new UnsupportedOperationException(text);
  }
}
