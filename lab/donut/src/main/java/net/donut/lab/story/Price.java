package net.donut.lab.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.donut.lab.net.LabException;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// What a neighbor costs, as the policy file says.
///
/// @param port our interface towards it
/// @param perMbit a month and Mbit/s at the 95th percentile; 0 for none
record Price(String neighbor, Counters.Port port, Relation relation, double perMbit) {

  /// Those of a policy file that `donut policy check` has nothing against.
  static List<Price> read(Path policy) {
    try {
      Object document =
          new Load(LoadSettings.builder().setLabel(policy.toString()).build())
              .loadFromString(Files.readString(policy));
      List<Price> prices = new ArrayList<>();
      mapping(policy, mapping(policy, document).get("neighbors"))
          .forEach((name, neighbor) ->
              prices.add(price(String.valueOf(name), mapping(policy, neighbor))));
      return prices;
    } catch (IOException e) {
      throw LabException.of(policy, e);
    } catch (YamlEngineException e) {
      throw new LabException(policy + ": " + e.getMessage(), e);
    }
  }

  private static Map<?, ?> mapping(Path policy, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new LabException(policy + ": " + value + " (expected: a policy; see donut policy check)");
  }

  private static Price price(String name, Map<?, ?> neighbor) {
    Object price = neighbor.get("price");
    return new Price(
        name,
        new Counters.Port(
            String.valueOf(neighbor.get("router")), String.valueOf(neighbor.get("interface"))),
        relation(String.valueOf(neighbor.get("relation"))),
        price instanceof Number number ? number.doubleValue() : 0);
  }

  private static Relation relation(String word) {
    return Arrays.stream(Relation.values())
        .filter(relation -> relation.word().equals(word.equals("peer") ? "private-peer" : word))
        .findFirst()
        .orElseThrow(
            () -> new LabException("relation: '" + word + "' (expected: a policy's word)"));
  }
}
