package net.donut.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// UDP sockets of one thread and the wait for them, in the network namespace of that thread. What
/// is sent has TTL 255, traffic class CS6, and what comes in is given with the TTL it had left.
/// Owned by the thread that opened it, but for [#wake].
public final class UdpLoop implements AutoCloseable {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_BINDTODEVICE = 25;
  private static final int IPPROTO_IP = 0;
  private static final int IP_TOS = 1;
  private static final int IP_TTL = 2;
  private static final int IP_RECVTTL = 12;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_UNICAST_HOPS = 16;
  private static final int IPV6_V6ONLY = 26;
  private static final int IPV6_RECVHOPLIMIT = 51;
  private static final int IPV6_HOPLIMIT = 52;
  private static final int IPV6_TCLASS = 67;
  private static final int CLASS_CS6 = 0xc0;
  private static final int LARGEST_TTL = 255;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MOST_BYTES = 512;
  private static final int CONTROL_BYTES = 128;
  private static final int POLLFD_BYTES = 8;
  private static final long NANOS_A_SECOND = 1_000_000_000L;

  /// Takes what came in.
  @FunctionalInterface
  public interface Receiver {
    /// `bytes` is valid until this returns; `ttl` is what the packet had left, -1 if the kernel did
    /// not say.
    void received(UdpPort port, ByteBuffer bytes, IpAddress sender, int ttl);
  }

  private final Arena arena = Arena.ofConfined();
  private final LibC libc = new LibC(arena);
  private final List<UdpPort> ports = new ArrayList<>();
  private final int wakeFd;
  private final MemorySegment out = arena.allocate(MOST_BYTES, 8);
  private final MemorySegment in = arena.allocate(MOST_BYTES, 8);
  private final MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
  private final MemorySegment sender = arena.allocate(28, 8);
  private final MemorySegment timeout = arena.allocate(16, 8);
  private final MemorySegment vector = arena.allocate(16, 8);
  /* struct msghdr {name, u32 name length, iov, u64 iov length, control, u64 control length, flags} */
  private final MemorySegment message = arena.allocate(56, 8);
  private MemorySegment descriptors = arena.allocate(POLLFD_BYTES, 8);
  private int capacity = 1;
  private boolean changed = true;

  private UdpLoop(int wakeFd) {
    this.wakeFd = wakeFd;
    vector.set(ValueLayout.ADDRESS, 0, in);
    vector.set(ValueLayout.JAVA_LONG, 8, MOST_BYTES);
    message.set(ValueLayout.ADDRESS, 0, sender);
    message.set(ValueLayout.ADDRESS, 16, vector);
    message.set(ValueLayout.JAVA_LONG, 24, 1);
    message.set(ValueLayout.ADDRESS, 32, control);
  }

  /// To be called by the thread that will own it, in its network namespace.
  public static UdpLoop open() {
    try (Arena arena = Arena.ofConfined()) {
      int fd = new LibC(arena).eventfd(0, RtNetlink.EFD_CLOEXEC | SOCK_NONBLOCK);
      if (fd < 0) {
        throw NetlinkException.ofCall("eventfd", -fd);
      }
      return new UdpLoop(fd);
    }
  }

  LibC libc() {
    return libc;
  }

  /// The index of an interface here and now, 0 if there is none of this name.
  public int indexOf(String interfaceName) {
    try (Arena memory = Arena.ofConfined()) {
      return libc.ifNameToIndex(memory.allocateFrom(interfaceName, StandardCharsets.UTF_8));
    }
  }

