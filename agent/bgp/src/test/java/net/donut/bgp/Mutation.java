package net.donut.bgp;

import static net.donut.bgp.UpdateParts.AGGREGATOR;
import static net.donut.bgp.UpdateParts.AS_PATH;
import static net.donut.bgp.UpdateParts.ATOMIC_AGGREGATE;
import static net.donut.bgp.UpdateParts.COMMUNITIES;
import static net.donut.bgp.UpdateParts.EXTENDED;
import static net.donut.bgp.UpdateParts.EXTENDED_COMMUNITIES;
import static net.donut.bgp.UpdateParts.LARGE_COMMUNITIES;
import static net.donut.bgp.UpdateParts.LOCAL_PREF;
import static net.donut.bgp.UpdateParts.MED;
import static net.donut.bgp.UpdateParts.MP_REACH;
import static net.donut.bgp.UpdateParts.MP_UNREACH;
import static net.donut.bgp.UpdateParts.NEXT_HOP;
import static net.donut.bgp.UpdateParts.ONLY_TO_CUSTOMER;
import static net.donut.bgp.UpdateParts.OPTIONAL;
import static net.donut.bgp.UpdateParts.ORIGIN;
import static net.donut.bgp.UpdateParts.PARTIAL;
import static net.donut.bgp.UpdateParts.TRANSITIVE;

import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import net.donut.bgp.UpdateParts.Attribute;

/// One way to break an UPDATE from an external neighbor, what it is to cost, and who says so.
/// Written from the RFCs, not from the decoder.
enum Mutation {
  NONE(Cost.NOTHING, "RFC 4271 §4.3", (_, _) -> {}),

  ORIGIN_VALUE(
      Cost.ROUTES,
      "RFC 7606 §7.1",
      (update, random) -> value(update, ORIGIN, (byte) random.nextInt(3, 256))),
  ORIGIN_LENGTH(
      Cost.ROUTES,
      "RFC 7606 §7.1",
      (update, random) -> value(update, ORIGIN, new byte[otherThan(1, 5, random)])),
  ORIGIN_FLAGS(
      Cost.ROUTES, "RFC 7606 §3 c", (update, random) -> flags(update, ORIGIN, wrong(0x40, random))),
  ORIGIN_MISSING(Cost.ROUTES, "RFC 7606 §3 d", (update, _) -> update.remove(ORIGIN)),

  AS_PATH_SEGMENT_TYPE(
      Cost.ROUTES,
      "RFC 7606 §7.2",
      (update, random) -> {
        int type = random.nextInt(5, 257) & 0xff;
        value(update, AS_PATH, path(type, 1, random.nextInt(1, 4)));
      }),
  AS_PATH_SEGMENT_OVERRUN(
      Cost.ROUTES,
      "RFC 7606 §7.2",
      (update, random) -> {
        byte[] path = path(2, 1, random.nextInt(1, 4));
        path[1] += (byte) random.nextInt(1, 100);
        value(update, AS_PATH, path);
      }),
  AS_PATH_SEGMENT_UNDERRUN(
      Cost.ROUTES,
      "RFC 7606 §7.2",
      (update, random) -> {
        byte[] path = path(2, 1, random.nextInt(1, 4));
        value(update, AS_PATH, Arrays.copyOf(path, path.length + 1));
      }),
  AS_PATH_SEGMENT_EMPTY(
      Cost.ROUTES,
      "RFC 7606 §7.2",
      (update, random) -> {
        byte[] path = path(2, 1, random.nextInt(1, 4));
        byte[] longer = Arrays.copyOf(path, path.length + 2);
        longer[path.length] = (byte) random.nextInt(1, 3);
        value(update, AS_PATH, longer);
      }),
  AS_PATH_AS_ZERO(
      Cost.ROUTES,
      "RFC 7607 §2",
      (update, random) -> {
        byte[] path = path(2, 1, random.nextInt(2, 5));
        Arrays.fill(path, path.length - 4, path.length, (byte) 0);
        value(update, AS_PATH, path);
      }),
  AS_PATH_CONFEDERATION(
      Cost.ROUTES,
      "RFC 5065 §5 with RFC 7606 §7.2",
      (update, random) ->
          value(update, AS_PATH, path(random.nextInt(3, 5), 1, random.nextInt(1, 4)))),
  AS_PATH_FLAGS(
      Cost.ROUTES,
      "RFC 7606 §3 c",
      (update, random) -> flags(update, AS_PATH, wrong(0x40, random))),
  AS_PATH_MISSING(Cost.ROUTES, "RFC 7606 §3 d", (update, _) -> update.remove(AS_PATH)),

