package net.donut.netlink;

import static net.donut.netlink.RtNetlink.AF_NETLINK;
import static net.donut.netlink.RtNetlink.SOL_NETLINK;
import static net.donut.netlink.RtNetlink.SOL_SOCKET;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import net.donut.model.IpAddress;

/// A connection to the kernel's routing tables, in the network namespace the opening thread is in.
/// Owned by the thread that opened it: its memory refuses every other.
public final class NetlinkSocket implements AutoCloseable {
  private static final int RECEIVE_BYTES = 64 * 1024;

  private final Arena arena = Arena.ofConfined();
  private final LibC libc = new LibC(arena);
  private final int fd;
  private final MemorySegment receiveBuffer = arena.allocate(RECEIVE_BYTES, 8);
  /* struct sockaddr_nl {u16 family; u16 pad; u32 pid; u32 groups} */
  private final MemorySegment sender = arena.allocate(12, 4);
  private final MemorySegment senderLength = arena.allocate(4, 4);
  private final RequestBatch single;
  private final KernelView view;
  private int sequence;

  /// Sizes of the kernel's side of the socket.
  ///
  /// @param receiveBufferBytes must hold the refusals of one send (64 of about 1 KiB each) or the
  ///   events of a burst
  /// @param answerTimeout how long a dump may stay without an answer
  public record Options(int receiveBufferBytes, int sendBufferBytes, Duration answerTimeout) {
    public static final Options DEFAULT = new Options(8 << 20, 1 << 20, Duration.ofSeconds(30));
  }

  private NetlinkSocket(Options options) {
    if (Thread.currentThread().isVirtual()) {
      arena.close();
      throw new IllegalStateException(
          "open netlink socket: virtual thread (expected: platform thread)");
    }
    fd =
        libc.socket(
            AF_NETLINK, RtNetlink.SOCK_RAW | RtNetlink.SOCK_CLOEXEC, RtNetlink.NETLINK_ROUTE);
    if (fd < 0) {
      arena.close();
      throw NetlinkException.ofCall("socket AF_NETLINK", -fd);
    }
    try {
      configure(options);
      single = new RequestBatch(this);
      view = new KernelView(this);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  public static NetlinkSocket open() {
    return new NetlinkSocket(Options.DEFAULT);
  }

  public static NetlinkSocket open(Options options) {
    return new NetlinkSocket(options);
  }

  private void configure(Options options) {
    bufferSize(
        "SO_RCVBUF", RtNetlink.SO_RCVBUFFORCE, RtNetlink.SO_RCVBUF, options.receiveBufferBytes());
    bufferSize(
        "SO_SNDBUF", RtNetlink.SO_SNDBUFFORCE, RtNetlink.SO_SNDBUF, options.sendBufferBytes());
    setOption("NETLINK_CAP_ACK", SOL_NETLINK, RtNetlink.NETLINK_CAP_ACK, 1);
    setOption("NETLINK_EXT_ACK", SOL_NETLINK, RtNetlink.NETLINK_EXT_ACK, 1);
    setOption("NETLINK_GET_STRICT_CHK", SOL_NETLINK, RtNetlink.NETLINK_GET_STRICT_CHK, 1);
    receiveTimeout(options.answerTimeout());
    MemorySegment address = arena.allocate(12, 4);
    address.set(MessageWriter.U16, 0, (short) AF_NETLINK);
    int bound = libc.bind(fd, address);
    if (bound < 0) {
      throw NetlinkException.ofCall("bind AF_NETLINK", -bound);
    }
  }

  private void bufferSize(String name, int forced, int bounded, int bytes) {
    if (trySetOption(SOL_SOCKET, forced, bytes) < 0) {
      setOption(name, SOL_SOCKET, bounded, bytes);
      NetlinkLog.bufferLimited(name, bytes);
    }
  }

  /// `struct timeval {long seconds; long microseconds}`.
  private void receiveTimeout(Duration timeout) {
    MemorySegment value = arena.allocate(16, 8);
    value.set(ValueLayout.JAVA_LONG, 0, timeout.toSeconds());
    value.set(ValueLayout.JAVA_LONG, 8, timeout.toNanosPart() / 1000L);
    int result = libc.setsockopt(fd, SOL_SOCKET, RtNetlink.SO_RCVTIMEO, value);
    if (result < 0) {
      throw NetlinkException.ofCall("setsockopt SO_RCVTIMEO", -result);
    }
  }

  private int trySetOption(int level, int option, int value) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment memory = scratch.allocate(4, 4);
      memory.set(MessageWriter.U32, 0, value);
      return libc.setsockopt(fd, level, option, memory);
    }
  }

