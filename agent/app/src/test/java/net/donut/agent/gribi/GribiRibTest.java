package net.donut.agent.gribi;

import static net.donut.agent.gribi.AftOperations.delete;
import static net.donut.agent.gribi.AftOperations.group;
import static net.donut.agent.gribi.AftOperations.groupWithBackup;
import static net.donut.agent.gribi.AftOperations.ipv4;
import static net.donut.agent.gribi.AftOperations.ipv6;
import static net.donut.agent.gribi.AftOperations.label;
import static net.donut.agent.gribi.AftOperations.nextHop;
import static net.donut.agent.gribi.AftOperations.replace;
import static org.assertj.core.api.Assertions.assertThat;

import gribi.Gribi.AFTOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GribiRibTest {
  private final MemoryForwarding forwarding = new MemoryForwarding("DEFAULT", "OTHER");
  private final GribiRib rib = new GribiRib(forwarding, ForwardReferences.REJECT);
  private final Results results = new Results();

  /// `id: ok`, or `id: message` of a failure.
  private static final class Results implements OperationSink {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void failed(long id, String message) {
      lines.add(id + ": " + message);
    }

    @Override
    public void programmed(long id, @Nullable String error) {
      lines.add(id + ": " + (error == null ? "ok" : "fib " + error));
    }
  }

  private List<String> run(AFTOperation.Builder... operations) {
    return run(rib, operations);
  }

  private List<String> run(GribiRib target, AFTOperation.Builder... operations) {
    results.lines.clear();
    for (int i = 0; i < operations.length; i++) {
      target.execute(operations[i].setId(i + 1).build(), results, 0);
    }
    target.flush();
    return List.copyOf(results.lines);
  }

  private static AFTOperation.Builder other(AFTOperation.Builder operation) {
    return operation.setNetworkInstance("OTHER");
  }

  @Test
  void each_operation_gets_one_result() {
    assertThat(run(nextHop(1, "192.0.2.1"), group(1, 1), ipv4("10.0.0.0/8", 1)))
        .containsExactly("1: ok", "2: ok", "3: ok");
  }

  @Test
  void an_unknown_instance_is_named_with_the_known_ones() {
    assertThat(run(nextHop(1, "192.0.2.1").setNetworkInstance("")))
        .containsExactly("1: network_instance: '' (expected: one of [DEFAULT, OTHER])");
  }

  @Test
  void an_operation_needs_a_kind_and_an_entry() {
    assertThat(run(nextHop(1).setOp(AFTOperation.Operation.INVALID), AftOperations.in("DEFAULT")))
        .containsExactly(
            "1: op: 0 (expected: ADD, REPLACE or DELETE)",
            "2: entry: none (expected: ipv4, ipv6, mpls, next_hop_group or next_hop)");
  }

  @Test
  void index_and_id_zero_are_refused() {
    assertThat(run(nextHop(0), group(0, 1)))
        .containsExactly(
            "1: next_hop index: 0 (expected: 1 or more)",
            "2: next_hop_group id: 0 (expected: 1 or more)");
  }

  @Test
  void a_bad_next_hop_address_is_refused_with_the_text() {
    assertThat(run(nextHop(1, "192.0.2.256"))).singleElement().asString().contains("192.0.2.256");
  }

  @Test
  void a_group_needs_members_that_exist_in_its_own_instance() {
    run(nextHop(1, "192.0.2.1"));

    assertThat(run(group(1), group(2, 7), other(group(3, 1)), group(4, 1, 1), group(5, 0)))
        .containsExactly(
            "1: next-hop group 1: no next hops (expected: 1 or more)",
            "2: next-hop group 2: next hop 7 of DEFAULT: missing",
            "3: next-hop group 3: next hop 1 of OTHER: missing",
            "4: next-hop group 4: next hop 1 twice",
            "5: next-hop group 5: next_hop index: 0 (expected: 1 or more)");
  }

  @Test
  void a_backup_must_exist_and_must_not_lead_back() {
    run(nextHop(1, "192.0.2.1"), group(1, 1), groupWithBackup(2, 1, 1), groupWithBackup(3, 2, 1));

    assertThat(
            run(
                groupWithBackup(4, 9, 1),
                groupWithBackup(1, 3, 1),
                groupWithBackup(1, 1, 1),
                delete(group(2))))
        .containsExactly(
            "1: next-hop group 4: backup next-hop group 9 of DEFAULT: missing",
            "2: next-hop group 1: backup_next_hop_group 3 leads back to it",
            "3: next-hop group 1: backup_next_hop_group 1 leads back to it",
            "4: DEFAULT next-hop group 2: referenced by 0 prefixes, 0 labels, 1 groups it backs up");
  }

  @Test
  void a_replaced_group_moves_its_references() {
    run(nextHop(1, "192.0.2.1"), nextHop(2, "192.0.2.2"), group(1, 1), group(1, 2));

    assertThat(run(delete(nextHop(1)), delete(nextHop(2))))
        .containsExactly("1: ok", "2: DEFAULT next hop 2: referenced by a next-hop group");
  }

  @Test
  void a_replaced_prefix_moves_its_reference() {
    run(nextHop(1, "192.0.2.1"), group(1, 1), group(2, 1), ipv4("10.0.0.0/8", 1));

    assertThat(run(ipv4("10.0.0.0/8", 2), delete(group(1)), delete(group(2))))
        .containsExactly(
            "2: ok",
            "3: DEFAULT next-hop group 2: referenced by 1 prefixes, 0 labels, 0 groups it backs up",
            "1: ok");
  }

  @Test
  void a_label_holds_its_group() {
    run(nextHop(1, "192.0.2.1"), group(1, 1), label(100, 1));

    assertThat(run(delete(group(1)), delete(label(100, 1)), delete(group(1))).subList(1, 3))
        .containsExactly("2: ok", "3: ok");
  }

  @Test
  void a_replace_needs_the_entry() {
    run(nextHop(1, "192.0.2.1"), group(1, 1));

    assertThat(
            run(
                replace(nextHop(2)),
                replace(group(2, 1)),
                replace(ipv4("10.0.0.0/8", 1)),
                replace(label(5, 1)),
                replace(nextHop(1, "192.0.2.9"))))
        .containsExactly(
            "1: next hop 2 of DEFAULT: missing; REPLACE needs it",
            "2: next-hop group 2 of DEFAULT: missing; REPLACE needs it",
            "3: 10.0.0.0/8: missing; REPLACE needs it",
            "4: label 5 of DEFAULT: missing; REPLACE needs it",
            "5: ok");
  }

  @Test
  void what_is_not_there_is_deleted_well() {
    assertThat(
            run(
                delete(nextHop(1)),
                delete(group(1)),
                delete(ipv4("10.0.0.0/8", 1)),
                delete(ipv6("2001:db8::/32", 1)),
                delete(label(1, 1))))
        .containsExactly("1: ok", "2: ok", "3: ok", "4: ok", "5: ok");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0/8",
        "10.0.0.0.0/8",
        "010.0.0.0/8",
        "10.0.0.256/32",
        "10.0.0.0/08",
        "a.b.c.d/8",
        "10.0.0.0/8 ",
        "::/0"
      })
  void a_bad_ipv4_prefix_is_refused(String text) {
    run(nextHop(1, "192.0.2.1"), group(1, 1));

    assertThat(run(ipv4(text, 1))).singleElement().asString().contains("'" + text + "'");
  }

  @Test
  void what_cannot_be_done_is_accepted_and_said_of_the_fib() {
    run(nextHop(1, "192.0.2.1"), group(1, 1));
    AFTOperation.Builder prefix = ipv4("10.0.0.0/8", 1);
    prefix
        .getIpv4Builder()
        .getIpv4EntryBuilder()
        .setDecapsulateHeader(
            gribi_aft.enums.Enums.OpenconfigAftTypesEncapsulationHeaderType
                .OPENCONFIGAFTTYPESENCAPSULATIONHEADERTYPE_MPLS);

    assertThat(run(prefix)).singleElement().asString().contains("fib", "decapsulate_header");
  }

  @Test
  void a_flush_of_one_instance_keeps_what_another_refers_to() {
    AFTOperation.Builder prefix = other(ipv4("10.0.0.0/8", 1));
    prefix
        .getIpv4Builder()
        .getIpv4EntryBuilder()
        .setNextHopGroupNetworkInstance(AftOperations.string("DEFAULT"));
    run(
        nextHop(1, "192.0.2.1"),
        nextHop(2, "192.0.2.2"),
        group(7, 2),
        groupWithBackup(1, 7, 1),
        group(2, 2),
        ipv4("20.0.0.0/8", 2),
        prefix);

    boolean remains = rib.flushInstances(List.of(Objects.requireNonNull(rib.instance("DEFAULT"))));

    assertThat(remains).isTrue();
    assertThat(Objects.requireNonNull(rib.instance("DEFAULT")).groups().keySet())
        .containsExactlyInAnyOrder(1L, 7L);
    assertThat(forwarding.hops()).hasSize(2);
    assertThat(rib.flushInstances(rib.instances())).isFalse();
    assertThat(forwarding.hops()).isEmpty();
    assertThat(forwarding.groupCount()).isZero();
  }

  @Test
  void queued_operations_run_in_any_order_of_arrival() {
    GribiRib queueing = new GribiRib(forwarding, ForwardReferences.QUEUE);

    List<String> answers =
        run(
            queueing,
            ipv4("10.0.0.0/8", 2),
            groupWithBackup(2, 1, 2),
            group(1, 1),
            nextHop(2, "192.0.2.2"),
            nextHop(1, "192.0.2.1"));

    assertThat(answers).containsExactlyInAnyOrder("1: ok", "2: ok", "3: ok", "4: ok", "5: ok");
  }

  @Test
  void a_cancelled_client_gets_nothing_for_what_waited() {
    GribiRib queueing = new GribiRib(forwarding, ForwardReferences.QUEUE);
    run(queueing, group(1, 1));

    queueing.cancelWaiting(results);

    assertThat(run(queueing, nextHop(1, "192.0.2.1"), group(9, 1)))
        .containsExactly("1: ok", "2: ok");
  }

  /// Seeded random operations, against a model of sets: references never dangle, and results agree.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void random_sequences_agree_with_a_naive_model(long seed) {
    Random random = new Random(seed);
    Set<Long> hops = new HashSet<>();
    Map<Long, Set<Long>> groups = new HashMap<>();
    Map<String, Long> prefixes = new HashMap<>();
    for (int step = 0; step < 3000; step++) {
      long hop = 1L + random.nextInt(5);
      long group = 1L + random.nextInt(5);
      String prefix = "10." + random.nextInt(8) + ".0.0/16";
      boolean expected;
      AFTOperation.Builder operation;
      switch (random.nextInt(6)) {
        case 0 -> {
          operation = nextHop(hop, "192.0.2." + hop);
          expected = true;
          hops.add(hop);
        }
        case 1 -> {
          operation = delete(nextHop(hop));
          expected = groups.values().stream().noneMatch(members -> members.contains(hop));
          if (expected) {
            hops.remove(hop);
          }
        }
        case 2 -> {
          operation = group(group, hop);
          expected = hops.contains(hop);
          if (expected) {
            groups.put(group, Set.of(hop));
          }
        }
        case 3 -> {
          operation = delete(group(group));
          expected = !prefixes.containsValue(group);
          if (expected) {
            groups.remove(group);
          }
        }
        case 4 -> {
          operation = ipv4(prefix, group);
          expected = groups.containsKey(group);
          if (expected) {
            prefixes.put(prefix, group);
          }
        }
        default -> {
          operation = delete(ipv4(prefix, group));
          expected = true;
          prefixes.remove(prefix);
        }
      }

      assertThat(run(operation).getFirst().endsWith(": ok"))
          .as("seed %d step %d: %s", seed, step, operation)
          .isEqualTo(expected);
    }
    assertThat(
            Objects.requireNonNull(rib.instance("DEFAULT"))
                .instance()
                .routes(Family.IPV4)
                .intended())
        .isEqualTo(prefixes.size());
  }
}
