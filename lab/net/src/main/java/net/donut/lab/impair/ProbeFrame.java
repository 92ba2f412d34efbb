package net.donut.lab.impair;

import java.nio.ByteBuffer;
import net.donut.netlink.Frame;

/// A frame of a calibration: of a type that no stack knows, with when it was sent.
final class ProbeFrame {
  /// IEEE 802 Local Experimental EtherType 1.
  static final int TYPE = 0x88b5;

  static final int LEAST_BYTES = 60;

  private static final int MAGIC = 0xd0d0_0002;

  /// What it is for.
  enum Use {
    /// To tell delay and loss.
    PROBE(1),
    /// To fill the link.
    FILL(2);

    private final byte code;

    Use(int code) {
      this.code = (byte) code;
    }
  }

  private ProbeFrame() {}

  static Frame make(byte[] source, byte[] destination, int bytes) {
    Frame frame = new Frame(bytes);
    frame.bytes().put(destination).put(source).putShort((short) TYPE).putInt(MAGIC).clear();
    return frame;
  }

  static void stamp(Frame frame, Use use, int sequence, long nanos) {
    ByteBuffer bytes = frame.bytes();
    bytes.put(18, use.code).putInt(19, sequence).putLong(23, nanos);
  }

  static boolean isProbeFrame(Frame frame) {
    return frame.length() >= LEAST_BYTES && frame.bytes().getInt(14) == MAGIC;
  }

  static Use use(Frame frame) {
    return frame.bytes().get(18) == Use.PROBE.code ? Use.PROBE : Use.FILL;
  }

  static int sequence(Frame frame) {
    return frame.bytes().getInt(19);
  }

  static long nanos(Frame frame) {
    return frame.bytes().getLong(23);
  }
}
