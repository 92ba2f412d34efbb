package net.donut.netlink;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import net.donut.model.FileFailure;

/// A network namespace, held open by a file descriptor until [#close].
///
/// A namespace is a property of a kernel thread, and a socket belongs to the namespace of the
/// thread that created it, for good. Libraries that create sockets on the calling thread (Netty's
/// `bind` and `connect`, [java.nio.channels.DatagramChannel#open]) must therefore be called from a
/// thread inside: one of [#threadFactory], or by [#call]. May be used by any thread until one, its
/// owner, closes it.
public final class NetworkNamespace implements AutoCloseable {
  private final int fd;
  private final String name;
  private boolean closed;

  private NetworkNamespace(int fd, String name) {
    this.fd = fd;
    this.name = name;
  }

  /// The namespace of the calling thread.
  public static NetworkNamespace current() {
    return open(Path.of("/proc/thread-self/ns/net"));
  }

  /// The namespace `/run/netns/name`, as `ip netns add name` makes it.
  public static NetworkNamespace open(String name) {
    return open(Path.of("/run/netns", name), name);
  }

  /// The namespace a file such as `/proc/1234/ns/net` stands for.
  public static NetworkNamespace open(Path path) {
    return open(path, path.toString());
  }

  private static NetworkNamespace open(Path path, String name) {
    try (Arena arena = Arena.ofConfined()) {
      int fd =
          new LibC(arena)
              .open(arena.allocateFrom(path.toString()), RtNetlink.O_RDONLY | RtNetlink.O_CLOEXEC);
      if (fd < 0) {
        throw NetlinkException.ofCall("open network namespace " + path, -fd);
      }
      return new NetworkNamespace(fd, name);
    }
  }

  public String name() {
    return name;
  }

  /// The kernel's own name of the namespace, `net:[4026531840]`: equal for two handles of the same.
  public String identity() {
    try {
      return "net:["
          + Files.getAttribute(Path.of("/proc/self/fd", Integer.toString(fd)), "unix:ino")
          + "]";
    } catch (IOException e) {
      throw new NetlinkException(
          "identity of network namespace " + name + ": " + FileFailure.reason(e));
    }
  }

  /// Moves the calling thread into this namespace, for good. Throws IllegalStateException on a
  /// virtual thread, which has no kernel thread of its own.
  public void enter() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException(
          "enter network namespace " + name + ": virtual thread (expected: platform thread)");
    }
    if (closed) {
      throw new IllegalStateException("enter network namespace " + name + ": closed");
    }
    try (Arena arena = Arena.ofConfined()) {
      int result = new LibC(arena).setns(fd, RtNetlink.CLONE_NEWNET);
      if (result < 0) {
        throw NetlinkException.ofCall("enter network namespace " + name, -result);
      }
    }
  }

  /// Work that gives a value.
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /// Work without a value.
  @FunctionalInterface
  public interface Action<E extends Exception> {
    void run() throws E;
  }

  /// Does work on a new platform thread inside the namespace and waits for it. What the work throws
  /// is thrown here.
  public <T, E extends Exception> T call(Work<T, E> work) throws E {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          enter();
          return work.run();
        });
    Thread.ofPlatform().name(name + "-call").daemon().start(task);
    return outcome(task);
  }

  /// Does work on a new platform thread inside the namespace and waits for it.
  public <E extends Exception> void run(Action<E> action) throws E {
    this.<Boolean, E>call(() -> {
      action.run();
      return true;
    });
  }

  @SuppressWarnings("unchecked") // The work throws nothing checked but E.
  private static <T, E extends Exception> T outcome(FutureTask<T> task) throws E {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case RuntimeException exception -> throw exception;
        case null -> throw new IllegalStateException(e);
        default -> throw (E) e.getCause();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Makes platform threads that live inside the namespace, named `prefix-1`, `prefix-2`, ... The
  /// namespace must stay open until they have started.
  public ThreadFactory threadFactory(String prefix) {
    ThreadFactory outside = Thread.ofPlatform().name(prefix + "-", 1).daemon().factory();
    return task ->
        outside.newThread(() -> {
          enter();
          task.run();
        });
  }

  @Override
  public void close() {
    if (closed) {
      return; // The number may belong to another file by now.
    }
    closed = true;
    try (Arena arena = Arena.ofConfined()) {
      new LibC(arena).close(fd);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
