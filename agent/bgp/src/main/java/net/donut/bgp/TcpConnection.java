package net.donut.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpDecoder;
import net.donut.wire.bgp.BgpEncoder;
import net.donut.wire.bgp.BgpFault;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.BgpMessage.Notification;
import net.donut.wire.bgp.SessionOptions;
import org.jspecify.annotations.Nullable;

/// One TCP connection of a session: bytes to messages, read in place, and messages to bytes. Owned
/// by the event loop.
final class TcpConnection extends ByteToMessageDecoder {
  private static final int HEADER_BYTES = 19;
  private static final long LINGER_MILLIS = 1_000;

  private final Session session;
  private final int number;
  private SessionOptions options = SessionOptions.MODERN_EXTERNAL;
  private @Nullable Channel channel;
  private String closeReason = "connection closed by the neighbor";
  private boolean finished;
  private boolean paused;
  private boolean notificationSent;

  TcpConnection(Session session, int number) {
    this.session = session;
    this.number = number;
  }

  int number() {
    return number;
  }

  void use(SessionOptions negotiated) {
    options = negotiated;
  }

  SessionOptions options() {
    return options;
  }

  /// The channel, null before it is open.
  @Nullable Channel channel() {
    return channel;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isWritable() {
    return channel != null && !finished && channel.isWritable();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (finished) {
      return;
    }
    IpAddress local =
        IpAddress.of(((InetSocketAddress) context.channel().localAddress()).getAddress());
    session.opened(this, local);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    while (!finished && !paused && in.readableBytes() >= HEADER_BYTES) {
      int start = in.readerIndex();
      int length = in.getUnsignedShort(start + 16);
      Notification wrong = headerFault(in, start, length);
      if (wrong != null) {
        in.skipBytes(in.readableBytes());
        session.malformed(this, wrong, "message header: " + wrong);
        return;
      }
      if (in.readableBytes() < length) {
        return;
      }
      in.skipBytes(length);
      decodeOne(in.slice(start, length));
    }
    if (finished) {
      in.skipBytes(in.readableBytes());
    }
  }

  /// RFC 4271 §6.1: only what must hold before the length can be believed; the decoder checks
  /// types.
  private @Nullable Notification headerFault(ByteBuf in, int start, int length) {
    if (in.getLong(start) != -1 || in.getLong(start + 8) != -1) {
      return new Notification(1, 1, new byte[0]);
    }
    if (length < HEADER_BYTES || length > options.maxMessageBytes()) {
      return new Notification(1, 2, new byte[] {(byte) (length >> 8), (byte) length});
    }
    return null;
  }

  private void decodeOne(ByteBuf bytes) {
    BgpMessage message;
    try {
      message = BgpDecoder.decode(bytes, options);
    } catch (BgpFault fault) {
      session.malformed(this, fault.notification(), String.valueOf(fault.getMessage()));
      return;
    }
    session.received(this, message);
  }

  /// Queues a message; it leaves with the next [#flush].
  void write(BgpMessage message) {
    if (channel == null || finished) {
      return;
    }
    notificationSent |= message instanceof Notification;
    ByteBuf out = channel.alloc().directBuffer(256);
    BgpEncoder.encode(message, options, out);
    channel.write(out, channel.voidPromise());
  }

  void writeBytes(ByteBuf out) {
    if (channel == null || finished) {
      out.release();
    } else {
      channel.write(out, channel.voidPromise());
    }
  }

  void flush() {
    if (channel != null) {
      channel.flush();
    }
  }

  void pause() {
    paused = true;
    if (channel != null && !finished) {
      channel.config().setAutoRead(false);
    }
  }

  /// Reads on, first what was received before the pause.
  void resume() {
    if (!paused || finished || channel == null) {
      return;
    }
    paused = false;
    channel.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
    if (!paused && !finished) {
      channel.config().setAutoRead(true);
    }
  }

  /// Closes. After a NOTIFICATION the neighbor gets a moment to read it: closing at once, with
  /// bytes of the neighbor unread, would reset the connection and lose it.
  void finish() {
    if (finished) {
      return;
    }
    finished = true;
    Channel open = channel;
    if (open == null) {
      return;
    }
    if (!notificationSent || !open.isActive()) {
      open.close();
      return;
    }
    open.config().setAutoRead(true);
    open.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(_ -> ((DuplexChannel) open).shutdownOutput());
    open.eventLoop().schedule(() -> open.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// The superclass asks for more bytes until a message came out, which is never here: not while
  /// paused.
  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    if (paused) {
      discardSomeReadBytes();
    } else {
      super.channelReadComplete(context);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    session.writabilityChanged(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    super.channelInactive(context);
    session.closed(this, closeReason);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      closeReason = "connection lost: " + SocketFault.sentence(cause);
      context.close();
    } else {
      session.bug(cause);
    }
  }
}
