package net.donut.cli;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Runs the common commands once against an empty controller of its own, so that the build can
/// archive the classes they load (JEP 514).
@Command(name = "warm-up", hidden = true, description = "Load what commands load; for the build.")
final class WarmUpCommand implements Runnable {

  @Override
  public void run() {
    try {
      Path directory = Files.createTempDirectory("donut-warm-up");
      Path socket = directory.resolve("controller.sock");
      EventLoopGroup group = new EpollEventLoopGroup(1);
      Server server =
          NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
              .channelType(EpollServerDomainSocketChannel.class)
              .bossEventLoopGroup(group)
              .workerEventLoopGroup(group)
              .addService(new Empty())
              .build()
              .start();
      try {
        for (String[] words : COMMANDS) {
          ask(socket, words);
        }
      } finally {
        server.shutdownNow();
        group.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS).syncUninterruptibly();
        Files.deleteIfExists(socket);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

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

  private static void ask(Path socket, String... words) {
    CommandLine line = Donut.commandLine();
    line.setOut(new PrintWriter(Writer.nullWriter()));
    line.setErr(new PrintWriter(Writer.nullWriter()));
    String[] all = java.util.Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--socket";
    all[words.length + 1] = socket.toString();
    int _ = line.execute(all);
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
