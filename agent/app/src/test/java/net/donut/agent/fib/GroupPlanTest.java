package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the kernel should hold for a chain of groups, whatever of it lives.
class GroupPlanTest {
  private static final Weights.Rule NARROW = Weights.Rule.resilient(Weights.NARROW);
  private static final Weights.Rule WIDE = Weights.Rule.resilient(Weights.WIDE);
  private static final Weights.Rule HASH = Weights.Rule.hashThreshold(Weights.NARROW);
  private static final long SINK = 9;

  private final Instance instance = new Instance("DEFAULT", 254);
  private final TreeMap<Long, FibHop> hops = new TreeMap<>();

  /// A next hop of this number that lives; 9 is the sink.
  private FibHop hop(long index) {
    return hops.computeIfAbsent(
        index,
        _ -> {
          HopSpec spec =
              index == SINK
                  ? new HopSpec.Direct("lo")
                  : new HopSpec.Gateway(IpAddress.parse("192.0.2." + index), null);
          return live(new FibHop(instance, index, spec));
        });
  }

  private static FibHop live(FibHop hop) {
    hop.update(new FibHop.Path(2, "left"), FibHop.Life.LIVE, 0);
    return hop;
  }

  private void set(FibHop.Life life, long... indexes) {
    for (long index : indexes) {
      FibHop hop = hop(index);
      hop.update(hop.path(), life, 0);
    }
  }

  /// A group of equals for each level, the later ones backing up the earlier.
  private Group chain(long[]... levels) {
    return weighted(
        Stream.of(levels)
            .map(level ->
                Arrays.stream(level).mapToObj(index -> new Group.Member(hop(index), 1)).toList())
            .toList());
  }

  private Group weighted(List<List<Group.Member>> levels) {
    Group next = null;
    for (int level = levels.size(); level >= 1; level--) {
      next = group(level, levels.get(level - 1), next);
    }
    return Objects.requireNonNull(next);
  }

  private Group group(int id, List<Group.Member> members, @Nullable Group backup) {
    Group group = new Group(instance, id, id);
    group.replaceContent(members, backup);
    return group;
  }

  private static long[] level(long... members) {
    return members;
  }

  /// The members with their weights, such as `1:16 2:1`, or `blackhole` or `down`.
  private static String plan(Group group, Weights.Rule rule) {
    return plan(group, Family.IPV4, rule);
  }

  private static String plan(Group group, Family family, Weights.Rule rule) {
    return switch (GroupPlan.of(group, family, rule)) {
      case GroupPlan.Members(var shares) ->
          shares.stream()
              .map(share -> share.hop().index() + ":" + share.weight())
              .collect(Collectors.joining(" "));
      case GroupPlan.Blackhole() -> "blackhole";
      case GroupPlan.Down() -> "down";
    };
  }

  @Test
  void a_chain_of_three_has_its_members_in_order() {
    Group group = chain(level(1), level(2), level(3));

    assertThat(plan(group, NARROW)).isEqualTo("1:256 2:16 3:1");
  }

  @Test
  void the_dead_are_left_out_and_the_others_keep_their_weights_as_in_the_kernel() {
    Group group = chain(level(1), level(2), level(3));

    set(FibHop.Life.DOWN, 1);
    assertThat(plan(group, NARROW)).isEqualTo("2:16 3:1");

    set(FibHop.Life.DOWN, 2);
    assertThat(plan(group, NARROW)).isEqualTo("3:1");

    set(FibHop.Life.DOWN, 3);
    assertThat(plan(group, NARROW)).isEqualTo("down");
  }

  @Test
  void equals_stand_before_their_backup_and_one_of_them_carries_for_both() {
    Group group = chain(level(1, 2), level(3));
    assertThat(plan(group, NARROW)).isEqualTo("1:16 2:16 3:1");

    set(FibHop.Life.DOWN, 1);
    assertThat(plan(group, NARROW)).isEqualTo("2:16 3:1");

    set(FibHop.Life.UNREACHABLE, 2);
    assertThat(plan(group, NARROW)).isEqualTo("3:1");
  }

