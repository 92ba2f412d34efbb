package net.donut.api;

import net.donut.model.PathAttributes;

/// Numbers whose sum over a set of routes is the digest of that set, whatever its order
/// (`NeighborDigest.digest`). The same in every process: they come from the encoded message.
public final class RouteDigest {
  private RouteDigest() {}

  /// The part of a digest that depends on the attributes. Never 0.
  public static long content(PathAttributes attributes) {
    long hash = 0xcbf29ce484222325L;
    for (byte octet : AttributeMapping.toProto(0, attributes).toByteArray()) {
      hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
    }
    long mixed = mix(hash);
    return mixed == 0 ? 1 : mixed;
  }

  /// The number of one route: a prefix by its left-aligned bits, and [#content] of its attributes.
  public static long of(long high, long low, int length, long content) {
    return mix(mix(mix(mix(high) ^ low) ^ length) ^ content);
  }

  /// The finalizer of SplitMix64.
  private static long mix(long bits) {
    long mixed = bits + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
