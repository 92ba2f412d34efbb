package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Writes messages for tests in hexadecimal; blanks do not count.
final class HexMessages {
  private HexMessages() {}

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  static ByteBuf message(int type, String body) {
    byte[] bytes = bytes(body);
    return Unpooled.buffer()
        .writeLong(-1)
        .writeLong(-1)
        .writeShort(19 + bytes.length)
        .writeByte(type)
        .writeBytes(bytes);
  }

  static ByteBuf update(String withdrawn, String attributes, String nlri) {
    return message(
        2, length(bytes(withdrawn)) + withdrawn + length(bytes(attributes)) + attributes + nlri);
  }

  private static String length(byte[] field) {
    return "%04x".formatted(field.length);
  }

  static BgpMessage decode(ByteBuf message, SessionOptions options) {
    return BgpDecoder.decode(message.duplicate(), options);
  }

  static BgpMessage.Update decodeUpdate(ByteBuf message, SessionOptions options) {
    return (BgpMessage.Update) decode(message, options);
  }

  static ByteBuf encode(BgpMessage message, SessionOptions options) {
    ByteBuf out = Unpooled.buffer();
    BgpEncoder.encode(message, options, out);
    return out;
  }

  static String hex(ByteBuf buffer) {
    return ByteBufUtil.hexDump(buffer);
  }

  /// Cuts a stream of messages by their length fields.
  static List<ByteBuf> split(ByteBuf stream) {
    List<ByteBuf> messages = new ArrayList<>();
    ByteBuf in = stream.duplicate();
    while (in.isReadable()) {
      messages.add(in.readSlice(in.getUnsignedShort(in.readerIndex() + 16)));
    }
    return messages;
  }
}
