package net.donut.bgp;

import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The running timers of one session. Owned by the event loop.
final class SessionTimers {
  /*
   * A hold timer is armed anew with every message. That only moves its deadline; the scheduled task
   * looks at the deadline when it runs and schedules itself again.
   *
   * A hold timer must not expire because of us (RFC 4271 means the neighbor's silence): not while
   * reading is paused, and not because this thread was late. So when it expires, the loop gets the
   * chance to read once more before anybody is told.
   */
  private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final class Slot {
    final FsmTimer timer;
    long deadlineNanos;
    long periodNanos;
    boolean graceGiven;
    @Nullable ClockReading due;
    java.util.concurrent.@Nullable Future<?> task;

    Slot(FsmTimer timer) {
      this.timer = timer;
    }
  }

  private final EventLoop loop;
  private final Consumer<FsmTimer> expired;
  private final IntPredicate readingPaused;
  private final Map<FsmTimer, Slot> slots = new HashMap<>();

  /// `readingPaused` tells whether a connection, by number, is not being read.
  SessionTimers(EventLoop loop, Consumer<FsmTimer> expired, IntPredicate readingPaused) {
    this.loop = loop;
    this.expired = expired;
    this.readingPaused = readingPaused;
  }

  void arm(FsmTimer timer, long millis) {
    Slot slot = slots.computeIfAbsent(timer, Slot::new);
    slot.periodNanos = TimeUnit.MILLISECONDS.toNanos(jittered(timer, millis));
    slot.graceGiven = false;
    long before = slot.deadlineNanos;
    slot.deadlineNanos = System.nanoTime() + slot.periodNanos;
    slot.due = null;
    if (slot.task == null) {
      schedule(slot, slot.periodNanos);
    } else if (slot.deadlineNanos - before < 0) {
      slot.task.cancel(false);
      schedule(slot, slot.periodNanos);
    }
  }

  /// RFC 4271 §10: 0.75 to 1 times the value, for the timers that make traffic.
  private static long jittered(FsmTimer timer, long millis) {
    return switch (timer) {
      case FsmTimer.ConnectRetry(), FsmTimer.IdleHold(), FsmTimer.Keepalive(int _) ->
          Math.max(1, (long) (millis * ThreadLocalRandom.current().nextDouble(0.75, 1)));
      case FsmTimer.Hold(int _), FsmTimer.Sound(), FsmTimer.Restart() -> millis;
    };
  }

  void disarm(FsmTimer timer) {
    Slot slot = slots.remove(timer);
    if (slot != null && slot.task != null) {
      slot.task.cancel(false);
    }
  }

  /// When a timer expires, or null when it does not run.
  @Nullable ClockReading due(FsmTimer timer) {
    Slot slot = slots.get(timer);
    if (slot == null) {
      return null;
    }
    if (slot.due == null) {
      long left = slot.deadlineNanos - System.nanoTime();
      slot.due = new ClockReading(Instant.now().plusNanos(left), slot.deadlineNanos);
    }
    return slot.due;
  }

  void disarmAll() {
    for (FsmTimer timer : slots.keySet().toArray(FsmTimer[]::new)) {
      disarm(timer);
    }
  }

  private void schedule(Slot slot, long nanos) {
    slot.task = loop.schedule(() -> due(slot), nanos, TimeUnit.NANOSECONDS);
  }

  private void due(Slot slot) {
    slot.task = null;
    if (slots.get(slot.timer) != slot) {
      return;
    }
    long left = slot.deadlineNanos - System.nanoTime();
    if (left > 0) {
      schedule(slot, left);
    } else if (slot.timer instanceof FsmTimer.Hold(int connection)
        && readingPaused.test(connection)) {
      slot.deadlineNanos += slot.periodNanos;
      schedule(slot, slot.periodNanos);
    } else if (slot.timer instanceof FsmTimer.Hold && !slot.graceGiven) {
      slot.graceGiven = true;
      schedule(slot, GRACE_NANOS);
    } else {
      slots.remove(slot.timer);
      expired.accept(slot.timer);
    }
  }
}
