package net.donut.lab.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LiveNetwork;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessPriority;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.netlink.NetworkNamespace;
import org.HdrHistogram.Histogram;

/// Sequenced UDP streams between nodes of a lab at a constant rate.
///
/// Every packet carries its stream, sequence number and time of sending, so that loss and gaps are
/// known to one packet. Packets behind schedule are sent at once: the rate holds over any window.
public final class Probes implements AutoCloseable {
  /// Width of the bins of [StreamResult#bins].
  public static final int BIN_MILLIS = 10;

  private static final int MAGIC = 0xd0d0_0001;
  private static final int PACKET_BYTES = 128;
  private static final long SPIN_NANOS = 40_000;
  // A packet still under way when a window is read would count as lost.
  private static final Duration SETTLE = Duration.ofMillis(150);

  private final List<Socket> sockets;
  private final List<DatagramChannel> sinks;
  private final Sender sender;
  private final Receiver receiver;
  private final Thread sending;
  private final Thread receiving;

  /// Packets of a flow in one direction.
  ///
  /// @param sinks where the target address is: whatever arrives at one of them has arrived
  public record Stream(
      String flow, Site from, IpAddress source, IpAddress target, List<Site> sinks) {
    public Stream {
      sinks = List.copyOf(sinks);
    }
  }

  /// A node and the namespace it lives in.
  public record Site(String node, Namespace namespace) {}

  /// What arrived last of a stream: at which of its sinks, and when it was sent
  /// (`System.nanoTime`); -1 and 0 before the first.
  public record Latest(int sink, long sentNanos) {}

  /// A sink to which nothing may come any more: what was sent after `sinceNanos` and arrives there
  /// counts as lost.
  public record Stale(int sink, long sinceNanos) {
    public static final Stale NONE = new Stale(-1, Long.MAX_VALUE);
  }

  /// A flow to measure both ways: two ends with an address each, of one family.
  public record Flow(String name, End a, End b) {}

  /// An end of a flow.
  public record End(String node, IpAddress address) {}

  /// A moment of all streams: the next packet of each, and when.
  public record Mark(List<Long> sequences, long nanos) {
    public Mark {
      sequences = List.copyOf(sequences);
    }
  }

  private record Socket(Stream stream, DatagramChannel source, InetSocketAddress target) {}

  private Probes(
      List<Socket> sockets, List<DatagramChannel> sinks, int packetsPerSecond, Selector selector) {
    this.sockets = sockets;
    this.sinks = sinks;
    this.sender = new Sender(sockets, packetsPerSecond);
    this.receiver = new Receiver(sockets.size(), selector);
    this.sending = Thread.ofPlatform().name("probe-sender").daemon().unstarted(sender);
    this.receiving = Thread.ofPlatform().name("probe-receiver").daemon().unstarted(receiver);
  }

  /// Measures flows between nodes of a lab: for each a stream there and one back.
  public static Probes start(LiveNetwork network, List<Flow> flows, int packetsPerSecond) {
    List<Stream> streams = new ArrayList<>();
    for (Flow flow : flows) {
      streams.add(stream(network, flow.name(), flow.a(), flow.b()));
      streams.add(stream(network, flow.name(), flow.b(), flow.a()));
    }
    return start(streams, packetsPerSecond);
  }

  private static Stream stream(LiveNetwork network, String name, End from, End to) {
    return new Stream(
        name,
        new Site(from.node(), network.namespace(from.node())),
        from.address(),
        to.address(),
        List.of(new Site(to.node(), network.namespace(to.node()))));
  }

  /// Opens sockets inside the namespaces of the streams' ends and starts to send.
  public static Probes start(List<Stream> streams, int packetsPerSecond) {
    if (packetsPerSecond < 1 || packetsPerSecond > 20_000) {
      throw new IllegalArgumentException(
          "packets per second: " + packetsPerSecond + " (expected: 1..20000)");
    }
    List<Socket> sockets = new ArrayList<>();
    List<DatagramChannel> sinks = new ArrayList<>();
    try {
      Selector selector = Selector.open();
      for (Stream stream : streams) {
        int port = 0;
        for (int i = 0; i < stream.sinks().size(); i++) {
          DatagramChannel sink = open(stream.sinks().get(i).namespace(), stream.target(), port);
          sinks.add(sink);
          sink.register(selector, SelectionKey.OP_READ, i);
          port = ((InetSocketAddress) sink.getLocalAddress()).getPort();
        }
        sockets.add(
            new Socket(
                stream,
                open(stream.from().namespace(), stream.source(), 0),
                new InetSocketAddress(stream.target().toInetAddress(), port)));
      }
      Probes probes =
          new Probes(List.copyOf(sockets), List.copyOf(sinks), packetsPerSecond, selector);
      probes.receiving.start();
      probes.sending.start();
      ProcessPriority.realTimeThreads(probes.sending.getName());
      return probes;
    } catch (IOException e) {
      throw LabException.of("probe", e);
    }
  }

