package net.donut.controller.southbound;

import static org.assertj.core.api.Assertions.assertThat;

import gribi.Gribi.AFTEntry;
import gribi.Gribi.AFTErrorDetails;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.AFTResult;
import gribi.Gribi.Uint128;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.core.change.Hop;
import net.donut.core.change.HopGroup;
import net.donut.core.change.NumberedHop;
import net.donut.core.change.OverrideEnd;
import net.donut.core.change.RouteBlock;
import net.donut.core.change.RouterDelta;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.Test;

final class IntentTest {
  private static final Uint128 ID = Uint128.newBuilder().setHigh(1).build();
  private static final NumberedHop LOCAL =
      new NumberedHop(7, new Hop.Local("tier1a", IpAddress.parse("100.64.1.2"), "tier1a"));
  private static final NumberedHop VIA =
      new NumberedHop(3, new Hop.Via("edge2", "l", IpAddress.parse("100.64.12.2"), "edge2"));

  private final Intent intent = new Intent();
  private long open;

  @Test
  void an_entry_comes_after_what_it_refers_to_even_when_given_the_other_way_round() {
    fold(
        1,
        List.of(LOCAL, VIA),
        List.of(new HopGroup(100, 7, 200), new HopGroup(200, 3, 0)),
        block(0, 100, "20.0.0.0/16"));

    assertThat(words(sendAll()))
        .containsExactly(
            "ADD hop 7", "ADD hop 3", "ADD group 200", "ADD group 100", "ADD 20.0.0.0/16 100");
  }

  @Test
  void a_class_with_a_single_hop_ends_in_the_sink_and_neither_a_chain_nor_a_discard_does() {
    NumberedHop discard = new NumberedHop(9, new Hop.Discard());
    fold(
        1,
        List.of(LOCAL, VIA, discard),
        List.of(
            new HopGroup(200, 3, 0),
            new HopGroup(100, 7, 200),
            new HopGroup(101, 7, 0),
            new HopGroup(102, 9, 0)));

    List<AFTOperation> sent = sendAll();

    assertThat(sent)
        .filteredOn(AFTOperation::hasNextHopGroup)
        .extracting(operation ->
            operation.getNextHopGroup().getId()
                + " > "
                + operation.getNextHopGroup().getNextHopGroup().getBackupNextHopGroup().getValue())
        .containsExactlyInAnyOrder("200 > 0", "100 > 200", "1 > 0", "101 > 1", "102 > 0");
    assertThat(sent)
        .filteredOn(operation -> operation.getNextHop().getIndex() == Intent.SINK_HOP)
        .singleElement()
        .satisfies(operation ->
            assertThat(
                    operation.getNextHop().getNextHop().getInterfaceRef().getInterface().getValue())
                .isEqualTo("lo"));
  }

  @Test
  void removals_go_after_what_used_them() {
    fold(
        1,
        List.of(LOCAL, VIA),
        List.of(new HopGroup(200, 3, 0), new HopGroup(100, 7, 200)),
        block(0, 100, "20.0.0.0/16"));
    acknowledge(sendAll());

    intent.fold(
        new RouterDelta(
            "edge1",
            List.of(),
            List.of(),
            List.of(block(0, 0, "20.0.0.0/16")),
            List.of(),
            List.of(100L, 200L),
            List.of(7, 3)),
        new StageTickets(2),
        AgentDriver.Cause.NEIGHBORS);

    assertThat(words(sendAll()))
        .containsExactly(
            "DELETE 20.0.0.0/16 0",
            "DELETE group 100",
            "DELETE group 200",
            "DELETE hop 7",
            "DELETE hop 3");
  }

  @Test
  void a_group_that_prefixes_still_wait_to_leave_is_not_deleted() {
    fold(
        1,
        List.of(LOCAL, VIA),
        List.of(new HopGroup(200, 3, 0), new HopGroup(100, 7, 0)),
        block(0, 100, "20.0.0.0/16"));
    acknowledge(sendAll());

    intent.fold(
        new RouterDelta(
            "edge1",
            List.of(),
            List.of(),
            List.of(block(1, 200, "20.0.0.0/16")),
            List.of(),
            List.of(100L),
            List.of(7)),
        new StageTickets(2),
        AgentDriver.Cause.NEIGHBORS);

    assertThat(sendAll()).isEmpty();
    open = new StageTickets(2).of(1);
    assertThat(words(sendAll()))
        .containsExactly("ADD 20.0.0.0/16 200", "DELETE group 100", "DELETE hop 7");
  }

