package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// BGP messages out of a capture in the classic pcap format: TCP segments from and to port 179 put
/// in order. What was not captured ends a direction.
final class PcapMessages {
  private static final int LITTLE_ENDIAN = 0xd4c3b2a1;
  private static final int ETHERNET = 1;
  private static final int HDLC = 104;
  private static final int LOOPBACK = 0;
  private static final int VLAN = 0x8100;
  private static final int TCP = 6;
  private static final int BGP_PORT = 179;

  private PcapMessages() {}

  /// The messages of all directions in order; empty for a file that is not a classic pcap.
  static List<byte[]> messages(byte[] file) {
    return messages(file, _ -> true);
  }

  /// Only the messages to the side that listens.
  static List<byte[]> messagesToListener(byte[] file) {
    return messages(file, flow -> flow.endsWith("-" + BGP_PORT));
  }

  private static List<byte[]> messages(byte[] file, Predicate<String> wanted) {
    ByteBuf in = Unpooled.wrappedBuffer(file);
    if (file.length < 24 || in.getInt(0) != LITTLE_ENDIAN) {
      return List.of();
    }
    int link = in.getIntLE(20);
    in.skipBytes(24);
    Map<String, NavigableMap<Long, byte[]>> flows = new LinkedHashMap<>();
    while (in.readableBytes() >= 16) {
      int length = in.getIntLE(in.readerIndex() + 8);
      in.skipBytes(16);
      packet(in.readSlice(Math.min(length, in.readableBytes())), link, flows);
    }
    List<byte[]> messages = new ArrayList<>();
    flows.forEach((flow, segments) -> {
      if (wanted.test(flow)) {
        cut(join(segments), messages);
      }
    });
    return messages;
  }

  private static void packet(
      ByteBuf packet, int link, Map<String, NavigableMap<Long, byte[]>> flows) {
    switch (link) {
      case ETHERNET -> {
        packet.skipBytes(12);
        if (packet.readUnsignedShort() == VLAN) {
          packet.skipBytes(4);
        }
      }
      case HDLC, LOOPBACK -> packet.skipBytes(4);
      default -> {
        return;
      }
    }
    int version = packet.getUnsignedByte(packet.readerIndex()) >>> 4;
    int start = packet.readerIndex();
    int headerBytes = version == 6 ? 40 : 4 * (packet.getByte(start) & 15);
    int protocol = packet.getUnsignedByte(start + (version == 6 ? 6 : 9));
    if ((version != 4 && version != 6) || protocol != TCP) {
      return;
    }
    int total =
        version == 6 ? 40 + packet.getUnsignedShort(start + 4) : packet.getUnsignedShort(start + 2);
    String addresses =
        HexMessages.hex(packet.slice(start + (version == 6 ? 8 : 12), version == 6 ? 32 : 8));
    segment(
        packet.slice(start + headerBytes, Math.min(total, packet.readableBytes()) - headerBytes),
        addresses,
        flows);
  }

  private static void segment(
      ByteBuf tcp, String addresses, Map<String, NavigableMap<Long, byte[]>> flows) {
    int from = tcp.readUnsignedShort();
    int to = tcp.readUnsignedShort();
    long sequence = tcp.readUnsignedInt();
    int headerBytes = 4 * (tcp.getUnsignedByte(12) >>> 4);
    byte[] payload = new byte[tcp.capacity() - headerBytes];
    if (payload.length == 0 || (from != BGP_PORT && to != BGP_PORT)) {
      return;
    }
    tcp.getBytes(headerBytes, payload);
    flows
        .computeIfAbsent(addresses + from + "-" + to, _ -> new TreeMap<>())
        .putIfAbsent(sequence, payload);
  }

  private static byte[] join(NavigableMap<Long, byte[]> segments) {
    ByteBuf stream = Unpooled.buffer();
    long next = segments.firstKey();
    for (Map.Entry<Long, byte[]> segment : segments.entrySet()) {
      int overlap = (int) (next - segment.getKey());
      if (overlap < 0) {
        break;
      }
      byte[] payload = segment.getValue();
      if (overlap < payload.length) {
        stream.writeBytes(payload, overlap, payload.length - overlap);
        next = segment.getKey() + payload.length;
      }
    }
    byte[] bytes = new byte[stream.readableBytes()];
    stream.readBytes(bytes);
    return bytes;
  }

  private static void cut(byte[] stream, List<byte[]> messages) {
    ByteBuf in = Unpooled.wrappedBuffer(stream);
    while (in.readableBytes() >= 19 && in.getLong(in.readerIndex()) == -1) {
      int length = in.getUnsignedShort(in.readerIndex() + 16);
      if (length < 19 || length > in.readableBytes()) {
        break;
      }
      byte[] message = new byte[length];
      in.readBytes(message);
      messages.add(message);
    }
  }
}
