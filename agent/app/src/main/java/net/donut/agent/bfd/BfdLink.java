package net.donut.agent.bfd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.donut.bfd.BfdSettings;
import net.donut.bfd.BfdStatus;
import net.donut.model.FileFailure;
import net.donut.model.queue.Outbox;
import net.donut.wire.bfd.BfdState;
import net.donut.wire.bfd.Diagnostic;
import org.jspecify.annotations.Nullable;

/// The agent's line to the process that speaks BFD, which it starts when the first session is
/// configured, or finds running from before its own restart. Owned by `agent-bfd`, but for
/// [#configure] and [#close].
public final class BfdLink implements AutoCloseable {
  /*
   * Whether the line stands or not, `wanted` is what shall be; it is sent whenever it changed and
   * whenever a line is new. A speaker that died says nothing about any path: its sessions are
   * reported as unknown, not as dead, and it is started again.
   */
  private static final long LONGEST_WAIT_MILLIS = 1000;
  private static final long CONNECT_WAIT_MILLIS = 20;
  private static final long START_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long START_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final String WANTED = "wanted";

  /// What becomes of the speaker when the agent ends.
  public enum Ending {
    /// It tells neighbors that BFD is switched off, and ends.
    LEAVE,
    /// It goes on for the agent that comes next, as forwarding does.
    LINGER
  }

  /// Who hears of sessions, on `agent-bfd`.
  public interface Listener {
    void bfd(BfdStatus status);

    void notice(String text);
  }

  private final BfdLauncher launcher;
  private final Path path;
  private final Listener listener;
  private final Consumer<Throwable> onFailure;
  private final Thread thread;
  private final Selector selector;
  // agent-state -> agent-bfd; the latest configuration counts
  private final Outbox<String, List<BfdSettings>> configurations;
  // any -> agent-bfd; one entry
  private final Outbox<String, Ending> endings;

