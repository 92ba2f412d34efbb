package net.donut.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Memory for one frame of a link, from its destination address on. Owned by the thread that works
/// with it.
public final class Frame {
  /// Bytes before the payload: two addresses and the type.
  public static final int HEADER_BYTES = 14;

  private final MemorySegment memory;
  private final ByteBuffer bytes;

  public Frame(int mostBytes) {
    memory = Arena.ofAuto().allocate(mostBytes, 8);
    bytes = memory.asByteBuffer();
  }

  MemorySegment memory() {
    return memory;
  }

  /// What it holds, from 0 to the limit.
  public ByteBuffer bytes() {
    return bytes;
  }

  public int length() {
    return bytes.limit();
  }
}
