package net.donut.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.donut.core.answer.OriginValidity;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.table.PrefixTable;

/// Validated ROA payloads, ready to be asked: which AS may originate which prefix, up to which
/// length (RFC 6811). Immutable after it is made.
public final class ValidatedPayloads {
  /// No payloads: every origin is not found.
  public static final ValidatedPayloads NONE = new ValidatedPayloads(List.of());

  /// The AS number of an origin that is none: the path ends in an AS_SET, or is empty.
  public static final int NO_ORIGIN = 0;

  /// One payload. `asn` 0..4294967295, where 0 says that nobody may (RFC 6483 §4); `maxLength` is
  /// the longest prefix it allows.
  public record Payload(Prefix prefix, int maxLength, long asn) {
    public Payload {
      if (maxLength < prefix.length() || maxLength > prefix.family().bits()) {
        throw new IllegalArgumentException(
            prefix
                + ": max length "
                + maxLength
                + " (expected: "
                + prefix.length()
                + ".."
                + prefix.family().bits()
                + ")");
      }
      if (asn < 0 || asn > 0xffff_ffffL) {
        throw new IllegalArgumentException(prefix + ": AS " + asn + " (expected: 0..4294967295)");
      }
    }
  }

  /// The payloads of one family: those of slot s are pairs of AS and longest length in `pairs[s]`.
  private static final class Side {
    final PrefixTable table;
    int[][] pairs = new int[16][];

    Side(Family family) {
      table = new PrefixTable(family);
    }

    void add(Payload payload) {
      int slot = table.findOrAdd(payload.prefix());
      if (slot >= pairs.length) {
        pairs = Arrays.copyOf(pairs, slot * 2);
      }
      int[] known = pairs[slot] == null ? new int[0] : pairs[slot];
      int[] grown = Arrays.copyOf(known, known.length + 2);
      grown[known.length] = (int) payload.asn();
      grown[known.length + 1] = payload.maxLength();
      pairs[slot] = grown;
    }
  }

  private final Side ipv4 = new Side(Family.IPV4);
  private final Side ipv6 = new Side(Family.IPV6);
  private final int size;

  public ValidatedPayloads(List<Payload> payloads) {
    List<Payload> all = new ArrayList<>(payloads);
    all.forEach(payload -> side(payload.prefix().family()).add(payload));
    size = all.size();
  }

  private Side side(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }

  public int size() {
    return size;
  }

  /// Whether any payload covers a prefix, given by its left-aligned bits.
  public boolean covers(Family family, long high, long low, int length) {
    return side(family).table.longestMatch(high, low, length) != PrefixTable.NONE;
  }

  public OriginValidity validity(Prefix prefix, int origin) {
    return validity(prefix.family(), prefix.high(), prefix.low(), prefix.length(), origin);
  }

  /// The validity of a prefix, given by its left-aligned bits, with the origin AS of its path.
  public OriginValidity validity(Family family, long high, long low, int length, int origin) {
    Side side = side(family);
    int slot = side.table.longestMatch(high, low, length);
    if (slot == PrefixTable.NONE) {
      return OriginValidity.NOT_FOUND;
    }
    while (slot != PrefixTable.NONE) {
      if (origin != NO_ORIGIN && matches(side.pairs[slot], length, origin)) {
        return OriginValidity.VALID;
      }
      int covering = side.table.length(slot);
      slot = covering == 0 ? PrefixTable.NONE : side.table.longestMatch(high, low, covering - 1);
    }
    return OriginValidity.INVALID;
  }

  /// The payloads that cover a prefix, those of the longest prefix first.
  List<Payload> covering(Prefix prefix) {
    Side side = side(prefix.family());
    List<Payload> found = new ArrayList<>();
    int slot = side.table.longestMatch(prefix.high(), prefix.low(), prefix.length());
    while (slot != PrefixTable.NONE) {
      int[] pairs = side.pairs[slot];
      for (int i = 0; i < pairs.length; i += 2) {
        found.add(
            new Payload(side.table.prefix(slot), pairs[i + 1], Integer.toUnsignedLong(pairs[i])));
      }
      int length = side.table.length(slot);
      slot =
          length == 0
              ? PrefixTable.NONE
              : side.table.longestMatch(prefix.high(), prefix.low(), length - 1);
    }
    return found;
  }

  private static boolean matches(int[] pairs, int length, int origin) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i] == origin && length <= pairs[i + 1]) {
        return true;
      }
    }
    return false;
  }
}
