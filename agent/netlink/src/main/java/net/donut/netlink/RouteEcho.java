package net.donut.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A classic BPF program that keeps a program's own route additions from being reported to it.
///
/// Whoever installs a million routes would otherwise read a million datagrams that say so. Only
/// `RTM_NEWROUTE` asked for through one socket is dropped, and inside the kernel; deletions are
/// still heard, and so is whoever else writes under the same protocol number.
final class RouteEcho {
  /* struct sock_filter {u16 code; u8 jt; u8 jf; u32 k}, see linux/filter.h. */
  private static final int LOAD_HALF = 0x28; // BPF_LD | BPF_H | BPF_ABS: reads big-endian
  private static final int LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS: reads big-endian
  private static final int JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int RETURN = 0x06; // BPF_RET | BPF_K

  private static final int TYPE_OFFSET = 4; // nlmsghdr.nlmsg_type
  private static final int PORT_OFFSET = 12; // nlmsghdr.nlmsg_pid: who asked for the change
  private static final int INSTRUCTION_BYTES = 8;
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private RouteEcho() {}

  /// Attaches the filter for what is asked for through the socket with this port.
  static void silence(NetlinkSocket socket, int port) {
    int[][] program = {
      {LOAD_HALF, 0, 0, TYPE_OFFSET},
      {JUMP_IF_EQUAL, 0, 3, asRead(RtNetlink.RTM_NEWROUTE)},
      {LOAD_WORD, 0, 0, PORT_OFFSET},
      {JUMP_IF_EQUAL, 0, 1, LITTLE_ENDIAN ? Integer.reverseBytes(port) : port},
      {RETURN, 0, 0, 0},
      {RETURN, 0, 0, -1},
    };
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate((long) program.length * INSTRUCTION_BYTES, 8);
      for (int i = 0; i < program.length; i++) {
        long at = (long) i * INSTRUCTION_BYTES;
        code.set(ValueLayout.JAVA_SHORT, at, (short) program[i][0]);
        code.set(ValueLayout.JAVA_BYTE, at + 2, (byte) program[i][1]);
        code.set(ValueLayout.JAVA_BYTE, at + 3, (byte) program[i][2]);
        code.set(ValueLayout.JAVA_INT, at + 4, program[i][3]);
      }
      MemorySegment handle = arena.allocate(16, 8); // struct sock_fprog {u16 len; ptr filter}
      handle.set(ValueLayout.JAVA_SHORT, 0, (short) program.length);
      handle.set(ValueLayout.ADDRESS, 8, code);
      socket.setOption(
          "SO_ATTACH_FILTER", RtNetlink.SOL_SOCKET, RtNetlink.SO_ATTACH_FILTER, handle);
    }
  }

  /// A host-order half word of a message as the filter, which reads big-endian, sees it.
  private static int asRead(int type) {
    return LITTLE_ENDIAN ? Short.toUnsignedInt(Short.reverseBytes((short) type)) : type;
  }
}
