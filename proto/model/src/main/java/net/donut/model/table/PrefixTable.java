package net.donut.model.table;

import java.util.Arrays;
import net.donut.model.Bits;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// The prefixes of one family, each with a dense number, its slot, for as long as it is present.
/// Owned by the thread of whoever created it.
public final class PrefixTable {
  /*
   * Slots: the address and length of slot s stand in parallel arrays at s: 5 bytes (IPv4) or 17
   * (IPv6). Removed slots form a free list threaded through the address arrays, marked by length
   * FREE, and are given out again last-in first-out, so `capacity()` never exceeds the largest size
   * there ever was.
   *
   * Index: open addressing with linear probing over slot numbers + 1, at most 3/4 full; removal
   * shifts back (Knuth 6.4 R), so there are no tombstones and probes stay short under churn.
   *
   * Longest match probes the index once for every prefix length present (`byLength` counts them): at
   * most 33 or 129 probes, about 25 in a real table.
   */

  /// What the finders return for "not present".
  public static final int NONE = -1;

  private static final int FREE = 0xff;
  private static final int SMALLEST_INDEX = 16;

  private final Family family;
  private final int[] byLength;
  private int[] ipv4Bits;
  private long[] ipv6High;
  private long[] ipv6Low;
  private byte[] lengths;
  private int[] index;
  private int used;
  private int size;
  private int firstFree = NONE;
  private long version;

  public PrefixTable(Family family) {
    this(family, 12);
  }

  /// A table with room for `expected` prefixes before it grows.
  public PrefixTable(Family family, int expected) {
    this.family = family;
    this.byLength = new int[family.bits() + 1];
    int room = Math.max(1, expected);
    boolean ipv4 = family == Family.IPV4;
    ipv4Bits = new int[ipv4 ? room : 0];
    ipv6High = new long[ipv4 ? 0 : room];
    ipv6Low = new long[ipv4 ? 0 : room];
    lengths = new byte[room];
    long wanted = Math.max(SMALLEST_INDEX, room * 4L / 3 + 1);
    index = new int[1 << (64 - Long.numberOfLeadingZeros(wanted - 1))];
  }

  public Family family() {
    return family;
  }

  /// The number of prefixes present.
  public int size() {
    return size;
  }

  /// One more than the largest slot ever given out.
  public int capacity() {
    return used;
  }

  /// Grows with every prefix added or removed.
  public long version() {
    return version;
  }

  /// The slot of a prefix given by its left-aligned bits (host bits zero), or [#NONE].
  public int find(long high, long low, int length) {
    int mask = index.length - 1;
    for (int i = home(high, low, length, mask); index[i] != 0; i = (i + 1) & mask) {
      int slot = index[i] - 1;
      if (holds(slot, high, low, length)) {
        return slot;
      }
    }
    return NONE;
  }

  /// The slot of a prefix, or [#NONE].
  public int find(Prefix prefix) {
    return prefix.family() == family ? find(prefix.high(), prefix.low(), prefix.length()) : NONE;
  }

  /// The slot of a prefix given by its left-aligned bits (host bits zero), added if it is not
  /// there.
  public int findOrAdd(long high, long low, int length) {
    int found = find(high, low, length);
    if (found != NONE) {
      return found;
    }
    if ((size + 1) * 4L > index.length * 3L) {
      growIndex();
    }
    int slot = takeSlot();
    if (family == Family.IPV4) {
      ipv4Bits[slot] = (int) (high >>> 32);
    } else {
      ipv6High[slot] = high;
      ipv6Low[slot] = low;
    }
    lengths[slot] = (byte) length;
    byLength[length]++;
    size++;
    version++;
    insert(slot, high, low, length);
    return slot;
  }

  public int findOrAdd(Prefix prefix) {
    if (prefix.family() != family) {
      throw new IllegalArgumentException(
          prefix + ": " + prefix.family() + " (expected: " + family + ")");
    }
    return findOrAdd(prefix.high(), prefix.low(), prefix.length());
  }

  /// Forgets the prefix of a slot; the slot may be given to another prefix.
  public void remove(int slot) {
    checkPresent(slot);
    unindex(slot);
    byLength[length(slot)]--;
    lengths[slot] = (byte) FREE;
    if (family == Family.IPV4) {
      ipv4Bits[slot] = firstFree;
    } else {
      ipv6High[slot] = firstFree;
    }
    firstFree = slot;
    size--;
    version++;
  }

  /// Whether a slot below [#capacity] holds a prefix now.
  public boolean isPresent(int slot) {
    return slot >= 0 && slot < used && length(slot) != FREE;
  }

  public long high(int slot) {
    return family == Family.IPV4 ? (long) ipv4Bits[slot] << 32 : ipv6High[slot];
  }

  public long low(int slot) {
    return family == Family.IPV4 ? 0 : ipv6Low[slot];
  }

  public int length(int slot) {
    return lengths[slot] & 0xff;
  }

  /// The prefix of a slot as an object; allocates.
  public Prefix prefix(int slot) {
    checkPresent(slot);
    return new Prefix(family, high(slot), low(slot), length(slot));
  }

