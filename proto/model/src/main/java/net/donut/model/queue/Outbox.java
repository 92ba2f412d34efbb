package net.donut.model.queue;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A queue that keeps one entry per key: a second value for a key that still waits replaces the
/// first in its place. It is bounded by the number of keys; a slow reader gets the latest state and
/// never a backlog. Usable from any thread; one writer and one reader are meant.
public final class Outbox<K, V> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final LinkedHashMap<K, V> pending = new LinkedHashMap<>();
  private final Runnable wakeUp;
  private int largest;

  /// An outbox whose reader waits in [#awaitMillis].
  public Outbox() {
    this(() -> {});
  }

  /// An outbox whose reader waits elsewhere: `wakeUp` runs on the writer's thread whenever the
  /// outbox stops being empty.
  public Outbox(Runnable wakeUp) {
    this.wakeUp = wakeUp;
  }

  /// Sets the value to send for a key; it keeps its place when the key waits already. Returns the
  /// value it replaced, or null.
  public @Nullable V put(K key, V value) {
    V before;
    boolean first;
    lock.lock();
    try {
      first = pending.isEmpty();
      before = pending.put(key, value);
      largest = Math.max(largest, pending.size());
      notEmpty.signal();
    } finally {
      lock.unlock();
    }
    if (first) {
      wakeUp.run();
    }
    return before;
  }

  /// Takes back what waits for a key. Returns it, or null.
  public @Nullable V cancel(K key) {
    lock.lock();
    try {
      return pending.remove(key);
    } finally {
      lock.unlock();
    }
  }

  /// Hands up to `most` entries, first dirty first, to `receiver`, outside of the lock, and returns
  /// how many.
  public int drain(int most, BiConsumer<? super K, ? super V> receiver) {
    Map<K, V> batch = drain(most);
    batch.forEach(receiver);
    return batch.size();
  }

  /// Takes up to `most` entries, first dirty first.
  public Map<K, V> drain(int most) {
    lock.lock();
    try {
      Map<K, V> batch = LinkedHashMap.newLinkedHashMap(Math.min(most, pending.size()));
      Iterator<Map.Entry<K, V>> entries = pending.entrySet().iterator();
      while (batch.size() < most && entries.hasNext()) {
        Map.Entry<K, V> entry = entries.next();
        batch.put(entry.getKey(), entry.getValue());
        entries.remove();
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is an entry or the time is over. Returns whether there is one.
  public boolean awaitMillis(long millis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lockInterruptibly();
    try {
      while (pending.isEmpty() && left > 0) {
        left = notEmpty.awaitNanos(left);
      }
      return !pending.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Forgets everything that waits.
  public void clear() {
    lock.lock();
    try {
      pending.clear();
    } finally {
      lock.unlock();
    }
  }

  /// The number of keys waiting.
  public int size() {
    lock.lock();
    try {
      return pending.size();
    } finally {
      lock.unlock();
    }
  }

  /// The largest size there has been.
  public int largest() {
    lock.lock();
    try {
      return largest;
    } finally {
      lock.unlock();
    }
  }
}