  static DatagramChannel open(Namespace namespace, IpAddress address, int port) throws IOException {
    try (NetworkNamespace inside = NetworkNamespace.open(namespace.name())) {
      return inside.call(() -> {
        DatagramChannel channel =
            DatagramChannel.open(
                address.family() == Family.IPV4
                    ? StandardProtocolFamily.INET
                    : StandardProtocolFamily.INET6);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
        channel.bind(new InetSocketAddress(address.toInetAddress(), port));
        channel.configureBlocking(false);
        return channel;
      });
    }
  }

  /// How many streams there are.
  public int size() {
    return sockets.size();
  }

  /// What arrived last of a stream, by its place in the order given to [#start].
  public Latest latest(int stream) {
    return receiver.latest.get(stream);
  }

  /// The present moment. Waits for the sender, a millisecond.
  public Mark mark() {
    CompletableFuture<Mark> answer = new CompletableFuture<>();
    sender.requests.add(answer);
    return answer.orTimeout(5, TimeUnit.SECONDS).join();
  }

  /// What happened between two marks; waits until the last packet must have arrived.
  public List<StreamResult> between(Mark start, Mark end) {
    return between(start, end, Stale.NONE);
  }

  /// The same, where what still comes to a sink counts as lost.
  public List<StreamResult> between(Mark start, Mark end, Stale stale) {
    long settled = end.nanos + SETTLE.toNanos();
    while (System.nanoTime() < settled) {
      LockSupport.parkNanos(settled - System.nanoTime());
    }
    List<Arrivals.Window> windows =
        ask((arrivals, stream) ->
            arrivals.window(
                start.sequences.get(stream),
                end.sequences.get(stream),
                start.nanos,
                end.nanos,
                BIN_MILLIS * 1_000_000L,
                stale));
    List<StreamResult> results = new ArrayList<>();
    for (int i = 0; i < sockets.size(); i++) {
      Stream stream = sockets.get(i).stream();
      Arrivals.Window window = windows.get(i);
      results.add(
          new StreamResult(
              stream.flow(),
              stream.target().family() == Family.IPV4 ? "ipv4" : "ipv6",
              stream.from().node(),
              stream.sinks().getFirst().node(),
              end.sequences.get(i) - start.sequences.get(i),
              window.received(),
              window.lost(),
              window.duplicated(),
              window.reordered(),
              window.maxGapMs(),
              window.gaps(),
              window.stallMs(),
              window.firstLossNanos(),
              window.recoveredNanos(),
              window.bins(),
              window.lostBins(),
              sender.lateMicrosP99()));
    }
    return results;
  }

  /// Each packet around an event, stream by stream; `start` and `end` are marks around it that
  /// [#between] was asked for.
  ///
  /// @param eventNanos when it was (`System.nanoTime`)
  public List<EventStrip> around(long eventNanos, Mark start, Mark end) {
    return ask((arrivals, stream) ->
        new EventStrip(
            arrivals.packets(
                start.sequences.get(stream),
                end.sequences.get(stream),
                start.nanos,
                end.nanos,
                eventNanos)));
  }

