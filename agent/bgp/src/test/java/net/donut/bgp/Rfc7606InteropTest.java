package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import net.donut.bgp.Mutation.Cost;
import net.donut.fixtures.NeedsPrograms;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.wire.bgp.BgpMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The same malformed UPDATEs sent to real daemons: they agree with [Mutation], but for the listed
/// differences. `-Ddonut.malformed.updates=50` sends so many of each kind.
@NeedsPrograms
class Rfc7606InteropTest {
  private static final int A_MUTATION = Integer.getInteger("donut.malformed.updates", 2);
  private static final int A_BATCH = 60;
  private static final int BGP_PORT = 179;

  /// FRR 8.4 means to withdraw, but leaves its loop at the malformed attribute and takes those
  /// behind it for NLRI: a reset, unless the attribute was the last (RFC 7606 §2: the session is to
  /// stay).
  private static final Set<Mutation> FRR_TAKES_ATTRIBUTES_FOR_NLRI =
      EnumSet.of(
          Mutation.ORIGIN_VALUE,
          Mutation.ORIGIN_LENGTH,
          Mutation.ORIGIN_FLAGS,
          Mutation.AS_PATH_SEGMENT_TYPE,
          Mutation.AS_PATH_SEGMENT_OVERRUN,
          Mutation.AS_PATH_SEGMENT_UNDERRUN,
          Mutation.AS_PATH_SEGMENT_EMPTY,
          Mutation.AS_PATH_AS_ZERO,
          Mutation.AS_PATH_CONFEDERATION,
          Mutation.AS_PATH_FLAGS,
          Mutation.NEXT_HOP_LENGTH,
          Mutation.NEXT_HOP_FLAGS,
          Mutation.MED_LENGTH,
          Mutation.MED_FLAGS,
          Mutation.COMMUNITIES_LENGTH);

  private static final Map<Mutation, String> FRR_DIFFERS = new EnumMap<>(Mutation.class);

  static {
    for (Mutation mutation : FRR_TAKES_ATTRIBUTES_FOR_NLRI) {
      FRR_DIFFERS.put(mutation, "RFC 7606 §2: treat-as-withdraw keeps the session");
    }
    FRR_DIFFERS.put(Mutation.NEXT_HOP_INVALID, "RFC 4271 §6.3: no NOTIFICATION, no reset");
    FRR_DIFFERS.put(Mutation.LAST_ATTRIBUTE_OVERRUN, "RFC 7606 §4: treat-as-withdraw");
    FRR_DIFFERS.put(Mutation.ATTRIBUTE_HEADER_CUT, "RFC 7606 §4: treat-as-withdraw");
    FRR_DIFFERS.put(Mutation.DUPLICATE_ATTRIBUTE, "RFC 7606 §3 g: all but the first discarded");
    FRR_DIFFERS.put(Mutation.PARTIAL_WELL_KNOWN, "RFC 7606 §3 c: the partial bit is not named");
    FRR_DIFFERS.put(Mutation.ATOMIC_AGGREGATE_FLAGS, "RFC 7606 §3 c: whatever its value costs");
    FRR_DIFFERS.put(Mutation.AGGREGATOR_FLAGS, "RFC 7606 §3 c: whatever its value costs");
    FRR_DIFFERS.put(Mutation.MP_REACH_FLAGS, "RFC 7606 §3 c: not RFC 4760 §7");
    FRR_DIFFERS.put(Mutation.MP_UNREACH_FLAGS, "RFC 7606 §3 c: not RFC 4760 §7");
    FRR_DIFFERS.put(Mutation.ORIGINATOR_ID_EXTERNAL, "RFC 7606 §7.9: discarded at any length");
    FRR_DIFFERS.put(Mutation.CLUSTER_LIST_EXTERNAL, "RFC 7606 §7.10: discarded at any length");
  }

  private static final Map<Mutation, String> BIRD_DIFFERS =
      new EnumMap<>(
          Map.of(
              Mutation.AS_PATH_AS_ZERO, "RFC 7607 §2: malformed",
              Mutation.UNKNOWN_WELL_KNOWN, "RFC 4271 §6.3: a NOTIFICATION"));

  /// What is seen of a route after a malformed UPDATE for it.
  private enum Outcome {
    KEPT,
    WITHDRAWN,
    RESET;

    static Outcome of(Cost cost) {
      return switch (cost) {
        case NOTHING, ATTRIBUTE -> KEPT;
        case ROUTES -> WITHDRAWN;
        case SESSION -> RESET;
      };
    }
  }

  private record Case(Mutation mutation, Prefix prefix, byte[] good, byte[] malformed) {}

  private LinkedNamespace namespace;
  private int sources;
  private int marks;

  @BeforeEach
  void setUp() {
    namespace = new LinkedNamespace();
    namespace.addUpperHalf();
  }

  @AfterEach
  void tearDown() {
    namespace.close();
  }

  @Test
  void frr_judges_as_we_do_but_for_the_known_differences() {
    FrrDaemon frr =
        new FrrDaemon(
            namespace,
            " neighbor HOSTILE peer-group\n neighbor HOSTILE remote-as "
                + RawNeighbor.AS
                + "\n bgp listen limit 1000\n bgp listen range "
                + namespace.upperHalf()
                + " peer-group HOSTILE\n"
                + " address-family ipv4 unicast\n  neighbor HOSTILE activate\n exit-address-family\n"
                + " address-family ipv6 unicast\n  neighbor HOSTILE activate\n exit-address-family\n");

    compare("FRR", frr::prefixes, FRR_DIFFERS);
  }

