package net.donut.agent.fib;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.netlink.NetworkNamespace;

/// Packets from one namespace to an address that several others have, some thousand a second, all
/// counted. What the kernel refuses to send counts as lost.
final class PacketStream implements AutoCloseable {
  private static final int PORT = 4711;
  private static final long INTERVAL_NANOS = 200_000;
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final InetSocketAddress target;
  private final DatagramChannel sender;
  private final List<DatagramChannel> receivers = new ArrayList<>();
  private final Thread thread = Thread.ofPlatform().name("packet-stream").unstarted(this::run);
  private final AtomicLong sent = new AtomicLong();
  private volatile boolean ending;
  private long received;

  PacketStream(Path from, IpAddress to, List<Path> receiving) {
    target = new InetSocketAddress(to.toInetAddress(), PORT);
    sender = open(from, to.family());
    try {
      for (Path path : receiving) {
        DatagramChannel receiver = open(path, to.family());
        receivers.add(receiver);
        receiver.bind(target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread.start();
  }

  private static DatagramChannel open(Path path, Family family) {
    try (NetworkNamespace inside = NetworkNamespace.open(path)) {
      DatagramChannel channel =
          inside.call(() ->
              DatagramChannel.open(
                  family == Family.IPV4
                      ? StandardProtocolFamily.INET
                      : StandardProtocolFamily.INET6));
      channel.configureBlocking(false);
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long sent() {
    return sent.get();
  }

  private void run() {
    ByteBuffer packet = ByteBuffer.allocate(64);
    long next = System.nanoTime();
    while (!ending) {
      sent.incrementAndGet();
      try {
        sender.send(packet.clear(), target);
      } catch (IOException _) {
        // No route: lost.
      }
      receiveAll(packet);
      next += INTERVAL_NANOS;
      LockSupport.parkNanos(next - System.nanoTime());
    }
    long end = System.nanoTime() + SETTLE_NANOS;
    while (received < sent.get() && System.nanoTime() - end < 0) {
      receiveAll(packet);
    }
  }

  private void receiveAll(ByteBuffer packet) {
    try {
      for (DatagramChannel receiver : receivers) {
        while (receiver.receive(packet.clear()) != null) {
          received++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends the stream; gives how many packets did not arrive.
  long lost() throws InterruptedException {
    ending = true;
    thread.join();
    return sent.get() - received;
  }

  @Override
  public void close() throws IOException {
    ending = true;
    sender.close();
    for (DatagramChannel receiver : receivers) {
      receiver.close();
    }
  }
}
