package net.donut.lab.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.UdpLoop;
import net.donut.netlink.UdpPort;

/// Viewers who pull streams from a server: each packet of a stream is asked for by a small one, so
/// that the viewer knows its round trip, its loss, and the routers it passed.
///
/// A thread an audience asks and receives, one thread serves. Owned by the thread that started it.
public final class Streaming implements AutoCloseable {
  private static final int MAGIC = 0xd0d0_0002;
  private static final int PORT = 5004;
  private static final int REQUEST_BYTES = 64;
  private static final int LARGEST = 1_500;

  private final Server server;
  private final List<Viewers> viewers;
  private final List<Thread> threads = new ArrayList<>();

  private Streaming(Server server, List<Viewers> viewers) {
    this.server = server;
    this.viewers = viewers;
  }

  /// Starts a server at an address, at each of some sites, and its viewers.
  public static Streaming start(
      List<Probes.Site> sites, IpAddress address, List<Audience> audiences) {
    try {
      Server server = new Server(sites, address);
      Streaming streaming =
          new Streaming(
              server, audiences.stream().map(audience -> new Viewers(audience, address)).toList());
      streaming.run("stream-server", server);
      streaming.viewers.forEach(
          each -> streaming.run("viewers-" + each.log.audience().name(), each));
      return streaming;
    } catch (IOException e) {
      throw LabException.of("stream server", e);
    }
  }

  private void run(String name, Runnable work) {
    threads.add(Thread.ofPlatform().name(name).daemon().start(work));
  }

  /// Ends all of it, and returns what became of the packets, an audience each.
  public List<StreamLog> end() {
    close();
    return viewers.stream().map(each -> each.log).toList();
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    threads.forEach(Pause::join);
    server.close();
  }

  /// Asks for the packets of one audience and notes what comes. Owned by its thread; its log may be
  /// read when that has ended.
  private static final class Viewers implements Runnable, UdpLoop.Receiver {
    private final StreamLog log;
    private final IpAddress server;
    private final ByteBuffer request = ByteBuffer.allocateDirect(REQUEST_BYTES);

    Viewers(Audience audience, IpAddress server) {
      this.log = new StreamLog(audience);
      this.server = server;
    }

    @Override
    public void run() {
      try (NetworkNamespace inside =
          NetworkNamespace.open(log.audience().site().namespace().name())) {
        inside.enter();
      }
      pull();
    }

    private void pull() {
      long spacing = log.audience().spacingNanos();
      try (UdpLoop loop = UdpLoop.open()) {
        UdpPort port = loop.receiver(Family.IPV4, null, 0);
        long next = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
          loop.await(next - System.nanoTime(), this);
          for (; next <= System.nanoTime(); next += spacing) {
            ask(port);
          }
        }
      }
    }

    private void ask(UdpPort port) {
      long now = System.nanoTime();
      request.clear();
      request.putInt(MAGIC).putInt(log.asked(now)).putInt(log.audience().packetBytes());
      request.position(REQUEST_BYTES).flip();
      // What the kernel refuses for want of a route was asked for, and does not come.
      port.send(request, server, PORT);
    }

    @Override
    public void received(UdpPort port, ByteBuffer bytes, IpAddress sender, int ttl) {
      bytes.order(ByteOrder.BIG_ENDIAN);
      if (bytes.remaining() >= REQUEST_BYTES && bytes.getInt() == MAGIC) {
        int packet = bytes.getInt();
        int site = bytes.getInt();
        log.came(packet, System.nanoTime(), ttl, site);
      }
    }
  }

  /// Answers each request with a packet of the size asked for. Owned by its thread.
  private static final class Server implements Runnable {
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final Selector selector = Selector.open();
    private final ByteBuffer packet = ByteBuffer.allocateDirect(LARGEST);

    Server(List<Probes.Site> sites, IpAddress address) throws IOException {
      for (int i = 0; i < sites.size(); i++) {
        DatagramChannel channel = Probes.open(sites.get(i).namespace(), address, PORT);
        channels.add(channel);
        channel.register(selector, SelectionKey.OP_READ, i);
      }
    }

    @Override
    public void run() {
      try {
        while (!Thread.currentThread().isInterrupted()) {
          selector.select(this::serve);
        }
      } catch (IOException e) {
        throw LabException.of("stream server", e);
      }
    }

    private void serve(SelectionKey key) {
      DatagramChannel channel = (DatagramChannel) key.channel();
      try {
        while (true) {
          packet.clear();
          SocketAddress viewer = channel.receive(packet);
          if (viewer == null) {
            return;
          }
          packet.flip();
          if (packet.remaining() == REQUEST_BYTES && packet.getInt(0) == MAGIC) {
            answer(channel, (InetSocketAddress) viewer, (Integer) key.attachment());
          }
        }
      } catch (IOException e) {
        // No way back to a viewer: the packet does not come, and is counted there.
        packet.clear();
      }
    }

    private void answer(DatagramChannel channel, InetSocketAddress viewer, int site)
        throws IOException {
      int bytes = Math.clamp(packet.getInt(8), REQUEST_BYTES, LARGEST);
      packet.clear().limit(bytes);
      packet.putInt(8, site);
      channel.send(packet, viewer);
    }

    void close() {
      try {
        for (DatagramChannel channel : channels) {
          channel.close();
        }
        selector.close();
      } catch (IOException e) {
        throw LabException.of("stream server", e);
      }
    }
  }
}
