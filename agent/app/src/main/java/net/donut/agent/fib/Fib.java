package net.donut.agent.fib;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import net.donut.model.IpAddress;
import net.donut.model.ReturnHolds;
import net.donut.model.queue.Mailbox;
import net.donut.model.queue.Outbox;
import net.donut.netlink.KernelEvent;
import org.jspecify.annotations.Nullable;

/// The thread `agent-fib` and the way to it: it owns intent and kernel programming.
public final class Fib implements ForwardingPort, AutoCloseable {
  /*
   * Three ways in, so that no source of messages can starve another:
   *
   *   verdicts  gateways that failed; the latest of each source, taken first in every turn
   *   tasks   clients' requests; bounded, and a producer that finds it full is told so
   *   events  kernel notifications; bounded, and the monitor thread waits when it is full (the
   *           kernel then overruns the socket, which is reported and answered with a dump)
   *
   * A turn of the loop drains a batch of each, lets the work that goes in steps proceed, and then
   * waits for the first of: a message, the next timer, the next step.
   */

  /// Work of the owner that goes in steps between messages.
  @FunctionalInterface
  public interface Stepper {
    /// Does one step.
    Progress step();

    /// Does what is due. Returns nanoseconds until the next.
    default long runTimers(long nowNanos) {
      return Long.MAX_VALUE;
    }
  }

  /// What a [Stepper] needs next.
  public enum Progress {
    /// Nothing to do until somebody sends a message.
    IDLE,
    /// Waits for the outside, which may not be able to say so: try again in some milliseconds.
    WAITING,
    /// More to do right now.
    BUSY
  }

  private static final int TASKS = 8192;
  private static final int EVENTS = 4096;
  private static final int VERDICTS_A_TURN = 4096;
  private static final int TASKS_A_TURN = 4;
  private static final int EVENTS_A_TURN = 4096;
  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long STEP_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long CLOSE_MILLIS = 10_000;

  private final FibOptions options;
  private final FibListener listener;
  private final Mailbox<Runnable> tasks = new Mailbox<>(TASKS);
  private final Mailbox<KernelEvent> events =
      new Mailbox<>(EVENTS, () -> tasks.offer(Fib::nothing));
  private final Outbox<String, Adjacencies.Verdict> verdicts =
      new Outbox<>(() -> tasks.offer(Fib::nothing));
  private final CompletableFuture<ForwardingPlane> started = new CompletableFuture<>();
  private final List<Stepper> steppers = new ArrayList<>();
  private final Audit audit;
  private final Thread thread;

  public Fib(FibOptions options, FibListener listener) {
    this.options = options;
    this.listener = listener;
    this.audit = new Audit(this, options);
    this.thread = Thread.ofPlatform().name("agent-fib").unstarted(this::run);
  }

