package net.donut.controller.rib;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import net.donut.controller.policy.PolicyDocument;

/// What differs between two policies, for the operator.
final class PolicyChanges {
  private PolicyChanges() {}

  static List<String> between(PolicyDocument before, PolicyDocument after) {
    List<String> lines = new ArrayList<>();
    value(lines, "as", before.localAs(), after.localAs());
    value(lines, "networks", before.networks(), after.networks());
    named(lines, "router", before.routers(), after.routers(), r -> r.name());
    named(lines, "link", before.links(), after.links(), l -> l.name());
    named(lines, "neighbor", before.neighbors(), after.neighbors(), n -> n.name());
    value(lines, "filters", before.filters(), after.filters());
    value(lines, "timers", before.timers(), after.timers());
    return lines;
  }

  private static void value(List<String> lines, String name, Object before, Object after) {
    if (!before.equals(after)) {
      lines.add(name + ": " + before + " -> " + after);
    }
  }

  private static <T> void named(
      List<String> lines, String kind, List<T> before, List<T> after, Function<T, String> name) {
    Map<String, T> old = new LinkedHashMap<>();
    before.forEach(entry -> old.put(name.apply(entry), entry));
    for (T entry : after) {
      T known = old.remove(name.apply(entry));
      if (known == null) {
        lines.add(kind + " " + name.apply(entry) + ": added");
      } else if (!Objects.equals(known, entry)) {
        lines.add(kind + " " + name.apply(entry) + ": changed");
      }
    }
    old.keySet().forEach(gone -> lines.add(kind + " " + gone + ": removed"));
  }
}