  /// What the receiver knows of each stream.
  private <T> List<T> ask(Question<T> question) {
    CompletableFuture<List<T>> answer = new CompletableFuture<>();
    receiver.requests.add(new Request<>(question, answer));
    receiver.selector.wakeup();
    return answer.orTimeout(5, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    sender.requests.add(Sender.STOP);
    receiver.requests.add(Request.STOP);
    receiver.selector.wakeup();
    Pause.join(sending);
    Pause.join(receiving);
    try {
      for (Socket socket : sockets) {
        socket.source.close();
      }
      for (DatagramChannel sink : sinks) {
        sink.close();
      }
      receiver.selector.close();
    } catch (IOException e) {
      throw LabException.of("probe", e);
    }
  }

  /// Sends one packet of every stream each period. Owned by its thread but for `requests`.
  private static final class Sender implements Runnable {
    /// Done before it is asked: the request to end.
    static final CompletableFuture<Mark> STOP =
        CompletableFuture.completedFuture(new Mark(List.of(), 0));

    final ConcurrentLinkedQueue<CompletableFuture<Mark>> requests = new ConcurrentLinkedQueue<>();
    private final List<Socket> sockets;
    private final long periodNanos;
    private final ByteBuffer packet = ByteBuffer.allocateDirect(PACKET_BYTES);
    private final Histogram lateMicros = new org.HdrHistogram.ConcurrentHistogram(2);
    private long sequence;

    Sender(List<Socket> sockets, int packetsPerSecond) {
      this.sockets = sockets;
      this.periodNanos = 1_000_000_000L / packetsPerSecond;
    }

    long lateMicrosP99() {
      return lateMicros.getValueAtPercentile(99);
    }

    @Override
    public void run() {
      long next = System.nanoTime();
      while (true) {
        CompletableFuture<Mark> request = requests.poll();
        if (request != null && request.isDone()) {
          return;
        }
        if (request != null) {
          request.complete(
              new Mark(java.util.Collections.nCopies(sockets.size(), sequence), System.nanoTime()));
        }
        waitUntil(next);
        lateMicros.recordValue(Math.max(0, (System.nanoTime() - next) / 1000));
        for (int i = 0; i < sockets.size(); i++) {
          send(i);
        }
        sequence++;
        next += periodNanos;
      }
    }

    /// Parks for most of the time and spins for the rest: the kernel wakes a thread some 50 us
    /// late.
    private static void waitUntil(long nanos) {
      long left = nanos - System.nanoTime();
      while (left > 0) {
        if (left > SPIN_NANOS) {
          LockSupport.parkNanos(left - SPIN_NANOS);
        } else {
          Thread.onSpinWait();
        }
        left = nanos - System.nanoTime();
      }
    }

    private void send(int stream) {
      Socket socket = sockets.get(stream);
      packet.clear();
      packet.putInt(MAGIC).putInt(stream).putLong(sequence).putLong(System.nanoTime());
      packet.position(PACKET_BYTES).flip();
      try {
        socket.source.send(packet, socket.target);
      } catch (IOException e) {
        // No route at the sender: the packet counts as sent and will be missing.
        packet.clear();
      }
    }
  }

  /// Something to find out of the arrivals of one stream.
  private interface Question<T> {
    T of(Arrivals arrivals, int stream);
  }

  /// A question to the receiver about every stream.
  private record Request<T>(Question<T> question, CompletableFuture<List<T>> answer) {
    static final Request<String> STOP = new Request<>((_, _) -> "", new CompletableFuture<>());

    void answerFrom(List<Arrivals> arrivals) {
      List<T> answers = new ArrayList<>();
      for (int i = 0; i < arrivals.size(); i++) {
        answers.add(question.of(arrivals.get(i), i));
      }
      answer.complete(answers);
    }
  }

  /// Counts what arrives. Owned by its thread but for `requests` and the selector's wake-up.
  private static final class Receiver implements Runnable {
    final ConcurrentLinkedQueue<Request<?>> requests = new ConcurrentLinkedQueue<>();
    final Selector selector;
    final AtomicReferenceArray<Latest> latest;
    private final List<Arrivals> arrivals = new ArrayList<>();
    private final ByteBuffer packet = ByteBuffer.allocateDirect(2048);

    Receiver(int streams, Selector selector) {
      this.selector = selector;
      latest = new AtomicReferenceArray<>(streams);
      for (int i = 0; i < streams; i++) {
        arrivals.add(new Arrivals());
        latest.set(i, new Latest(-1, 0));
      }
    }

    @Override
    public void run() {
      try {
        while (true) {
          Request<?> request = requests.poll();
          if (Request.STOP.equals(request)) {
            return;
          }
          if (request != null) {
            request.answerFrom(arrivals);
          }
          selector.select(this::drain);
        }
      } catch (IOException e) {
        throw LabException.of("probe receiver", e);
      }
    }

    private void drain(SelectionKey key) {
      DatagramChannel channel = (DatagramChannel) key.channel();
      int sink = (Integer) key.attachment();
      try {
        while (true) {
          packet.clear();
          if (channel.receive(packet) == null) {
            return;
          }
          packet.flip();
          if (packet.remaining() == PACKET_BYTES && packet.getInt() == MAGIC) {
            int stream = packet.getInt();
            if (stream >= 0 && stream < arrivals.size()) {
              long sequence = packet.getLong();
              long sentNanos = packet.getLong();
              arrivals.get(stream).arrived(sequence, sentNanos, sink);
              latest.set(stream, new Latest(sink, sentNanos));
            }
          }
        }
      } catch (IOException e) {
        // An ICMP error of an earlier packet, reported on the socket: that packet is counted lost.
        packet.clear();
      }
    }
  }
}
