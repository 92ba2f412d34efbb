package net.donut.controller.northbound;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.concurrent.TimeUnit;
import net.donut.model.FileFailure;
import net.donut.tls.Permissions;
import net.donut.tls.ServerLimits;
import net.donut.tls.TransportSecurity;
import org.jspecify.annotations.Nullable;

/// Serves operators over TCP and over a Unix socket.
public final class OperatorServers implements AutoCloseable {

  /// An address cannot be served; the message says why and what to do.
  public static final class ServeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ServeException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// How long the last answers may take to be written after the servers ended.
  private static final long QUIET_MILLIS = 50;

  private final EventLoopGroup loops = new EpollEventLoopGroup(2);
  private final HealthStatusManager health = new HealthStatusManager();
  private final Path socket;
  private final Server tcp;
  private final Server unix;

  public OperatorServers(
      OperatorService service,
      TransportSecurity security,
      InetSocketAddress listen,
      Path socket,
      @Nullable String socketGroup) {
    this.socket = socket;
    try {
      NettyServerBuilder overTcp = NettyServerBuilder.forAddress(listen);
      security.protect(
          overTcp,
          EpollServerSocketChannel::new,
          Permissions.CONTROLLER,
          ServerLimits.OPERATORS,
          "operators on " + listenText(listen));
      tcp = serve(service, overTcp, listenText(listen));
      try {
        prepare(socket);
        NettyServerBuilder overUnix =
            NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()));
        TransportSecurity.limit(
            overUnix, EpollServerDomainSocketChannel::new, ServerLimits.OPERATORS);
        unix = serve(service, overUnix, socket.toString());
        restrict(socket, socketGroup);
      } catch (RuntimeException e) {
        end(tcp);
        throw e;
      }
    } catch (RuntimeException e) {
      loops.shutdownGracefully(QUIET_MILLIS, 1000, TimeUnit.MILLISECONDS);
      throw e;
    }
    NorthboundLog.serving(listenText(new InetSocketAddress(listen.getHostString(), port())));
    NorthboundLog.serving(socket.toString());
  }

  private static String listenText(InetSocketAddress listen) {
    return listen.getHostString() + ":" + listen.getPort();
  }

  private Server serve(OperatorService service, NettyServerBuilder builder, String text) {
    try {
      return builder
          .bossEventLoopGroup(loops)
          .workerEventLoopGroup(loops)
          .addService(service)
          .addService(health.getHealthService())
          .addService(ProtoReflectionServiceV1.newInstance())
          .build()
          .start();
    } catch (IOException e) {
      throw new ServeException(
          "listen on %s: %s; stop what uses it or give another address".formatted(text, reason(e)),
          e);
    }
  }

  private static String reason(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = String.valueOf(deepest.getMessage());
    return message.contains("in use") ? "address in use" : message;
  }

  /// Makes the directory, and removes the file of a controller that is gone.
  private static void prepare(Path socket) {
    try {
      Path parent = socket.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
        if (isServed(socket)) {
          throw new IOException("another controller serves it: address in use");
        }
        Files.delete(socket);
      }
    } catch (IOException e) {
      throw new ServeException(
          "socket %s: %s; stop the other one or give another --socket"
              .formatted(socket, FileFailure.reason(e)),
          e);
    }
  }

  private static boolean isServed(Path socket) throws IOException {
    boolean isSocket =
        (((Integer) Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS)) & 0170000)
            == 0140000;
    if (!isSocket) {
      throw new IOException("exists and is not a socket");
    }
    try (SocketChannel _ = SocketChannel.open(java.net.UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void restrict(Path socket, @Nullable String group) {
    try {
      if (group != null) {
        Files.getFileAttributeView(socket, PosixFileAttributeView.class)
            .setGroup(
                socket
                    .getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(group));
      }
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    } catch (UserPrincipalNotFoundException e) {
      throw new ServeException(
          "--socket-group: '%s' (expected: a group of this machine)".formatted(group), e);
    } catch (IOException e) {
      throw new ServeException("socket %s: %s".formatted(socket, FileFailure.reason(e)), e);
    }
  }

  private static void end(Server server) {
    try {
      boolean _ = server.shutdown().awaitTermination(1, TimeUnit.SECONDS);
      boolean _ = server.shutdownNow().awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The port that TCP is served on.
  public int port() {
    return tcp.getPort();
  }

  @Override
  public void close() {
    health.enterTerminalState();
    end(tcp);
    end(unix);
    loops.shutdownGracefully(QUIET_MILLIS, 1000, TimeUnit.MILLISECONDS);
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      NorthboundLog.crashed(e);
    }
  }
}
