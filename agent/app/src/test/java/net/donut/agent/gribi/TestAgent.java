package net.donut.agent.gribi;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.agent.fib.Fib;
import net.donut.agent.fib.FibListener;
import net.donut.agent.fib.FibOptions;
import net.donut.agent.fib.TestNamespace;
import net.donut.model.ReturnHolds;

/// A gRIBI server over loopback TCP on a FIB in a namespace.
final class TestAgent implements AutoCloseable {
  static final String OTHER_INSTANCE = "NON-DEFAULT-VRF";

  private final Fib fib;
  private final Server server;
  private final ManagedChannel channel;

  TestAgent(TestNamespace namespace, ForwardReferences mode) {
    this(options(namespace), mode, _ -> {});
  }

  TestAgent(FibOptions options, ForwardReferences mode, FibListener listener) {
    try {
      fib = new Fib(options, listener).start();
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(new GribiService(fib, mode))
              .maxInboundMessageSize(16 << 20)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
            .usePlaintext()
            .build();
  }

  static FibOptions options(TestNamespace namespace) {
    return FibOptions.defaults(Path.of(System.getProperty("java.io.tmpdir")))
        .withNetworkInstances(Map.of(OTHER_INSTANCE, 1001))
        .withReturnHold(new ReturnHolds.Range(Duration.ofMillis(300), Duration.ofMillis(1200)))
        .withNamespace(namespace.path());
  }

  Fib fib() {
    return fib;
  }

  ManagedChannel channel() {
    return channel;
  }

  /// A connection of its own; the caller ends it.
  ManagedChannel anotherChannel() {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
        .usePlaintext()
        .build();
  }

  @Override
  public void close() {
    try {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fib.close();
  }
}
