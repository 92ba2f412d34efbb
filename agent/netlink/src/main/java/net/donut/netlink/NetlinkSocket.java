package net.donut.netlink;

import static net.donut.netlink.RtNetlink.AF_NETLINK;
import static net.donut.netlink.RtNetlink.HEADER_BYTES;
import static net.donut.netlink.RtNetlink.NLMSG_DONE;
import static net.donut.netlink.RtNetlink.NLMSG_ERROR;
import static net.donut.netlink.RtNetlink.NLM_F_DUMP;
import static net.donut.netlink.RtNetlink.NLM_F_DUMP_INTR;
import static net.donut.netlink.RtNetlink.NLM_F_REQUEST;
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
  private static final int DUMP_ATTEMPTS = 20;

  private final Arena arena = Arena.ofConfined();
  private final LibC libc = new LibC(arena);
  private final int fd;
  private final MemorySegment receiveBuffer = arena.allocate(RECEIVE_BYTES, 8);
  /* struct sockaddr_nl {u16 family; u16 pad; u32 pid; u32 groups} */
  private final MemorySegment sender = arena.allocate(12, 4);
  private final MemorySegment senderLength = arena.allocate(4, 4);
  private final AttributeReader attributes = new AttributeReader();
  private final RequestBatch single;
  private final MemorySegment requestBuffer = arena.allocate(4096, 8);
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
      NetlinkEvents.bufferLimited(name, bytes);
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
    return new KernelView(this);
  }

  /// Has the kernel resolve a neighbor and keep it resolved, or, where the kernel cannot, resolve
  /// it once.
  public NeighborOutcome keepResolved(int interfaceIndex, IpAddress address) {
    if (execute(new Request.PutNeighbor(interfaceIndex, address, KernelNeighbor.Upkeep.MANAGED))
        instanceof Outcome.Refused(var error)) {
      if (error.errno() != Errno.EINVAL && error.errno() != Errno.EOPNOTSUPP) {
        return new NeighborOutcome.Refused(error);
      }
    } else if (view().isManaged(interfaceIndex, address)) {
      return new NeighborOutcome.Managed();
    }
    return switch (execute(
        new Request.PutNeighbor(interfaceIndex, address, KernelNeighbor.Upkeep.ON_DEMAND))) {
      case Outcome.Accepted() -> new NeighborOutcome.ProbedOnce();
      case Outcome.Refused(var error) -> new NeighborOutcome.Refused(error);
    };
  }

  @Override
  public void close() {
    libc.close(fd);
    arena.close();
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

  /// Sends a datagram of requests: the kernel takes all of it or none.
  void send(MemorySegment bytes, long length) {
    long sent;
    do {
      sent = libc.send(fd, bytes, length, 0);
    } while (sent == -Errno.EINTR || sent == -Errno.EAGAIN);
    if (sent != length) {
      throw NetlinkException.ofCall("netlink send of " + length + " bytes", (int) -sent);
    }
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

  /// Writes the family header and attributes of a request.
  interface Body {
    void write(MessageWriter writer);
  }

  /// Takes the messages that answer a request.
  interface MessageSink {
    void message(MemorySegment memory, long offset, int length);

    /// Forget everything taken: it comes again.
    void restart();
  }

  /// Asks for one object. Gives the refusal, or an error with errno 0 when the object was given to
  /// the sink.
  NetlinkError get(int type, Body body, MessageSink sink) {
    int wanted = request(type, NLM_F_REQUEST, body);
    return readAnswer(type, wanted, sink, End.FIRST_MESSAGE).error();
  }

  /// Asks for a whole table, again when it changed meanwhile. Gives the refusal, or an error with
  /// errno 0.
  NetlinkError dump(int type, Body body, MessageSink sink) {
    for (int attempt = 1; attempt <= DUMP_ATTEMPTS; attempt++) {
      int wanted = request(type, NLM_F_REQUEST | NLM_F_DUMP, body);
      Answer answer = readAnswer(type, wanted, sink, End.DONE);
      if (!answer.interrupted()) {
        return answer.error();
      }
      NetlinkEvents.dumpRestarted(RtNetlink.typeName(type), attempt);
      sink.restart();
    }
    throw new NetlinkException(
        "netlink "
            + RtNetlink.typeName(type)
            + ": the table changed during each of "
            + DUMP_ATTEMPTS
            + " dumps");
  }

  private int request(int type, int flags, Body body) {
    int wanted = nextSequence();
    MessageWriter writer = new MessageWriter(requestBuffer);
    writer.begin(type, flags, wanted);
    body.write(writer);
    writer.end();
    send(requestBuffer, writer.position());
    return wanted;
  }

  private enum End {
    FIRST_MESSAGE,
    DONE
  }

  private record Answer(NetlinkError error, boolean interrupted) {}

  /// Reads datagrams until the answer ends; an answer that lost a part counts as interrupted. When
  /// the sink throws, the rest of the dump is read and dropped, or the next would find the socket
  /// busy.
  private Answer readAnswer(int type, int wanted, MessageSink sink, End end) {
    AnswerReader reader = new AnswerReader(type, wanted, sink, end);
    boolean lost = false;
    try {
      while (!reader.ended) {
        long received = receive(0);
        if (received == -Errno.ENOBUFS) {
          lost = true;
        } else if (received == -Errno.EAGAIN) {
          reader.ended = true;
          throw new NetlinkException(
              "netlink " + RtNetlink.typeName(type) + ": no answer in time", Errno.EAGAIN);
        } else {
          reader.datagram(received);
        }
      }
    } finally {
      reader.drop();
    }
    return new Answer(reader.error, reader.interrupted || lost);
  }

  /// Splits an answer into its messages.
  private final class AnswerReader {
    private final int wanted;
    private final End end;
    private MessageSink sink;
    private boolean ended;
    private boolean interrupted;
    private NetlinkError error;

    AnswerReader(int type, int wanted, MessageSink sink, End end) {
      this.wanted = wanted;
      this.sink = sink;
      this.end = end;
      this.error = new NetlinkError(0, RtNetlink.typeName(type), "", "");
    }

    private void datagram(long received) {
      long offset = 0;
      while (!ended && received - offset >= HEADER_BYTES) {
        int length = receiveBuffer.get(MessageWriter.U32, offset);
        if (length < HEADER_BYTES || length > received - offset) {
          throw new NetlinkException(
              "netlink message: length " + length + " (expected: 16.." + (received - offset) + ")");
        }
        if (receiveBuffer.get(MessageWriter.U32, offset + 8) == wanted) {
          message(offset, length);
        }
        offset += (length + 3) & ~3;
      }
    }

    private void message(long offset, int length) {
      int messageType = Short.toUnsignedInt(receiveBuffer.get(MessageWriter.U16, offset + 4));
      interrupted |= (receiveBuffer.get(MessageWriter.U16, offset + 6) & NLM_F_DUMP_INTR) != 0;
      switch (messageType) {
        case NLMSG_ERROR -> {
          int errno = -receiveBuffer.get(MessageWriter.U32, offset + HEADER_BYTES);
          fail(errno, Answers.text(receiveBuffer, offset, length, attributes));
        }
        case NLMSG_DONE -> {
          int errno =
              length >= HEADER_BYTES + 4
                  ? -receiveBuffer.get(MessageWriter.U32, offset + HEADER_BYTES)
                  : 0;
          fail(errno, Answers.doneText(receiveBuffer, offset, length, attributes));
        }
        default -> {
          sink.message(receiveBuffer, offset, length);
          ended = end == End.FIRST_MESSAGE;
        }
      }
    }

    private void fail(int errno, String text) {
      ended = true;
      if (errno != 0) {
        error = Answers.error(errno, requestBuffer, 0, text, attributes);
      }
    }

    private void drop() {
      sink =
          new MessageSink() {
            @Override
            public void message(MemorySegment memory, long offset, int length) {}

            @Override
            public void restart() {}
          };
      while (!ended) {
        long received = receive(0);
        if (received == -Errno.EAGAIN) {
          return;
        }
        if (received >= 0) {
          datagram(received);
        }
      }
    }
  }
}
