package net.donut.lab.probe;

import java.util.Arrays;

/// What became of every packet of an audience, in the order of asking: packet `i` is of stream `i`
/// modulo the number of streams. Owned by the thread of the audience, and read when that has ended.
public final class StreamLog {
  private static final int LARGEST_TTL = 64;
  private static final int FIRST_ROOM = 1 << 14;

  private final Audience audience;
  private long[] askedAt = new long[FIRST_ROOM];
  private long[] cameAt = new long[FIRST_ROOM];
  private byte[] hops = new byte[FIRST_ROOM];
  private byte[] sites = new byte[FIRST_ROOM];
  private int size;

  StreamLog(Audience audience) {
    this.audience = audience;
  }

  public Audience audience() {
    return audience;
  }

  /// How many packets were asked for.
  public int size() {
    return size;
  }

  /// Notes that the next packet is asked for, and returns its number.
  int asked(long nanos) {
    if (size == askedAt.length) {
      int room = 2 * size;
      askedAt = Arrays.copyOf(askedAt, room);
      cameAt = Arrays.copyOf(cameAt, room);
      hops = Arrays.copyOf(hops, room);
      sites = Arrays.copyOf(sites, room);
    }
    askedAt[size] = nanos;
    return size++;
  }

  /// Notes that a packet came; a second time counts for nothing.
  void came(int packet, long nanos, int ttl, int site) {
    if (packet >= 0 && packet < size && cameAt[packet] == 0) {
      cameAt[packet] = nanos;
      hops[packet] = (byte) (LARGEST_TTL - ttl);
      sites[packet] = (byte) site;
    }
  }

  long askedNanos(int packet) {
    return askedAt[packet];
  }

  /// When it came; 0 for one that did not.
  long cameNanos(int packet) {
    return cameAt[packet];
  }

  boolean hasCome(int packet) {
    return cameAt[packet] != 0;
  }

  /// Routers that it passed on its way from the server.
  int routers(int packet) {
    return hops[packet];
  }

  /// Whether two packets that came took ways of different length, or came from different servers.
  boolean differ(int one, int other) {
    return hops[one] != hops[other] || sites[one] != sites[other];
  }

  /// The first packet that was asked for at a time or later.
  int firstSince(long nanos) {
    int found = Arrays.binarySearch(askedAt, 0, size, nanos);
    return found < 0 ? -found - 1 : found;
  }
}
