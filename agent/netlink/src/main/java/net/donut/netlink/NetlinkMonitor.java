package net.donut.netlink;

import static net.donut.netlink.RtNetlink.HEADER_BYTES;
import static net.donut.netlink.RtNetlink.MSG_DONTWAIT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reports the kernel's changes to a consumer, in order, on a thread of its own.
///
/// The consumer runs on that thread and should only hand the value over: while it works, the
/// kernel's queue fills, and when that is full events are lost and [KernelEvent.Overrun] says so.
/// The handle is owned by the thread that started the monitor.
public final class NetlinkMonitor implements AutoCloseable {
  private final Thread thread;
  private final int wakeFd;
  private boolean closed;

  private NetlinkMonitor(Thread thread, int wakeFd) {
    this.thread = thread;
    this.wakeFd = wakeFd;
  }

  /// What a monitor listens to.
  ///
  /// @param name for logs
  /// @param receiveBufferBytes room for a burst; a changed link is about 2 KiB, a route 0.5 KiB
  /// @param silentPort routes added or replaced through the socket of this [NetlinkSocket#port] are
  ///   not reported; 0 for none
  public record Options(
      String name, Set<Subscription> subscriptions, int receiveBufferBytes, int silentPort) {
    public Options {
      subscriptions = Set.copyOf(subscriptions);
    }

    /// With room for 8 MiB of events.
    public static Options of(String name, Subscription... subscriptions) {
      return new Options(name, Set.of(subscriptions), 8 << 20, 0);
    }
  }

  /// Starts a monitor on a daemon thread in the calling thread's network namespace. When this
  /// returns, no later change is missed.
  public static NetlinkMonitor start(Options options, Consumer<? super KernelEvent> consumer) {
    return start(options, Thread.ofPlatform().name(options.name()).daemon().factory(), consumer);
  }

  /// Starts a monitor on a thread of the factory and in that thread's namespace, see
  /// [NetworkNamespace#threadFactory].
  public static NetlinkMonitor start(
      Options options, ThreadFactory threads, Consumer<? super KernelEvent> consumer) {
    int wakeFd = eventDescriptor();
    CompletableFuture<Boolean> subscribed = new CompletableFuture<>();
    Thread thread = threads.newThread(() -> listen(options, consumer, wakeFd, subscribed));
    thread.start();
    try {
      awaitSubscribed(thread, subscribed);
    } catch (RuntimeException e) {
      closeDescriptor(wakeFd);
      throw e;
    }
    return new NetlinkMonitor(thread, wakeFd);
  }