  @Test
  void a_later_stage_waits_for_its_ticket_and_the_latest_value_wins() {
    fold(
        1,
        List.of(LOCAL, VIA),
        List.of(new HopGroup(100, 7, 0), new HopGroup(200, 3, 0)),
        block(1, 100, "20.0.0.0/16"),
        block(0, 100, "20.1.0.0/16"));
    assertThat(words(sendAll()))
        .contains("ADD 20.1.0.0/16 100")
        .noneMatch(w -> w.contains("20.0."));
    assertThat(intent.isSettled(open)).isFalse();

    fold(2, List.of(), List.of(), block(1, 200, "20.0.0.0/16"));
    open = new StageTickets(1).of(1);

    assertThat(words(sendAll())).containsExactly("ADD 20.0.0.0/16 200");
  }

  @Test
  void any_number_of_changes_before_sending_cost_one_operation() {
    fold(1, List.of(LOCAL), List.of(new HopGroup(100, 7, 0)));
    acknowledge(sendAll());
    for (int i = 0; i < 100; i++) {
      fold(2 + i, List.of(), List.of(), block(0, i % 2 == 0 ? 100 : 0, "20.0.0.0/16"));
    }
    fold(200, List.of(), List.of(), block(0, 100, "20.0.0.0/16"));

    assertThat(words(sendAll())).containsExactly("ADD 20.0.0.0/16 100");
  }

  @Test
  void a_prefix_added_and_removed_before_sending_costs_nothing() {
    fold(1, List.of(), List.of(), block(0, 100, "20.0.0.0/16"));
    fold(2, List.of(), List.of(), block(0, 0, "20.0.0.0/16"));

    assertThat(sendAll()).isEmpty();
    assertThat(intent.prefixes()).isZero();
    assertThat(intent.isSettled(0)).isTrue();
  }

  @Test
  void only_what_differs_from_what_the_agent_has_is_sent() {
    fold(
        1,
        List.of(LOCAL, VIA),
        List.of(new HopGroup(200, 3, 0), new HopGroup(100, 7, 200)),
        block(0, 100, "20.0.0.0/16", "20.1.0.0/16"));
    List<AFTOperation> everything = sendAll();
    acknowledge(everything);

    intent.beginAdopt();
    for (AFTOperation operation : everything) {
      if (!operation.getIpv4().getPrefix().equals("20.1.0.0/16")) {
        intent.found(entry(operation));
      }
    }
    intent.found(
        AFTEntry.newBuilder().setIpv4(GribiEntries.ipv4("20.7.0.0/16", 100, null)).build());
    int different = intent.endAdopt();

    assertThat(different).isEqualTo(2);
    assertThat(words(sendAll()))
        .containsExactlyInAnyOrder("ADD 20.1.0.0/16 100", "DELETE 20.7.0.0/16 0");
  }

  @Test
  void an_entry_that_is_not_in_the_agents_kernel_is_sent_again() {
    fold(1, List.of(LOCAL), List.of(new HopGroup(100, 7, 0)), block(0, 100, "20.0.0.0/16"));
    List<AFTOperation> everything = sendAll();
    acknowledge(everything);

    intent.beginAdopt();
    for (AFTOperation operation : everything) {
      AFTEntry.Builder entry = entry(operation).toBuilder();
      if (operation.hasIpv4()) {
        entry.setFibStatus(AFTEntry.Status.NOT_PROGRAMMED);
      }
      intent.found(entry.build());
    }
    int different = intent.endAdopt();

    assertThat(different).isEqualTo(1);
    assertThat(words(sendAll())).containsExactly("ADD 20.0.0.0/16 100");
  }

