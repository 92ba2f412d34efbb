package net.donut.model;

import java.util.Locale;

/// What a neighbor is to our network, best first: a path of an earlier relation wins over one of a
/// later relation whatever their preferences are. The ordinal is the band of the decision.
public enum Relation {
  CUSTOMER,
  /// Routes of our own network; never the relation of a neighbor.
  OWN,
  PRIVATE_PEER,
  PUBLIC_PEER,
  ROUTE_SERVER,
  TRANSIT;

  /// The word used in policy files and output: `customer`, `private-peer`, ...
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Whether traffic to it is exchanged directly, without paid transit.
  public boolean isDirect() {
    return this != TRANSIT;
  }
}