  NEXT_HOP_LENGTH(
      Cost.ROUTES,
      "RFC 7606 §7.3",
      (update, random) -> value(update, NEXT_HOP, bytes(otherThan(4, 9, random), 10))),
  NEXT_HOP_INVALID(
      Cost.ROUTES,
      "RFC 4271 §6.3",
      (update, random) -> {
        int[] firsts = {0, 127, 224, 239, 255};
        value(update, NEXT_HOP, (byte) firsts[random.nextInt(5)], (byte) 0, (byte) 0, (byte) 0);
      }),
  NEXT_HOP_FLAGS(
      Cost.ROUTES,
      "RFC 7606 §3 c",
      (update, random) -> flags(update, NEXT_HOP, wrong(0x40, random))),
  NEXT_HOP_MISSING(Cost.ROUTES, "RFC 7606 §3 d", (update, _) -> update.remove(NEXT_HOP)),

  MED_LENGTH(
      Cost.ROUTES,
      "RFC 7606 §7.4",
      (update, random) -> put(update, OPTIONAL, MED, new byte[otherThan(4, 9, random)])),
  MED_FLAGS(
      Cost.ROUTES,
      "RFC 7606 §3 c",
      (update, random) -> put(update, wrong(OPTIONAL, random), MED, new byte[4])),
  OPTIONAL_TRANSITIVE_FLAGS(
      Cost.ROUTES,
      "RFC 7606 §3 c",
      (update, random) -> {
        int[] types = {COMMUNITIES, EXTENDED_COMMUNITIES, LARGE_COMMUNITIES, ONLY_TO_CUSTOMER};
        int[] lengths = {4, 8, 12, 4};
        int at = random.nextInt(types.length);
        put(update, wrong(OPTIONAL | TRANSITIVE, random), types[at], bytes(lengths[at], 1));
      }),
  ATOMIC_AGGREGATE_FLAGS(
      Cost.ROUTES,
      "RFC 7606 §3 c, whatever its value costs",
      (update, random) -> put(update, wrong(TRANSITIVE, random), ATOMIC_AGGREGATE, new byte[0])),
  AGGREGATOR_FLAGS(
      Cost.ROUTES,
      "RFC 7606 §3 c, whatever its value costs",
      (update, random) ->
          put(update, wrong(OPTIONAL | TRANSITIVE, random), AGGREGATOR, bytes(8, 10))),
  INTERNAL_FLAGS(
      Cost.ROUTES,
      "RFC 7606 §3 c, whoever sends it",
      (update, random) ->
          put(update, wrong(OPTIONAL, random), 9 + random.nextInt(2), bytes(4, 10))),
  ONLY_TO_CUSTOMER_LENGTH(
      Cost.ROUTES,
      "RFC 9234 §5",
      (update, random) ->
          put(update, OPTIONAL | TRANSITIVE, ONLY_TO_CUSTOMER, bytes(otherThan(4, 9, random), 1))),
  LOCAL_PREF_EXTERNAL(
      Cost.ATTRIBUTE,
      "RFC 7606 §7.5",
      (update, random) ->
          put(update, TRANSITIVE, LOCAL_PREF, new byte[random.nextBoolean() ? 4 : 3])),
  ATOMIC_AGGREGATE_LENGTH(
      Cost.ATTRIBUTE,
      "RFC 7606 §7.6",
      (update, random) ->
          put(update, TRANSITIVE, ATOMIC_AGGREGATE, new byte[random.nextInt(1, 9)])),
  AGGREGATOR_LENGTH(
      Cost.ATTRIBUTE,
      "RFC 7606 §7.7",
      (update, random) ->
          put(update, OPTIONAL | TRANSITIVE, AGGREGATOR, bytes(otherThan(8, 13, random), 10))),
  AGGREGATOR_AS_ZERO(
      Cost.ATTRIBUTE,
      "RFC 7607 §2",
      (update, _) ->
          put(update, OPTIONAL | TRANSITIVE, AGGREGATOR, new byte[] {0, 0, 0, 0, 10, 1, 1, 1})),
  COMMUNITIES_LENGTH(
      Cost.ROUTES,
      "RFC 7606 §7.8",
      (update, random) ->
          put(update, OPTIONAL | TRANSITIVE, COMMUNITIES, bytes(notMultipleOf(4, random), 1))),
  EXTENDED_COMMUNITIES_LENGTH(
      Cost.ROUTES,
      "RFC 7606 §7.14",
      (update, random) ->
          put(
              update,
              OPTIONAL | TRANSITIVE,
              EXTENDED_COMMUNITIES,
              bytes(notMultipleOf(8, random), 0))),
  LARGE_COMMUNITIES_LENGTH(
      Cost.ROUTES,
      "RFC 8092 §6",
      (update, random) ->
          put(
              update,
              OPTIONAL | TRANSITIVE,
              LARGE_COMMUNITIES,
              bytes(notMultipleOf(12, random), 1))),
  ORIGINATOR_ID_EXTERNAL(
      Cost.ATTRIBUTE,
      "RFC 7606 §7.9",
      (update, random) -> put(update, OPTIONAL, 9, bytes(random.nextInt(3, 6), 10))),
  CLUSTER_LIST_EXTERNAL(
      Cost.ATTRIBUTE,
      "RFC 7606 §7.10",
      (update, random) -> put(update, OPTIONAL, 10, bytes(random.nextInt(3, 6), 10))),

