package net.donut.controller.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.controller.policy.PolicyDocument.BfdEntry;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.policy.PolicyDocument.SessionEntry;
import net.donut.controller.policy.Section.Entry;
import net.donut.core.Bogons;
import net.donut.core.policy.ExportRule;
import net.donut.core.policy.Filters;
import net.donut.core.policy.ListedPrefix;
import net.donut.core.policy.Treatment;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// Reads `neighbors` with their sessions.
final class NeighborReader {
  private static final List<String> KEYS =
      List.of(
          "router",
          "as",
          "relation",
          "interface",
          "price",
          "capacity",
          "preference",
          "export",
          "ipv4",
          "ipv6",
          "md5",
          "ttl-security",
          "hold-time",
          "passive",
          "port",
          "bfd",
          "prefixes");
  private static final List<String> BFD_KEYS = List.of("interval", "multiplier", "passive");
  private static final Duration BFD_INTERVAL = Duration.ofMillis(300);
  private static final int BFD_MULTIPLIER = 3;
  private static final String FAMILIES =
      "IPv4 over an IPv6 session (RFC 8950) is not supported yet (expected: a session for each family,"
          + " ipv4 beside ipv6, with addresses of its own)";
  private static final Map<String, String> NOT_YET =
      Map.of("families", FAMILIES, "extended-next-hop", FAMILIES);
  private static final List<String> SESSION_KEYS = List.of("address", "local", "max-prefix", "lan");

  private static final String LISTED =
      "a prefix such as 192.0.2.0/24, or {prefix: 192.0.2.0/24, up-to: 26}";
  private static final String LIST = "a list of prefixes such as [192.0.2.0/24]";

  private final PolicyProblems problems;
  private final RouterReader routers;
  private final @Nullable Long localAs;
  private final Filters filters;
  private final List<NeighborEntry> neighbors = new ArrayList<>();
  private final Map<String, Boolean> sharedInterfaces = new HashMap<>();
  private int transits;

  NeighborReader(
      PolicyProblems problems, RouterReader routers, @Nullable Long localAs, Filters filters) {
    this.filters = filters;
    this.problems = problems;
    this.routers = routers;
    this.localAs = localAs;
  }

  List<NeighborEntry> neighbors() {
    return neighbors;
  }

  void read(Section top) {
    Entry entry = top.entry("neighbors");
    if (entry == null || entry.isEmpty()) {
      problems.warning(
          entry == null ? PolicyPlace.START : entry.keyPlace(),
          "neighbors: none, so nothing is learned or announced");
      return;
    }
    Section all = Section.ofNames(entry.path(), entry.keyPlace(), entry.value(), problems);
    for (Entry one : all.entries()) {
      routers.checkName(one);
      neighbor(one.key(), all.keys(one, KEYS, NOT_YET));
    }
    transitWarning(entry);
  }

  private void transitWarning(Entry entry) {
    if (transits < 2 && !neighbors.isEmpty()) {
      problems.warning(
          entry.keyPlace(),
          transits == 0
              ? "neighbors: no transit: what no neighbor announces is not forwarded"
              : "neighbors: one transit only: its loss leaves holes (a second one keeps coverage)");
    }
  }

