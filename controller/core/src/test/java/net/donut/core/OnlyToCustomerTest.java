package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.donut.core.answer.NeighborCounts;
import net.donut.core.answer.RejectReason;
import net.donut.core.answer.RouteQuery;
import net.donut.core.change.ExportBlock;
import net.donut.core.policy.ExportRule;
import net.donut.core.policy.NeighborConfig;
import net.donut.model.ExtendedCommunities;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.Relation;
import net.donut.model.UnknownAttribute;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every row of `roles-otc-cases.json` about OTC on the way in and out, through the engine; and
/// what else is taken off on the way out.
final class OnlyToCustomerTest {
  private static final Prefix HEARD = Prefix.parse("20.0.0.0/16");
  private static final Prefix OURS = Prefix.parse("198.51.100.0/24");

  /// A row of the file. Numbers are [PathAttributes#ABSENT] where it says null.
  record Row(JsonNode json) {
    Relation relation(String key) {
      String word = json.get(key).asText();
      for (Relation relation : Relation.values()) {
        if (relation.word().equals(word)) {
          return relation;
        }
      }
      throw new IllegalArgumentException(word);
    }

    long number(String key) {
      JsonNode value = json.get(key);
      return value == null || value.isNull() ? PathAttributes.ABSENT : value.asLong();
    }

    String text(String key) {
      return json.has(key) ? json.get(key).asText() : "";
    }

    @Override
    public String toString() {
      return json.toString();
    }
  }

  private static List<Row> rows(String part) throws IOException {
    try (InputStream file = OnlyToCustomerTest.class.getResourceAsStream("roles-otc-cases.json")) {
      List<Row> rows = new ArrayList<>();
      new ObjectMapper().readTree(file).get(part).forEach(json -> rows.add(new Row(json)));
      return rows;
    }
  }

  static List<Row> ingress() throws IOException {
    return rows("ingress");
  }

  static List<Row> egress() throws IOException {
    return rows("egress");
  }

  private static final long[] ASNS = {64604, 0, 64602, 64605, 64603, 64601};

  /// Two neighbors of each relation; the second of each has a number of its own.
  @SuppressWarnings("EnumOrdinal")
  private static SmallNetwork network(@Nullable Relation onlyDefault) {
    SmallNetwork network = new SmallNetwork();
    network.neighbors.clear();
    for (Relation relation : Relation.values()) {
      if (relation != Relation.OWN) {
        int number = 10 + relation.ordinal();
        network.neighbors.add(
            SmallNetwork.neighbor(
                relation.word(), "edge1", ASNS[relation.ordinal()], relation, number));
        NeighborConfig.Builder other =
            SmallNetwork.builder(
                relation.word() + "-2", "edge1", 64900 + number, relation, 10 + number);
        network.neighbors.add(
            other
                .export(
                    relation == onlyDefault ? ExportRule.DEFAULT_ROUTE : ExportRule.DEFAULT_RULES)
                .build());
      }
    }
    return network;
  }

  private static Optional<PathAttributes> told(Engine engine, String neighbor, Prefix prefix) {
    return engine.exports(engine.neighbor(neighbor)).stream()
        .filter(block -> contains(block.prefixes(), prefix))
        .map(ExportBlock.Announce::attributes)
        .findFirst();
  }

