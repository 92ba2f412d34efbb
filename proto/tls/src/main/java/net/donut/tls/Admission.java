package net.donut.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Counts the connections of a server and closes those over the limit before they cost anything.
///
/// Its maps are changed by the loop that accepts and those that serve, and read by `tls-reload`.
@ChannelHandler.Sharable
final class Admission extends ChannelInboundHandlerAdapter {
  private final int most;
  private final int mostOfOneHost;
  private final Map<SocketAddress, Channel> channels = new ConcurrentHashMap<>();
  private final Map<Object, Integer> hosts = new ConcurrentHashMap<>();

  Admission(int most, int mostOfOneHost) {
    this.most = most;
    this.mostOfOneHost = mostOfOneHost;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel connection = (Channel) message;
    SocketAddress remote = connection.remoteAddress();
    Object host = host(remote);
    int ofHost = hosts.merge(host, 1, Integer::sum);
    if (channels.size() >= most || ofHost > mostOfOneHost) {
      release(host);
      TlsEvents.refusedConnection(
          String.valueOf(remote),
          "connections: %d, of this host %d (expected: at most %d, %d of one host)"
              .formatted(channels.size() + 1, ofHost, most, mostOfOneHost));
      connection.unsafe().closeForcibly();
      return;
    }
    Object key = remote == null ? connection.id() : remote;
    SocketAddress known = remote == null ? new Unnamed(key) : remote;
    channels.put(known, connection);
    connection
        .closeFuture()
        .addListener(_ -> {
          channels.remove(known, connection);
          release(host);
        });
    context.fireChannelRead(message);
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

  private static Object host(@Nullable SocketAddress remote) {
    InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
    return address == null ? "local" : address;
  }

  private void release(Object host) {
    hosts.computeIfPresent(host, (_, count) -> count == 1 ? null : count - 1);
  }

  @Nullable Channel channel(SocketAddress remote) {
    return channels.get(remote);
  }
}