  @Test
  void a_refusal_is_told_and_tried_again_only_on_retry() {
    fold(1, List.of(LOCAL), List.of(new HopGroup(100, 7, 0)), block(0, 100, "20.0.0.0/16"));
    for (AFTOperation operation : sendAll()) {
      String error =
          intent.result(
              AFTResult.newBuilder()
                  .setId(operation.getId())
                  .setStatus(
                      operation.hasIpv4()
                          ? AFTResult.Status.FIB_FAILED
                          : AFTResult.Status.FIB_PROGRAMMED)
                  .setErrorDetails(AFTErrorDetails.newBuilder().setErrorMessage("ENOSPC"))
                  .build());
      assertThat(error).isEqualTo(operation.hasIpv4() ? "20.0.0.0/16: FIB_FAILED: ENOSPC" : null);
    }
    assertThat(intent.refused()).isEqualTo(1);
    assertThat(intent.firstError()).isEqualTo("20.0.0.0/16: FIB_FAILED: ENOSPC");
    assertThat(sendAll()).isEmpty();

    intent.retry();
    List<AFTOperation> again = sendAll();
    acknowledge(again);

    assertThat(words(again)).containsExactly("ADD 20.0.0.0/16 100");
    assertThat(intent.refused()).isZero();
    assertThat(intent.firstError()).isEmpty();
    assertThat(intent.pending()).isZero();
  }

  @Test
  void a_full_window_stops_sending_until_acknowledgements_make_room() {
    int count = InFlight.LIMIT + 5000;
    Prefixes.Builder prefixes = new Prefixes.Builder(Family.IPV4, count);
    long[] groups = new long[count];
    for (int i = 0; i < count; i++) {
      prefixes.add(Prefix.ofIpv4(0x14000000 + (i << 8), 24));
      groups[i] = 100;
    }
    fold(
        1,
        List.of(LOCAL),
        List.of(new HopGroup(100, 7, 0)),
        new RouteBlock(0, prefixes.build(), groups));

    List<AFTOperation> first = sendAll();
    acknowledge(first);
    List<AFTOperation> second = sendAll();

    assertThat(first).hasSize(InFlight.LIMIT);
    assertThat(second).hasSize(count + 4 - InFlight.LIMIT);
  }

  @Test
  void a_removal_says_that_neighbors_withdrew_the_route_and_only_then() {
    fold(1, List.of(LOCAL), List.of(new HopGroup(100, 7, 0)), block(0, 100, "20.0.0.0/16"));
    fold(2, List.of(), List.of(), block(0, 100, "20.1.0.0/16", "20.2.0.0/16"));
    List<AFTOperation> first = sendAll();
    acknowledge(first);

    fold(3, List.of(), List.of(), block(0, 0, "20.0.0.0/16"));
    intent.fold(
        new RouterDelta(
            "edge1",
            List.of(),
            List.of(),
            List.of(block(0, 0, "20.1.0.0/16")),
            List.of(),
            List.of(),
            List.of()),
        new StageTickets(4),
        AgentDriver.Cause.OPERATOR);
    List<AFTOperation> removals = sendAll();
    acknowledge(removals);
    // The agent is away while neighbors withdraw the third, and returns with all of them and one
    // this controller never heard of.
    fold(5, List.of(), List.of(), block(0, 0, "20.2.0.0/16"));
    intent.beginAdopt();
    first.forEach(operation -> intent.found(entry(operation)));
    intent.found(
        AFTEntry.newBuilder()
            .setIpv4(GribiEntries.ipv4("20.9.0.0/16", 100, null))
            .setFibStatus(AFTEntry.Status.PROGRAMMED)
            .build());
    intent.endAdopt();

    assertThat(reasons(removals))
        .containsOnly(Map.entry("20.0.0.0/16", "withdrawn"), Map.entry("20.1.0.0/16", ""));
    assertThat(reasons(sendAll()))
        .containsEntry("20.2.0.0/16", "withdrawn")
        .containsEntry("20.9.0.0/16", "");
  }

  @Test
  void a_prefix_under_an_override_says_when_and_where_it_goes_afterwards() {
    List<HopGroup> groups = List.of(new HopGroup(100, 7, 0), new HopGroup(200, 3, 0));
    fold(1, List.of(LOCAL, VIA), groups, block(0, 100, "20.0.0.0/16"));
    acknowledge(sendAll());

    override(2, 200, 100, Duration.ofMinutes(1));
    List<AFTOperation> begun = sendAll();
    acknowledge(begun);
    assertThat(words(begun)).containsExactly("ADD 20.0.0.0/16 200");
    assertThat(metadata(begun)).matches("override ms=(59...|60000) then=100");

    // Prolonged, on the group it is on.
    override(3, 200, 100, Duration.ofMinutes(3));
    List<AFTOperation> prolonged = sendAll();
    acknowledge(prolonged);
    assertThat(words(prolonged)).containsExactly("ADD 20.0.0.0/16 200");
    assertThat(metadata(prolonged)).matches("override ms=(179...|180000) then=100");

    // An agent that was away is told again, whatever it remembers.
    intent.beginAdopt();
    prolonged.forEach(operation -> intent.found(entry(operation)));
    intent.endAdopt();
    List<AFTOperation> again = sendAll();
    acknowledge(again);
    assertThat(words(again)).contains("ADD 20.0.0.0/16 200");

    override(4, 100, 0, Duration.ZERO);
    List<AFTOperation> ended = sendAll();
    assertThat(words(ended)).containsExactly("ADD 20.0.0.0/16 100");
    assertThat(metadata(ended)).isEmpty();
  }