  /// Waits until the thread listens, or until it has ended without: it could not enter its
  /// namespace or open its socket.
  private static void awaitSubscribed(Thread thread, CompletableFuture<Boolean> subscribed) {
    while (!subscribed.isDone() && thread.isAlive()) {
      CompletableFuture<Boolean> delay =
          new CompletableFuture<Boolean>().completeOnTimeout(false, 50, TimeUnit.MILLISECONDS);
      CompletableFuture.anyOf(subscribed.exceptionally(_ -> false), delay).join();
    }
    subscribed.completeExceptionally(
        new NetlinkException(
            "netlink monitor " + thread.getName() + ": its thread ended before it could listen"));
    try {
      subscribed.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static void listen(
      Options options,
      Consumer<? super KernelEvent> consumer,
      int wakeFd,
      CompletableFuture<Boolean> subscribed) {
    NetlinkSocket opened;
    try {
      opened = subscribe(options);
    } catch (RuntimeException e) {
      subscribed.completeExceptionally(e);
      return;
    }
    try (NetlinkSocket socket = opened) {
      subscribed.complete(true);
      new EventLoop(options.name(), socket, wakeFd, consumer).run();
    }
  }

  private static NetlinkSocket subscribe(Options options) {
    NetlinkSocket socket =
        NetlinkSocket.open(
            new NetlinkSocket.Options(
                options.receiveBufferBytes(),
                NetlinkSocket.Options.DEFAULT.sendBufferBytes(),
                NetlinkSocket.Options.DEFAULT.answerTimeout()));
    try {
      if (options.silentPort() != 0) {
        RouteEcho.silence(socket, options.silentPort());
      }
      for (Subscription subscription : options.subscriptions()) {
        socket.setOption(
            "NETLINK_ADD_MEMBERSHIP " + subscription,
            RtNetlink.SOL_NETLINK,
            RtNetlink.NETLINK_ADD_MEMBERSHIP,
            subscription.group());
      }
      return socket;
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /// Ends the monitor; no event is delivered after it returns. Must not be called by the consumer.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(8, 8);
      one.set(ValueLayout.JAVA_LONG, 0, 1);
      new LibC(arena).write(wakeFd, one);
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    closeDescriptor(wakeFd);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static int eventDescriptor() {
    try (Arena arena = Arena.ofConfined()) {
      int fd = new LibC(arena).eventfd(0, RtNetlink.EFD_CLOEXEC);
      if (fd < 0) {
        throw NetlinkException.ofCall("eventfd", -fd);
      }
      return fd;
    }
  }

  private static void closeDescriptor(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      new LibC(arena).close(fd);
    }
  }

  /// The monitor's thread at work.
  private static final class EventLoop {
    private final String name;
    private final NetlinkSocket socket;
    private final Consumer<? super KernelEvent> consumer;
    private final KernelDecoder decoder = new KernelDecoder();
    private final KernelRouteView route = new KernelRouteView();
    /* struct pollfd {s32 fd; s16 events; s16 revents}, twice: the socket, the wake-up. */
    private final MemorySegment descriptors;

    EventLoop(
        String name, NetlinkSocket socket, int wakeFd, Consumer<? super KernelEvent> consumer) {
      this.name = name;
      this.socket = socket;
      this.consumer = consumer;
      descriptors = socket.arena().allocate(16, 8);
      descriptors.set(MessageWriter.U32, 0, socket.descriptor());
      descriptors.set(MessageWriter.U16, 4, (short) RtNetlink.POLLIN);
      descriptors.set(MessageWriter.U32, 8, wakeFd);
      descriptors.set(MessageWriter.U16, 12, (short) RtNetlink.POLLIN);
    }

    private void run() {
      while (true) {
        int ready = socket.libc().poll(descriptors, 2, -1);
        if (ready < 0 && ready != -Errno.EINTR) {
          throw NetlinkException.ofCall("poll", -ready);
        }
        if (ready > 0 && descriptors.get(MessageWriter.U16, 14) != 0) {
          return;
        }
        if (ready > 0) {
          drain();
        }
      }
    }

    /// Delivers what is queued. After a loss the kernel queues nothing new until the queue is
    /// empty, so the old events come first and the overrun last.
    private void drain() {
      boolean lost = false;
      while (true) {
        long received = socket.receive(MSG_DONTWAIT);
        if (received == -Errno.EAGAIN) {
          break;
        }
        if (received == -Errno.ENOBUFS) {
          lost = true;
        } else {
          datagram(received);
        }
        if (!lost) {
          return; // Poll again: a request to end must not wait for a busy kernel.
        }
      }
      if (lost) {
        NetlinkLog.overrun(name);
        consumer.accept(new KernelEvent.Overrun());
      }
    }

    private void datagram(long received) {
      MemorySegment memory = socket.received();
      long offset = 0;
      while (received - offset >= HEADER_BYTES) {
        int length = memory.get(MessageWriter.U32, offset);
        if (length < HEADER_BYTES || length > received - offset) {
          throw new NetlinkException(
              "netlink event: length " + length + " (expected: 16.." + (received - offset) + ")");
        }
        deliver(memory, offset, length);
        offset += (length + 3) & ~3;
      }
    }

    private void deliver(MemorySegment memory, long offset, int length) {
      switch (Short.toUnsignedInt(memory.get(MessageWriter.U16, offset + 4))) {
        case RtNetlink.RTM_NEWLINK ->
            accept(decoder.link(memory, offset, length), KernelEvent.LinkChanged::new);
        case RtNetlink.RTM_DELLINK ->
            accept(decoder.link(memory, offset, length), KernelEvent.LinkDeleted::new);
        case RtNetlink.RTM_NEWADDR ->
            accept(decoder.address(memory, offset, length), KernelEvent.AddressChanged::new);
        case RtNetlink.RTM_DELADDR ->
            accept(decoder.address(memory, offset, length), KernelEvent.AddressDeleted::new);
        case RtNetlink.RTM_NEWNEIGH ->
            accept(decoder.neighbor(memory, offset, length), KernelEvent.NeighborChanged::new);
        case RtNetlink.RTM_DELNEIGH ->
            accept(decoder.neighbor(memory, offset, length), KernelEvent.NeighborDeleted::new);
        case RtNetlink.RTM_NEWROUTE ->
            accept(route(memory, offset, length), KernelEvent.RouteChanged::new);
        case RtNetlink.RTM_DELROUTE ->
            accept(route(memory, offset, length), KernelEvent.RouteDeleted::new);
        case RtNetlink.RTM_NEWNEXTHOP ->
            accept(decoder.nextHop(memory, offset, length), KernelEvent.NextHopChanged::new);
        case RtNetlink.RTM_DELNEXTHOP ->
            consumer.accept(
                new KernelEvent.NextHopDeleted(decoder.nextHopId(memory, offset, length)));
        case RtNetlink.RTM_NEWNEXTHOPBUCKET ->
            accept(decoder.bucket(memory, offset, length), KernelEvent.BucketChanged::new);
        default -> {}
      }
    }

    /// Delivers the event of an object, unless it is one this module does not model.
    private <T> void accept(@Nullable T object, Function<T, KernelEvent> event) {
      if (object != null) {
        consumer.accept(event.apply(object));
      }
    }

    private @Nullable KernelRoute route(MemorySegment memory, long offset, int length) {
      return route.read(memory, offset, length) ? route.toRoute() : null;
    }
  }
}
