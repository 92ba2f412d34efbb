package net.donut.controller.southbound;

import gribi.Gribi.AFTOperation;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.core.change.ExportBlock;
import net.donut.core.change.RouterDelta;
import net.donut.model.Role;
import net.donut.model.queue.Mailbox;
import net.donut.model.queue.Owner;
import net.donut.tls.TransportSecurity;
import org.jspecify.annotations.Nullable;

/// The thread `south-NAME`: keeps one agent connected, configured and equal to the intent.
public final class AgentDriverThread implements AgentDriver {
  /*
   * Everything happens on the thread `south-NAME`: commands of the RIB thread and callbacks of gRPC
   * are tasks in its mailbox (it is the executor of the channel), between which it sends what is
   * dirty. A command only folds into the intent, so the RIB thread waits for room at most shortly;
   * a callback never waits: inbound messages are asked for one by one.
   *
   * The intent is not sent before `release`: after a restart of the controller, what is missing from
   * it may only not have been heard yet. What the agent has is read on every connection, and
   * compared only then.
   */

  private static final int MAILBOX = 4096;
  private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long RETRY_LEAST_MILLIS = 500;
  private static final long RETRY_MOST_MILLIS = 30_000;
  private static final int BATCH = 1000;
  private static final int MESSAGE_BYTES = 16 << 20;

  private final Address address;
  private final long electionHigh;
  private final Reports reports;
  private final Mailbox<Runnable> mailbox = new Mailbox<>(MAILBOX);
  private final Owner owner;
  private final Intent intent = new Intent();
  private final ManagedChannel channel;
  private final Thread thread;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Backoff dialing;
  private final Backoff retrying =
      new Backoff(Duration.ofMillis(RETRY_LEAST_MILLIS), Duration.ofMillis(RETRY_MOST_MILLIS));

  private @Nullable ConfigureRequest configuration;
  private @Nullable Connection connection;
  private Report.@Nullable Progress lastProgress;
  private String lastError = "";
  private String lastReason = "not connected yet";
  private long incarnation;
  private long dialAt = System.nanoTime();
  private long pingAt = Long.MAX_VALUE;
  private long retryAt = Long.MAX_VALUE;
  private long generation;
  private long settled;
  private long settledTicket;
  private long open;
  private long othersDone;
  private boolean released;
  private boolean closing;

  /// A report that found its lane full, and what asks for the next message once it is through.
  private record Waiting(Object report, Runnable then) {}

  public AgentDriverThread(
      Address address, TransportSecurity security, long electionHigh, Reports reports) {
    this.address = address;
    this.electionHigh = electionHigh;
    this.reports = reports;
    this.owner = new Owner("south-" + address.router());
    this.dialing = new Backoff(address.firstRetry(), address.lastRetry());
    Executor executor = this::execute;
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .executor(executor)
            .maxInboundMessageSize(MESSAGE_BYTES);
    security.protect(builder, new Role.Agent(address.router()));
    this.channel = builder.build();
    this.thread = Thread.ofPlatform().name(owner.toString()).daemon(true).unstarted(this::run);
  }

  public AgentDriverThread start() {
    thread.start();
    return this;
  }

  @Override
  public ManagedChannel channel() {
    return channel;
  }

  @Override
  public Address address() {
    return address;
  }

  // Commands of the RIB thread: each is done later, in order, on this driver's thread.

  @Override
  public void configure(ConfigureRequest request) {
    execute(() -> {
      configuration = request;
      Connection current = connection;
      if (current != null) {
        current.configure(request);
      }
    });
  }

  @Override
  public void change(long newGeneration, @Nullable RouterDelta delta, Cause cause) {
    execute(() -> {
      generation = newGeneration;
      if (delta != null) {
        intent.fold(delta, new StageTickets(newGeneration), cause);
      }
    });
  }

  @Override
  public void retryNow() {
    execute(() -> {
      retryAt = System.nanoTime();
      Connection current = connection;
      if (current != null) {
        current.endSyncAgain();
      }
    });
  }

  @Override
  public void open(long ticket) {
    execute(() -> open = Math.max(open, ticket));
  }

  @Override
  public void release() {
    execute(() -> released = true);
  }

  @Override
  public void othersDone(long doneGeneration) {
    execute(() -> othersDone = Math.max(othersDone, doneGeneration));
  }

  @Override
  public void announceAll(List<? extends ExportBlock> blocks, long ofGeneration) {
    execute(() -> {
      Connection current = connection;
      if (current != null) {
        current.announceAll(blocks, ofGeneration);
      }
    });
  }

  @Override
  public void announce(List<? extends ExportBlock> blocks, long ofGeneration) {
    execute(() -> {
      Connection current = connection;
      if (current != null) {
        current.announce(blocks, ofGeneration);
      }
    });
  }

