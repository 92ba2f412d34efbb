package net.donut.netlink;

import static net.donut.netlink.RtNetlink.HEADER_BYTES;
import static net.donut.netlink.RtNetlink.MSG_DONTWAIT;
import static net.donut.netlink.RtNetlink.NLMSG_ERROR;
import static net.donut.netlink.RtNetlink.NLM_F_REQUEST;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Requests sent many at a time, with the kernel's answer to each. Owned by the socket's thread.
final class RequestBatch {
  /*
   * One send carries up to MESSAGES_PER_SEND requests with consecutive sequence numbers. Only the last
   * asks for an ack; the kernel answers every refused one anyway (NLMSG_ERROR with its sequence
   * number). It works through a send in order and inside the system call, so when send returns, all
   * answers are in the receive queue, in order, and an entry without one before the last ack was done.
   *
   * The queue can overflow only when its buffer is smaller than one send's refusals. The kernel then
   * drops answers from some point on and says ENOBUFS once: what lies before the last answer received
   * is known, what comes after is reported as ENOBUFS, "answer lost".
   */
  private static final int MESSAGES_PER_SEND = 64;
  private static final int BUFFER_BYTES = 64 * 1024;
  /* More than the largest message: a group of 256 members. */
  private static final int MESSAGE_ROOM = 4096;

  private final NetlinkSocket socket;
  private final MemorySegment buffer;
  private final MessageWriter writer;
  private final AttributeReader attributes = new AttributeReader();
  private List<BatchResult.Refusal> refusals = new ArrayList<>();
  private int entries;
  private int pending;
  private int firstSequence;

  RequestBatch(NetlinkSocket socket) {
    this.socket = socket;
    buffer = socket.arena().allocate(BUFFER_BYTES, 8);
    writer = new MessageWriter(buffer);
  }

  /// Begins the next entry's message, sending what is there when it is full.
  MessageWriter begin(int type, int flags) {
    if (pending == MESSAGES_PER_SEND || writer.remaining() < MESSAGE_ROOM) {
      send();
    }
    int sequence = socket.nextSequence();
    if (pending == 0) {
      firstSequence = sequence;
    }
    return writer.begin(type, flags | NLM_F_REQUEST, sequence);
  }

  /// Ends the entry's message and gives its index.
  int end() {
    writer.end();
    pending++;
    return entries++;
  }

  /// Sends what is left and gives the result of all entries since the last call.
  BatchResult finish() {
    send();
    BatchResult result = new BatchResult(entries, refusals);
    refusals = new ArrayList<>();
    entries = 0;
    return result;
  }

  private void send() {
    if (pending == 0) {
      return;
    }
    writer.requestAck();
    try {
      int sent = socket.send(buffer, writer.position());
      if (sent < 0) {
        refuseFrom(0, -sent, "not sent");
      } else {
        collectAnswers();
      }
    } finally {
      writer.clear();
      pending = 0;
    }
  }

  private void collectAnswers() {
    int answered = 0;
    while (answered < pending) {
      long received = socket.receive(MSG_DONTWAIT);
      if (received == -Errno.ENOBUFS) {
        continue;
      }
      if (received == -Errno.EAGAIN) {
        refuseFrom(answered, Errno.ENOBUFS, "answer lost (expected: a dump to see what was done)");
        return;
      }
      answered = Math.max(answered, readAnswers(received));
    }
  }

  /// Reads one datagram; gives how many of the pending entries are settled by it.
  private int readAnswers(long received) {
    MemorySegment memory = socket.received();
    int settled = 0;
    long offset = 0;
    while (received - offset >= HEADER_BYTES) {
      int length = memory.get(MessageWriter.U32, offset);
      int position = memory.get(MessageWriter.U32, offset + 8) - firstSequence;
      int type = Short.toUnsignedInt(memory.get(MessageWriter.U16, offset + 4));
      if (length < HEADER_BYTES || length > received - offset) {
        throw new NetlinkException(
            "netlink answer: length " + length + " (expected: 16.." + (received - offset) + ")");
      }
      if (type == NLMSG_ERROR && position >= 0 && position < pending) {
        int error = memory.get(MessageWriter.U32, offset + HEADER_BYTES);
        if (error != 0) {
          refuse(position, -error, NetlinkAnswers.text(memory, offset, length, attributes));
        }
        settled = Math.max(settled, position + 1);
      }
      offset += (length + 3) & ~3;
    }
    return settled;
  }

  private void refuseFrom(int from, int errno, String text) {
    for (int position = from; position < pending; position++) {
      refuse(position, errno, text);
    }
  }

  private void refuse(int position, int errno, String text) {
    long offset = 0;
    for (int i = 0; i < position; i++) {
      offset += buffer.get(MessageWriter.U32, offset);
    }
    refusals.add(
        new BatchResult.Refusal(
            entries - pending + position,
            NetlinkAnswers.error(errno, buffer, offset, text, attributes)));
  }
}
