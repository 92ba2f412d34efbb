package net.donut.core;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.donut.core.answer.RejectReason;
import net.donut.core.policy.Filters;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.model.AsPath;
import net.donut.model.Asn;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Relation;

/// The evidence of a refusal as text: what was found, and what was expected. Made when somebody
/// asks; nothing of it is kept.
final class RefusalText {
  private static final int MOST_PAYLOADS = 5;

  private final Verdicts verdicts;
  private final ValidatedPayloads payloads;

  RefusalText(Verdicts verdicts, ValidatedPayloads payloads) {
    this.verdicts = verdicts;
    this.payloads = payloads;
  }

  String of(RejectReason reason, Neighbor neighbor, Prefix prefix, PathAttributes path) {
    AsPath asPath = path.asPath();
    Filters filters = verdicts.policy().filters();
    return switch (reason) {
      case AS_PATH_EMPTY -> "no AS in the path (expected: %s)".formatted(first(neighbor));
      case AS_LOOP ->
          "AS%d is our own (expected: not in %s)".formatted(verdicts.policy().localAs(), asPath);
      case FIRST_AS -> "%s (expected: %s)".formatted(first(asPath), first(neighbor));
      case AS_SET ->
          "%s (expected: no AS_SET and no confederation, RFC 9774)".formatted(sets(asPath));
      case BOGON_ASN -> bogonAsn(asPath);
      case AS_PATH_TOO_LONG ->
          "%d (expected: at most %d, filters.max-as-path)"
              .formatted(asPath.length(), filters.maxAsPath());
      case ROUTE_LEAK ->
          "only-to-customer %d from a %s (expected: %s, RFC 9234)"
              .formatted(
                  path.onlyToCustomer(),
                  neighbor.relation().word(),
                  neighbor.relation() == Relation.CUSTOMER ? "none" : "none or " + neighbor.as());
      case NEXT_HOP, THIRD_PARTY_NEXT_HOP -> nextHop(neighbor, prefix, path.nextHop());
      case DEFAULT_ROUTE ->
          "%s from a %s (expected: from a transit)".formatted(prefix, neighbor.relation().word());
      case PREFIX_LENGTH ->
          "/%d (expected: %s, filters.prefix-length)"
              .formatted(prefix.length(), filters.lengths(prefix.family()));
      case BOGON_PREFIX -> bogonPrefix(prefix);
      case OWN_PREFIX -> ownPrefix(neighbor, prefix);
      case EXCHANGE_LAN -> exchangeLan(prefix);
      case INVALID_ORIGIN -> invalidOrigin(prefix, asPath);
    };
  }

  private static String first(Neighbor neighbor) {
    return neighbor.relation() == Relation.ROUTE_SERVER
        ? "that of a member"
        : "AS%d first, the neighbor's".formatted(neighbor.as());
  }

  private static String first(AsPath path) {
    int first = path.neighborAs();
    return first == 0 ? path.toString() : "AS" + Asn.text(first);
  }

  private static String sets(AsPath path) {
    return path.segments().stream()
        .filter(segment -> segment.type() != AsPath.SegmentType.AS_SEQUENCE)
        .map(segment -> new AsPath(List.of(segment)).toString())
        .collect(Collectors.joining(" "));
  }

  private static String bogonAsn(AsPath path) {
    for (AsPath.Segment segment : path.segments()) {
      for (int asn : segment.asns()) {
        BogonTable.Numbers found = Bogons.numbers(asn);
        if (found != null) {
          return "AS%s is of %s, %s (expected: public numbers, or filters.bogon-asns: false)"
              .formatted(Asn.text(asn), found.purpose(), found.document());
        }
      }
    }
    return path.toString();
  }

  private static String bogonPrefix(Prefix prefix) {
    BogonTable.Space found = Bogons.space(prefix);
    return found == null
        ? prefix.toString()
        : "%s is in %s, %s, %s (expected: public space, or filters.bogon-prefixes: false)"
            .formatted(prefix, found.prefix(), found.purpose(), found.document());
  }

  private String ownPrefix(Neighbor neighbor, Prefix prefix) {
    Prefix ours = verdicts.ownNetwork(prefix);
    String where =
        prefix.equals(ours) ? prefix + " is ours" : "%s is inside our %s".formatted(prefix, ours);
    return "%s (expected: neighbors.%s.prefixes lists it, if this %s may announce it)"
        .formatted(where, neighbor.name, neighbor.relation().word());
  }

  private String exchangeLan(Prefix prefix) {
    Prefix lan = verdicts.exchangeLan(prefix);
    return prefix.equals(lan)
        ? prefix + " is the LAN of an exchange that we are on (expected: from nobody)"
        : "%s is inside %s, the LAN of an exchange that we are on (expected: from nobody)"
            .formatted(prefix, lan);
  }

  private String invalidOrigin(Prefix prefix, AsPath path) {
    int origin = path.originAs();
    List<ValidatedPayloads.Payload> covering = payloads.covering(prefix);
    List<String> texts = new ArrayList<>();
    for (ValidatedPayloads.Payload payload :
        covering.subList(0, Math.min(MOST_PAYLOADS, covering.size()))) {
      texts.add("%s-%d AS%d".formatted(payload.prefix(), payload.maxLength(), payload.asn()));
    }
    if (covering.size() > MOST_PAYLOADS) {
      texts.add(covering.size() - MOST_PAYLOADS + " more");
    }
    return "%s may not announce %s (payloads: %s)"
        .formatted(
            origin == ValidatedPayloads.NO_ORIGIN ? "no single origin" : "AS" + Asn.text(origin),
            prefix,
            String.join(", ", texts));
  }

  private String nextHop(Neighbor neighbor, Prefix prefix, IpAddress nextHop) {
    NextHopFault fault = verdicts.nextHopFault(neighbor, prefix.family(), nextHop);
    NeighborConfig config = neighbor.config();
    SessionConfig session = config.session(nextHop.family());
    String own =
        session == null
            ? "an address of a session of %s, which has none of this family"
                .formatted(config.name())
            : session.address().toString();
    NextHopRules.Subnet subnet = neighbor.nextHops().subnets().get(nextHop.family());
    String in =
        subnet == null || subnet.networks().isEmpty()
            ? own
            : "in %s on %s".formatted(subnet.networks().getFirst(), config.interfaceName());
    if (fault == null) {
      return nextHop.toString();
    }
    return switch (fault) {
      case OTHER_FAMILY -> "%s for %s (expected: an IPv6 address)".formatted(nextHop, prefix);
      case NOT_UNICAST -> "%s (expected: an address of one host)".formatted(nextHop);
      case OURS -> "%s is ours (expected: the neighbor's, %s)".formatted(nextHop, own);
      case NOT_THE_NEIGHBORS -> "%s (expected: %s)".formatted(nextHop, own);
      case NETWORK_UNKNOWN ->
          "%s (expected: %s, as long as %s has no address in its network)"
              .formatted(nextHop, own, config.interfaceName());
      case OUTSIDE -> "%s (expected: %s)".formatted(nextHop, in);
      case ON_ANOTHER_INTERFACE ->
          "%s is on another interface (expected: %s)".formatted(nextHop, in);
      case NETWORK_ADDRESS ->
          "%s is the address of the network (expected: of a host %s)".formatted(nextHop, in);
      case BROADCAST_ADDRESS ->
          "%s is the broadcast address (expected: of a host %s)".formatted(nextHop, in);
    };
  }
}
