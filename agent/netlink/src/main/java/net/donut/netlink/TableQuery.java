package net.donut.netlink;

import static net.donut.netlink.RtNetlink.HEADER_BYTES;
import static net.donut.netlink.RtNetlink.NLMSG_DONE;
import static net.donut.netlink.RtNetlink.NLMSG_ERROR;
import static net.donut.netlink.RtNetlink.NLM_F_DUMP;
import static net.donut.netlink.RtNetlink.NLM_F_DUMP_INTR;
import static net.donut.netlink.RtNetlink.NLM_F_REQUEST;

import java.lang.foreign.MemorySegment;

/// Questions to the kernel about one object or a whole table. Owned by the socket's thread.
final class TableQuery {
  private static final int DUMP_ATTEMPTS = 20;

  private final NetlinkSocket socket;
  private final MemorySegment requestBuffer;
  private final AttributeReader attributes = new AttributeReader();

  TableQuery(NetlinkSocket socket) {
    this.socket = socket;
    requestBuffer = socket.arena().allocate(1024, 8);
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

  /// Asks for one object. Accepted when the object was given to the sink.
  Outcome get(int type, Body body, MessageSink sink) {
    int wanted = request(type, NLM_F_REQUEST, body);
    return readAnswer(type, wanted, sink, End.FIRST_MESSAGE).outcome();
  }

  /// Asks for a whole table, again when it changed meanwhile. Accepted when all of it was given to
  /// the sink.
  Outcome dump(int type, Body body, MessageSink sink) {
    for (int attempt = 1; attempt <= DUMP_ATTEMPTS; attempt++) {
      int wanted = request(type, NLM_F_REQUEST | NLM_F_DUMP, body);
      Answer answer = readAnswer(type, wanted, sink, End.DONE);
      if (!answer.interrupted()) {
        return answer.outcome();
      }
      NetlinkLog.dumpRestarted(RtNetlink.typeName(type), attempt);
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
    int wanted = socket.nextSequence();
    MessageWriter writer = new MessageWriter(requestBuffer);
    writer.begin(type, flags, wanted);
    body.write(writer);
    writer.end();
    int sent = socket.send(requestBuffer, writer.position());
    if (sent < 0) {
      throw NetlinkException.ofCall("netlink " + RtNetlink.typeName(type) + ": send", -sent);
    }
    return wanted;
  }

  private enum End {
    FIRST_MESSAGE,
    DONE
  }

  private record Answer(Outcome outcome, boolean interrupted) {}

  /// Reads datagrams until the answer ends; an answer that lost a part counts as interrupted. When
  /// the sink throws, the rest of the dump is read and dropped, or the next would find the socket
  /// busy.
  private Answer readAnswer(int type, int wanted, MessageSink sink, End end) {
    AnswerReader reader = new AnswerReader(wanted, sink, end);
    boolean lost = false;
    try {
      while (!reader.ended) {
        long received = socket.receive(0);
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
    return new Answer(reader.outcome, reader.interrupted || lost);
  }

  /// Splits an answer into its messages.
  private final class AnswerReader {
    private final int wanted;
    private final End end;
    private MessageSink sink;
    private boolean ended;
    private boolean interrupted;
    private Outcome outcome = new Outcome.Accepted();

    AnswerReader(int wanted, MessageSink sink, End end) {
      this.wanted = wanted;
      this.sink = sink;
      this.end = end;
    }

    private void datagram(long received) {
      long offset = 0;
      while (!ended && received - offset >= HEADER_BYTES) {
        int length = socket.received().get(MessageWriter.U32, offset);
        if (length < HEADER_BYTES || length > received - offset) {
          throw new NetlinkException(
              "netlink message: length " + length + " (expected: 16.." + (received - offset) + ")");
        }
        if (socket.received().get(MessageWriter.U32, offset + 8) == wanted) {
          message(offset, length);
        }
        offset += (length + 3) & ~3;
      }
    }

    private void message(long offset, int length) {
      int messageType = Short.toUnsignedInt(socket.received().get(MessageWriter.U16, offset + 4));
      interrupted |= (socket.received().get(MessageWriter.U16, offset + 6) & NLM_F_DUMP_INTR) != 0;
      switch (messageType) {
        case NLMSG_ERROR -> {
          int errno = -socket.received().get(MessageWriter.U32, offset + HEADER_BYTES);
          fail(errno, NetlinkAnswers.text(socket.received(), offset, length, attributes));
        }
        case NLMSG_DONE -> {
          int errno =
              length >= HEADER_BYTES + 4
                  ? -socket.received().get(MessageWriter.U32, offset + HEADER_BYTES)
                  : 0;
          fail(errno, NetlinkAnswers.doneText(socket.received(), offset, length, attributes));
        }
        default -> {
          sink.message(socket.received(), offset, length);
          ended = end == End.FIRST_MESSAGE;
        }
      }
    }

    private void fail(int errno, String text) {
      ended = true;
      if (errno != 0) {
        outcome =
            new Outcome.Refused(NetlinkAnswers.error(errno, requestBuffer, 0, text, attributes));
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
        long received = socket.receive(0);
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
