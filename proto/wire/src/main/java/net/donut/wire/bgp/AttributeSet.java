package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.Asn;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.UnknownAttribute;
import org.jspecify.annotations.Nullable;

/// The attributes of one UPDATE while they are read: what was there, and what was wrong with it.
/// Belongs to one call of the decoder.
final class AttributeSet {

  /// For whom the attributes are read.
  enum Source {
    /// A neighbor on the line: every check of the RFCs.
    SESSION,
    /// A message that a collector stored: what only a live session must not accept is kept.
    ARCHIVED_MESSAGE,
    /// The same, but damaged: a list of prefixes may be cut, and is kept up to there.
    SALVAGED_MESSAGE,
    /// An entry of a stored table: MP_REACH_NLRI may be only a next hop (RFC 6396 §4.3.4).
    ARCHIVED_ENTRY
  }

  /// How bad a fault is. `RESET` never gets here: it is thrown.
  enum Severity {
    NONE,
    DISCARD,
    WITHDRAW
  }

  /// MP_REACH_NLRI of a family we know (RFC 4760 §3).
  record Reach(IpAddress nextHop, @Nullable IpAddress linkLocal, Nlri.Block nlri) {}

  final SessionOptions options;
  final Source source;

  @Nullable Origin origin;
  @Nullable AsPath asPath;
  @Nullable AsPath as4Path;
  @Nullable IpAddress nextHop;
  long med = PathAttributes.ABSENT;
  long localPref = PathAttributes.ABSENT;
  boolean atomicAggregate;
  @Nullable Aggregator aggregator;
  @Nullable Aggregator as4Aggregator;
  Communities communities = Communities.NONE;
  ExtendedCommunities extendedCommunities = ExtendedCommunities.NONE;
  LargeCommunities largeCommunities = LargeCommunities.NONE;
  long onlyToCustomer = PathAttributes.ABSENT;
  List<UnknownAttribute> unknown = List.of();

  @Nullable Reach reach;
  Nlri.@Nullable Block unreach;

  /// The same of SAFI 2, only from an archive.
  @Nullable Reach multicastReach;

  Nlri.@Nullable Block multicastUnreach;

  /// Type codes that appeared, a bit each.
  private final long[] seen = new long[4];

  private int count;

  private Severity worst = Severity.NONE;
  private int worstSubcode = MessageFaults.MALFORMED_ATTRIBUTE_LIST;
  private String worstMessage = "";
  private List<UpdateFault> faults = List.of();

  AttributeSet(SessionOptions options, Source source) {
    this.options = options;
    this.source = source;
  }

  int asnBytes() {
    return options.fourOctetAs() ? AsPathCodec.FOUR_OCTETS : AsPathCodec.TWO_OCTETS;
  }

  /// Whether a live neighbor's mistakes are to be found, rather than stored ones kept.
  boolean isSession() {
    return source == Source.SESSION;
  }

  /// Reads prefixes up to index `end`, see [Nlri#read]. What is cut off in a damaged message
  /// becomes a fault.
  Nlri.Block readNlri(ByteBuf in, int end, Family family, int subcode) {
    var ending = source == Source.SALVAGED_MESSAGE ? Nlri.Ending.CUT : Nlri.Ending.WHOLE;
    var pathIds = Nlri.PathIds.of(options, family);
    Nlri.Block block = Nlri.read(in, end, family, pathIds, ending, subcode);
    if (in.readerIndex() < end) {
      int left = end - in.readerIndex();
      fault(Severity.DISCARD, 0, subcode, "prefix bytes: " + left + " (expected: a whole prefix)");
      in.readerIndex(end);
    }
    return block;
  }

  /// Notes that a type code appeared; says whether it is the first time.
  boolean see(int type) {
    count++;
    long bit = 1L << (type & 63);
    boolean first = (seen[type >>> 6] & bit) == 0;
    seen[type >>> 6] |= bit;
    return first;
  }

  boolean has(int type) {
    return (seen[type >>> 6] & (1L << (type & 63))) != 0;
  }

  boolean isOnly(int type) {
    return count == 1 && has(type);
  }

  void addUnknown(UnknownAttribute attribute) {
    if (unknown.isEmpty()) {
      unknown = new ArrayList<>(2);
    }
    unknown.add(attribute);
  }

  void fault(Severity severity, int type, int subcode, String message) {
    if (faults.isEmpty()) {
      faults = new ArrayList<>(2);
    }
    faults.add(
        new UpdateFault(
            severity == Severity.WITHDRAW
                ? UpdateFault.Action.TREAT_AS_WITHDRAW
                : UpdateFault.Action.DISCARD_ATTRIBUTE,
            type,
            message));
    if (severity.compareTo(worst) > 0) {
      worst = severity;
      worstSubcode = subcode;
      worstMessage = message;
    }
  }

