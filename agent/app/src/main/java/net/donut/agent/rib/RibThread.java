package net.donut.agent.rib;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import net.donut.model.queue.Mailbox;
import net.donut.model.queue.Outbox;
import net.donut.model.queue.Owner;

/// The thread `agent-rib`: takes requests and events of sessions, and tells subscribers what
/// changed.
public final class RibThread implements AutoCloseable {
  /*
   * Two mailboxes, because they differ when full. Events of sessions are refused, and the session
   * stops reading (BgpEdge); requests make the caller wait, which is never a thread that must not.
   * Requests go first. `rooms` says whose connection took what waited; it coalesces by session.
   */
  private static final int EVENTS = 1024;
  private static final int TASKS = 256;
  private static final int EVENTS_A_TURN = 128;
  private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Owner owner = new Owner("agent-rib");
  private final AgentRib rib;
  private final RibRecorder recorder;
  private final Thread thread;
  private final Consumer<Throwable> onFailure;

  // bgp event loop -> agent-rib
  private final Mailbox<RibEvent> events;
  // gRPC callbacks, agent-state -> agent-rib
  private final Mailbox<RibTask> tasks;
  // bgp event loop -> agent-rib, one entry per session
  private final Outbox<String, Long> rooms;

  /// `onFailure` hears of a bug that ended the thread.
  public RibThread(RibPort port, RibRecorder recorder, Consumer<Throwable> onFailure) {
    this.onFailure = onFailure;
    this.recorder = recorder;
    this.rib = new AgentRib(owner, port, recorder);
    this.thread = Thread.ofPlatform().name("agent-rib").unstarted(this::run);
    this.events = new Mailbox<>(EVENTS, this::wake);
    this.tasks = new Mailbox<>(TASKS, this::wake);
    this.rooms = new Outbox<>(this::wake);
  }

  public void start() {
    thread.start();
  }

  /// Runs something on the RIB, soon; waits while too much waits already. Without effect once
  /// closed.
  public void submit(RibTask task) {
    try {
      tasks.put(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A subscriber may have become ready.
  public void wake() {
    LockSupport.unpark(thread);
  }

  /// Hands an event over. Returns false when there is no room.
  boolean offer(RibEvent event) {
    return events.offer(event);
  }

  void roomAgain(String session, long number) {
    rooms.put(session, number);
  }

  /// Events waiting.
  public int depth() {
    return events.depth();
  }

  private void run() {
    owner.claim();
    try {
      while (!tasks.isClosed()) {
        if (!turn()) {
          LockSupport.parkNanos(rib.rest(LONGEST_REST_NANOS));
        }
      }
    } catch (RuntimeException | Error e) {
      onFailure.accept(e);
    }
  }

  private boolean turn() {
    rib.at(System.nanoTime());
    int done = tasks.drain(task -> task.run(rib), TASKS);
    done += events.drain(rib::apply, EVENTS_A_TURN);
    done += rooms.drain(EVENTS_A_TURN, rib::roomAgain);
    boolean more = rib.tell();
    recorder.turnEnds();
    return more || done > 0;
  }

  /// Ends the thread and waits for it, at most two seconds.
  @Override
  public void close() {
    tasks.close();
    events.close();
    wake();
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