  void setOption(String name, int level, int option, MemorySegment value) {
    int result = libc.setsockopt(fd, level, option, value);
    if (result < 0) {
      throw NetlinkException.ofCall("setsockopt " + name, -result);
    }
  }

  void setOption(String name, int level, int option, int value) {
    int result = trySetOption(level, option, value);
    if (result < 0) {
      throw NetlinkException.ofCall("setsockopt " + name, -result);
    }
  }

  /// Asks one change of the kernel and waits for its answer.
  public Outcome execute(Request request) {
    RequestEncoder.encode(single, request);
    BatchResult result = single.finish();
    return result.refusals().isEmpty()
        ? new Outcome.Accepted()
        : new Outcome.Refused(result.refusals().getFirst().error());
  }

  /// Asks many changes, in order; a refused one does not stop those after it.
  public BatchResult executeAll(List<? extends Request> requests) {
    for (Request request : requests) {
      RequestEncoder.encode(single, request);
    }
    return single.finish();
  }

  /// A batch of routes at one place. Reusable; it holds 64 KiB of the socket's memory for good, so
  /// keep it instead of asking again.
  public RouteBatch routeBatch(RoutePlace place, WriteMode mode) {
    return new RouteBatch(new RequestBatch(this), place, mode);
  }

  /// The kernel's tables, read through this socket.
  public KernelView view() {
    return view;
  }

  /// Has the kernel resolve a neighbor and keep it resolved, or, where the kernel cannot, resolve
  /// it once.
  public NeighborOutcome keepResolved(int interfaceIndex, IpAddress address) {
    if (execute(new Request.PutNeighbor(interfaceIndex, address, KernelNeighbor.Upkeep.MANAGED))
        instanceof Outcome.Refused(var error)) {
      if (error.errno() != Errno.EINVAL && error.errno() != Errno.EOPNOTSUPP) {
        return new NeighborOutcome.Refused(error);
      }
    } else if (view.isManaged(interfaceIndex, address)) {
      return new NeighborOutcome.Managed();
    }
    return switch (execute(
        new Request.PutNeighbor(interfaceIndex, address, KernelNeighbor.Upkeep.ON_DEMAND))) {
      case Outcome.Accepted() -> new NeighborOutcome.ProbedOnce();
      case Outcome.Refused(var error) -> new NeighborOutcome.Refused(error);
    };
  }

  /// The number by which the kernel knows this socket. Its reports of what was asked for through it
  /// carry it (`nlmsg_pid`).
  public int port() {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment address = scratch.allocate(12, 4);
      MemorySegment length = scratch.allocate(4, 4);
      length.set(MessageWriter.U32, 0, 12);
      int result = libc.getsockname(fd, address, length);
      if (result < 0) {
        throw NetlinkException.ofCall("getsockname AF_NETLINK", -result);
      }
      return address.get(MessageWriter.U32, 4);
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      libc.close(fd);
      arena.close();
    }
  }

  // ---- for the rest of the package

  Arena arena() {
    return arena;
  }

  LibC libc() {
    return libc;
  }

  int descriptor() {
    return fd;
  }

  int nextSequence() {
    return ++sequence;
  }

  /// Sends a datagram of requests: the kernel takes all of it or none. Gives 0, or `-errno` when it
  /// took none.
  int send(MemorySegment bytes, long length) {
    long sent;
    do {
      sent = libc.send(fd, bytes, length, 0);
    } while (sent == -Errno.EINTR);
    return sent < 0 ? (int) sent : 0;
  }

  /// The memory that [#receive] filled.
  MemorySegment received() {
    return receiveBuffer;
  }

  /// Receives one datagram of the kernel; gives its length, or `-EAGAIN`, or `-ENOBUFS`.
  long receive(int flags) {
    while (true) {
      senderLength.set(MessageWriter.U32, 0, 12);
      long length =
          libc.recvfrom(fd, receiveBuffer, flags | RtNetlink.MSG_TRUNC, sender, senderLength);
      if (length == -Errno.EINTR) {
        continue;
      }
      if (length < 0 && length != -Errno.EAGAIN && length != -Errno.ENOBUFS) {
        throw NetlinkException.ofCall("netlink receive", (int) -length);
      }
      if (length > RECEIVE_BYTES) {
        throw new NetlinkException(
            "netlink datagram: " + length + " bytes (expected: <= " + RECEIVE_BYTES + ")");
      }
      if (length >= 0 && sender.get(MessageWriter.U32, 4) != 0) {
        continue; // From another process, not from the kernel.
      }
      return length;
    }
  }
}