  private static boolean contains(Prefixes prefixes, Prefix wanted) {
    for (Prefix prefix : prefixes) {
      if (prefix.equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest
  @MethodSource
  void ingress(Row row) {
    SmallNetwork network = network(null);
    Engine engine = new Engine(network.policy());
    Relation from = row.relation("relation");
    assertThat(network.config(from.word()).as()).isEqualTo(row.number("neighbor"));
    network.announce(
        engine, from.word(), HEARD.toString(), path -> path.onlyToCustomer(row.number("otc")));
    engine.commit();

    NeighborCounts counts = engine.neighborCounts(engine.neighbor(from.word()));
    if (row.text("result").equals("accepted")) {
      assertThat(counts.rejects()).isEmpty();
      // A customer hears the mark as it is after ingress; where there is none, ours.
      long after = row.number("otc_after");
      assertThat(told(engine, "customer-2", HEARD).orElseThrow().onlyToCustomer())
          .isEqualTo(after == PathAttributes.ABSENT ? SmallNetwork.LOCAL_AS : after);
    } else {
      assertThat(row.text("result")).isEqualTo("route-leak");
      assertThat(counts.rejects()).isEqualTo(Map.of(RejectReason.ROUTE_LEAK, 1L));
    }
  }

  @ParameterizedTest
  @MethodSource
  void egress(Row row) {
    Relation to = row.relation("to");
    boolean defaultRoute = row.text("session").startsWith("default route");
    SmallNetwork network = network(defaultRoute ? to : null);
    Engine engine = new Engine(network.policy());
    Relation from = row.relation("learned_from");
    Prefix asked = from == Relation.OWN ? OURS : HEARD;
    if (defaultRoute) {
      asked = Prefix.parse("0.0.0.0/0");
      network.announce(engine, "transit", asked.toString());
    } else if (from != Relation.OWN) {
      network.announce(
          engine, from.word(), HEARD.toString(), path -> path.onlyToCustomer(row.number("otc")));
    }
    engine.commit();

    Optional<PathAttributes> told = told(engine, to.word() + "-2", asked);
    assertThat(told.isPresent()).isEqualTo(row.json().get("announced").asBoolean());
    told.ifPresent(path -> assertThat(path.onlyToCustomer()).isEqualTo(row.number("otc_sent")));
  }

  /// RFC 4360 §6, RFC 5701 §2.
  @ParameterizedTest
  @EnumSource(
      value = Relation.class,
      names = {"OWN"},
      mode = EnumSource.Mode.EXCLUDE)
  void extended_communities_that_are_not_transitive_never_cross_a_border(Relation to) {
    SmallNetwork network = network(null);
    Engine engine = new Engine(network.policy());
    byte[] sixes = new byte[60];
    sixes[0] = 0x00;
    sixes[20] = 0x40;
    sixes[40] = 0x02;
    network.announce(
        engine,
        "customer",
        HEARD.toString(),
        path ->
            path.extendedCommunities(
                    ExtendedCommunities.of(
                        0x4300_0000_0000_0000L,
                        0x0002_fc00_0000_0001L,
                        0x4004_fc00_4640_e400L,
                        0xc304_0000_0000_0001L,
                        0x8001_0000_0000_0001L))
                .unknown(
                    List.of(
                        new UnknownAttribute(0xc0, 25, sixes),
                        new UnknownAttribute(0xc0, 99, sixes))));
    engine.commit();

    PathAttributes told = told(engine, to.word() + "-2", HEARD).orElseThrow();
    assertThat(told.extendedCommunities())
        .isEqualTo(ExtendedCommunities.of(0x0002_fc00_0000_0001L, 0x8001_0000_0000_0001L));
    byte[] kept = new byte[40];
    kept[20] = 0x02;
    assertThat(told.unknown())
        .containsExactly(
            new UnknownAttribute(0xe0, 25, kept), new UnknownAttribute(0xe0, 99, sixes));
    assertThat(heard(engine).extendedCommunities().values()).hasSize(5);
  }

  private static PathAttributes heard(Engine engine) {
    return engine.routes(RouteQuery.all(10)).routes().stream()
        .filter(route -> route.prefix().equals(HEARD))
        .findFirst()
        .orElseThrow()
        .paths()
        .getFirst()
        .attributes();
  }

  @Test
  void an_attribute_of_only_such_communities_is_left_out() {
    SmallNetwork network = network(null);
    Engine engine = new Engine(network.policy());
    byte[] one = new byte[20];
    one[0] = 0x40;
    network.announce(
        engine,
        "customer",
        HEARD.toString(),
        path ->
            path.extendedCommunities(ExtendedCommunities.of(0x4300_0000_0000_0000L))
                .unknown(List.of(new UnknownAttribute(0xc0, 25, one))));
    engine.commit();

    PathAttributes told = told(engine, "transit-2", HEARD).orElseThrow();
    assertThat(told.extendedCommunities()).isEqualTo(ExtendedCommunities.NONE);
    assertThat(told.unknown()).isEmpty();
  }
}