  private void override(long generation, long group, long afterwards, Duration left) {
    long until = System.nanoTime() + left.toNanos();
    intent.fold(
        new RouterDelta(
            "edge1",
            List.of(),
            List.of(),
            List.of(block(0, group, "20.0.0.0/16")),
            List.of(new OverrideEnd(Prefix.parse("20.0.0.0/16"), afterwards, until)),
            List.of(),
            List.of()),
        new StageTickets(generation),
        AgentDriver.Cause.OPERATOR);
  }

  private static String metadata(List<AFTOperation> operations) {
    return operations
        .getLast()
        .getIpv4()
        .getIpv4Entry()
        .getEntryMetadata()
        .getValue()
        .toStringUtf8();
  }

  /// What each removal says, by prefix.
  private static Map<String, String> reasons(List<AFTOperation> operations) {
    Map<String, String> reasons = new HashMap<>();
    for (AFTOperation operation : operations) {
      if (operation.getOp() == AFTOperation.Operation.DELETE && operation.hasIpv4()) {
        reasons.put(
            operation.getIpv4().getPrefix(),
            operation.getIpv4().getIpv4Entry().getEntryMetadata().getValue().toStringUtf8());
      }
    }
    return reasons;
  }

  private void fold(
      long generation, List<NumberedHop> hops, List<HopGroup> groups, RouteBlock... blocks) {
    intent.fold(
        new RouterDelta("edge1", hops, groups, List.of(blocks), List.of(), List.of(), List.of()),
        new StageTickets(generation),
        AgentDriver.Cause.NEIGHBORS);
  }

  private static RouteBlock block(int stage, long group, String... prefixes) {
    Prefixes.Builder packed = new Prefixes.Builder(Family.IPV4);
    long[] groups = new long[prefixes.length];
    for (int i = 0; i < prefixes.length; i++) {
      packed.add(Prefix.parse(prefixes[i]));
      groups[i] = group;
    }
    return new RouteBlock(stage, packed.build(), groups);
  }

  private List<AFTOperation> sendAll() {
    List<AFTOperation> all = new ArrayList<>();
    List<AFTOperation> batch = intent.next(1000, open, ID);
    while (!batch.isEmpty()) {
      assertThat(batch).hasSizeLessThanOrEqualTo(1000);
      all.addAll(batch);
      batch = intent.next(1000, open, ID);
    }
    return all;
  }

  private void acknowledge(List<AFTOperation> operations) {
    for (AFTOperation operation : operations) {
      assertThat(
              intent.result(
                  AFTResult.newBuilder()
                      .setId(operation.getId())
                      .setStatus(AFTResult.Status.FIB_PROGRAMMED)
                      .build()))
          .isNull();
    }
  }

  private static AFTEntry entry(AFTOperation operation) {
    AFTEntry.Builder entry = AFTEntry.newBuilder().setFibStatus(AFTEntry.Status.PROGRAMMED);
    if (operation.hasNextHop()) {
      entry.setNextHop(operation.getNextHop());
    } else if (operation.hasNextHopGroup()) {
      entry.setNextHopGroup(operation.getNextHopGroup());
    } else {
      entry.setIpv4(operation.getIpv4());
    }
    return entry.build();
  }

  private static List<String> words(List<AFTOperation> operations) {
    return operations.stream()
        .map(operation ->
            operation.getOp()
                + (operation.hasNextHop()
                    ? " hop " + operation.getNextHop().getIndex()
                    : operation.hasNextHopGroup()
                        ? " group " + operation.getNextHopGroup().getId()
                        : " "
                            + operation.getIpv4().getPrefix()
                            + " "
                            + operation.getIpv4().getIpv4Entry().getNextHopGroup().getValue()))
        .toList();
  }
}
