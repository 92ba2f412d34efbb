package net.donut.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Breaks inputs: the same seed and inputs give the same sequence. Blind to what the code does with
/// them, which is Jazzer's part. Owned by one thread.
public final class Mutator {
  private static final int MOST_CHANGES = 6;
  private static final int MOST_GROWTH_BYTES = 20;
  private static final byte[] BOUNDARIES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff, 4, 32, 33, 0x10};

  private final SplittableRandom random;
  private final List<byte[]> inputs;

  /// Throws IllegalArgumentException when there is no input to begin with.
  public Mutator(long seed, List<byte[]> inputs) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("inputs: none (expected: 1 or more)");
    }
    random = new SplittableRandom(seed);
    this.inputs = new ArrayList<>(inputs);
  }

  /// Gives a target every input as it is, and then `rounds` broken ones.
  public static void run(FuzzTarget target, long seed, int rounds, List<byte[]> inputs) {
    inputs.forEach(target::accept);
    Mutator mutator = new Mutator(seed, inputs);
    for (int i = 0; i < rounds; i++) {
      try {
        target.accept(mutator.next());
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + i + ": " + e.getMessage(), e);
      }
    }
  }

  /// The next broken input.
  public byte[] next() {
    byte[] bytes = pick().clone();
    for (int i = 1 + random.nextInt(MOST_CHANGES); i > 0; i--) {
      bytes = bytes.length == 0 ? new byte[] {any()} : change(bytes);
    }
    return bytes;
  }

  private byte[] pick() {
    return inputs.get(random.nextInt(inputs.size()));
  }

  private byte any() {
    return (byte) random.nextInt(256);
  }

  private byte[] change(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(8)) {
      case 0 -> with(bytes, at, any());
      case 1 -> with(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
      case 2 -> with(bytes, at, (byte) (bytes[at] + (random.nextBoolean() ? 1 : -1)));
      case 3 -> with(bytes, at, BOUNDARIES[random.nextInt(BOUNDARIES.length)]);
      case 4 -> Arrays.copyOf(bytes, at);
      case 5 -> Arrays.copyOf(bytes, bytes.length + random.nextInt(MOST_GROWTH_BYTES));
      case 6 -> without(bytes, at, random.nextInt(MOST_GROWTH_BYTES));
      default -> spliced(bytes, at, pick());
    };
  }

  private static byte[] with(byte[] bytes, int at, byte value) {
    bytes[at] = value;
    return bytes;
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    int end = Math.min(bytes.length, at + length);
    byte[] shorter = new byte[bytes.length - (end - at)];
    System.arraycopy(bytes, 0, shorter, 0, at);
    System.arraycopy(bytes, end, shorter, at, bytes.length - end);
    return shorter;
  }

  /// A piece of another input put in at `at`.
  private byte[] spliced(byte[] bytes, int at, byte[] other) {
    if (other.length == 0) {
      return bytes;
    }
    int from = random.nextInt(other.length);
    int length = Math.min(random.nextInt(2 * MOST_GROWTH_BYTES), other.length - from);
    byte[] longer = new byte[bytes.length + length];
    System.arraycopy(bytes, 0, longer, 0, at);
    System.arraycopy(other, from, longer, at, length);
    System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
    return longer;
  }
}
