package net.donut.controller.policy;

import java.util.ArrayList;
import java.util.List;
import net.donut.controller.policy.PolicyDocument.EndEntry;
import net.donut.controller.policy.PolicyDocument.LinkEntry;
import net.donut.controller.policy.Section.Claims;
import net.donut.controller.policy.Section.Entry;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// Reads `links`, the internal links.
final class InternalLinkReader {
  private static final String ENDS = "two routers, each with interface, ipv4 and ipv6";

  private final PolicyProblems problems;
  private final RouterReader routers;
  private final List<LinkEntry> links = new ArrayList<>();

  InternalLinkReader(PolicyProblems problems, RouterReader routers) {
    this.problems = problems;
    this.routers = routers;
  }

  List<LinkEntry> links() {
    return links;
  }

  void read(Section top) {
    Entry entry = top.entry("links");
    if (entry == null) {
      return;
    }
    Claims<String> names = new Claims<>();
    for (Entry item : top.items(entry, "a list of links")) {
      link(top.keys(item, List.of("name", "cost", "ends")), names);
    }
  }

  private void link(Section link, Claims<String> names) {
    String name = link.value("name", Parse.NAME, Parse::name);
    Entry nameEntry = link.entry("name");
    if (name != null && nameEntry != null) {
      PolicyPlace first = names.claim(name, nameEntry.place());
      if (first != null) {
        problems.error(
            nameEntry.place(),
            "%s: '%s' is already on line %d (expected: a different one for every link)"
                .formatted(nameEntry.path(), name, first.line()));
      }
    }
    String costs = "a cost 1..65535";
    int cost = link.valueOr("cost", costs, 10, text -> Parse.integer(text, 1, 65535, costs));
    Entry ends = link.required("ends", ENDS);
    if (ends != null) {
      ends(link, ends, name, cost);
    }
  }

  private void ends(Section link, Entry entry, @Nullable String name, int cost) {
    Section both = Section.ofNames(entry.path(), entry.keyPlace(), entry.value(), problems);
    List<EndEntry> ends = new ArrayList<>();
    for (Entry one : both.entries()) {
      if (!routers.isKnown(one.key())) {
        problems.error(one.keyPlace(), routers.unknown(entry.path(), one.key()));
      }
      EndEntry end = end(both.keys(one, List.of("interface", "ipv4", "ipv6")), one.key());
      if (end != null) {
        ends.add(end);
      }
    }
    if (both.entries().size() != 2) {
      problems.error(
          entry.place(),
          "%s: %d (expected: %s)".formatted(entry.path(), both.entries().size(), ENDS));
    }
    if (name != null && ends.size() == 2) {
      sameFamilies(link, ends.get(0), ends.get(1));
      links.add(new LinkEntry(name, cost, ends.get(0), ends.get(1)));
    }
  }

  private @Nullable EndEntry end(Section end, String router) {
    String networkInterface = end.value("interface", Parse.INTERFACE, Parse::networkInterface);
    IpAddress ipv4 = address(end, router, "ipv4", Family.IPV4);
    IpAddress ipv6 = address(end, router, "ipv6", Family.IPV6);
    if (end.entry("ipv4") == null && end.entry("ipv6") == null) {
      problems.error(end.place(), end.path() + ": no address (expected: ipv4, ipv6 or both)");
    }
    if (networkInterface == null) {
      return null;
    }
    Entry entry = end.entry("interface");
    PolicyPlace place = RouterReader.placeOf(end, "interface");
    PolicyPlace first = routers.claimInterface(router, networkInterface, place);
    if (first != null && entry != null) {
      problems.error(
          place,
          "%s: '%s' of %s is already on line %d (expected: one link an interface)"
              .formatted(entry.path(), networkInterface, router, first.line()));
    }
    return new EndEntry(router, networkInterface, ipv4, ipv6);
  }

  private @Nullable IpAddress address(Section end, String router, String key, Family family) {
    IpAddress address =
        end.optional(key, Parse.expectation(family), text -> Parse.speaker(family, text));
    Entry entry = end.entry(key);
    if (address == null || entry == null) {
      return null;
    }
    PolicyPlace first = routers.claimAddress(router, address, entry.place());
    if (first != null) {
      problems.error(
          entry.place(),
          "%s: %s is already on line %d (expected: a different address for every link)"
              .formatted(entry.path(), address, first.line()));
    }
    return address;
  }

  private void sameFamilies(Section link, EndEntry left, EndEntry right) {
    for (Family family : Family.values()) {
      IpAddress here = left.address(family);
      IpAddress there = right.address(family);
      String key = family == Family.IPV4 ? "ipv4" : "ipv6";
      if ((here == null) != (there == null)) {
        problems.error(
            RouterReader.placeOf(link, "ends"),
            "%s.ends: %s at one end only (expected: at both or neither)"
                .formatted(link.path(), key));
      } else if (here != null && here.equals(there)) {
        problems.error(
            RouterReader.placeOf(link, "ends"),
            "%s.ends: %s %s at both ends (expected: two different addresses)"
                .formatted(link.path(), key, here));
      }
    }
  }
}
