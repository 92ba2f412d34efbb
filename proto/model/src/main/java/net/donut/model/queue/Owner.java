package net.donut.model.queue;

import org.jspecify.annotations.Nullable;

/// The thread that owns a mutable object. Entry methods of the object begin with [#check], which
/// costs nothing unless assertions are on.
public final class Owner {
  private final String name;
  private volatile @Nullable Thread thread;

  /// An owner by the name of its thread, for messages; it owns nothing until [#claim].
  public Owner(String name) {
    this.name = name;
  }

  /// Makes the calling thread the owner. A second thread is refused until [#release].
  public void claim() {
    Thread current = Thread.currentThread();
    Thread before = thread;
    if (before != null && !before.equals(current)) {
      throw new IllegalStateException(
          name + ": claimed by " + current.getName() + " (owned by: " + before.getName() + ")");
    }
    thread = current;
  }

  /// Gives the object up, so that another thread may claim it.
  public void release() {
    check();
    thread = null;
  }

  /// Asserts that the calling thread is the owner, or that nobody has claimed yet.
  public void check() {
    assert isCurrent() : wrongThread();
  }

  private boolean isCurrent() {
    Thread owner = thread;
    return owner == null || owner.equals(Thread.currentThread());
  }

  private String wrongThread() {
    return name
        + ": touched by "
        + Thread.currentThread().getName()
        + " (owned by: "
        + thread
        + ")";
  }

  @Override
  public String toString() {
    return name;
  }
}
