package net.donut.cli;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.donut.api.operator.v1.ExplainRequest;
import net.donut.api.operator.v1.ExplainResponse;
import net.donut.api.operator.v1.ExplainStep;
import net.donut.api.operator.v1.ListAgentsRequest;
import net.donut.api.operator.v1.ListAgentsResponse;
import net.donut.api.operator.v1.ListNeighborsRequest;
import net.donut.api.operator.v1.ListNeighborsResponse;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.api.operator.v1.OperatorGrpc;
import net.donut.api.operator.v1.StatusRequest;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.tls.Permissions;
import net.donut.tls.Protection;
import net.donut.tls.ServerLimits;
import net.donut.tls.TlsFiles;
import net.donut.tls.TransportSecurity;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Runs the common commands once against an empty controller of its own, over its socket and over
/// TLS, so that the build can archive the classes they load (JEP 514).
@Command(name = "warm-up", hidden = true, description = "Load what commands load; for the build.")
final class WarmUpCommand implements Runnable {

  private static final String[][] COMMANDS = {
    {"status"},
    {"agents"},
    {"neighbors"},
    {"neighbors", "-o", "json"},
    {"explain", "192.0.2.1"},
    {"--help"},
    {"explain", "--help"},
    {"explain", "x"}
  };

  @Override
  public void run() {
    try {
      Path directory = Files.createTempDirectory("donut-warm-up");
      EventLoopGroup group = new EpollEventLoopGroup(1);
      try {
        overSocket(group, directory.resolve("controller.sock"));
        overTls(group, directory.resolve("pki"));
      } finally {
        group.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS).syncUninterruptibly();
        delete(directory);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void overSocket(EventLoopGroup group, Path socket) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .channelType(EpollServerDomainSocketChannel.class);
    Server server = start(group, builder);
    try {
      for (String[] words : COMMANDS) {
        execute(words, "--socket", socket.toString());
      }
    } finally {
      server.shutdownNow();
    }
  }

  private static void overTls(EventLoopGroup group, Path pki) throws IOException {
    execute(new String[] {"pki", "init"}, "--dir", pki.toString());
    execute(new String[] {"pki", "issue", "controller"}, "--dir", pki.toString());
    execute(new String[] {"pki", "issue", "operator-read", "kay"}, "--dir", pki.toString());
    Path issued = pki.resolve("issued");
    TlsFiles ours = TlsFiles.in(issued.resolve("controller"));
    try (TransportSecurity security = TransportSecurity.openOnce(new Protection.MutualTls(ours))) {
      NettyServerBuilder builder =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      security.protect(
          builder,
          EpollServerSocketChannel::new,
          Permissions.CONTROLLER,
          ServerLimits.OPERATORS,
          "warm-up");
      Server server = start(group, builder);
      try {
        execute(
            new String[] {"status", "--controller", "127.0.0.1:" + server.getPort()},
            "--tls-dir",
            issued.resolve("operator-read-kay").toString());
      } finally {
        server.shutdownNow();
      }
    }
  }

  private static Server start(EventLoopGroup group, NettyServerBuilder builder) throws IOException {
    return builder
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .addService(new Empty())
        .build()
        .start();
  }

  private static void execute(String[] words, String... more) {
    CommandLine line = Donut.commandLine();
    line.setOut(new PrintWriter(Writer.nullWriter()));
    line.setErr(new PrintWriter(Writer.nullWriter()));
    String[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    int _ = line.execute(all);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// A controller that knows nothing.
  private static final class Empty extends OperatorGrpc.OperatorImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
      answer.onNext(StatusResponse.getDefaultInstance());
      answer.onCompleted();
    }

    @Override
    public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> answer) {
      answer.onNext(ListAgentsResponse.getDefaultInstance());
      answer.onCompleted();
    }

    @Override
    public void listNeighbors(
        ListNeighborsRequest request, StreamObserver<ListNeighborsResponse> answer) {
      answer.onNext(
          ListNeighborsResponse.newBuilder()
              .addNeighbors(NeighborInfo.newBuilder().setName("none"))
              .build());
      answer.onCompleted();
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> answer) {
      answer.onNext(
          ExplainResponse.newBuilder()
              .addSteps(ExplainStep.newBuilder().setSelected(true))
              .build());
      answer.onCompleted();
    }
  }
}