  @Test
  void bird_judges_as_we_do_but_for_the_known_differences() {
    BirdDaemon bird =
        new BirdDaemon(
            namespace,
            "protocol bgp hostile {\n local "
                + namespace.theirs4()
                + " as 64601;\n neighbor range "
                + namespace.upperHalf()
                + " as "
                + RawNeighbor.AS
                + ";\n dynamic name \"hostile\";\n ipv4 { import all; export none; };\n"
                + " ipv6 { import all; export none; };\n}\n",
            0);
    bird.awaitStarted();
    bird.awaitText("hostile", "show", "protocols");

    compare("BIRD", () -> bird.prefixes("master4"), BIRD_DIFFERS);
  }

  /// Asserts what is agreed, and prints what is not.
  private void compare(
      String daemon, Supplier<Set<Prefix>> table, Map<Mutation, String> differing) {
    long seed = Long.getLong("donut.fuzz.seed", 7606L);
    Random random = new Random(seed);
    Map<Mutation, Set<Outcome>> seen = new EnumMap<>(Mutation.class);
    List<Case> batch = new ArrayList<>();
    List<Case> cases = cases(random);
    for (Case each : cases) {
      if (each.mutation().cost() == Cost.SESSION || differing.containsKey(each.mutation())) {
        send(List.of(each), table, seen);
      } else {
        batch.add(each);
      }
      if (batch.size() == A_BATCH) {
        send(batch, table, seen);
        batch.clear();
      }
    }
    send(batch, table, seen);
    List<String> differences = new ArrayList<>();
    seen.forEach((mutation, outcomes) -> {
      Outcome expected = Outcome.of(mutation.cost());
      if (!outcomes.equals(EnumSet.of(expected))) {
        String line = "%s: %s: %s (here: %s)".formatted(daemon, mutation, outcomes, expected);
        System.out.println(line + ", " + differing.getOrDefault(mutation, mutation.source()));
        if (!differing.containsKey(mutation)) {
          differences.add(line);
        }
      }
    });
    assertThat(differences).as("%s, seed %d, %d updates", daemon, seed, cases.size()).isEmpty();
    assertThat(seen).hasSize(Mutation.values().length);
  }

  private List<Case> cases(Random random) {
    List<Case> cases = new ArrayList<>();
    int nextHop = IpAddress.parse(namespace.ours4()).ipv4();
    for (int i = 0; i < A_MUTATION; i++) {
      for (Mutation mutation : Mutation.values()) {
        int prefix = 0x0b000000 + (cases.size() << 8);
        cases.add(
            new Case(
                mutation,
                Prefix.ofIpv4(prefix, 24),
                Mutation.good(prefix, nextHop, random).bytes(),
                mutation.update(prefix, nextHop, random)));
      }
    }
    return cases;
  }

  /// Sends good and then malformed UPDATEs in a session of their own; when that ends, each half in
  /// one, so that what ended it is found.
  private void send(
      List<Case> cases, Supplier<Set<Prefix>> table, Map<Mutation, Set<Outcome>> seen) {
    if (cases.isEmpty()) {
      return;
    }
    Set<Prefix> left = afterSending(cases, table);
    if (left.isEmpty() && cases.size() > 1) {
      send(cases.subList(0, cases.size() / 2), table, seen);
      send(cases.subList(cases.size() / 2, cases.size()), table, seen);
      return;
    }
    for (Case each : cases) {
      Outcome outcome =
          left.isEmpty()
              ? Outcome.RESET
              : left.contains(each.prefix()) ? Outcome.KEPT : Outcome.WITHDRAWN;
      seen.computeIfAbsent(each.mutation(), _ -> EnumSet.noneOf(Outcome.class)).add(outcome);
    }
  }

  /// The daemon's prefixes when it has read everything, which a last route marks; none when it
  /// ended the session.
  private Set<Prefix> afterSending(List<Case> cases, Supplier<Set<Prefix>> table) {
    try (RawNeighbor neighbor = established()) {
      return afterSending(neighbor, cases, table);
    }
  }

  /// A session from an address that is free: a daemon keeps one for a while after it ended a
  /// session with it.
  private RawNeighbor established() {
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    while (true) {
      String source = namespace.ours4().replaceFirst("[0-9]+$", "" + (129 + sources++ % 120));
      RawNeighbor neighbor = new RawNeighbor(source, namespace.theirs4(), BGP_PORT);
      try {
        return neighbor.establish(90, Family.IPV4, Family.IPV6);
      } catch (UncheckedIOException | AssertionError e) {
        neighbor.close();
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  private Set<Prefix> afterSending(
      RawNeighbor neighbor, List<Case> cases, Supplier<Set<Prefix>> table) {
    int nextHop = IpAddress.parse(namespace.ours4()).ipv4();
    int mark = 0x0c000000 + (marks++ << 8);
    try {
      cases.forEach(each -> neighbor.send(each.good()));
      cases.forEach(each -> neighbor.send(each.malformed()));
      neighbor.send(Mutation.good(mark, nextHop, new Random(mark)).bytes());
      long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
      while (System.nanoTime() < deadline) {
        if (neighbor.pollNotification() != null) {
          return Set.of();
        }
        Set<Prefix> prefixes = table.get();
        if (prefixes.contains(Prefix.ofIpv4(mark, 24))) {
          return prefixes;
        }
        neighbor.send(new BgpMessage.Keepalive());
      }
    } catch (UncheckedIOException e) {
      return Set.of(); // the connection was reset before its NOTIFICATION was read
    }
    throw new AssertionError("neither NOTIFICATION nor route " + Prefix.ofIpv4(mark, 24));
  }
}
