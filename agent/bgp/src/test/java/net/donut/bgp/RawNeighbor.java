package net.donut.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpDecoder;
import net.donut.wire.bgp.BgpEncoder;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.Capability;
import net.donut.wire.bgp.SessionOptions;
import org.jspecify.annotations.Nullable;

/// A neighbor of which the test sends every byte itself, over a blocking socket.
final class RawNeighbor implements AutoCloseable {
  static final long AS = 64999;
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;

  /// Connects from `local`, with the smallest receive buffer.
  RawNeighbor(String local, String remote, int port) {
    try {
      socket = new Socket();
      socket.setReceiveBufferSize(4096);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.bind(new InetSocketAddress(IpAddress.parse(local).toInetAddress(), 0));
      socket.connect(new InetSocketAddress(IpAddress.parse(remote).toInetAddress(), port), 5_000);
      in = new DataInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Exchanges OPENs and KEEPALIVEs for IPv4.
  RawNeighbor establish(int holdTimeSeconds) {
    return establish(holdTimeSeconds, Family.IPV4);
  }

  RawNeighbor establish(int holdTimeSeconds, Family... families) {
    List<Capability> capabilities = new ArrayList<>();
    for (Family family : families) {
      capabilities.add(new Capability.Multiprotocol(family));
    }
    capabilities.add(new Capability.FourOctetAs(AS));
    send(new BgpMessage.Open(4, AS, holdTimeSeconds, IpAddress.parse("10.9.9.9"), capabilities));
    send(new BgpMessage.Keepalive());
    if (!(receive() instanceof BgpMessage.Open)) {
      throw new AssertionError("no OPEN");
    }
    if (!(receive() instanceof BgpMessage.Keepalive)) {
      throw new AssertionError("no KEEPALIVE");
    }
    return this;
  }

  void send(BgpMessage message) {
    send(bytes(message));
  }

  static byte[] bytes(BgpMessage message) {
    ByteBuf out = Unpooled.buffer();
    BgpEncoder.encode(message, SessionOptions.MODERN_EXTERNAL, out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next message, or null at the end of the connection. Fails after 20 s.
  @Nullable BgpMessage receive() {
    try {
      byte[] header = new byte[19];
      in.readFully(header);
      int length = ((header[16] & 0xff) << 8) | (header[17] & 0xff);
      byte[] whole = java.util.Arrays.copyOf(header, length);
      in.readFully(whole, 19, length - 19);
      return BgpDecoder.decode(Unpooled.wrappedBuffer(whole), SessionOptions.MODERN_EXTERNAL);
    } catch (EOFException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads what has arrived, without waiting; the first NOTIFICATION in it, or null.
  BgpMessage.@Nullable Notification pollNotification() {
    try {
      while (in.available() > 0) {
        if (receive() instanceof BgpMessage.Notification notification) {
          return notification;
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  BgpMessage.Notification receiveNotification() {
    for (BgpMessage next = receive(); next != null; next = receive()) {
      if (next instanceof BgpMessage.Notification notification) {
        return notification;
      }
    }
    throw new AssertionError("connection closed without NOTIFICATION");
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