  private void neighbor(String name, Section section) {
    String router = router(section);
    Long as = section.value("as", Parse.ASN, Parse::asn);
    Relation relation = section.value("relation", Parse.RELATION, Parse::relation);
    String networkInterface = section.value("interface", Parse.INTERFACE, Parse::networkInterface);
    notOurs(section, as);
    reserved(section, as);
    if (relation == Relation.TRANSIT) {
      transits++;
      if (section.entry("price") == null) {
        problems.warning(
            section.place(), section.path() + ".price: missing: its traffic is counted as free");
      }
    }
    if (router != null && networkInterface != null && relation != null) {
      claimInterface(section, router, networkInterface, relation);
    }
    List<SessionEntry> sessions = sessions(section, router, networkInterface);
    String preferences = "a whole number -100..100, higher wins inside the band";
    double price = section.valueOr("price", Parse.PRICE, Double.NaN, Parse::price);
    long capacity = section.valueOr("capacity", Parse.CAPACITY, 0L, Parse::capacity);
    int preference =
        section.valueOr(
            "preference", preferences, 0, text -> Parse.integer(text, -100, 100, preferences));
    ExportRule export =
        section.valueOr(
            "export",
            "default-rules, none or default-route",
            ExportRule.DEFAULT_RULES,
            Parse::export);
    String md5 = section.optional("md5", "a key of 1..80 bytes", Parse::md5);
    boolean ttlSecurity = section.valueOr("ttl-security", "true or false", false, Parse::truth);
    int holdTime = section.valueOr("hold-time", Parse.HOLD_TIME, 0, Parse::holdTime);
    boolean passive = section.valueOr("passive", "true or false", false, Parse::truth);
    int port = section.valueOr("port", "a port 1..65535", 0, Parse::port);
    if (router != null && as != null && relation != null && networkInterface != null) {
      neighbors.add(
          new NeighborEntry(
              name,
              router,
              as,
              relation,
              networkInterface,
              price,
              capacity,
              preference,
              export,
              sessions,
              md5,
              ttlSecurity,
              holdTime,
              passive,
              port,
              bfd(section),
              prefixes(section)));
    }
  }

  /// What it may announce although it is long or ours: prefixes, or mappings of one with `up-to`.
  private static List<ListedPrefix> prefixes(Section section) {
    Entry list = section.entry("prefixes");
    if (list == null) {
      return List.of();
    }
    List<ListedPrefix> found = new ArrayList<>();
    for (Entry item : section.items(list, LIST)) {
      ListedPrefix listed =
          item.isMapping()
              ? upTo(section.keys(item, List.of("prefix", "up-to")))
              : section.parse(item, LISTED, text -> ListedPrefix.exactly(Parse.announced(text)));
      if (listed != null) {
        found.add(listed);
      }
    }
    return found;
  }

  private static @Nullable ListedPrefix upTo(Section entry) {
    Prefix prefix = entry.value("prefix", Parse.PREFIX, Parse::announced);
    if (prefix == null) {
      return null;
    }
    int bits = prefix.family().bits();
    String lengths = "a length %d..%d".formatted(prefix.length(), bits);
    return new ListedPrefix(
        prefix,
        entry.valueOr(
            "up-to",
            lengths,
            prefix.length(),
            text -> Parse.integer(text, prefix.length(), bits, lengths)));
  }

  private static @Nullable BfdEntry bfd(Section section) {
    Entry entry = section.entry("bfd");
    if (entry == null) {
      return null;
    }
    Section bfd = section.keys(entry, BFD_KEYS);
    String multipliers = "a number of packets 1..255";
    return new BfdEntry(
        bfd.valueOr("interval", Parse.BFD_INTERVAL, BFD_INTERVAL, Parse::bfdInterval),
        bfd.valueOr(
            "multiplier",
            multipliers,
            BFD_MULTIPLIER,
            text -> Parse.integer(text, 1, 255, multipliers)),
        bfd.valueOr("passive", "true or false", false, Parse::truth));
  }

  private @Nullable String router(Section section) {
    String name = section.value("router", "the name of one of the routers", text -> text);
    Entry entry = section.entry("router");
    return name == null || entry == null ? null : routers.known(entry, name);
  }

  private void notOurs(Section section, @Nullable Long as) {
    Entry entry = section.entry("as");
    if (as != null && entry != null && as.equals(localAs)) {
      problems.error(
          entry.place(),
          "%s: %s is our own (expected: the neighbor's)".formatted(entry.path(), entry.found()));
    }
  }

  /// A neighbor with a reserved number cannot announce anything, unless the filter is off.
  private void reserved(Section section, @Nullable Long as) {
    Entry entry = section.entry("as");
    String reservation = as == null ? "" : Bogons.reservation(as);
    if (entry != null && !reservation.isEmpty() && filters.bogonAsns() == Treatment.REJECT) {
      problems.warning(
          entry.place(),
          ("%s: %s is of %s: every route of it is refused (expected: a public number, or"
                  + " filters: {bogon-asns: false})")
              .formatted(entry.path(), entry.found(), reservation));
    }
  }