  /// The slot of the longest prefix that contains an address, or [#NONE].
  public int longestMatch(IpAddress address) {
    return address.family() == family
        ? longestMatch(address.high(), address.low(), family.bits())
        : NONE;
  }

  /// The slot of the longest prefix of at most `longest` bits that contains the left-aligned
  /// address, or [#NONE].
  public int longestMatch(long high, long low, int longest) {
    for (int length = longest; length >= 0; length--) {
      if (byLength[length] > 0) {
        int slot = find(high & Bits.maskHigh(length), low & Bits.maskLow(length), length);
        if (slot != NONE) {
          return slot;
        }
      }
    }
    return NONE;
  }

  /// The slots of all prefixes that contain an address, longest first.
  public int[] coveringChain(IpAddress address) {
    return address.family() == family
        ? coveringChain(address.high(), address.low(), family.bits())
        : new int[0];
  }

  /// The slots of a prefix, if present, and of all that contain it, longest first.
  public int[] coveringChain(Prefix prefix) {
    return prefix.family() == family
        ? coveringChain(prefix.high(), prefix.low(), prefix.length())
        : new int[0];
  }

  private int[] coveringChain(long high, long low, int longest) {
    int[] chain = new int[longest + 1];
    int count = 0;
    int slot = longestMatch(high, low, longest);
    while (slot != NONE) {
      chain[count++] = slot;
      slot = longestMatch(high, low, length(slot) - 1);
    }
    return Arrays.copyOf(chain, count);
  }

  /// The slots of all prefixes in the order of [Prefix#compareTo]: a covering prefix stands before
  /// what it covers. O(n log n), allocates.
  public int[] sortedSlots() {
    return family == Family.IPV4 ? SlotSort.ipv4(this) : SlotSort.merged(this, presentSlots());
  }

  /// The slots of a prefix, if present, and of all more specific ones, in sorted order. O(n).
  public int[] slotsWithin(Prefix cover) {
    if (cover.family() != family) {
      return new int[0];
    }
    int[] found = new int[16];
    int count = 0;
    long maskHigh = Bits.maskHigh(cover.length());
    long maskLow = Bits.maskLow(cover.length());
    for (int slot = 0; slot < used; slot++) {
      int length = length(slot);
      if (length != FREE
          && length >= cover.length()
          && ((high(slot) ^ cover.high()) & maskHigh) == 0
          && ((low(slot) ^ cover.low()) & maskLow) == 0) {
        if (count == found.length) {
          found = Arrays.copyOf(found, count * 2);
        }
        found[count++] = slot;
      }
    }
    return SlotSort.merged(this, Arrays.copyOf(found, count));
  }

  private int[] presentSlots() {
    int[] slots = new int[size];
    int count = 0;
    for (int slot = 0; slot < used; slot++) {
      if (length(slot) != FREE) {
        slots[count++] = slot;
      }
    }
    return slots;
  }

  private void checkPresent(int slot) {
    if (!isPresent(slot)) {
      throw new IllegalArgumentException("slot: " + slot + " (expected: one in use)");
    }
  }

  private boolean holds(int slot, long high, long low, int length) {
    if (length(slot) != length) {
      return false;
    }
    return family == Family.IPV4
        ? ipv4Bits[slot] == (int) (high >>> 32)
        : ipv6High[slot] == high && ipv6Low[slot] == low;
  }

  private static int home(long high, long low, int length, int mask) {
    long mixed = (high ^ Long.rotateLeft(low, 31) ^ length) * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8feb86659fd93L;
    return (int) (mixed >>> 32) & mask;
  }

  private void insert(int slot, long high, long low, int length) {
    int mask = index.length - 1;
    int i = home(high, low, length, mask);
    while (index[i] != 0) {
      i = (i + 1) & mask;
    }
    index[i] = slot + 1;
  }

  private void unindex(int slot) {
    int mask = index.length - 1;
    int hole = home(high(slot), low(slot), length(slot), mask);
    while (index[hole] != slot + 1) {
      hole = (hole + 1) & mask;
    }
    index[hole] = 0;
    for (int i = (hole + 1) & mask; index[i] != 0; i = (i + 1) & mask) {
      int other = index[i] - 1;
      int home = home(high(other), low(other), length(other), mask);
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        index[hole] = index[i];
        index[i] = 0;
        hole = i;
      }
    }
  }

  private void growIndex() {
    index = new int[index.length * 2];
    for (int slot = 0; slot < used; slot++) {
      if (length(slot) != FREE) {
        insert(slot, high(slot), low(slot), length(slot));
      }
    }
  }

  private int takeSlot() {
    if (firstFree != NONE) {
      int slot = firstFree;
      firstFree = family == Family.IPV4 ? ipv4Bits[slot] : (int) ipv6High[slot];
      return slot;
    }
    if (used == lengths.length) {
      int room = used + Math.max(16, used >> 2);
      lengths = Arrays.copyOf(lengths, room);
      if (family == Family.IPV4) {
        ipv4Bits = Arrays.copyOf(ipv4Bits, room);
      } else {
        ipv6High = Arrays.copyOf(ipv6High, room);
        ipv6Low = Arrays.copyOf(ipv6Low, room);
      }
    }
    return used++;
  }
}