  /// A socket for packets to a port, on any of our addresses. Several may share the port if they
  /// differ in interface or family. Throws [NetlinkException].
  public UdpPort receiver(Family family, @Nullable String interfaceName, int port) {
    IpAddress any = family == Family.IPV4 ? IpAddress.ofIpv4(0) : IpAddress.ofIpv6(0, 0);
    UdpPort opened = open(family, interfaceName);
    try {
      option(opened, SOL_SOCKET, SO_REUSEADDR, 1);
      boolean ipv4 = family == Family.IPV4;
      option(opened, ipv4 ? IPPROTO_IP : IPPROTO_IPV6, ipv4 ? IP_RECVTTL : IPV6_RECVHOPLIMIT, 1);
      bind(opened, any, port);
      ports.add(opened);
      changed = true;
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /// A socket to send from an address (the kernel's choice if null) and a port nobody else has.
  /// Throws [NetlinkException], with EADDRINUSE if somebody has the port.
  public UdpPort sender(
      Family family, @Nullable String interfaceName, @Nullable IpAddress address, int port) {
    IpAddress any = family == Family.IPV4 ? IpAddress.ofIpv4(0) : IpAddress.ofIpv6(0, 0);
    UdpPort opened = open(family, interfaceName);
    try {
      bind(opened, address == null ? any : address, port);
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private UdpPort open(Family family, @Nullable String interfaceName) {
    boolean ipv4 = family == Family.IPV4;
    int index = interfaceName == null ? 0 : indexOf(interfaceName);
    if (interfaceName != null && index == 0) {
      throw NetlinkException.ofCall("interface " + interfaceName, Errno.ENODEV);
    }
    int fd =
        libc.socket(
            ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | RtNetlink.SOCK_CLOEXEC, 0);
    if (fd < 0) {
      throw NetlinkException.ofCall("socket AF_INET" + (ipv4 ? "" : "6"), -fd);
    }
    UdpPort opened = new UdpPort(this, fd, family, index);
    try {
      if (interfaceName != null) {
        bindToDevice(opened, interfaceName);
      }
      if (ipv4) {
        option(opened, IPPROTO_IP, IP_TTL, LARGEST_TTL);
        option(opened, IPPROTO_IP, IP_TOS, CLASS_CS6);
      } else {
        option(opened, IPPROTO_IPV6, IPV6_V6ONLY, 1);
        option(opened, IPPROTO_IPV6, IPV6_UNICAST_HOPS, LARGEST_TTL);
        option(opened, IPPROTO_IPV6, IPV6_TCLASS, CLASS_CS6);
      }
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void bindToDevice(UdpPort port, String interfaceName) {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment name = memory.allocateFrom(interfaceName, StandardCharsets.UTF_8);
      check(
          "setsockopt SO_BINDTODEVICE " + interfaceName,
          libc.setsockopt(port.descriptor(), SOL_SOCKET, SO_BINDTODEVICE, name));
    }
  }

  private void option(UdpPort port, int level, int option, int value) {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment number = memory.allocate(ValueLayout.JAVA_INT);
      number.set(ValueLayout.JAVA_INT, 0, value);
      check(
          "setsockopt level " + level + " option " + option,
          libc.setsockopt(port.descriptor(), level, option, number));
    }
  }

  private void bind(UdpPort port, IpAddress address, int number) {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment bound = memory.allocate(UdpPort.addressBytes(address.family()), 8);
      UdpPort.writeAddress(bound, address, number);
      check("bind " + address + " port " + number, libc.bind(port.descriptor(), bound));
    }
  }

  private static void check(String operation, int result) {
    if (result < 0) {
      throw NetlinkException.ofCall(operation, -result);
    }
  }

  void remove(UdpPort port) {
    changed |= ports.remove(port);
  }

  MemorySegment sending(ByteBuffer bytes) {
    MemorySegment source = MemorySegment.ofBuffer(bytes);
    out.copyFrom(source);
    return out.asSlice(0, source.byteSize());
  }

  MemorySegment peer(Family family) {
    return sender.asSlice(0, UdpPort.addressBytes(family));
  }

  /// Waits until something came in, somebody called [#wake], or the time is over; then hands over
  /// everything that came in, until every socket is empty.
  public void await(long nanos, Receiver receiver) {
    prepare();
    long wait = Math.max(0, nanos);
    timeout.set(ValueLayout.JAVA_LONG, 0, wait / NANOS_A_SECOND);
    timeout.set(ValueLayout.JAVA_LONG, 8, wait % NANOS_A_SECOND);
    int ready = libc.ppoll(descriptors, ports.size() + 1L, timeout);
    if (ready < 0 && ready != -Errno.EINTR) {
      throw NetlinkException.ofCall("ppoll", -ready);
    }
    if (ready <= 0) {
      return;
    }
    if (returned(0) != 0) {
      libc.read(wakeFd, in.asSlice(0, 8));
    }
    List<UdpPort> polled = List.copyOf(ports);
    for (int i = 0; i < polled.size(); i++) {
      if (returned(i + 1) != 0) {
        drain(polled.get(i), receiver);
      }
    }
  }

  private short returned(int position) {
    return descriptors.get(MessageWriter.U16, (long) position * POLLFD_BYTES + 6);
  }

  private void prepare() {
    if (!changed) {
      return;
    }
    changed = false;
    if (capacity < ports.size() + 1) {
      capacity = 2 * (ports.size() + 1);
      descriptors = arena.allocate((long) capacity * POLLFD_BYTES, 8);
    }
    descriptor(0, wakeFd);
    for (int i = 0; i < ports.size(); i++) {
      descriptor(i + 1, ports.get(i).descriptor());
    }
  }

  private void descriptor(int position, int fd) {
    long offset = (long) position * POLLFD_BYTES;
    descriptors.set(MessageWriter.U32, offset, fd);
    descriptors.set(MessageWriter.U16, offset + 4, (short) RtNetlink.POLLIN);
    descriptors.set(MessageWriter.U16, offset + 6, (short) 0);
  }

  private void drain(UdpPort port, Receiver receiver) {
    while (true) {
      message.set(ValueLayout.JAVA_INT, 8, (int) sender.byteSize());
      message.set(ValueLayout.JAVA_LONG, 40, CONTROL_BYTES);
      long received = libc.recvmsg(port.descriptor(), message, MSG_DONTWAIT);
      if (received < 0) {
        return; // Empty, or an ICMP error of an earlier packet, which the next wait reports again.
      }
      IpAddress from = UdpPort.readAddress(sender, port.family());
      ByteBuffer bytes = in.asSlice(0, received).asByteBuffer();
      receiver.received(port, bytes, from, ttl(message.get(ValueLayout.JAVA_LONG, 40)));
    }
  }

  /// Walks `struct cmsghdr {u64 length; s32 level; s32 type}`, each followed by its data.
  private int ttl(long controlBytes) {
    long offset = 0;
    while (offset + 20 <= controlBytes) {
      long length = control.get(ValueLayout.JAVA_LONG, offset);
      int level = control.get(ValueLayout.JAVA_INT, offset + 8);
      int type = control.get(ValueLayout.JAVA_INT, offset + 12);
      boolean ipv4 = level == IPPROTO_IP && type == IP_TTL;
      boolean ipv6 = level == IPPROTO_IPV6 && type == IPV6_HOPLIMIT;
      if (ipv4 || ipv6) {
        return control.get(ValueLayout.JAVA_INT, offset + 16);
      }
      offset += Math.max(16, (length + 7) & ~7L);
    }
    return -1;
  }

  /// Ends a wait of the owner, or the next if it does not wait. Any thread.
  public void wake() {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment one = memory.allocate(8, 8);
      one.set(ValueLayout.JAVA_LONG, 0, 1);
      new LibC(memory).write(wakeFd, one);
    }
  }

  @Override
  public void close() {
    List.copyOf(ports).forEach(UdpPort::close);
    libc.close(wakeFd);
    arena.close();
  }
}