  private List<BfdSettings> wanted = List.of();
  private final Map<String, BfdStatus> known = new HashMap<>();
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES);
  private @Nullable SocketChannel line;
  private @Nullable Process speaker;
  private long startedAt;
  private boolean ended;

  /// `onFailure` hears of a bug that ended the thread.
  public BfdLink(Path stateDirectory, Listener listener, Consumer<Throwable> onFailure) {
    this.path = stateDirectory.toAbsolutePath().resolve("bfd.sock");
    this.launcher = new BfdLauncher(path);
    this.listener = listener;
    this.onFailure = onFailure;
    this.thread = Thread.ofPlatform().name("agent-bfd").unstarted(this::run);
    this.selector = openSelector();
    this.configurations = new Outbox<>(selector::wakeup);
    this.endings = new Outbox<>(selector::wakeup);
  }

  private static Selector openSelector() {
    try {
      return Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// To be called by a thread in the network namespace of the agent.
  public void start() {
    startedAt = System.nanoTime() - START_PATIENCE_NANOS;
    thread.start();
  }

  /// Replaces the set of sessions. Any thread.
  public void configure(List<BfdSettings> sessions) {
    configurations.put(WANTED, List.copyOf(sessions));
  }

  private void run() {
    try {
      while (!ended) {
        selector.select(connecting() ? CONNECT_WAIT_MILLIS : LONGEST_WAIT_MILLIS);
        selector.selectedKeys().clear();
        configurations.drain(1, (_, sessions) -> apply(sessions));
        connect();
        read();
        endings.drain(1, (_, ending) -> end(ending));
      }
    } catch (IOException | RuntimeException | Error e) {
      onFailure.accept(e);
    }
  }

  private boolean connecting() {
    return line == null && !wanted.isEmpty();
  }

  private void apply(List<BfdSettings> sessions) {
    wanted = sessions;
    known.keySet().removeIf(name -> sessions.stream().noneMatch(one -> one.name().equals(name)));
    tell();
  }

  private void tell() {
    StringBuilder text = new StringBuilder();
    wanted.forEach(settings -> text.append(BfdText.session(settings)).append('\n'));
    text.append(BfdText.APPLY).append('\n');
    if (wanted.isEmpty()) {
      text.append(BfdText.LEAVE).append('\n');
    }
    write(text.toString());
    if (wanted.isEmpty()) {
      hangUp();
    }
  }

  /// The speaker reads always, and little is written: to wait for it is no risk.
  private void write(String text) {
    SocketChannel open = line;
    if (open == null) {
      return;
    }
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    try {
      while (bytes.hasRemaining()) {
        if (open.write(bytes) == 0) {
          Thread.onSpinWait();
        }
      }
    } catch (IOException e) {
      lost(FileFailure.reason(e));
    }
  }

  private void connect() throws IOException {
    if (!connecting()) {
      return;
    }
    SocketChannel open = tryConnect();
    if (open == null) {
      launch();
      return;
    }
    if (speaker == null) {
      BfdLog.speakerAdopted();
    }
    open.configureBlocking(false);
    open.register(selector, SelectionKey.OP_READ);
    in.clear();
    line = open;
    tell();
  }

  private @Nullable SocketChannel tryConnect() {
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return null; // Nobody there, or not yet.
    }
  }

  private void launch() {
    Process running = speaker;
    long now = System.nanoTime();
    if (running != null && running.isAlive()) {
      if (now - startedAt > START_PATIENCE_NANOS) {
        running.destroyForcibly();
      }
      return;
    }
    if (now - startedAt < START_AGAIN_NANOS) {
      return;
    }
    startedAt = now;
    if (running != null) {
      listener.notice("BFD speaker: ended with " + running.exitValue() + ", started again");
    }
    try {
      Process started = launcher.launch();
      speaker = started;
      BfdLog.speakerStarted(started.pid());
    } catch (IOException e) {
      listener.notice("BFD speaker: " + FileFailure.reason(e) + " (sessions with bfd have none)");
    }
  }

  private void read() {
    SocketChannel open = line;
    if (open == null) {
      return;
    }
    try {
      int count = open.read(in);
      while (count > 0) {
        in.flip();
        takeLines();
        in.compact();
        count = open.read(in);
      }
      if (count < 0) {
        lost("its end of the line is closed");
      }
    } catch (IOException e) {
      lost(FileFailure.reason(e));
    }
  }

  private void takeLines() {
    int begin = in.position();
    for (int at = begin; at < in.limit(); at++) {
      if (in.get(at) == '\n') {
        String text = StandardCharsets.UTF_8.decode(in.slice(begin, at - begin)).toString();
        begin = at + 1;
        in.position(begin);
        heard(text);
      }
    }
  }

  private void heard(String text) {
    try {
      switch (BfdText.parse(text)) {
        case BfdText.Line.Status(var status) -> heard(status);
        case BfdText.Line.Notice(var notice) -> listener.notice("BFD: " + notice);
        case BfdText.Line.Session _, BfdText.Line.Apply _, BfdText.Line.Leave _ ->
            throw new IllegalArgumentException("line '" + text + "' (expected: of a speaker)");
      }
    } catch (IllegalArgumentException e) {
      BfdLog.notUnderstood(text, e);
    }
  }

  private void heard(BfdStatus status) {
    if (wanted.stream().noneMatch(settings -> settings.name().equals(status.name()))) {
      return;
    }
    BfdStatus before = known.put(status.name(), status);
    if (before == null
        || before.state() != status.state()
        || before.path() != status.path()
        || before.losses() != status.losses()) {
      BfdLog.session(status);
    }
    listener.bfd(status);
  }

  private void lost(String cause) {
    BfdLog.speakerLost(cause);
    hangUp();
    for (BfdStatus status : List.copyOf(known.values())) {
      heard(
          new BfdStatus(
              status.name(),
              BfdState.DOWN,
              BfdState.DOWN,
              Diagnostic.NONE,
              Diagnostic.NONE,
              0,
              0,
              status.losses(),
              BfdStatus.Path.UNKNOWN));
    }
    known.clear();
  }

  private void hangUp() {
    SocketChannel open = line;
    line = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        listener.notice("BFD speaker: " + FileFailure.reason(e));
      }
    }
  }

  private void end(Ending ending) {
    if (ending == Ending.LEAVE) {
      write(BfdText.LEAVE + "\n");
    }
    hangUp();
    ended = true;
  }

  /// Ends the thread and waits for it, at most two seconds. Only the first call counts.
  public void close(Ending ending) {
    if (!thread.isAlive()) {
      return;
    }
    endings.put(WANTED, ending);
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends as after a crash: the speaker lingers.
  @Override
  public void close() {
    close(Ending.LINGER);
  }
}
