package net.donut.agent.fib;

import net.donut.model.Prefix;

/// What became of an intended route after its acknowledgement, or in it: it is not in the kernel as
/// intended, or it is again.
///
/// @param state [RouteTable.State#GOOD] ends the trouble
/// @param error why, for people; empty when it is over
public record RouteTrouble(
    String networkInstance, Prefix prefix, RouteTable.State state, String error) {

  /// Whether the route is as intended again, or no longer intended.
  public boolean isOver() {
    return state == RouteTable.State.GOOD;
  }
}