  LAST_ATTRIBUTE_OVERRUN(
      Cost.ROUTES,
      "RFC 7606 §4",
      (update, random) -> {
        int last = update.attributes.size() - 1;
        update.attributes.set(last, update.attributes.get(last).withExcess(random.nextInt(1, 60)));
      }),
  ATTRIBUTE_HEADER_CUT(
      Cost.ROUTES,
      "RFC 7606 §4",
      (update, random) ->
          update.rest =
              random.nextBoolean() ? new byte[] {(byte) 0xc0} : new byte[] {(byte) 0xc0, 8}),
  DUPLICATE_ATTRIBUTE(
      Cost.ATTRIBUTE,
      "RFC 7606 §3 g",
      (update, random) ->
          update.attributes.add(update.attributes.get(random.nextInt(update.attributes.size())))),
  ATTRIBUTES_TOTAL_TOO_LONG(
      Cost.SESSION,
      "RFC 7606 §3 b",
      (update, random) -> update.attributesExcess = random.nextInt(300, 3000)),
  WITHDRAWN_TOTAL_TOO_LONG(
      Cost.SESSION,
      "RFC 7606 §3 b",
      (update, random) -> update.withdrawnExcess = random.nextInt(3000, 40_000)),

  UNKNOWN_WELL_KNOWN(
      Cost.SESSION,
      "RFC 4271 §6.3",
      (update, random) ->
          put(update, TRANSITIVE, random.nextInt(200, 250), bytes(random.nextInt(9), 7))),
  UNKNOWN_OPTIONAL(
      Cost.NOTHING,
      "RFC 4271 §5",
      (update, random) ->
          put(
              update,
              OPTIONAL | (random.nextBoolean() ? TRANSITIVE | PARTIAL : 0),
              random.nextInt(200, 250),
              bytes(random.nextInt(300), 7))),
  UNNEEDED_EXTENDED_LENGTH(
      Cost.NOTHING,
      "RFC 4271 §4.3",
      (update, random) -> {
        int at = random.nextInt(update.attributes.size());
        Attribute attribute = update.attributes.get(at);
        update.attributes.set(at, attribute.withFlags(attribute.flags() | EXTENDED));
      }),
  UNUSED_FLAGS(
      Cost.NOTHING,
      "RFC 4271 §4.3",
      (update, random) -> {
        int at = random.nextInt(update.attributes.size());
        Attribute attribute = update.attributes.get(at);
        update.attributes.set(at, attribute.withFlags(attribute.flags() | random.nextInt(1, 16)));
      }),
  PARTIAL_WELL_KNOWN(
      Cost.NOTHING,
      "RFC 7606 §3 c, which names only the optional and transitive bits",
      (update, random) -> flags(update, random.nextInt(1, 4), TRANSITIVE | PARTIAL)),
  ATTRIBUTE_ORDER(
      Cost.NOTHING,
      "RFC 4271 §5",
      (update, random) -> Collections.shuffle(update.attributes, random)),

