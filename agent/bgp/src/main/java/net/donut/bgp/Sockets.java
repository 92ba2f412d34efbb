package net.donut.bgp;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.donut.bgp.BgpNeighborConfig.TtlSecurity;
import net.donut.model.Family;
import net.donut.model.FileFailure;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// Makes the sockets of sessions. Every method must run on the event loop's own thread: the kernel
/// creates a socket in the network namespace of the thread that asks.
final class Sockets {
  /// Bytes queued to a neighbor at which a session stops, and starts again, to ask for more.
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private static final int LARGEST_TTL = 255;
  private static final ChannelOption<Integer> IP_TTL = integer("IP_TTL", 0, 2);
  private static final ChannelOption<Integer> IP_MINTTL = integer("IP_MINTTL", 0, 21);
  private static final ChannelOption<Integer> IPV6_UNICAST_HOPS =
      integer("IPV6_UNICAST_HOPS", 41, 16);
  private static final ChannelOption<Integer> IPV6_MINHOPCOUNT =
      integer("IPV6_MINHOPCOUNT", 41, 73);

  private static final ChannelOption<Integer> TCP_SAVE_SYN = integer("TCP_SAVE_SYN", 6, 27);
  private static final ChannelOption<ByteBuffer> TCP_SAVED_SYN =
      new RawUnixChannelOption("TCP_SAVED_SYN", 6, 28, SavedSyn.MAX_BYTES);

  private final EventLoop loop;
  private final boolean epoll;

  Sockets(EventLoop loop) {
    this.loop = loop;
    this.epoll = loop.parent() instanceof EpollEventLoopGroup;
  }

  private static ChannelOption<Integer> integer(String name, int level, int option) {
    return new IntegerUnixChannelOption(name, level, option);
  }

  /// What a neighbor asks of the socket that it cannot have here, or null.
  @Nullable String unsupported(BgpNeighborConfig config) {
    if (epoll) {
      return null;
    }
    if (config.md5Key() != null) {
      return "md5 key: needs native epoll (expected: Linux on x86-64 or arm64)";
    }
    return config.ttlSecurity() == TtlSecurity.GTSM
        ? "TTL security: needs native epoll (expected: Linux on x86-64 or arm64)"
        : null;
  }

  /// Starts to connect. Throws BgpException when there is no such interface.
  ChannelFuture connect(BgpNeighborConfig config, ChannelHandler handler) {
    Family family = config.address().family();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> client(family))
            .handler(handler)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(config.connectTimeout().toMillis() * 2));
    String key = config.md5Key();
    if (key != null) {
      bootstrap.option(
          EpollChannelOption.TCP_MD5SIG,
          Map.of(config.address().toInetAddress(), key.getBytes(StandardCharsets.UTF_8)));
    }
    if (config.ttlSecurity() == TtlSecurity.GTSM) {
      bootstrap.option(family == Family.IPV4 ? IP_TTL : IPV6_UNICAST_HOPS, LARGEST_TTL);
      bootstrap.option(family == Family.IPV4 ? IP_MINTTL : IPV6_MINHOPCOUNT, LARGEST_TTL);
    }
    InetSocketAddress remote =
        new InetSocketAddress(scoped(config.address(), config.interfaceName()), config.port());
    IpAddress local = config.localAddress();
    return local == null
        ? bootstrap.connect(remote)
        : bootstrap.connect(
            remote, new InetSocketAddress(scoped(local, config.interfaceName()), 0));
  }

  private Channel client(Family family) {
    if (!epoll) {
      return new NioSocketChannel();
    }
    return new EpollSocketChannel(
        family == Family.IPV4 ? InternetProtocolFamily.IPv4 : InternetProtocolFamily.IPv6);
  }

  /// Starts to listen. The TTL is always the largest, as a neighbor with TTL security drops our
  /// SYN-ACK otherwise, and which neighbor it goes to is not known yet.
  ChannelFuture bind(SpeakerConfig.Endpoint endpoint, ChannelHandler children) {
    Family family = endpoint.address().family();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop, loop)
            .channelFactory(() ->
                epoll
                    ? new EpollServerSocketChannel(
                        family == Family.IPV4
                            ? InternetProtocolFamily.IPv4
                            : InternetProtocolFamily.IPv6)
                    : new NioServerSocketChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 128)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(children);
    if (epoll) {
      bootstrap.option(TCP_SAVE_SYN, 1);
      bootstrap.option(IP_TTL, LARGEST_TTL);
      if (family == Family.IPV6) {
        bootstrap.option(IPV6_UNICAST_HOPS, LARGEST_TTL);
      }
    }
    return bootstrap.bind(
        new InetSocketAddress(endpoint.address().toInetAddress(), endpoint.port()));
  }

  /// Why a connection that was accepted must not be answered, or null: it has passed a router where
  /// TTL security is on (RFC 5082 §3), or is not signed where there is a key. To be asked once.
  ///
  /// One listening socket is for all neighbors, so it cannot have the least TTL of one of them; and
  /// what arrives before [#secureAccepted] is already in the buffer of the socket. The SYN tells.
  @Nullable String refusal(Channel channel, BgpNeighborConfig config) {
    boolean checked = config.ttlSecurity() == TtlSecurity.GTSM || config.md5Key() != null;
    if (!epoll || !checked) {
      return null;
    }
    SavedSyn syn = SavedSyn.parse(channel.config().getOption(TCP_SAVED_SYN));
    if (config.ttlSecurity() == TtlSecurity.GTSM && (syn == null || syn.ttl() != LARGEST_TTL)) {
      return "TTL "
          + (syn == null ? "unknown" : syn.ttl())
          + " (expected: "
          + LARGEST_TTL
          + "); ttl-security is on: switch it on there too, and have no router between";
    }
    if (config.md5Key() != null && syn != null && syn.signature() == SavedSyn.Signature.ABSENT) {
      return "TCP MD5 signature: none (expected: one); md5 is set: set the same key there";
    }
    return null;
  }

  /// Applies the TTL security of a neighbor to a connection it opened.
  void secureAccepted(Channel channel, BgpNeighborConfig config) {
    if (epoll && config.ttlSecurity() == TtlSecurity.GTSM) {
      boolean ipv4 = config.address().family() == Family.IPV4;
      channel.config().setOption(ipv4 ? IP_TTL : IPV6_UNICAST_HOPS, LARGEST_TTL);
      channel.config().setOption(ipv4 ? IP_MINTTL : IPV6_MINHOPCOUNT, LARGEST_TTL);
    }
  }

  /// Replaces the MD5 keys of a listening socket.
  void useKeys(Channel server, Map<InetAddress, byte[]> keys) {
    if (epoll) {
      server.config().setOption(EpollChannelOption.TCP_MD5SIG, keys);
    }
  }

  private static InetAddress scoped(IpAddress address, @Nullable String interfaceName) {
    if (!address.isLinkLocal() || interfaceName == null) {
      return address.toInetAddress();
    }
    try {
      return Inet6Address.getByAddress(null, address.bytes(), indexOf(interfaceName));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The index of an interface in the namespace of this thread.
  ///
  /// NetworkInterface reads `/proc/net`, which is the namespace of the process's first thread.
  static int indexOf(String interfaceName) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/if_inet6"))) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length == 6 && fields[5].equals(interfaceName)) {
          return Integer.parseInt(fields[1], 16);
        }
      }
    } catch (IOException e) {
      throw new BgpException("interface " + interfaceName + ": " + FileFailure.reason(e), e);
    }
    throw new BgpException(
        "interface " + interfaceName + ": none (expected: an interface with an IPv6 address)");
  }
}