  /// An interface leads to one neighbor, or to an exchange with many public peers and route
  /// servers.
  private void claimInterface(
      Section section, String router, String networkInterface, Relation relation) {
    Entry entry = section.entry("interface");
    if (entry == null) {
      return;
    }
    boolean exchange = relation == Relation.PUBLIC_PEER || relation == Relation.ROUTE_SERVER;
    PolicyPlace first = routers.claimInterface(router, networkInterface, entry.place());
    String key = router + " " + networkInterface;
    boolean mayShare = exchange && sharedInterfaces.getOrDefault(key, false);
    if (first == null) {
      sharedInterfaces.put(key, exchange);
    } else if (!mayShare) {
      problems.error(
          entry.place(),
          ("%s: '%s' of %s is already on line %d (expected: one neighbor per interface, as"
                  + " carrier, traffic and cost of an interface are those of its neighbor, except"
                  + " public peers and route servers of one exchange); several are not supported"
                  + " yet: use a VLAN for each")
              .formatted(entry.path(), networkInterface, router, first.line()));
    }
  }

  private List<SessionEntry> sessions(
      Section section, @Nullable String router, @Nullable String networkInterface) {
    List<SessionEntry> sessions = new ArrayList<>();
    for (Family family : Family.values()) {
      Entry entry = section.entry(family == Family.IPV4 ? "ipv4" : "ipv6");
      if (entry != null) {
        Section keys = section.keys(entry, SESSION_KEYS, NOT_YET);
        SessionEntry session = session(keys, family, router, networkInterface);
        if (session != null) {
          sessions.add(session);
        }
      }
    }
    if (section.entry("ipv4") == null && section.entry("ipv6") == null) {
      problems.error(
          section.place(), section.path() + ": no session (expected: ipv4, ipv6 or both)");
    }
    return sessions;
  }

  private static Prefix lan(IpAddress address, String text) {
    Prefix lan = Parse.announced(text);
    if (!lan.contains(address)) {
      throw new IllegalArgumentException("a prefix that contains " + address);
    }
    return lan;
  }

  private @Nullable SessionEntry session(
      Section section, Family family, @Nullable String router, @Nullable String networkInterface) {
    String expected = Parse.expectation(family);
    Section.Parser<IpAddress> onLink = text -> Parse.onLink(family, text, networkInterface);
    IpAddress address = section.value("address", expected, onLink);
    IpAddress local = section.optional("local", expected, onLink);
    String limits = "a number of prefixes 1..100000000";
    int maxPrefix =
        section.valueOr(
            "max-prefix", limits, 0, text -> Parse.integer(text, 1, 100_000_000, limits));
    if (section.entry("max-prefix") == null) {
      problems.warning(
          section.place(), section.path() + ".max-prefix: missing: a leak of it is not stopped");
    }
    Entry entry = section.entry("address");
    if (address == null || entry == null) {
      return null;
    }
    Prefix lan =
        section.optional("lan", "the prefix of the exchange's LAN", text -> lan(address, text));
    if (address.equals(local)) {
      problems.error(
          RouterReader.placeOf(section, "local"),
          "%s.local: %s is the neighbor's address (expected: ours)"
              .formatted(section.path(), address));
    }
    PolicyPlace first =
        router == null ? null : routers.claimAddress(router, address, entry.place());
    if (first != null) {
      String expectation =
          address.isLinkLocal()
              ? "another address, as neighbors with the same link-local address on two interfaces are"
                  + " not supported yet); give one of them another link-local address or use global"
                  + " ones"
              : "one session an address)";
      problems.error(
          entry.place(),
          "%s: %s at %s is already on line %d (expected: %s"
              .formatted(entry.path(), address, router, first.line(), expectation));
    }
    return new SessionEntry(family, address, local, maxPrefix, lan);
  }
}
