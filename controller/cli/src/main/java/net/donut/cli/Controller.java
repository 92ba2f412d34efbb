package net.donut.cli;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the controller is and how to ask it: the options that every command of an operator shares.
final class Controller {
  static final String DEFAULT_SOCKET = "/run/donut/controller.sock";

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "The controller's Unix socket (default: $DONUT_SOCKET or " + DEFAULT_SOCKET + ").")
  private @Nullable Path socket;

  @Option(
      names = "--controller",
      paramLabel = "HOST:PORT",
      description = "The controller's TCP address, instead of the socket.")
  private @Nullable String address;

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
    EventLoopGroup group = new EpollEventLoopGroup(1);
    ManagedChannel channel = open(group);
    try {
      reach(channel);
      return question.apply(OperatorGrpc.newBlockingStub(channel));
    } finally {
      channel.shutdownNow();
      group.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS);
    }
  }

  private ManagedChannel open(EventLoopGroup group) {
    NettyChannelBuilder builder;
    if (address == null) {
      Path path = socketPath();
      if (!Files.exists(path)) {
        throw unreachable("no such socket");
      }
      builder =
          NettyChannelBuilder.forAddress(new DomainSocketAddress(path.toString()))
              .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
              .overrideAuthority("controller");
    } else {
      builder =
          NettyChannelBuilder.forAddress(parse(address)).channelType(EpollSocketChannel.class);
    }
    return builder.eventLoopGroup(group).usePlaintext().maxInboundMessageSize(16 << 20).build();
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

  private void reach(ManagedChannel channel) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Math.min(timeoutSeconds, 5));
    ConnectivityState state = channel.getState(true);
    while (state != ConnectivityState.READY) {
      if (state == ConnectivityState.TRANSIENT_FAILURE || System.nanoTime() > end) {
        throw unreachable("no answer");
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

  private Path socketPath() {
    if (socket != null) {
      return socket;
    }
    String fromEnvironment = System.getenv("DONUT_SOCKET");
    return Path.of(
        fromEnvironment == null || fromEnvironment.isEmpty() ? DEFAULT_SOCKET : fromEnvironment);
  }

  private Failures.Refused unreachable(String why) {
    String where = address == null ? "unix:" + socketPath() : address;
    return new Failures.Refused(
        Failures.UNREACHABLE,
        "controller at "
            + where
            + ": "
            + why
            + "; start one with `donut controller --policy FILE`, or say where it is with --socket or"
            + " --controller");
  }
}
