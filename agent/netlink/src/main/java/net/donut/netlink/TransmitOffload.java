package net.donut.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// What an interface leaves to its hardware when it sends: checksums, and with them the cutting of
/// large segments. A veth has no hardware and passes packets on without.
public final class TransmitOffload {
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final long SIOCETHTOOL = 0x8946;
  private static final int ETHTOOL_STXCSUM = 0x17;
  private static final int NAME_BYTES = 16;

  private TransmitOffload() {}

  /// Turns it off for an interface in the calling thread's network namespace: from now on packets
  /// that leave it are whole. Throws [NetlinkException] when the kernel refuses.
  public static void turnOff(String device) {
    try (Arena arena = Arena.ofConfined()) {
      LibC libc = new LibC(arena);
      int fd = libc.socket(AF_INET, SOCK_DGRAM | RtNetlink.SOCK_CLOEXEC, 0);
      if (fd < 0) {
        throw NetlinkException.ofCall("socket AF_INET", -fd);
      }
      MemorySegment value = arena.allocate(8, 4);
      value.set(ValueLayout.JAVA_INT, 0, ETHTOOL_STXCSUM);
      MemorySegment request = arena.allocate(40, 8);
      byte[] name = device.getBytes(StandardCharsets.UTF_8);
      MemorySegment.copy(
          name, 0, request, ValueLayout.JAVA_BYTE, 0, Math.min(name.length, NAME_BYTES - 1));
      request.set(ValueLayout.ADDRESS, NAME_BYTES, value);
      int result = libc.ioctl(fd, SIOCETHTOOL, request);
      libc.close(fd);
      if (result < 0) {
        throw NetlinkException.ofCall("transmit checksums of " + device, -result);
      }
    }
  }
}
