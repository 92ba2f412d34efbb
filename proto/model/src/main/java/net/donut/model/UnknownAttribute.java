package net.donut.model;

import java.util.Arrays;
import java.util.HexFormat;

/// An attribute this code does not interpret, kept byte for byte (RFC 4271 §9: passed on when
/// transitive, with the partial bit set). `flags` is the wire octet, `type` 0..255. The array is
/// never written.
public record UnknownAttribute(int flags, int type, byte[] value) {

  public boolean isTransitive() {
    return (flags & 0x40) != 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnknownAttribute that
        && flags == that.flags
        && type == that.type
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * flags + type) + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "attribute "
        + type
        + " flags 0x"
        + Integer.toHexString(flags)
        + " "
        + HexFormat.of().formatHex(value);
  }
}
