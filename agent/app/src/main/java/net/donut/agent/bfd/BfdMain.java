package net.donut.agent.bfd;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.donut.bfd.BfdSettings;
import net.donut.bfd.BfdStatus;
import net.donut.model.queue.Outbox;
import net.donut.netlink.RealTime;
import org.jspecify.annotations.Nullable;

/// The process that speaks BFD: `BfdMain SOCKET LINGER-SECONDS`. [BfdLink] starts it; the agent of
/// that socket, and the next one after a restart, tells it what to do.
public final class BfdMain implements BfdSpeaker.Listener {
  private static final int PRIORITY = 10;
  private static final int LINES_A_TURN = 256;

  // bfd -> bfd-report: the latest a session, and notices; while no agent is there they are dropped
  private final Outbox<String, String> reports = new Outbox<>();
  private final Path path;
  private final Duration linger;

  private BfdMain(Path path, Duration linger) {
    this.path = path;
    this.linger = linger;
  }

  public static void main(String[] arguments) throws Exception {
    new BfdMain(Path.of(arguments[0]), Duration.ofSeconds(Long.parseLong(arguments[1]))).run();
  }

  private void run() throws Exception {
    RealTime.leaveSession();
    Files.deleteIfExists(path);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      BfdSpeaker speaker = start();
      prefer();
      while (true) {
        try (SocketChannel agent = server.accept()) {
          serve(speaker, agent);
        }
      }
    }
  }

  private BfdSpeaker start() throws Exception {
    CompletableFuture<BfdSpeaker> started = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("bfd")
        .start(() -> {
          try {
            BfdSpeaker speaker = new BfdSpeaker(this, linger);
            started.complete(speaker);
            speaker.run();
            exit(0);
          } catch (RuntimeException | Error e) {
            started.completeExceptionally(e);
            complain(e);
            exit(1);
          }
        });
    return started.get();
  }

  /// The agent's log, while there is an agent.
  private static void complain(Throwable cause) {
    System.err.println("BFD speaker: " + cause);
    for (StackTraceElement line : cause.getStackTrace()) {
      System.err.println("  at " + line);
    }
  }

  private void exit(int code) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      complain(e);
    }
    Runtime.getRuntime().halt(code);
  }

  private void prefer() {
    switch (RealTime.preferThisProcess(PRIORITY)) {
      case RealTime.Answer.Granted _ -> {}
      case RealTime.Answer.Refused(var reason) ->
          notice(
              "no real-time priority: "
                  + reason
                  + " (expected: CAP_SYS_NICE; under load intervals below 300 ms are at risk)");
    }
  }

  private void serve(BfdSpeaker speaker, SocketChannel agent) throws Exception {
    Thread writer = Thread.ofPlatform().name("bfd-report").start(() -> report(agent));
    try {
      speaker.submit(new BfdSpeaker.Command.Adopted());
      listen(speaker, agent);
    } catch (IOException e) {
      // The agent is gone: the same as the end of its line.
    } finally {
      speaker.submit(new BfdSpeaker.Command.Orphaned());
      writer.interrupt();
      writer.join();
    }
  }

  private static void listen(BfdSpeaker speaker, SocketChannel agent) throws Exception {
    BufferedReader lines =
        new BufferedReader(Channels.newReader(agent, StandardCharsets.UTF_8.newDecoder(), -1));
    List<BfdSettings> sessions = new ArrayList<>();
    for (String line = next(lines); line != null; line = next(lines)) {
      switch (BfdText.parse(line)) {
        case BfdText.Line.Session(var settings) -> sessions.add(settings);
        case BfdText.Line.Apply() -> {
          speaker.submit(new BfdSpeaker.Command.Apply(List.copyOf(sessions)));
          sessions.clear();
        }
        case BfdText.Line.Leave() -> speaker.submit(new BfdSpeaker.Command.Leave());
        case BfdText.Line.Status _, BfdText.Line.Notice _ ->
            throw new IllegalArgumentException("line '" + line + "' (expected: of an agent)");
      }
    }
  }

  private static @Nullable String next(BufferedReader lines) throws IOException {
    return lines.readLine();
  }

  private void report(SocketChannel agent) {
    try (BufferedWriter out =
        new BufferedWriter(Channels.newWriter(agent, StandardCharsets.UTF_8.newEncoder(), -1))) {
      while (true) {
        if (reports.awaitMillis(1000)) {
          for (String line : reports.drain(LINES_A_TURN).values()) {
            out.write(line);
            out.write('\n');
          }
          out.flush();
        }
      }
    } catch (IOException | InterruptedException e) {
      // The agent is gone, and the line with it.
    }
  }

  @Override
  public void status(BfdStatus status) {
    reports.put("status " + status.name(), BfdText.status(status));
  }

  @Override
  public void notice(String text) {
    reports.put("notice " + text, BfdText.notice(text));
  }
}