  NLRI_LENGTH(
      Cost.SESSION,
      "RFC 7606 §5.3",
      (update, random) -> update.nlri = prefix(random.nextInt(33, 256), 32)),
  NLRI_OVERRUN(
      Cost.SESSION,
      "RFC 7606 §5.3",
      (update, random) -> {
        int more = random.nextInt(1, 4);
        byte[] longer = Arrays.copyOf(update.nlri, update.nlri.length + more);
        longer[update.nlri.length] = (byte) (8 * more);
        update.nlri = longer;
      }),
  WITHDRAWN_LENGTH(
      Cost.SESSION,
      "RFC 7606 §5.3",
      (update, random) -> update.withdrawn = prefix(random.nextInt(33, 256), 32)),
  WITHDRAWN_OVERRUN(
      Cost.SESSION,
      "RFC 7606 §5.3",
      (update, random) -> update.withdrawn = prefix(random.nextInt(9, 33), 1)),

  MP_REACH_SHORT(
      Cost.SESSION,
      "RFC 7606 §5.3, §7.11",
      (update, random) -> put(update, OPTIONAL, MP_REACH, reach(random.nextInt(1, 5)))),
  MP_REACH_NEXT_HOP_LENGTH(
      Cost.SESSION,
      "RFC 7606 §7.11",
      (update, random) -> {
        byte[] value = reach(28);
        value[3] = (byte) (random.nextBoolean() ? random.nextInt(5, 16) : random.nextInt(33, 256));
        put(update, OPTIONAL, MP_REACH, value);
      }),
  MP_REACH_PREFIX_LENGTH(
      Cost.SESSION,
      "RFC 7606 §5.3",
      (update, random) -> {
        byte[] value = reach(60);
        value[21] = (byte) random.nextInt(129, 256);
        put(update, OPTIONAL, MP_REACH, value);
      }),
  MP_REACH_PREFIX_OVERRUN(
      Cost.SESSION,
      "RFC 7606 §5.3",
      (update, random) -> put(update, OPTIONAL, MP_REACH, reach(random.nextInt(23, 28)))),
  MP_REACH_FLAGS(
      Cost.ROUTES,
      "RFC 7606 §3 c, which stands above RFC 4760 §7",
      (update, random) -> put(update, wrong(OPTIONAL, random), MP_REACH, reach(28))),
  MP_REACH_TWICE(
      Cost.SESSION,
      "RFC 7606 §3 g",
      (update, _) -> {
        update.attributes.add(Attribute.of(OPTIONAL, MP_REACH, reach(28)));
        update.attributes.add(Attribute.of(OPTIONAL, MP_REACH, reach(28)));
      }),
  MP_UNREACH_FLAGS(
      Cost.ROUTES,
      "RFC 7606 §3 c",
      (update, random) -> put(update, wrong(OPTIONAL, random), MP_UNREACH, new byte[] {0, 2, 1})),
  MP_UNREACH_SHORT(
      Cost.SESSION,
      "RFC 7606 §5.3, §7.12",
      (update, random) -> put(update, OPTIONAL, MP_UNREACH, bytes(random.nextInt(1, 3), 0))),
  MP_UNREACH_PREFIX_LENGTH(
      Cost.SESSION,
      "RFC 7606 §5.3",
      (update, random) -> {
        byte[] value = new byte[40];
        value[1] = 2;
        value[2] = 1;
        value[3] = (byte) random.nextInt(129, 256);
        put(update, OPTIONAL, MP_UNREACH, value);
      });

  /// What an UPDATE costs, from the least.
  enum Cost {
    NOTHING,
    ATTRIBUTE,
    ROUTES,
    SESSION
  }

  private interface Change {
    void apply(UpdateParts update, Random random);
  }

