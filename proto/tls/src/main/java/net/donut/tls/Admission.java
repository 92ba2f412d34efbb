package net.donut.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts the connections of a server, and ends those over the limit.
///
/// Its maps are changed by the loop that accepts and those that serve, and read by `tls-reload`;
/// all under its monitor, which nobody holds for long.
@ChannelHandler.Sharable
final class Admission extends ChannelInboundHandlerAdapter {
  /*
   * Who has a certificate must get in whatever others do, and before the handshake is over nobody
   * can tell them apart. So there are two counts. An unfinished handshake never keeps a new one out:
   * over the bound the oldest ends, first that of the same host, and whoever has a certificate is
   * done within milliseconds. Connections that have shown one are counted by themselves; over that
   * bound the newest is refused.
   */

  /// Where a connection is.
  enum Stage {
    HANDSHAKE,
    CONNECTED
  }

  private static final class Entry {
    final Channel channel;
    final Object host;
    Stage stage;

    Entry(Channel channel, Object host, Stage stage) {
      this.channel = channel;
      this.host = host;
      this.stage = stage;
    }
  }

  private final ServerLimits limits;
  private final Stage begin;

  /// By address, the oldest first.
  private final Map<SocketAddress, Entry> entries = new LinkedHashMap<>();

  /// How many of a host, by stage.
  private final Map<Stage, Map<Object, Integer>> hosts = new EnumMap<>(Stage.class);

  Admission(ServerLimits limits, Stage begin) {
    this.limits = limits;
    this.begin = begin;
    for (Stage stage : Stage.values()) {
      hosts.put(stage, new HashMap<>());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel connection = (Channel) message;
    SocketAddress remote = connection.remoteAddress();
    SocketAddress key = remote == null ? new Unnamed(connection.id()) : remote;
    Entry entry = new Entry(connection, host(remote), begin);
    String refusal = begin == Stage.CONNECTED ? refusal(entry.host) : null;
    if (refusal != null) {
      TlsLog.refusedConnection(String.valueOf(remote), refusal);
      connection.unsafe().closeForcibly();
      return;
    }
    Entry oldest = enter(key, entry);
    connection.closeFuture().addListener(_ -> leave(key, entry));
    if (oldest != null) {
      TlsLog.handshakeEnded(
          String.valueOf(oldest.channel.remoteAddress()),
          "the oldest of the handshakes (expected: at most %d, %d of one host)"
              .formatted(limits.handshakes(), limits.handshakesOfOneHost()));
      endAtOnce(oldest.channel);
    }
    context.fireChannelRead(message);
  }

  /// A connection has shown a certificate of ours; it is ended when there are too many of these.
  void admit(SocketAddress remote) {
    Entry entry = entry(remote);
    if (entry == null || entry.stage == Stage.CONNECTED) {
      return;
    }
    String refusal = move(entry);
    if (refusal != null) {
      TlsLog.refusedConnection(String.valueOf(remote), refusal);
      endAtOnce(entry.channel);
    }
  }

  private synchronized @Nullable Entry entry(SocketAddress remote) {
    return entries.get(remote);
  }

  private synchronized @Nullable String refusal(Object host) {
    int all = all(Stage.CONNECTED);
    int ofHost = ofHost(Stage.CONNECTED, host);
    return all < limits.connections() && ofHost < limits.connectionsOfOneHost()
        ? null
        : "connections: %d, of this host %d (expected: at most %d, %d of one host)"
            .formatted(all + 1, ofHost + 1, limits.connections(), limits.connectionsOfOneHost());
  }

  /// Returns the handshake that has to end for this one.
  private synchronized @Nullable Entry enter(SocketAddress key, Entry entry) {
    entries.put(key, entry);
    count(entry, 1);
    if (entry.stage == Stage.CONNECTED) {
      return null;
    }
    if (ofHost(Stage.HANDSHAKE, entry.host) > limits.handshakesOfOneHost()) {
      return takeOldest(entry.host);
    }
    return all(Stage.HANDSHAKE) > limits.handshakes() ? takeOldest(null) : null;
  }

  /// The oldest handshake, of a host where one is given; it is not counted any more.
  private @Nullable Entry takeOldest(@Nullable Object host) {
    for (Map.Entry<SocketAddress, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      if (entry.stage == Stage.HANDSHAKE && (host == null || host.equals(entry.host))) {
        entries.remove(each.getKey());
        count(entry, -1);
        return entry;
      }
    }
    return null;
  }

  /// Counts a connection among those with a certificate; says why not.
  private synchronized @Nullable String move(Entry entry) {
    String refusal = refusal(entry.host);
    if (refusal == null) {
      count(entry, -1);
      entry.stage = Stage.CONNECTED;
      count(entry, 1);
    }
    return refusal;
  }

  private synchronized void leave(SocketAddress key, Entry entry) {
    if (entries.remove(key, entry)) {
      count(entry, -1);
    }
  }

  private int all(Stage stage) {
    return hostsOf(stage).values().stream().mapToInt(Integer::intValue).sum();
  }

  private int ofHost(Stage stage, Object host) {
    return hostsOf(stage).getOrDefault(host, 0);
  }

  private Map<Object, Integer> hostsOf(Stage stage) {
    return hosts.getOrDefault(stage, Map.of());
  }

  private void count(Entry entry, int change) {
    hostsOf(entry.stage)
        .compute(
            entry.host,
            (_, count) -> {
              int next = (count == null ? 0 : count) + change;
              return next == 0 ? null : next;
            });
  }

  /// The handler of HTTP/2 would wait for open streams to end first, and a controller's never do.
  static void endAtOnce(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    ChannelFuture _ = first == null ? channel.close() : first.close();
  }

  /// Clients of a Unix socket have no address.
  private static final class Unnamed extends SocketAddress {
    private static final long serialVersionUID = 1;
    private final transient Object id;

    Unnamed(Object id) {
      this.id = id;
    }

    @Override
    public String toString() {
      return String.valueOf(id);
    }
  }

  /// Who counts as one: an IPv4 address, the /64 of an IPv6 address.
  private static Object host(@Nullable SocketAddress remote) {
    InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
    if (address instanceof Inet6Address) {
      return ByteBuffer.wrap(Arrays.copyOf(address.getAddress(), 8));
    }
    return address == null ? "local" : address;
  }

  @Nullable Channel channel(SocketAddress remote) {
    Entry entry = entry(remote);
    return entry == null ? null : entry.channel;
  }
}
