package net.donut.controller.rib;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import net.donut.controller.southbound.Report;
import net.donut.controller.southbound.Reports;
import net.donut.controller.state.SavedOverride;
import net.donut.model.Prefix;
import net.donut.model.queue.Mailbox;
import net.donut.model.queue.Owner;

/// The thread `rib`: takes reports in, bad news first, decides, hands out, and answers operators in
/// between.
public final class ControllerRibThread implements AutoCloseable {
  private static final int QUERIES = 64;
  private static final int BATCHES_A_TURN = 8;
  private static final int BATCHES_A_COMMIT = 32;
  private static final int QUERIES_A_TURN = 2;
  private static final long COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long ANSWER_SECONDS = 30;

  /// The queue of questions is full.
  public static final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BusyException() {
      super("the controller is busy: " + QUERIES + " questions wait; try again");
    }
  }

  /// The controller ends, or could not answer.
  public static final class UnansweredException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnansweredException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private record Query(Runnable answer, CompletableFuture<?> future) {}

  private final Reports reports;
  private final DecisionRecorder recorder;
  private final ControllerRib state;
  private final Owner owner = new Owner("rib");
  private final Mailbox<Query> queries;
  private final Thread thread;
  private long commitBy = Long.MAX_VALUE;
  private int undecided;
  private boolean closing;

  public ControllerRibThread(
      Reports reports,
      ControllerRib.PolicyInUse policy,
      OperatorWords words,
      ControllerRib.Drivers drivers,
      DecisionRecorder recorder) {
    this.reports = reports;
    this.recorder = recorder;
    this.queries = new Mailbox<>(QUERIES, reports::wake);
    long now = begin(new DecisionInput.Start(policy, words));
    this.state = new ControllerRib(policy, words, drivers, InstantSource.system(), now);
    this.thread = Thread.ofPlatform().name(owner.toString()).unstarted(this::run);
  }

  public ControllerRibThread start() {
    thread.start();
    return this;
  }

  private void run() {
    owner.claim();
    try {
      while (!closing) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      ControllerRibLog.crashed(e);
      throw e;
    } finally {
      queries.close();
      queries.drain(
          query ->
              query
                  .future()
                  .completeExceptionally(
                      new UnansweredException("the controller ends", new TimeoutException())),
          QUERIES);
      recorder.close();
    }
  }

  /// One turn: whatever is urgent, some routes, a decision, some answers.
  private void turn() throws InterruptedException {
    long now = System.nanoTime();
    boolean busy = reports.hasUrgent() || reports.hasRoutes() || queries.depth() > 0;
    if (!busy && !state.isDirty()) {
      recorder.idle();
      reports.await(Math.max(0, state.nextTick(now) - now));
      now = System.nanoTime();
    }
    long instant = now;
    recorder.time(instant);
    reports.drainUrgent(report -> report(report, instant));
    int batches = reports.drainRoutes(batch -> routes(batch, instant), BATCHES_A_TURN);
    reports.drainProgress(this::progress);
    if (state.isDirty() && commitBy == Long.MAX_VALUE) {
      commitBy = instant + COMMIT_NANOS;
    }
    undecided += batches;
    if (!reports.hasRoutes() || instant >= commitBy || undecided >= BATCHES_A_COMMIT) {
      commit(instant);
      commitBy = Long.MAX_VALUE;
      undecided = 0;
    }
    recorder.input(new DecisionInput.Tick());
    state.tick(instant);
    queries.drain(query -> query.answer().run(), QUERIES_A_TURN);
  }

  // What changes the state is recorded first.

  private void report(Report report, long now) {
    if (!(report instanceof Report.Wake)) {
      recorder.input(new DecisionInput.Reported(report));
    }
    state.report(report, now);
  }

  private void routes(Report.Routes batch, long now) {
    recorder.input(new DecisionInput.Routes(batch));
    state.routes(batch, now);
  }

  private void progress(Report.Progress latest) {
    recorder.input(new DecisionInput.Progressed(latest));
    state.progress(latest);
  }

  private void commit(long now) {
    if (state.isDirty()) {
      recorder.input(new DecisionInput.Commit());
      state.commit(now);
    }
  }

  /// Reads the clock for an input of its own.
  private long begin(DecisionInput input) {
    long now = System.nanoTime();
    recorder.time(now);
    recorder.input(input);
    return now;
  }

  /// Asks the owner of the state and waits for the answer. What throws there is thrown here.
  public <T> T ask(Function<ControllerRib, T> question) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Runnable answer =
        () -> {
          owner.check();
          try {
            future.complete(question.apply(state));
          } catch (RuntimeException | Error e) {
            future.completeExceptionally(e);
          }
        };
    if (!queries.offer(new Query(answer, future))) {
      throw new BusyException();
    }
    return await(future);
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new UnansweredException("the controller could not answer", e);
    } catch (TimeoutException e) {
      throw new UnansweredException("no answer within " + ANSWER_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnansweredException("the caller went away", e);
    }
  }

  /// Replaces the policy; returns what changed.
  public List<String> apply(ControllerRib.PolicyInUse next) {
    return ask(owned -> owned.apply(next, begin(new DecisionInput.Apply(next))));
  }

  /// Drains a neighbor. Returns how many prefixes moved.
  public long drain(String neighbor) {
    return ask(owned -> owned.drain(neighbor, begin(new DecisionInput.Drain(neighbor))));
  }

  /// Ends a drain. Returns how many prefixes moved.
  public long undrain(String neighbor) {
    return ask(owned -> owned.undrain(neighbor, begin(new DecisionInput.Undrain(neighbor))));
  }

  /// Sends a prefix by one neighbor for a time. Returns how many prefixes moved.
  public long override(SavedOverride override) {
    return ask(owned -> owned.override(override, begin(new DecisionInput.SetOverride(override))));
  }

  /// Ends the override of a prefix. Returns how many prefixes moved.
  public long endOverride(Prefix prefix) {
    return ask(owned -> owned.endOverride(prefix, begin(new DecisionInput.EndOverride(prefix))));
  }

  public void watch(Watcher watcher) {
    Object _ =
        ask(owned -> {
          owned.watch(watcher);
          return watcher;
        });
  }

  public void unwatch(Watcher watcher) {
    Object _ =
        ask(owned -> {
          owned.unwatch(watcher);
          return watcher;
        });
  }

  @Override
  public void close() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Runnable end =
        () -> {
          closing = true;
          state.agents().forEach(agent -> agent.driver().close());
          done.complete(true);
        };
    if (!queries.offer(new Query(end, done))) {
      thread.interrupt();
    }
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reports.close();
  }
}
