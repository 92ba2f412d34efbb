package net.donut.lab.neighbor;

import net.donut.lab.topology.LabNode;
import net.donut.model.Relation;

/// What a network of the lab thinks of a route, as LOCAL_PREF; and what it tells whom.
///
/// The numbers double as marks: they say where a route was learned, so the export rules are rules
/// about numbers. Own 300, customers 200, a Tier 2's feed 190 (its customers, whom only its peers
/// and customers hear of from it: its providers have them in their own feeds), peers 100, a Tier
/// 1's feed 80 (the rest of the Internet, told to customers only), providers 50.
final class Preference {
  static final int OWN = 300;
  static final int CUSTOMER = 200;
  static final int CONE_FEED = 190;
  static final int PEER = 100;
  static final int WORLD_FEED = 80;
  static final int PROVIDER = 50;

  private Preference() {}

  /// Of routes heard from a neighbor of this relation.
  static int of(Relation relation) {
    return switch (relation) {
      case CUSTOMER -> CUSTOMER;
      case OWN -> OWN;
      case PRIVATE_PEER, PUBLIC_PEER, ROUTE_SERVER -> PEER;
      case TRANSIT -> PROVIDER;
    };
  }

  static int ofFeed(LabNode.Tier tier) {
    return tier == LabNode.Tier.TIER1 ? WORLD_FEED : CONE_FEED;
  }

  /// The lowest mark that a neighbor of this relation hears of, valley-free.
  static int lowestToldTo(Relation relation) {
    return switch (relation) {
      case CUSTOMER -> 0;
      case OWN, PRIVATE_PEER, PUBLIC_PEER, ROUTE_SERVER -> CONE_FEED;
      case TRANSIT -> CUSTOMER;
    };
  }
}
