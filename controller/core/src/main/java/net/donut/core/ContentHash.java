package net.donut.core;

/// Numbers made from content, equal in every process, so that a restarted controller finds what it
/// programmed before under the same names.
final class ContentHash {
  private static final long START = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private ContentHash() {}

  static long start() {
    return START;
  }

  static long add(long hash, String text) {
    long next = hash;
    for (int i = 0; i < text.length(); i++) {
      next = (next ^ text.charAt(i)) * PRIME;
    }
    return (next ^ 0x1f) * PRIME;
  }

  static long add(long hash, long number) {
    long next = hash;
    for (int shift = 0; shift < 64; shift += 8) {
      next = (next ^ ((number >>> shift) & 0xff)) * PRIME;
    }
    return next;
  }

  /// Spreads what was added over all bits.
  static long finish(long hash) {
    long mixed = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8feb86659fd93L;
    return mixed ^ (mixed >>> 32);
  }
}
