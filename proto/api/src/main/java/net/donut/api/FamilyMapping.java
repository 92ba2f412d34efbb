package net.donut.api;

import net.donut.model.Family;

/// Address families as `donut.agent.v1.Family`, both ways.
public final class FamilyMapping {
  private FamilyMapping() {}

  public static net.donut.api.agent.v1.Family toProto(Family family) {
    return switch (family) {
      case IPV4 -> net.donut.api.agent.v1.Family.FAMILY_IPV4;
      case IPV6 -> net.donut.api.agent.v1.Family.FAMILY_IPV6;
    };
  }

  /// Throws IllegalArgumentException for an unspecified or unknown family.
  public static Family fromProto(net.donut.api.agent.v1.Family family) {
    return switch (family) {
      case FAMILY_IPV4 -> Family.IPV4;
      case FAMILY_IPV6 -> Family.IPV6;
      case FAMILY_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "family: " + family + " (expected: FAMILY_IPV4 or FAMILY_IPV6)");
    };
  }
}
