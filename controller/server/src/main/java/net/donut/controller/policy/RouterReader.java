package net.donut.controller.policy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.donut.controller.policy.PolicyDocument.RouterEntry;
import net.donut.controller.policy.Section.Claims;
import net.donut.controller.policy.Section.Entry;
import net.donut.model.IpAddress;
import net.donut.model.NearestWord;
import org.jspecify.annotations.Nullable;

/// Reads `routers`, and is what later sections ask for names, interfaces and addresses in use.
final class RouterReader {

  private record PortKey(String router, String networkInterface) {}

  private record AddressKey(String router, IpAddress address) {}

  private final PolicyProblems problems;
  private final List<RouterEntry> routers = new ArrayList<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final Claims<PortKey> interfaces = new Claims<>();
  private final Claims<AddressKey> addresses = new Claims<>();

  RouterReader(PolicyProblems problems) {
    this.problems = problems;
  }

  List<RouterEntry> routers() {
    return routers;
  }

  void read(Section top) {
    Entry entry = top.required("routers", "router names, each with agent and router-id");
    if (entry == null) {
      return;
    }
    Claims<Parse.Endpoint> agents = new Claims<>();
    Claims<IpAddress> routerIds = new Claims<>();
    Section all = Section.ofNames(entry.path(), entry.keyPlace(), entry.value(), problems);
    for (Entry one : all.entries()) {
      names.add(one.key());
      router(all, one, agents, routerIds);
    }
    if (all.entries().isEmpty() && !problems.hasErrors()) {
      problems.error(entry.place(), "routers: none (expected: at least one)");
    }
  }

  private void router(
      Section all, Entry one, Claims<Parse.Endpoint> agents, Claims<IpAddress> routerIds) {
    checkName(one);
    Section router = all.keys(one, List.of("agent", "router-id"));
    Parse.Endpoint agent = router.value("agent", Parse.ENDPOINT, Parse::endpoint);
    IpAddress routerId = router.value("router-id", Parse.IPV4, Parse::routerId);
    if (agent != null) {
      unique(router, "agent", agents.claim(agent, placeOf(router, "agent")), "one agent a router");
    }
    if (routerId != null) {
      PolicyPlace first = routerIds.claim(routerId, placeOf(router, "router-id"));
      unique(router, "router-id", first, "a different one for every router");
    }
    if (agent != null && routerId != null) {
      routers.add(new RouterEntry(one.key(), agent.host(), agent.port(), routerId));
    }
  }

  static PolicyPlace placeOf(Section section, String key) {
    Entry entry = section.entry(key);
    return entry == null ? section.place() : entry.place();
  }

  private void unique(Section section, String key, @Nullable PolicyPlace first, String expected) {
    Entry entry = section.entry(key);
    if (first != null && entry != null) {
      problems.error(
          entry.place(),
          "%s: %s is already on line %d (expected: %s)"
              .formatted(entry.path(), entry.found(), first.line(), expected));
    }
  }

  /// A name that the operator chose as key.
  void checkName(Entry entry) {
    try {
      Parse.name(entry.key());
    } catch (IllegalArgumentException e) {
      problems.error(
          entry.keyPlace(),
          "%s: '%s' (expected: %s)".formatted(entry.path(), entry.key(), e.getMessage()));
    }
  }

  /// The name of a router that exists, else null and a problem.
  @Nullable String known(Entry entry, String name) {
    if (names.contains(name)) {
      return name;
    }
    problems.error(entry.place(), unknown(entry.path(), name));
    return null;
  }

  boolean isKnown(String name) {
    return names.contains(name);
  }

  String unknown(String path, String name) {
    String nearest = NearestWord.of(name, names);
    return "%s: unknown router '%s' (expected: %s)"
        .formatted(
            path,
            name,
            nearest != null
                ? nearest + "?"
                : names.isEmpty() ? "a name under routers" : "one of " + String.join(", ", names));
  }

  /// The place that has this interface of a router already, or null when it was free.
  @Nullable PolicyPlace claimInterface(String router, String networkInterface, PolicyPlace place) {
    return interfaces.claim(new PortKey(router, networkInterface), place);
  }

  /// The place that has this address at a router already, or null when it was free.
  @Nullable PolicyPlace claimAddress(String router, IpAddress address, PolicyPlace place) {
    return addresses.claim(new AddressKey(router, address), place);
  }
}
