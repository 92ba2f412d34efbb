package net.donut.lab.clab.parse;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.model.LinkDefinition.Endpoint;
import net.donut.lab.clab.model.Outside;
import net.donut.lab.net.Impairment;
import net.donut.lab.net.ImpairmentKind;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// `topology.links`, brief and extended. Owned by the thread that reads the file.
final class LabLinkReader {
  private static final Set<String> JOINED =
      Set.of("type", "endpoints", "mtu", "vars", "labels", "ipv4", "ipv6");
  private static final Set<String> TO_HOST =
      Set.of("type", "endpoint", "host-interface", "mtu", "vars", "labels");
  private static final Set<String> TO_NOTHING = Set.of("type", "endpoint", "mtu", "vars", "labels");
  private static final Set<String> TO_MACVLAN =
      Set.of("type", "endpoint", "host-interface", "mode", "mtu", "vars", "labels");
  private static final Set<String> TO_VXLAN =
      Set.of("type", "endpoint", "remote", "vni", "dst-port", "src-port", "mtu", "vars", "labels");
  private static final String RELATION = "relation";
  private static final Set<String> DONUT_KEYS =
      Stream.concat(ImpairmentKind.words().stream(), Stream.of(RELATION))
          .collect(Collectors.toUnmodifiableSet());
  private static final List<String> RELATIONS =
      Stream.of(Relation.values())
          .filter(relation -> relation != Relation.OWN)
          .map(Relation::word)
          .toList();
  private static final int MOST_DEVICE_CHARACTERS = 15;

  private final LabValueReader reading;
  private final OutsideReader outside;

  LabLinkReader(LabValueReader reading) {
    this.reading = reading;
    this.outside = new OutsideReader(reading, this);
  }

  List<LinkDefinition> read(Yaml value) {
    List<LinkDefinition> links = new ArrayList<>();
    switch (value) {
      case Yaml.Nothing _ -> {}
      case Yaml.Items items -> {
        for (Yaml item : items.items()) {
          LinkDefinition link = link("topology.links[" + (links.size() + 1) + "]", item);
          if (link != null) {
            links.add(link);
          }
        }
      }
      case Yaml.Scalar _, Yaml.Section _ ->
          reading.error(value.place(), "topology.links", value.found(), "a list");
    }
    return links;
  }

  private @Nullable LinkDefinition link(String what, Yaml value) {
    Yaml.Section section = reading.names(what, value);
    if (section == null) {
      return null;
    }
    String type = reading.text(what, section, "type");
    return switch (type) {
      case "" -> brief(what, known(what, section, JOINED));
      case "veth", "veth-stitch" -> veth(what, known(what, section, JOINED));
      case "host" ->
          toHost(what, known(what, section, TO_HOST), LinkDefinition.Type.HOST, Endpoint.HOST);
      case "mgmt-net" ->
          toHost(
              what,
              known(what, section, TO_HOST),
              LinkDefinition.Type.MANAGEMENT,
              Endpoint.MANAGEMENT);
      case "dummy" -> dummy(what, known(what, section, TO_NOTHING));
      case OutsideReader.MACVLAN -> outside.macvlan(what, known(what, section, TO_MACVLAN));
      case OutsideReader.VXLAN, "vxlan-stitch" ->
          outside.vxlan(what, known(what, section, TO_VXLAN));
      default -> {
        reading.error(
            section.place(),
            what + ".type",
            "'" + type + "'",
            "veth, veth-stitch, host, mgmt-net, macvlan, vxlan, vxlan-stitch or dummy");
        yield null;
      }
    };
  }

  /// The keys that a link of its type can have.
  private Yaml.Section known(String what, Yaml.Section section, Set<String> keys) {
    NoEffect.tell(reading, NoEffect.Scope.LINK, what, section);
    Yaml.Section known = reading.section(what, section, keys);
    return known == null ? section : known;
  }

  private @Nullable LinkDefinition brief(String what, Yaml.Section section) {
    List<Endpoint> ends = new ArrayList<>();
    Yaml.Entry endpoints = section.entries().get("endpoints");
    if (endpoints == null) {
      reading.problems().error(section.place(), what + ": no endpoints (expected: two)");
      return null;
    }
    List<Yaml.Scalar> texts = reading.texts(what + ".endpoints", endpoints.value());
    for (Yaml.Scalar text : texts) {
      Endpoint end = endpoint(what, text);
      if (end != null) {
        ends.add(end);
      }
    }
    if (texts.size() != 2) {
      reading.error(endpoints.place(), what + ".endpoints", texts.size() + " of them", "two");
    }
    if (ends.size() != 2) {
      return null;
    }
    return briefOf(what, section, ends);
  }

