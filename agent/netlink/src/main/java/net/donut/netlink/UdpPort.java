package net.donut.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// One UDP socket of a [UdpLoop], bound to a port and perhaps to an interface. Owned by the loop's
/// thread.
public final class UdpPort implements AutoCloseable {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final ValueLayout.OfShort BIG_ENDIAN_U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final UdpLoop loop;
  private final int fd;
  private final Family family;
  private final int interfaceIndex;
  private boolean closed;

  UdpPort(UdpLoop loop, int fd, Family family, int interfaceIndex) {
    this.loop = loop;
    this.fd = fd;
    this.family = family;
    this.interfaceIndex = interfaceIndex;
  }

  int descriptor() {
    return fd;
  }

  public Family family() {
    return family;
  }

  /// The index the interface had when this was bound to it, 0 for no interface. One that was
  /// deleted and made again has another.
  public int interfaceIndex() {
    return interfaceIndex;
  }

  /// Sends the bytes between position and limit, or not: returns 0, or the error number of a kernel
  /// that could not. Never waits.
  public int send(ByteBuffer bytes, IpAddress receiver, int port) {
    MemorySegment out = loop.sending(bytes);
    MemorySegment address = loop.peer(family);
    writeAddress(address, receiver, port);
    long sent = loop.libc().sendto(fd, out, out.byteSize(), MSG_DONTWAIT | MSG_NOSIGNAL, address);
    return sent < 0 ? (int) -sent : 0;
  }

  static int addressBytes(Family family) {
    return family == Family.IPV4 ? 16 : 28;
  }

  /// Fills in a `struct sockaddr_in` or `sockaddr_in6`.
  static void writeAddress(MemorySegment memory, IpAddress address, int port) {
    memory.fill((byte) 0);
    boolean ipv4 = address.family() == Family.IPV4;
    memory.set(MessageWriter.U16, 0, (short) (ipv4 ? UdpLoop.AF_INET : UdpLoop.AF_INET6));
    memory.set(BIG_ENDIAN_U16, 2, (short) port);
    MemorySegment.copy(
        MemorySegment.ofArray(address.bytes()), 0, memory, ipv4 ? 4 : 8, address.family().bytes());
  }

  static IpAddress readAddress(MemorySegment memory, Family family) {
    byte[] bytes = new byte[family.bytes()];
    MemorySegment.copy(
        memory, family == Family.IPV4 ? 4 : 8, MemorySegment.ofArray(bytes), 0, bytes.length);
    return IpAddress.ofBytes(bytes);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      loop.remove(this);
      loop.libc().close(fd);
    }
  }
}
