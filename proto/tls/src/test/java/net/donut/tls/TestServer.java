package net.donut.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Futures;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.donut.model.Role;
import org.jspecify.annotations.Nullable;

/// A server over loopback that echoes whatever method is called, protected as ours are; `Watch...`
/// are streams.
final class TestServer implements AutoCloseable {
  private final EventLoopGroup loop = new EpollEventLoopGroup(1);
  private final Echo echo = new Echo();
  private final TransportSecurity security;
  private final Server server;

  TestServer(Protection protection, Permissions permissions, BindableService... services) {
    this(protection, permissions, ServerLimits.AGENT, services);
  }

  TestServer(
      Protection protection,
      Permissions permissions,
      ServerLimits limits,
      BindableService... services) {
    security = TransportSecurity.open(protection);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .fallbackHandlerRegistry(echo);
    security.protect(builder, EpollServerSocketChannel::new, permissions, limits, "test");
    for (BindableService service : services) {
      builder.addService(service);
    }
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getPort();
  }

  /// The calls that have neither been answered nor cancelled.
  int openCalls() {
    return echo.open.get();
  }

  /// A client of its own connection.
  Client client(Protection protection, Role expected) {
    return new Client(port(), TransportSecurity.open(protection), expected);
  }

  @Override
  public void close() {
    server.shutdownNow();
    security.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /// A connection to a server.
  static final class Client implements AutoCloseable {
    private final TransportSecurity security;
    private final ManagedChannel channel;

    Client(int port, TransportSecurity security, Role expected) {
      this.security = security;
      NettyChannelBuilder builder =
          NettyChannelBuilder.forAddress(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      security.protect(builder, expected);
      channel = builder.build();
    }

    ManagedChannel channel() {
      return channel;
    }

    /// Calls a method and gives its answer. Throws StatusRuntimeException.
    String call(String method) {
      return new String(
          ClientCalls.blockingUnaryCall(
              channel,
              method(method),
              CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
              "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
          java.nio.charset.StandardCharsets.UTF_8);
    }

    byte[] call(String method, byte[] content) {
      return ClientCalls.blockingUnaryCall(
          channel,
          method(method),
          CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
          content);
    }

    /// A stream that the server has answered on; gives how it ends.
    CompletableFuture<Status> stream(String method) {
      CompletableFuture<Status> ended = new CompletableFuture<>();
      CompletableFuture<byte[]> answered = new CompletableFuture<>();
      ClientCalls.asyncBidiStreamingCall(
              channel.newCall(method(method), CallOptions.DEFAULT),
              new StreamObserver<byte[]>() {
                @Override
                public void onNext(byte[] message) {
                  answered.complete(message);
                }

                @Override
                public void onError(Throwable cause) {
                  answered.completeExceptionally(cause);
                  ended.complete(Status.fromThrowable(cause));
                }

                @Override
                public void onCompleted() {
                  ended.complete(Status.OK);
                }
              })
          .onNext(new byte[1]);
      byte[] _ = answered.orTimeout(20, TimeUnit.SECONDS).join();
      return ended;
    }

    /// The serial number of the certificate that the server has shown.
    BigInteger serverSerial() {
      ClientCall<byte[], byte[]> call =
          channel.newCall(method("grpc.health.v1.Health/Check"), CallOptions.DEFAULT);
      byte[] _ = Futures.getUnchecked(ClientCalls.futureUnaryCall(call, new byte[1]));
      return Objects.requireNonNull(OpenPeers.certificate(call.getAttributes())).getSerialNumber();
    }

    /// How a call is refused; null when it is not.
    @Nullable StatusRuntimeException refusal(String method) {
      try {
        call(method);
        return null;
      } catch (StatusRuntimeException e) {
        return e;
      }
    }

    /// What an operator reads when the connection does not come about.
    @Nullable String explanation() {
      StatusRuntimeException refused = refusal("donut.operator.v1.Operator/Status");
      if (refused == null) {
        return null;
      }
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      String line = security.explain(refused);
      return line == null ? refused.getStatus().toString() : line;
    }

    @Override
    public void close() {
      channel.shutdownNow();
      security.close();
    }
  }

  static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(
            isStream(name)
                ? MethodDescriptor.MethodType.BIDI_STREAMING
                : MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(name)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static boolean isStream(String name) {
    return name.contains("/Watch");
  }

  private static final class Echo extends HandlerRegistry {
    private final AtomicInteger open = new AtomicInteger();
    private final ServerCallHandler<byte[], byte[]> answering =
        ServerCalls.asyncUnaryCall((request, answer) -> {
          answer.onNext(request);
          answer.onCompleted();
        });

    private final ServerCallHandler<byte[], byte[]> streaming =
        ServerCalls.asyncBidiStreamingCall(Repeating::new);

    private record Repeating(StreamObserver<byte[]> answer) implements StreamObserver<byte[]> {
      @Override
      public void onNext(byte[] message) {
        answer.onNext(message);
      }

      @Override
      public void onError(Throwable cause) {}

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      return ServerMethodDefinition.create(
          method(name),
          (call, headers) -> {
            open.incrementAndGet();
            ServerCallHandler<byte[], byte[]> handler = isStream(name) ? streaming : answering;
            return new Counted(handler.startCall(call, headers));
          });
    }

    private final class Counted extends SimpleForwardingServerCallListener<byte[]> {
      Counted(ServerCall.Listener<byte[]> answering) {
        super(answering);
      }

      @Override
      public void onComplete() {
        open.decrementAndGet();
        super.onComplete();
      }

      @Override
      public void onCancel() {
        open.decrementAndGet();
        super.onCancel();
      }
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