  private @Nullable LinkDefinition briefOf(String what, Yaml.Section section, List<Endpoint> ends) {
    Endpoint a = ends.getFirst();
    Endpoint b = ends.getLast();
    Set<String> special = Set.of(Endpoint.HOST, Endpoint.MANAGEMENT, OutsideReader.MACVLAN);
    if (special.contains(a.node())) {
      Endpoint other = a;
      a = b;
      b = other;
    }
    return switch (b.node()) {
      case OutsideReader.MACVLAN ->
          outside.link(what, section, a, b, new Outside.Macvlan(b.device(), Outside.Mode.BRIDGE));
      case Endpoint.HOST ->
          link(what, section, LinkDefinition.Type.HOST, a, b, addresses(what, section));
      case Endpoint.MANAGEMENT ->
          link(what, section, LinkDefinition.Type.MANAGEMENT, a, b, addresses(what, section));
      default -> link(what, section, LinkDefinition.Type.VETH, a, b, addresses(what, section));
    };
  }

  private @Nullable Endpoint endpoint(String what, Yaml.Scalar value) {
    String[] parts = value.text().split(":", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      reading.error(value.place(), what + ".endpoints", value.found(), "NODE:INTERFACE");
      return null;
    }
    return Endpoint.at(parts[0], device(what, value.place(), parts[1]));
  }

  String device(String what, FilePlace place, String device) {
    if (device.length() > MOST_DEVICE_CHARACTERS
        || !device.matches("[^/:\\s]+")
        || device.equals(".")
        || device.equals("..")) {
      reading.error(
          place,
          what,
          "interface '" + device + "'",
          "1.." + MOST_DEVICE_CHARACTERS + " characters without / and blanks");
    }
    return device;
  }

  private @Nullable LinkDefinition veth(String what, Yaml.Section section) {
    Yaml.Entry endpoints = section.entries().get("endpoints");
    if (endpoints == null
        || !(endpoints.value() instanceof Yaml.Items items)
        || items.items().size() != 2) {
      reading.error(
          section.place(),
          what + ".endpoints",
          endpoints == null ? "nothing" : endpoints.value().found(),
          "two mappings with node and interface");
      return null;
    }
    Endpoint a = extended(what + ".endpoints[1]", items.items().getFirst());
    Endpoint b = extended(what + ".endpoints[2]", items.items().getLast());
    return a == null || b == null
        ? null
        : link(what, section, LinkDefinition.Type.VETH, a, b, addresses(what, section));
  }

  private @Nullable Endpoint extended(String what, Yaml value) {
    if (value instanceof Yaml.Scalar scalar) {
      return endpoint(what, scalar);
    }
    Yaml.Section section =
        reading.section(what, value, Set.of("node", "interface", "mac", "ipv4", "ipv6", "vars"));
    if (section == null) {
      return null;
    }
    String node = reading.text(what, section, "node");
    String device = reading.text(what, section, "interface");
    if (node.isEmpty() || device.isEmpty()) {
      reading.problems().error(section.place(), what + ": (expected: node and interface)");
      return null;
    }
    Yaml.Entry vars = section.entries().get("vars");
    if (vars != null
        && vars.value() instanceof Yaml.Section own
        && own.entries().containsKey("donut")) {
      reading
          .problems()
          .error(
              vars.place(),
              what + ".vars.donut: of one end (expected: in the vars of the link, for both ways)");
    }
    String mac = reading.text(what, section, "mac");
    if (!mac.isEmpty() && !mac.matches("(?i)[0-9a-f]{2}(:[0-9a-f]{2}){5}")) {
      reading.error(section.place(), what + ".mac", "'" + mac + "'", "such as aa:c1:ab:00:00:01");
    }
    return new Endpoint(
        node,
        device(what, section.place(), device),
        mac,
        addresses(what, section),
        vars != null && vars.value() instanceof Yaml.Section free ? free.values() : Map.of());
  }