  @Test
  void unequal_primaries_keep_their_proportion_before_a_backup() {
    Group group =
        weighted(
            List.of(
                List.of(new Group.Member(hop(1), 3), new Group.Member(hop(2), 1)),
                List.of(new Group.Member(hop(3), 7))));

    assertThat(plan(group, NARROW)).isEqualTo("1:48 2:16 3:1");
  }

  @Test
  void equals_on_every_level_fit_wide_weights() {
    Group group = chain(level(1, 2), level(3, 4), level(5));

    assertThat(plan(group, WIDE)).isEqualTo("1:496 2:496 3:16 4:16 5:1");
  }

  @Test
  void what_does_not_fit_moves_up_when_what_is_before_it_dies() {
    Group group = chain(level(1), level(2, 3), level(4));
    assertThat(plan(group, NARROW)).isEqualTo("1:31 2:1 3:1");

    set(FibHop.Life.DOWN, 1);
    assertThat(plan(group, NARROW)).isEqualTo("2:16 3:16 4:1");

    set(FibHop.Life.DOWN, 2, 3);
    assertThat(plan(group, NARROW)).isEqualTo("4:1");
  }

  @Test
  void one_of_the_equals_whose_session_ended_stands_behind_the_backup() {
    Group group = chain(level(1, 2), level(3));

    set(FibHop.Life.LOST, 1);
    assertThat(plan(group, NARROW)).isEqualTo("2:256 3:16 1:1");

    set(FibHop.Life.LOST, 2);
    assertThat(plan(group, NARROW)).isEqualTo("3:31 1:1 2:1");
  }

  @Test
  void what_is_held_stands_before_what_is_lost_and_both_before_the_sink() {
    Group group = chain(level(1), level(2), level(3), level(SINK));

    set(FibHop.Life.HOLDING, 1);
    set(FibHop.Life.LOST, 2);

    assertThat(plan(group, WIDE)).isEqualTo("3:4096 1:256 2:16 9:1");
  }

  @Test
  void a_neighbor_that_withdraws_much_stands_before_one_whose_session_ended() {
    Group group = chain(level(1), level(2), level(3));

    set(FibHop.Life.WITHDRAWING, 1);
    assertThat(plan(group, NARROW)).isEqualTo("2:256 3:16 1:1");

    set(FibHop.Life.LOST, 2);
    set(FibHop.Life.HOLDING, 3);
    assertThat(plan(group, NARROW)).isEqualTo("3:256 1:16 2:1");
  }

  @Test
  void a_hash_threshold_group_has_one_backup_and_the_next_when_the_primary_died() {
    Group group = chain(level(1), level(2), level(3));
    assertThat(plan(group, HASH)).isEqualTo("1:256 2:1");

    set(FibHop.Life.DOWN, 1);
    assertThat(plan(group, HASH)).isEqualTo("2:256 3:1");
  }

  @Test
  void a_hash_threshold_group_has_no_sink_while_anything_leads_anywhere() {
    Group group = chain(level(1), level(SINK));
    assertThat(plan(group, HASH)).isEqualTo("1:256");
    assertThat(plan(group, NARROW)).isEqualTo("1:16 9:1");

    set(FibHop.Life.DOWN, 1);
    assertThat(plan(group, HASH)).isEqualTo("9:1");
  }

  @Test
  void ipv6_routes_pass_over_ipv4_gateways_and_ipv4_routes_use_both() {
    FibHop ipv6 =
        new FibHop(instance, 6, new HopSpec.Gateway(IpAddress.parse("2001:db8::6"), null));
    hops.put(6L, live(ipv6));
    Group group = chain(level(1, 6), level(2));

    assertThat(plan(group, Family.IPV6, NARROW)).isEqualTo("6:1");
    assertThat(plan(group, Family.IPV4, NARROW)).isEqualTo("1:16 6:16 2:1");
  }

  @Test
  void nothing_known_is_a_blackhole_and_a_member_twice_counts_where_it_comes_first() {
    set(FibHop.Life.UNRESOLVED, 3);

    assertThat(plan(chain(level(3)), NARROW)).isEqualTo("blackhole");
    assertThat(plan(chain(level(1), level(1, 2)), NARROW)).isEqualTo("1:16 2:1");
  }
}