  /// Opens the kernel, adopts what it holds of ours, and returns when requests can be taken. Throws
  /// an unchecked exception saying what is missing when it cannot work here at all.
  public Fib start() throws InterruptedException {
    thread.start();
    try {
      started.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
    audit.start();
    return this;
  }

  /// Stops. Kernel state stays as it is: forwarding goes on.
  @Override
  public void close() {
    tasks.close();
    events.close();
    try {
      audit.close();
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public FibOptions options() {
    return options;
  }

  /// What the kernel can do; known after [#start].
  public FibCapabilities capabilities() {
    return plane().capabilities();
  }

  /// The latest totals; at most some hundred milliseconds old.
  public FibCounters counters() {
    return plane().published().counters();
  }

  /// The links as last heard of.
  public List<LinkStatus> links() {
    return plane().published().links();
  }

  /// Messages waiting for the owner, for a metric.
  public int depth() {
    return tasks.depth() + events.depth();
  }

  /// Runs a task on the owner's thread, after those already there. Returns false when the queue is
  /// full or the FIB closed; the task then never runs.
  public boolean submit(Runnable task) {
    return tasks.offer(task);
  }

  @Override
  public void judge(String source, Set<Adjacency> failed, Failure failure) {
    verdicts.put(source, new Adjacencies.Verdict(failed, failure));
  }

  @Override
  public void holds(ReturnHolds.Range range) {
    submit(() -> plane().holds(range));
  }

  /// Adds work that goes in steps; to be called on the owner's thread or before [#start].
  public void addStepper(Stepper stepper) {
    steppers.add(stepper);
  }

  /// The forwarding plane, for code that runs on the owner's thread.
  public AgentForwarding forwarding() {
    return plane();
  }

  /// Removes adopted kernel state that no client has asked for again. For the end of a controller's
  /// full synchronization.
  public void sweepUnclaimed() {
    submit(() -> plane().sweepUnclaimed());
  }

  /// From now on the removal budget holds, see [RemovalGuard].
  public void enforceRemovalBudget() {
    submit(() -> plane().guard().enforce());
  }

  /// Lifts the removal budget for a while; `answer` gets how many removals were refused so far, on
  /// the owner's thread.
  public void allowRemoval(Duration time, LongConsumer answer) {
    submit(() -> answer.accept(plane().guard().allow(time, System.nanoTime())));
  }

  /// A client with this election id has said everything it knows; `answer` comes on the owner's
  /// thread.
  public void endSync(long electionHigh, long electionLow, Consumer<SweepAnswer> answer) {
    submit(() -> answer.accept(plane().endSync(electionHigh, electionLow)));
  }

  /// Compares a fresh kernel dump with the intent. Blocks, and calls `sink` with up to 1000 entries
  /// a time; programming goes on meanwhile. Call it from a platform thread. Throws
  /// IllegalStateException when the FIB is too busy to answer, or closed.
  public InspectSummary inspect(InspectQuery query, Consumer<List<InspectEntry>> sink)
      throws InterruptedException {
    return inspect(query, null, sink);
  }

  /// The same, and what the kernel does with a packet to an address, or null.
  public InspectSummary inspect(
      InspectQuery query, @Nullable IpAddress lookup, Consumer<List<InspectEntry>> sink)
      throws InterruptedException {
    return new KernelInspection(this, options, query, lookup, sink).run();
  }

  /// Runs a function on the owner's thread and waits for its result; for the edges only.
  <T> T ask(Function<ForwardingPlane, T> question) throws InterruptedException {
    CompletableFuture<T> answer = new CompletableFuture<>();
    boolean accepted =
        submit(() -> {
          try {
            answer.complete(question.apply(plane()));
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    if (!accepted) {
      throw new IllegalStateException("FIB: its queue is full or it is closed (try again)");
    }
    try {
      return answer.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("FIB: no answer within 60 s (it is busy; try again)", e);
    }
  }

  private ForwardingPlane plane() {
    return started.join();
  }

  private static void nothing() {}

  private void run() {
    try (ForwardingPlane plane = ForwardingPlane.open(options, listener, events)) {
      started.complete(plane);
      loop(plane);
    } catch (InterruptedException e) {
      started.completeExceptionally(new IllegalStateException("interrupted while starting", e));
    } catch (RuntimeException | Error e) {
      if (!started.completeExceptionally(e)) {
        FibLog.ownerDied(e);
      }
    }
  }

  private void loop(ForwardingPlane plane) throws InterruptedException {
    while (!tasks.isClosed()) {
      int judged =
          verdicts.drain(
              VERDICTS_A_TURN, (source, verdict) -> runTask(() -> plane.judge(source, verdict)));
      if (judged > 0) {
        runTask(plane::tellJudged);
      }
      events.drain(event -> runTask(() -> plane.handle(event)), EVENTS_A_TURN);
      tasks.drain(Fib::runTask, TASKS_A_TURN);
      Progress progress = stepAll(plane);
      long[] untilTimer = {STEP_WAIT_NANOS};
      runTask(() -> untilTimer[0] = runTimers(plane, System.nanoTime()));
      if (progress != Progress.BUSY && events.depth() == 0) {
        long wait = progress == Progress.WAITING ? STEP_WAIT_NANOS : LONGEST_WAIT_NANOS;
        tasks.await(Math.min(wait, untilTimer[0]));
      }
    }
    // Whoever was told that a task was accepted may wait for it.
    tasks.drain(Fib::runTask, TASKS);
  }

  /// Work that fails is a bug of ours; it must not take the forwarding plane with it.
  private static void runTask(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      FibLog.taskFailed(e);
    }
  }

  private Progress stepAll(ForwardingPlane plane) {
    Progress[] most = {Progress.IDLE};
    runTask(() -> most[0] = plane.step() ? Progress.BUSY : Progress.IDLE);
    for (Stepper stepper : steppers) {
      runTask(() -> most[0] = most(most[0], stepper.step()));
    }
    return most[0];
  }

  private long runTimers(ForwardingPlane plane, long nowNanos) {
    long untilNext = plane.runTimers(nowNanos);
    for (Stepper stepper : steppers) {
      untilNext = Math.min(untilNext, stepper.runTimers(nowNanos));
    }
    return untilNext;
  }

  private static Progress most(Progress a, Progress b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
