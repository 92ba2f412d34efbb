package net.donut.model.queue;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A bounded queue with many producers and one owner, who takes messages in batches and in order.
///
/// When it is full, [#put] makes the producer wait and [#offer] says no: which of the two a
/// producer uses is a row of the table of queues. Producers may be any threads; [#drain] and
/// [#await] are the owner's.
public final class Mailbox<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notFull = lock.newCondition();
  private final Condition notEmpty = lock.newCondition();
  private final ArrayDeque<T> queue;
  private final int capacity;
  private final Runnable wakeUp;
  private int deepest;
  private boolean closed;

  /// A mailbox whose owner waits in [#await].
  public Mailbox(int capacity) {
    this(capacity, () -> {});
  }

  /// A mailbox whose owner waits elsewhere: `wakeUp` runs on the producer's thread whenever the
  /// mailbox stops being empty.
  public Mailbox(int capacity, Runnable wakeUp) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: 1 or more)");
    }
    this.capacity = capacity;
    this.wakeUp = wakeUp;
    this.queue = new ArrayDeque<>(Math.min(capacity, 64));
  }

  /// Adds a message, waiting while the mailbox is full. Returns false, without adding it, once the
  /// mailbox is closed.
  public boolean put(T message) throws InterruptedException {
    boolean first;
    lock.lockInterruptibly();
    try {
      while (queue.size() >= capacity && !closed) {
        notFull.await();
      }
      if (closed) {
        return false;
      }
      first = add(message);
    } finally {
      lock.unlock();
    }
    if (first) {
      wakeUp.run();
    }
    return true;
  }

  /// Adds a message if there is room. Returns whether it did.
  public boolean offer(T message) {
    boolean first;
    lock.lock();
    try {
      if (closed || queue.size() >= capacity) {
        return false;
      }
      first = add(message);
    } finally {
      lock.unlock();
    }
    if (first) {
      wakeUp.run();
    }
    return true;
  }

  private boolean add(T message) {
    queue.add(message);
    deepest = Math.max(deepest, queue.size());
    notEmpty.signal();
    return queue.size() == 1;
  }

  /// Hands up to `most` messages to `receiver`, outside of the lock, and returns how many. When the
  /// receiver throws, the messages of the batch behind it are lost with it.
  public int drain(Consumer<? super T> receiver, int most) {
    ArrayDeque<T> batch;
    lock.lock();
    try {
      int count = Math.min(most, queue.size());
      batch = new ArrayDeque<>(Math.max(1, count));
      for (int i = 0; i < count; i++) {
        batch.add(queue.remove());
      }
      if (count > 0) {
        notFull.signalAll();
      }
    } finally {
      lock.unlock();
    }
    int count = batch.size();
    batch.forEach(receiver);
    return count;
  }

  /// Waits until there is a message, the mailbox is closed, or the time is over. Returns whether
  /// there is a message.
  public boolean await(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !closed && left > 0) {
        left = notEmpty.awaitNanos(left);
      }
      return !queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// [#await] in milliseconds.
  public boolean awaitMillis(long millis) throws InterruptedException {
    return await(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /// Refuses messages from now on and wakes everybody; what is in it can still be drained.
  public void close() {
    lock.lock();
    try {
      closed = true;
      notFull.signalAll();
      notEmpty.signalAll();
    } finally {
      lock.unlock();
    }
    wakeUp.run();
  }

  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// The number of messages waiting.
  public int depth() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /// The largest depth there has been.
  public int deepest() {
    lock.lock();
    try {
      return deepest;
    } finally {
      lock.unlock();
    }
  }

  public int capacity() {
    return capacity;
  }
}