  /// Whether nothing but MP_UNREACH_NLRI has cost routes, and its routes are known: those it names,
  /// or those of a family we do not know, when it is all the message has.
  boolean isFaultOfUnreachOnly() {
    boolean known = unreach != null && !unreach.prefixes().isEmpty();
    return (known || isOnly(AttributeCodecs.MP_UNREACH_NLRI))
        && faults.stream()
            .allMatch(fault ->
                fault.action() == UpdateFault.Action.DISCARD_ATTRIBUTE
                    || fault.attribute() == AttributeCodecs.MP_UNREACH_NLRI);
  }

  List<UpdateFault> faults() {
    return faults;
  }

  Severity worst() {
    return worst;
  }

  String worstMessage() {
    return worstMessage;
  }

  int worstSubcode() {
    return worstSubcode;
  }

  /// Checks that what a route must have is there (RFC 7606 §3 d); `classic` says that NLRI stand in
  /// the field that NEXT_HOP belongs to.
  void requireMandatory(boolean classic) {
    requireOriginAndPath();
    if (classic) {
      require(AttributeCodecs.NEXT_HOP, nextHop != null);
      requireHost(nextHop);
    }
    if (options.internal() && isSession()) {
      require(AttributeCodecs.LOCAL_PREF, localPref != PathAttributes.ABSENT);
    }
  }

  /// NEXT_HOP counts only where it is used: beside MP_REACH_NLRI alone it says nothing, and some
  /// speakers fill it with zeros there (RFC 4760 §3).
  private void requireHost(@Nullable IpAddress address) {
    if (address != null && isSession() && !MultiprotocolCodec.isHost(address)) {
      fault(
          Severity.WITHDRAW,
          AttributeCodecs.NEXT_HOP,
          MessageFaults.INVALID_NEXT_HOP,
          "NEXT_HOP value: " + address + " (expected: a host's address)");
    }
  }

  private void requireOriginAndPath() {
    require(AttributeCodecs.ORIGIN, origin != null);
    require(AttributeCodecs.AS_PATH, asPath != null);
  }

  /// Fills in what a table says of its router's own routes, which never were in an UPDATE.
  void assumeOriginAndPath() {
    if (origin == null && !has(AttributeCodecs.ORIGIN)) {
      origin = Origin.INCOMPLETE;
    }
    if (asPath == null && !has(AttributeCodecs.AS_PATH)) {
      asPath = AsPath.EMPTY;
    }
  }

  private void require(int type, boolean present) {
    if (!present && !has(type)) {
      fault(
          Severity.WITHDRAW,
          type,
          MessageFaults.MISSING_WELL_KNOWN,
          AttributeCodecs.name(type) + ": missing (expected: present)");
    }
  }

  /// The attributes of routes with this next hop. To be called when nothing is to be withdrawn.
  PathAttributes build(IpAddress withNextHop, @Nullable IpAddress linkLocal) {
    Origin knownOrigin = origin;
    AsPath knownPath = asPath;
    if (knownOrigin == null || knownPath == null) {
      throw new IllegalStateException("ORIGIN or AS_PATH missing");
    }
    return PathAttributes.builder(knownOrigin, mergedPath(knownPath), withNextHop)
        .linkLocalNextHop(linkLocal)
        .med(med)
        .localPref(localPref)
        .atomicAggregate(atomicAggregate)
        .aggregator(mergedAggregator())
        .communities(communities)
        .extendedCommunities(extendedCommunities)
        .largeCommunities(largeCommunities)
        .onlyToCustomer(onlyToCustomer)
        .unknown(unknown)
        .build();
  }

  /// RFC 6793 §4.2.3: an AGGREGATOR that is not AS_TRANS was rewritten on the way by someone who
  /// did not know the AS4 attributes, so they are stale.
  private boolean as4IsStale() {
    return options.fourOctetAs()
        || (aggregator != null && as4Aggregator != null && aggregator.asn() != Asn.AS_TRANS);
  }

  private AsPath mergedPath(AsPath path) {
    return as4Path == null || as4IsStale() ? path : AsPathCodec.merge(path, as4Path);
  }

  private @Nullable Aggregator mergedAggregator() {
    return aggregator == null || as4Aggregator == null || as4IsStale() ? aggregator : as4Aggregator;
  }
}