  /// The AS of the neighbor, first of every path.
  private static final int FIRST_AS = (int) RawNeighbor.AS;

  private final Cost cost;
  private final String source;

  /// A lambda without state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Change change;

  Mutation(Cost cost, String source, Change change) {
    this.cost = cost;
    this.source = source;
    this.change = change;
  }

  Cost cost() {
    return cost;
  }

  /// The section that decides.
  String source() {
    return source;
  }

  /// An UPDATE of one IPv4 /24, broken this way; what is left to choice comes from `random`.
  byte[] update(int prefix24, int nextHop, Random random) {
    UpdateParts update = good(prefix24, nextHop, random);
    change.apply(update, random);
    return update.bytes();
  }

  static UpdateParts good(int prefix24, int nextHop, Random random) {
    UpdateParts update =
        new UpdateParts(
            new byte[] {
              24, (byte) (prefix24 >>> 24), (byte) (prefix24 >>> 16), (byte) (prefix24 >>> 8)
            });
    put(update, TRANSITIVE, ORIGIN, new byte[] {(byte) random.nextInt(3)});
    put(update, TRANSITIVE, AS_PATH, path(2, 1, random.nextInt(1, 5)));
    put(update, TRANSITIVE, NEXT_HOP, ints(nextHop));
    if (random.nextBoolean()) {
      put(update, OPTIONAL, MED, ints(random.nextInt()));
    }
    if (random.nextBoolean()) {
      put(update, TRANSITIVE, ATOMIC_AGGREGATE, new byte[0]);
    }
    if (random.nextBoolean()) {
      put(update, OPTIONAL | TRANSITIVE, AGGREGATOR, ints(64512, 0x0a010101));
    }
    if (random.nextBoolean()) {
      put(update, OPTIONAL | TRANSITIVE, COMMUNITIES, ints(64512 << 16 | 7, 64512 << 16 | 9));
    }
    if (random.nextBoolean()) {
      put(update, OPTIONAL | TRANSITIVE, LARGE_COMMUNITIES, ints(64512, 1, 2));
    }
    return update;
  }

  private static void put(UpdateParts update, int flags, int type, byte[] value) {
    update.put(Attribute.of(flags, type, value));
  }

  private static void value(UpdateParts update, int type, byte... value) {
    update.put(update.get(type).withValue(value));
  }

  private static void flags(UpdateParts update, int type, int flags) {
    update.put(update.get(type).withFlags(flags));
  }

  /// Flags with the optional bit, the transitive bit, or both inverted.
  private static int wrong(int flags, Random random) {
    return flags ^ random.nextInt(1, 4) << 6;
  }

  private static int otherThan(int right, int limit, Random random) {
    int length = random.nextInt(limit - 1);
    return length < right ? length : length + 1;
  }

  private static int notMultipleOf(int unit, Random random) {
    return unit * random.nextInt(4) + random.nextInt(1, unit);
  }

  private static byte[] bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] ints(int... values) {
    byte[] bytes = new byte[4 * values.length];
    java.nio.ByteBuffer.wrap(bytes).asIntBuffer().put(values);
    return bytes;
  }

  /// One segment: the neighbor's AS and then others.
  private static byte[] path(int type, int first, int others) {
    byte[] path = new byte[2 + 4 * (first + others)];
    var out = java.nio.ByteBuffer.wrap(path).put((byte) type).put((byte) (first + others));
    out.putInt(FIRST_AS);
    for (int i = 0; i < others; i++) {
      out.putInt(64_512 + i);
    }
    return path;
  }

  private static byte[] prefix(int bits, int bytes) {
    byte[] prefix = bytes(1 + bytes, 0);
    prefix[0] = (byte) bits;
    return prefix;
  }

  /// MP_REACH_NLRI of 2001:db8:6450::/48 by 2001:db8::1, cut or filled up with zeros.
  private static byte[] reach(int length) {
    byte[] whole = {
      0,
      2,
      1,
      16,
      0x20,
      1,
      0x0d,
      (byte) 0xb8,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      1,
      0,
      48,
      0x20,
      1,
      0x0d,
      (byte) 0xb8,
      0x64,
      0x50
    };
    return Arrays.copyOf(whole, length);
  }
}