  private @Nullable LinkDefinition toHost(
      String what, Yaml.Section section, LinkDefinition.Type type, String host) {
    Endpoint end = endpoint(what, section);
    String device = reading.text(what, section, "host-interface");
    if (end == null || device.isEmpty()) {
      reading.problems().error(section.place(), what + ": (expected: endpoint and host-interface)");
      return null;
    }
    Endpoint other = Endpoint.at(host, device(what, section.place(), device));
    return link(what, section, type, end, other, List.of());
  }

  /// The only end of a link that has one in the lab; null without.
  @Nullable Endpoint endpoint(String what, Yaml.Section section) {
    Yaml.Entry entry = section.entries().get("endpoint");
    return entry == null ? null : extended(what + ".endpoint", entry.value());
  }

  private @Nullable LinkDefinition dummy(String what, Yaml.Section section) {
    Endpoint end = endpoint(what, section);
    if (end == null) {
      reading.problems().error(section.place(), what + ": no endpoint (expected: one)");
      return null;
    }
    Endpoint nothing = Endpoint.at("", "");
    LinkDefinition link = link(what, section, LinkDefinition.Type.DUMMY, end, nothing, List.of());
    return unimpaired(what, section, link, "carries nothing to impair");
  }

  /// The link, with a mistake where it is impaired and cannot be.
  LinkDefinition unimpaired(String what, Yaml.Section section, LinkDefinition link, String reason) {
    if (!link.impairment().equals(Impairment.NONE)) {
      reading.problems().error(section.place(), what + ".vars.donut: the link " + reason);
    }
    return link;
  }

  private LinkDefinition link(
      String what,
      Yaml.Section section,
      LinkDefinition.Type type,
      Endpoint a,
      Endpoint b,
      List<String> addresses) {
    return link(what, section, type, a, b, addresses, null);
  }

  LinkDefinition link(
      String what,
      Yaml.Section section,
      LinkDefinition.Type type,
      Endpoint a,
      Endpoint b,
      List<String> addresses,
      @Nullable Outside to) {
    Yaml.Entry entry = section.entries().get("vars");
    Yaml.Section vars = entry == null ? null : reading.names(what + ".vars", entry.value());
    Yaml.Entry ours = vars == null ? null : vars.entries().get("donut");
    return new LinkDefinition(
        type,
        section.place(),
        a,
        b,
        mtu(what, section),
        vars == null ? Map.of() : vars.values(),
        addresses,
        ours == null ? Impairment.NONE : impairment(what + ".vars.donut", ours.value()),
        to);
  }

  private Impairment impairment(String what, Yaml value) {
    Yaml.Section section = reading.section(what, value, DONUT_KEYS);
    if (section == null) {
      return Impairment.NONE;
    }
    Yaml.Entry relation = section.entries().get(RELATION);
    if (relation != null && !RELATIONS.contains(reading.text(what, section, RELATION))) {
      reading.error(
          relation.place(),
          what + "." + RELATION,
          relation.value().found(),
          String.join(", ", RELATIONS));
    }
    try {
      return impairment(reading, what, section);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      Yaml.Entry wrong = section.entries().get(message.substring(0, message.indexOf(':')));
      FilePlace place = wrong == null ? section.place() : wrong.place();
      reading.problems().error(place, what + "." + message);
      return Impairment.NONE;
    }
  }

  private int mtu(String what, Yaml.Section section) {
    return reading.number(what, section, "mtu", 68, 65535, LinkDefinition.DEFAULT_MTU);
  }

  /// What the keys of a section say that are words of measures. Throws IllegalArgumentException
  /// that begins with such a word.
  static Impairment impairment(LabValueReader reading, String what, Yaml.Section section) {
    Map<ImpairmentKind, String> texts = new EnumMap<>(ImpairmentKind.class);
    for (ImpairmentKind measure : ImpairmentKind.values()) {
      if (section.entries().containsKey(measure.word())) {
        texts.put(measure, reading.text(what, section, measure.word()));
      }
    }
    return Impairment.of(texts);
  }

  /// Link addresses, which containerlab gives to nodes of some kinds only, never to linux.
  private List<String> addresses(String what, Yaml.Section section) {
    List<String> addresses = new ArrayList<>();
    for (String key : List.of("ipv4", "ipv6")) {
      Yaml.Entry entry = section.entries().get(key);
      if (entry == null) {
        continue;
      }
      if (entry.value() instanceof Yaml.Scalar scalar) {
        addresses.add(scalar.text());
      } else {
        reading
            .texts(what + "." + key, entry.value())
            .forEach(address -> addresses.add(address.text()));
      }
    }
    return addresses;
  }
}
