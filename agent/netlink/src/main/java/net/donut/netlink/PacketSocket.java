package net.donut.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Whole frames in and out of one interface, in the network namespace of the thread that opened it
/// (`packet(7)`). What this machine itself sends there is not received. Owned by that thread.
public final class PacketSocket implements AutoCloseable {
  /// Frames of every type.
  public static final int EVERY_TYPE = 3;

  /// No frame at all: for a socket that only sends.
  public static final int NO_TYPE = 0;

  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_IGNORE_OUTGOING = 23;
  private static final long SIOCGIFMTU = 0x8921;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int RECEIVE_BUFFER_BYTES = 8 << 20;
  private static final long NANOS_A_SECOND = 1_000_000_000L;

  private final Arena arena = Arena.ofConfined();
  private final LibC libc = new LibC(arena);
  private final MemorySegment descriptor = arena.allocate(8, 8);
  private final MemorySegment timeout = arena.allocate(16, 8);
  private final int fd;
  private final int index;
  private boolean closed;

  private PacketSocket(int fd, int index) {
    this.fd = fd;
    this.index = index;
    descriptor.set(MessageWriter.U32, 0, fd);
    descriptor.set(MessageWriter.U16, 4, (short) RtNetlink.POLLIN);
  }

  /// Throws [NetlinkException] when there is no such interface, or without CAP_NET_RAW.
  ///
  /// @param type the Ethernet type of the frames to receive
  public static PacketSocket open(String device, int type) {
    try (Arena memory = Arena.ofConfined()) {
      LibC libc = new LibC(memory);
      int index = indexOf(libc, device);
      if (index == 0) {
        throw NetlinkException.ofCall("interface " + device, Errno.ENODEV);
      }
      // Of type 0 until it is bound: it would receive from every interface meanwhile.
      int fd = libc.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | RtNetlink.SOCK_CLOEXEC, 0);
      if (fd < 0) {
        throw NetlinkException.ofCall("socket AF_PACKET", -fd);
      }
      PacketSocket socket = new PacketSocket(fd, index);
      try {
        socket.option(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
        socket.option(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
        socket.bind(device, type);
        return socket;
      } catch (RuntimeException e) {
        socket.close();
        throw e;
      }
    }
  }

  private void option(int level, int option, int value) {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment number = memory.allocate(ValueLayout.JAVA_INT);
      number.set(ValueLayout.JAVA_INT, 0, value);
      int result = libc.setsockopt(fd, level, option, number);
      if (result < 0) {
        throw NetlinkException.ofCall("setsockopt level " + level + " option " + option, -result);
      }
    }
  }

  /// `struct sockaddr_ll`: family, type in network order, index, and what only matters elsewhere.
  private void bind(String device, int type) {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment address = memory.allocate(20, 8);
      address.set(MessageWriter.U16, 0, (short) AF_PACKET);
      address.set(MessageWriter.U16, 2, Short.reverseBytes((short) type));
      address.set(MessageWriter.U32, 4, index);
      int result = libc.bind(fd, address);
      if (result < 0) {
        throw NetlinkException.ofCall("bind to interface " + device, -result);
      }
    }
  }

  /// Takes the next frame. False when none is there; what is longer than the memory is cut off.
  public boolean receive(Frame frame) {
    long length =
        libc.recvfrom(fd, frame.memory(), MSG_DONTWAIT, MemorySegment.NULL, MemorySegment.NULL);
    frame.bytes().clear().limit((int) Math.max(0, length));
    return length > 0;
  }

  /// Sends a frame, or not: returns 0, or the error number of a kernel that could not, as when the
  /// interface is down or its queue is full. Never waits.
  public int send(Frame frame) {
    long sent = libc.send(fd, frame.memory(), frame.length(), MSG_DONTWAIT);
    return sent < 0 ? (int) -sent : 0;
  }

  /// Waits until a frame is there or the time is over.
  public void await(long nanos) {
    long wait = Math.max(0, nanos);
    timeout.set(ValueLayout.JAVA_LONG, 0, wait / NANOS_A_SECOND);
    timeout.set(ValueLayout.JAVA_LONG, 8, wait % NANOS_A_SECOND);
    int ready = libc.ppoll(descriptor, 1, timeout);
    if (ready < 0 && ready != -Errno.EINTR) {
      throw NetlinkException.ofCall("ppoll", -ready);
    }
  }

  /// The largest payload of a frame of the interface, in bytes.
  public int mtu(String device) {
    try (Arena memory = Arena.ofConfined()) {
      /* struct ifreq {char name[16], int mtu} */
      MemorySegment request = memory.allocate(40, 8);
      request.setString(0, device, StandardCharsets.UTF_8);
      int result = libc.ioctl(fd, SIOCGIFMTU, request);
      if (result < 0) {
        throw NetlinkException.ofCall("mtu of interface " + device, -result);
      }
      return request.get(ValueLayout.JAVA_INT, 16);
    }
  }

  /// Whether the interface it was opened on is no longer there.
  public boolean isGone(String device) {
    return indexOf(libc, device) != index;
  }

  private static int indexOf(LibC libc, String device) {
    try (Arena memory = Arena.ofConfined()) {
      return libc.ifNameToIndex(memory.allocateFrom(device, StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      libc.close(fd);
      arena.close();
    }
  }
}
