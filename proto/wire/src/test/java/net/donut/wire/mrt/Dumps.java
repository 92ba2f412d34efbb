package net.donut.wire.mrt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import net.donut.fixtures.RealDataDirectory;

/// Opens the dumps that tests read, and writes small ones.
final class Dumps {
  private Dumps() {}

  static MrtReader open(String name) throws IOException {
    return MrtReader.open(RealDataDirectory.path("mrt/" + name));
  }

  static MrtReader of(byte[] dump) {
    try {
      return MrtReader.of(new ByteArrayInputStream(dump));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Hands every record to `sink`; a [MrtFault] goes through.
  static void forEach(MrtReader reader, Consumer<MrtRecord> sink) {
    MrtRecord record = reader.next();
    while (record != null) {
      sink.accept(record);
      record = reader.next();
    }
  }

  static List<MrtRecord> all(MrtReader reader) {
    List<MrtRecord> records = new ArrayList<>();
    forEach(reader, records::add);
    return records;
  }

  static byte[] record(int type, int subtype, String hex) {
    byte[] body = HexFormat.of().parseHex(hex.replace(" ", ""));
    ByteBuf out =
        Unpooled.buffer()
            .writeInt(1_700_000_000)
            .writeShort(type)
            .writeShort(subtype)
            .writeInt(body.length)
            .writeBytes(body);
    return bytes(out);
  }

  static byte[] join(byte[]... parts) {
    ByteBuf out = Unpooled.buffer();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return bytes(out);
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  static MrtRecord only(byte[] dump) {
    return all(of(dump)).getFirst();
  }
}