  private void execute(Runnable task) {
    try {
      if (!mailbox.put(task)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    execute(() -> closing = true);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    mailbox.close();
    channel.shutdownNow();
  }

  private void run() {
    owner.claim();
    try {
      while (!closing) {
        mailbox.await(Math.min(nanosToTimer(), waiting.isEmpty() ? Long.MAX_VALUE : 2_000_000));
        mailbox.drain(Runnable::run, MAILBOX);
        report();
        timers();
        pump();
        progress();
      }
      Connection current = connection;
      if (current != null) {
        current.end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      SouthboundLog.crashed(address.router(), e);
      throw e;
    } finally {
      mailbox.close();
    }
  }

  private long nanosToTimer() {
    long soonest = Math.min(Math.min(dialAt, pingAt), retryAt);
    return Math.max(0, soonest == Long.MAX_VALUE ? PING_NANOS : soonest - System.nanoTime());
  }

  private void timers() {
    long now = System.nanoTime();
    Connection current = connection;
    if (current == null && now >= dialAt) {
      dial();
    } else if (current != null && now >= pingAt) {
      pingAt = now + PING_NANOS;
      current.ping();
      current.endSyncAgain();
    }
    if (now >= retryAt) {
      retryAt = Long.MAX_VALUE;
      intent.retry();
    }
  }

  private void dial() {
    dialAt = Long.MAX_VALUE;
    pingAt = Long.MAX_VALUE;
    incarnation++;
    channel.resetConnectBackoff();
    connection = new Connection(this, channel, new ElectionId(electionHigh, incarnation));
    connection.begin();
  }

  // What the connection calls, on this thread.

  String router() {
    return address.router();
  }

  @Nullable ConfigureRequest configuration() {
    return configuration;
  }

  Intent intent() {
    owner.check();
    return intent;
  }

  void connected(Connection from) {
    if (from != connection) {
      return;
    }
    dialing.reset();
    pingAt = System.nanoTime() + PING_NANOS;
    lastReason = "";
    lastError = "";
    SouthboundLog.connected(address.router(), address.text(), from.electionId());
  }

  void lost(Connection from, String reason) {
    if (from != connection) {
      return;
    }
    from.end();
    connection = null;
    pingAt = Long.MAX_VALUE;
    dialAt = System.nanoTime() + dialing.next().toNanos();
    if (!reason.equals(lastReason)) {
      SouthboundLog.disconnected(address.router(), address.text(), reason);
    }
    lastReason = reason;
    tell(new Report.Disconnected(address.router(), reason), () -> {});
  }

  /// Passes a report on; `then` runs when it is through.
  void tell(Object report, Runnable then) {
    waiting.add(new Waiting(report, then));
    report();
  }

  private void report() {
    while (!waiting.isEmpty()) {
      Waiting first = waiting.getFirst();
      boolean through =
          first.report() instanceof Report.Routes routes
              ? reports.offer(routes)
              : reports.offer((Report) first.report());
      if (!through) {
        return;
      }
      waiting.removeFirst();
      first.then().run();
    }
  }

  void notice(String text) {
    lastError = text;
    SouthboundLog.refused(address.router(), text);
    tell(new Report.Notice(address.router(), text), () -> {});
  }

  void refused(String error) {
    if (retryAt == Long.MAX_VALUE) {
      SouthboundLog.refused(address.router(), error);
      retryAt = System.nanoTime() + retrying.next().toNanos();
      tell(new Report.Notice(address.router(), error), () -> {});
    }
  }

  private void pump() {
    Connection current = connection;
    if (current == null) {
      return;
    }
    if (released && current.isInventoried() && !current.isSynced()) {
      int found = intent.foundEntries();
      SouthboundLog.synced(address.router(), found, intent.endAdopt());
      current.synced();
    }
    // Before the intent is compared nothing is known to be programmed: withdrawals go, no more.
    boolean compared = released && current.isSynced();
    current.advertise(new ExportOutbox.Gate(compared ? othersDone : -1, intent));
    if (!compared) {
      return;
    }
    while (current.mayModify()) {
      List<AFTOperation> operations = intent.next(BATCH, open, current.electionId().toProto());
      if (operations.isEmpty()) {
        break;
      }
      current.modify(operations);
    }
    if (intent.isAllSent()) {
      current.endSync();
    }
    if (intent.isSettled(open)) {
      settled = generation;
      settledTicket = open;
    }
    if (intent.refused() == 0 && intent.unacked() == 0) {
      retrying.reset();
    }
  }

  private void progress() {
    Connection current = connection;
    Report.Phase phase =
        current == null || !current.isConnected()
            ? Report.Phase.UNREACHABLE
            : current.isSynced() ? Report.Phase.SYNCED : Report.Phase.CONNECTED;
    String error = intent.firstError().isEmpty() ? lastError : intent.firstError();
    Report.Progress latest =
        new Report.Progress(
            address.router(),
            phase,
            settled,
            settledTicket,
            intent.unacked(),
            intent.pending() + (current == null ? 0 : current.advertisePending()),
            intent.refused(),
            current == null ? 0 : current.held(),
            intent.groups(),
            intent.prefixes(),
            phase == Report.Phase.UNREACHABLE ? lastReason : error);
    if (!latest.equals(lastProgress)) {
      lastProgress = latest;
      reports.put(latest);
    }
  }
}
