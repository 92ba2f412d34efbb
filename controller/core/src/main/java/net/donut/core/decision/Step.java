package net.donut.core.decision;

import java.util.Locale;

/// The steps of the decision, in order. Each removes every path that is worse than the best one
/// left; the one path left at the end wins.
public enum Step {
  DRAINED("a neighbor that is not drained", "operator"),
  OVERRIDE("the neighbor by which an operator sends this prefix for a time", "operator"),
  BAND("customer, own, private peer, public peer, route server, transit", "policy"),
  GRACEFUL_SHUTDOWN("a path that does not announce its end (65535:0)", "RFC 8326 §4.2"),
  PREFERENCE("higher degree of preference", "RFC 4271 §9.1.1"),
  AS_PATH_LENGTH("shorter AS_PATH", "RFC 4271 §9.1.2.2(a)"),
  ORIGIN("lower ORIGIN", "RFC 4271 §9.1.2.2(b)"),
  MED("lower MULTI_EXIT_DISC of one neighbor AS", "RFC 4271 §9.1.2.2(c)"),
  EXTERNAL("exit at this router before one at another", "RFC 4271 §9.1.2.2(d)"),
  INTERIOR_COST("lower interior cost from this router", "RFC 4271 §9.1.2.2(e)"),
  ROUTER_ID("lower BGP identifier", "RFC 4271 §9.1.2.2(f)"),
  NEIGHBOR_ADDRESS("lower address of the neighbor", "RFC 4271 §9.1.2.2(g)"),
  NAME("first name in the alphabet, when even the addresses are equal", "policy");

  private final String rule;
  private final String section;

  Step(String rule, String section) {
    this.rule = rule;
    this.section = section;
  }

  /// What wins, for people.
  public String rule() {
    return rule;
  }

  /// Where it is defined.
  public String section() {
    return section;
  }

  /// The word used in output: `as-path-length`, ...
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
