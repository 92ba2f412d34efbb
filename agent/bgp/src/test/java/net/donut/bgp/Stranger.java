package net.donut.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.donut.wire.bgp.BgpDecoder;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.SessionOptions;
import org.jspecify.annotations.Nullable;

/// A TCP client in a [LinkedNamespace] that has the neighbor's address and nothing else of it: it
/// sends some messages and writes down what it is answered. Its packets have the TTL of the
/// namespace.
final class Stranger {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final LinkedNamespace namespace;
  private final String answers = "stranger-" + COUNT.incrementAndGet();
  private final String address;
  private final int port;
  private @Nullable Process process;

  Stranger(LinkedNamespace namespace, int port) {
    this(namespace, namespace.ours4(), port);
  }

  Stranger(LinkedNamespace namespace, String address, int port) {
    this.namespace = namespace;
    this.address = address;
    this.port = port;
  }

  /// Connects, sends, and listens for a minute, or until the connection is closed.
  Stranger connect(BgpMessage... messages) {
    ByteBuf bytes = Unpooled.buffer();
    for (BgpMessage message : messages) {
      bytes.writeBytes(RawNeighbor.bytes(message));
    }
    StringBuilder escaped = new StringBuilder();
    while (bytes.isReadable()) {
      escaped.append("\\x%02x".formatted(bytes.readUnsignedByte()));
    }
    process =
        namespace.start(
            answers,
            "bash",
            "-c",
            "exec 2>/dev/null; exec 3<>/dev/tcp/%s/%d && printf '%s' >&3 && exec timeout 60 cat <&3"
                .formatted(address, port, escaped));
    return this;
  }

  /// All that was answered so far.
  List<BgpMessage> answers() {
    ByteBuf in;
    try {
      in = Unpooled.wrappedBuffer(Files.readAllBytes(namespace.file(answers)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<BgpMessage> messages = new ArrayList<>();
    while (in.readableBytes() >= 19) {
      int length = in.getUnsignedShort(in.readerIndex() + 16);
      if (in.readableBytes() < length) {
        break;
      }
      messages.add(BgpDecoder.decode(in.readSlice(length), SessionOptions.MODERN_EXTERNAL));
    }
    return messages;
  }

  /// Waits for the NOTIFICATION that ends the connection.
  BgpMessage.Notification receiveNotification() {
    return awaitAnswer(BgpMessage.Notification.class);
  }

  /// Waits for a message of this kind.
  <T extends BgpMessage> T awaitAnswer(Class<T> kind) {
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (BgpMessage message : answers()) {
        if (kind.isInstance(message)) {
          return kind.cast(message);
        }
      }
    }
    throw new AssertionError(kind.getSimpleName() + ": none in " + answers());
  }

  /// Waits until the connection is refused or closed.
  void awaitEnd() {
    Process running = process;
    try {
      if (running == null
          || !running.waitFor(Recorder.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still connected: " + answers());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
