package net.donut.cli;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.donut.api.operator.v1.OperatorGrpc;
import net.donut.api.operator.v1.StatusRequest;
import net.donut.model.Role;
import net.donut.tls.CallFailure;
import net.donut.tls.Protection;
import net.donut.tls.TlsException;
import net.donut.tls.TlsOptions;
import net.donut.tls.TransportSecurity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Where the controller is and how to ask it: the options that every command of an operator shares.
final class Controller {
  static final String DEFAULT_SOCKET = "/run/donut/controller.sock";
  private static final String NO_SOCKET = "no such socket";
  private static final String NO_ANSWER = "no answer";

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "The controller's Unix socket (default: $DONUT_SOCKET or " + DEFAULT_SOCKET + ").")
  private @Nullable Path socket;

  @Option(
      names = "--controller",
      paramLabel = "HOST:PORT",
      description = "The controller's TCP address, instead of the socket; with --tls-dir.")
  private @Nullable String address;

  @Mixin private TlsOptions tls = new TlsOptions();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for an answer (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  /// Asks with a deadline, and hangs up.
  <T> T ask(Function<OperatorGrpc.OperatorBlockingStub, T> question) {
    return talk(stub -> question.apply(stub.withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS)));
  }

  /// Asks without a deadline: for streams that last.
  <T> T talk(Function<OperatorGrpc.OperatorBlockingStub, T> question) {
    try (TransportSecurity security = security()) {
      EventLoopGroup group = new EpollEventLoopGroup(1);
      ManagedChannel channel = open(group, security);
      try {
        reach(channel, security);
        return question.apply(OperatorGrpc.newBlockingStub(channel));
      } finally {
        channel.shutdownNow();
        group.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS);
      }
    }
  }

  /// The socket's file protects it; TCP needs TLS.
  private TransportSecurity security() {
    Protection protection = new Protection.Insecure();
    if (address != null) {
      InetSocketAddress _ = parse(address);
      protection = tls.protection("operator-read NAME");
    }
    try {
      return TransportSecurity.openOnce(protection);
    } catch (TlsException e) {
      throw new Failures.Refused(Failures.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private ManagedChannel open(EventLoopGroup group, TransportSecurity security) {
    NettyChannelBuilder builder;
    if (address == null) {
      Path path = socketPath();
      if (!Files.exists(path)) {
        throw unreachable(NO_SOCKET);
      }
      builder =
          NettyChannelBuilder.forAddress(new DomainSocketAddress(path.toString()))
              .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
              .overrideAuthority("controller")
              .usePlaintext();
    } else {
      builder =
          NettyChannelBuilder.forAddress(parse(address)).channelType(EpollSocketChannel.class);
      security.protect(builder, new Role.Controller());
    }
    return builder.eventLoopGroup(group).maxInboundMessageSize(16 << 20).build();
  }

  private static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon > 0 && port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65535) {
      String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
      return new InetSocketAddress(host, Integer.parseInt(port));
    }
    throw new Failures.Refused(
        Failures.USAGE,
        "--controller: '" + text + "' (expected: HOST:PORT such as 127.0.0.1:9341)");
  }

  private void reach(ManagedChannel channel, TransportSecurity security) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Math.min(timeoutSeconds, 5));
    ConnectivityState state = channel.getState(true);
    while (state != ConnectivityState.READY) {
      if (state == ConnectivityState.TRANSIENT_FAILURE || System.nanoTime() > end) {
        throw unreachable(why(channel, security));
      }
      var changed = new java.util.concurrent.CountDownLatch(1);
      channel.notifyWhenStateChanged(state, changed::countDown);
      try {
        boolean _ = changed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unreachable("interrupted");
      }
      state = channel.getState(true);
    }
  }

  /// Why the channel could not connect: only a call tells.
  private static String why(ManagedChannel channel, TransportSecurity security) {
    try {
      var _ =
          OperatorGrpc.newBlockingStub(channel)
              .withDeadlineAfter(1, TimeUnit.SECONDS)
              .status(StatusRequest.getDefaultInstance());
      return NO_ANSWER;
    } catch (StatusRuntimeException e) {
      String line = security.explain(e);
      return line == null ? CallFailure.text(e) : line;
    }
  }

  private Path socketPath() {
    if (socket != null) {
      return socket;
    }
    String fromEnvironment = System.getenv("DONUT_SOCKET");
    return Path.of(
        fromEnvironment == null || fromEnvironment.isEmpty() ? DEFAULT_SOCKET : fromEnvironment);
  }

  /// One line: where, why, and what to do about it.
  private Failures.Refused unreachable(String why) {
    String where = address == null ? "unix:" + socketPath() : address;
    return new Failures.Refused(
        Failures.UNREACHABLE, "controller at " + where + ": " + why + advice(why));
  }

  private static String advice(String why) {
    return switch (why) {
      case NO_SOCKET, NO_ANSWER, "connection refused", "no answer in time" ->
          "; is it running? Start one with `donut controller --policy FILE`, or say where it is with"
              + " --socket or --controller";
      case "permission denied" ->
          "; run this as root or as a member of the socket's group (donut controller --socket-group)";
      default -> "";
    };
  }
}
