package net.donut.netlink;

import java.time.Duration;
import java.util.List;

/// A next-hop group: members with weights (`linux/nexthop.h` struct nexthop_grp). Groups do not
/// nest, and a group keeps its kind for life: a replace cannot change it.
public record KernelGroup(int id, List<Member> members, Kind kind, int protocol)
    implements NextHopObject {
  /// The largest weight that every kernel with next-hop objects takes.
  public static final int MAX_WEIGHT = 256;

  public KernelGroup {
    members = List.copyOf(members);
    if (id == 0) {
      throw new IllegalArgumentException("group id: 0 (expected: 1..4294967295)");
    }
    if (members.isEmpty()) {
      throw new IllegalArgumentException(
          "group " + Integer.toUnsignedString(id) + ": no members (expected: at least 1)");
    }
  }

  /// A next hop of the group and its share. Weights above [#MAX_WEIGHT] need kernel 6.12.
  public record Member(int nextHopId, int weight) {
    public Member {
      if (nextHopId == 0) {
        throw new IllegalArgumentException("member id: 0 (expected: 1..4294967295)");
      }
      if (weight < 1 || weight > 65536) {
        throw new IllegalArgumentException("weight: " + weight + " (expected: 1..65536)");
      }
    }
  }

  /// How flows are spread over the members.
  public sealed interface Kind {}

  /// By the flow's hash against thresholds; every member gets its share of the flows.
  public record HashThreshold() implements Kind {}

  /// By a table of buckets, each of which uses one member: `round(buckets * weight / total)`
  /// buckets a member. When a member goes, the kernel moves its buckets to the others at once.
  ///
  /// @param buckets 1..65535; fixed for the life of the group
  /// @param idleTimer how long a bucket must be unused to be moved by a new set of weights; zero
  ///   moves it at once
  /// @param unbalancedTimer how long the group may stay out of balance; zero is for ever
  public record Resilient(int buckets, Duration idleTimer, Duration unbalancedTimer)
      implements Kind {
    public Resilient {
      if (buckets < 1 || buckets > 65535) {
        throw new IllegalArgumentException("buckets: " + buckets + " (expected: 1..65535)");
      }
    }
  }

  /// A resilient group in which the first member carries everything and the next takes over inside
  /// the kernel when the first goes: steep weights and as many buckets as members.
  ///
  /// @param nextHopIds 1 to 3 next hops, the primary first
  public static KernelGroup protecting(int id, int protocol, int... nextHopIds) {
    int[] weights =
        switch (nextHopIds.length) {
          case 1 -> new int[] {1};
          case 2 -> new int[] {255, 1};
          case 3 -> new int[] {256, 16, 1};
          default ->
              throw new IllegalArgumentException(
                  "members of a protecting group: " + nextHopIds.length + " (expected: 1..3)");
        };
    Member[] members = new Member[nextHopIds.length];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Member(nextHopIds[i], weights[i]);
    }
    return new KernelGroup(
        id,
        List.of(members),
        new Resilient(members.length, Duration.ZERO, Duration.ZERO),
        protocol);
  }
}
