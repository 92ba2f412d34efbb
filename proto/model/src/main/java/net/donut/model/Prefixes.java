package net.donut.model;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// An immutable sequence of prefixes of one family, packed in a `long[]`: no object a prefix.
///
/// An IPv4 prefix takes 8 bytes (address in the upper 32 bits, length in the low 8), an IPv6 prefix
/// 24.
public final class Prefixes implements Iterable<Prefix> {
  private static final Prefixes NO_IPV4 = new Prefixes(Family.IPV4, new long[0], 0, 0);
  private static final Prefixes NO_IPV6 = new Prefixes(Family.IPV6, new long[0], 0, 0);

  private final Family family;
  private final long[] words;
  private final int first;
  private final int size;

  private Prefixes(Family family, long[] words, int first, int size) {
    this.family = family;
    this.words = words;
    this.first = first;
    this.size = size;
  }

  public static Prefixes none(Family family) {
    return family == Family.IPV4 ? NO_IPV4 : NO_IPV6;
  }

  public static Prefixes of(Prefix first, Prefix... rest) {
    Builder builder = new Builder(first.family()).add(first);
    for (Prefix prefix : rest) {
      builder.add(prefix);
    }
    return builder.build();
  }

  /// The prefixes of a list, all of one family.
  public static Prefixes copyOf(Family family, List<Prefix> prefixes) {
    Builder builder = new Builder(family);
    prefixes.forEach(builder::add);
    return builder.build();
  }

  public Family family() {
    return family;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /// The upper 64 address bits of prefix `i`, left-aligned.
  public long high(int i) {
    return family == Family.IPV4
        ? words[first + i] & 0xffff_ffff_0000_0000L
        : words[3 * (first + i)];
  }

  /// The lower 64 address bits of prefix `i`.
  public long low(int i) {
    return family == Family.IPV4 ? 0 : words[3 * (first + i) + 1];
  }

  public int length(int i) {
    return (int) (family == Family.IPV4 ? words[first + i] & 0xff : words[3 * (first + i) + 2]);
  }

  /// Prefix `i` as an object; allocates.
  public Prefix get(int i) {
    return new Prefix(family, high(i), low(i), length(i));
  }

  @Override
  public Iterator<Prefix> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size;
      }

      @Override
      public Prefix next() {
        if (next >= size) {
          throw new NoSuchElementException();
        }
        return get(next++);
      }
    };
  }

  /// Prefixes `from` up to `end`, without it: the same words, not a copy.
  public Prefixes slice(int from, int end) {
    if (from < 0 || from > end || end > size) {
      throw new IndexOutOfBoundsException(from + ".." + end + " of " + size + " prefixes");
    }
    return from == 0 && end == size ? this : new Prefixes(family, words, first + from, end - from);
  }

  private int firstWord() {
    return family == Family.IPV4 ? first : 3 * first;
  }

  private int endWord() {
    return family == Family.IPV4 ? first + size : 3 * (first + size);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Prefixes that
        && family == that.family
        && size == that.size
        && Arrays.equals(
            words, firstWord(), endWord(), that.words, that.firstWord(), that.endWord());
  }

  @Override
  public int hashCode() {
    int hash = family.hashCode();
    for (int i = firstWord(); i < endWord(); i++) {
      hash = 31 * hash + Long.hashCode(words[i]);
    }
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ", ").append(get(i));
    }
    return text.append(']').toString();
  }

  /// Collects prefixes of one family. Not reusable after [#build].
  public static final class Builder {
    private final Family family;
    private long[] words;
    private int size;

    public Builder(Family family) {
      this(family, 16);
    }

    public Builder(Family family, int expected) {
      this.family = family;
      this.words = new long[Math.max(1, expected) * (family == Family.IPV4 ? 1 : 3)];
    }

    public Builder add(Prefix prefix) {
      if (prefix.family() != family) {
        throw new IllegalArgumentException(
            prefix + ": " + prefix.family() + " (expected: " + family + ")");
      }
      return add(prefix.high(), prefix.low(), prefix.length());
    }

    /// Adds a prefix by its left-aligned bits, which are masked to `length` here.
    public Builder add(long high, long low, int length) {
      if (length < 0 || length > family.bits()) {
        throw new IllegalArgumentException(
            "length: " + length + " (expected: 0.." + family.bits() + ")");
      }
      int width = family == Family.IPV4 ? 1 : 3;
      if ((size + 1) * width > words.length) {
        words = Arrays.copyOf(words, words.length * 2 + width);
      }
      if (family == Family.IPV4) {
        words[size] = (high & Bits.maskHigh(length)) | length;
      } else {
        words[3 * size] = high & Bits.maskHigh(length);
        words[3 * size + 1] = low & Bits.maskLow(length);
        words[3 * size + 2] = length;
      }
      size++;
      return this;
    }

    public int size() {
      return size;
    }

    public Prefixes build() {
      return size == 0 ? none(family) : new Prefixes(family, words, 0, size);
    }
  }
}
