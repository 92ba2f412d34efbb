package net.donut.api;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import net.donut.api.agent.v1.AttributeSet;
import net.donut.api.agent.v1.Segment;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.UnknownAttribute;
import org.jspecify.annotations.Nullable;

/// Path attributes as `donut.agent.v1.AttributeSet`, both ways and without loss.
///
/// A message without next hop (routes to announce, where each session puts its own) becomes
/// [#NO_NEXT_HOP].
public final class AttributeMapping {
  /// Stands for "the session's own address"; written as an absent next hop.
  public static final IpAddress NO_NEXT_HOP = IpAddress.ofIpv4(0);

  private AttributeMapping() {}

  /// `id` is the number this content gets in its stream, 1 or more.
  public static AttributeSet toProto(int id, PathAttributes attributes) {
    AttributeSet.Builder set =
        AttributeSet.newBuilder()
            .setId(id)
            .setOrigin(originCode(attributes.origin()))
            .setAtomicAggregate(attributes.atomicAggregate());
    for (AsPath.Segment segment : attributes.asPath().segments()) {
      var part = Segment.newBuilder().setType(segment.type().code());
      for (int asn : segment.asns()) {
        part.addAsns(asn);
      }
      set.addAsPath(part);
    }
    if (!attributes.nextHop().equals(NO_NEXT_HOP)) {
      set.setNextHop(ByteString.copyFrom(attributes.nextHop().bytes()));
    }
    IpAddress linkLocal = attributes.linkLocalNextHop();
    if (linkLocal != null) {
      set.setLinkLocalNextHop(ByteString.copyFrom(linkLocal.bytes()));
    }
    putNumbers(set, attributes);
    putCommunities(set, attributes);
    for (UnknownAttribute unknown : attributes.unknown()) {
      set.addUnknown(
          net.donut.api.agent.v1.UnknownAttribute.newBuilder()
              .setFlags(unknown.flags())
              .setType(unknown.type())
              .setValue(ByteString.copyFrom(unknown.value())));
    }
    return set.build();
  }

  private static void putNumbers(AttributeSet.Builder set, PathAttributes attributes) {
    if (attributes.med() != PathAttributes.ABSENT) {
      set.setMed((int) attributes.med());
    }
    if (attributes.localPref() != PathAttributes.ABSENT) {
      set.setLocalPref((int) attributes.localPref());
    }
    if (attributes.onlyToCustomer() != PathAttributes.ABSENT) {
      set.setOnlyToCustomer((int) attributes.onlyToCustomer());
    }
    Aggregator aggregator = attributes.aggregator();
    if (aggregator != null) {
      set.setAggregatorAs((int) aggregator.asn())
          .setAggregatorAddress(ByteString.copyFrom(aggregator.address().bytes()));
    }
  }

  private static void putCommunities(AttributeSet.Builder set, PathAttributes attributes) {
    for (int community : attributes.communities().values()) {
      set.addCommunities(community);
    }
    for (long community : attributes.extendedCommunities().values()) {
      set.addExtendedCommunities(community);
    }
    for (int cell : attributes.largeCommunities().values()) {
      set.addLargeCommunities(cell);
    }
  }

  /// The content of a set, without its number. Throws IllegalArgumentException saying what was
  /// expected.
  public static PathAttributes fromProto(AttributeSet set) {
    return PathAttributes.builder(origin(set), asPath(set), nextHop(set))
        .linkLocalNextHop(address(set.getLinkLocalNextHop()))
        .med(set.hasMed() ? Integer.toUnsignedLong(set.getMed()) : PathAttributes.ABSENT)
        .localPref(
            set.hasLocalPref() ? Integer.toUnsignedLong(set.getLocalPref()) : PathAttributes.ABSENT)
        .atomicAggregate(set.getAtomicAggregate())
        .aggregator(aggregator(set))
        .communities(
            Communities.of(set.getCommunitiesList().stream().mapToInt(Integer::intValue).toArray()))
        .extendedCommunities(
            ExtendedCommunities.of(
                set.getExtendedCommunitiesList().stream().mapToLong(Long::longValue).toArray()))
        .largeCommunities(
            LargeCommunities.of(
                set.getLargeCommunitiesList().stream().mapToInt(Integer::intValue).toArray()))
        .onlyToCustomer(
            set.hasOnlyToCustomer()
                ? Integer.toUnsignedLong(set.getOnlyToCustomer())
                : PathAttributes.ABSENT)
        .unknown(unknown(set))
        .build();
  }

  private static int originCode(Origin origin) {
    return switch (origin) {
      case IGP -> 0;
      case EGP -> 1;
      case INCOMPLETE -> 2;
    };
  }

  private static Origin origin(AttributeSet set) {
    return switch (set.getOrigin()) {
      case 0 -> Origin.IGP;
      case 1 -> Origin.EGP;
      case 2 -> Origin.INCOMPLETE;
      default ->
          throw new IllegalArgumentException(
              "origin: " + Integer.toUnsignedString(set.getOrigin()) + " (expected: 0..2)");
    };
  }

  private static AsPath asPath(AttributeSet set) {
    if (set.getAsPathCount() == 0) {
      return AsPath.EMPTY;
    }
    List<AsPath.Segment> segments = new ArrayList<>(set.getAsPathCount());
    for (Segment part : set.getAsPathList()) {
      int[] asns = new int[part.getAsnsCount()];
      for (int i = 0; i < asns.length; i++) {
        asns[i] = part.getAsns(i);
      }
      segments.add(new AsPath.Segment(segmentType(part.getType()), asns));
    }
    return new AsPath(segments);
  }

  private static AsPath.SegmentType segmentType(int code) {
    return switch (code) {
      case 1 -> AsPath.SegmentType.AS_SET;
      case 2 -> AsPath.SegmentType.AS_SEQUENCE;
      case 3 -> AsPath.SegmentType.AS_CONFED_SEQUENCE;
      case 4 -> AsPath.SegmentType.AS_CONFED_SET;
      default ->
          throw new IllegalArgumentException(
              "AS_PATH segment type: " + Integer.toUnsignedString(code) + " (expected: 1..4)");
    };
  }

  private static IpAddress nextHop(AttributeSet set) {
    IpAddress address = address(set.getNextHop());
    return address == null ? NO_NEXT_HOP : address;
  }

  private static @Nullable Aggregator aggregator(AttributeSet set) {
    if (!set.hasAggregatorAs()) {
      return null;
    }
    IpAddress address = address(set.getAggregatorAddress());
    return new Aggregator(
        Integer.toUnsignedLong(set.getAggregatorAs()),
        address == null ? IpAddress.ofIpv4(0) : address);
  }

  private static @Nullable IpAddress address(ByteString bytes) {
    return bytes.isEmpty() ? null : IpAddress.ofBytes(bytes.toByteArray());
  }

  private static List<UnknownAttribute> unknown(AttributeSet set) {
    if (set.getUnknownCount() == 0) {
      return List.of();
    }
    List<UnknownAttribute> unknown = new ArrayList<>(set.getUnknownCount());
    for (net.donut.api.agent.v1.UnknownAttribute raw : set.getUnknownList()) {
      unknown.add(
          new UnknownAttribute(raw.getFlags(), raw.getType(), raw.getValue().toByteArray()));
    }
    return unknown;
  }
}
