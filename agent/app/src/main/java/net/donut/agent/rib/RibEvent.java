package net.donut.agent.rib;

import net.donut.bgp.Down;
import net.donut.bgp.SessionInfo;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;

/// What sessions tell the RIB, in the order of [net.donut.bgp.BgpListener].
sealed interface RibEvent {
  String session();

  record Established(String session, SessionInfo info, SessionOutbox outbox) implements RibEvent {}

  record Updated(String session, BgpMessage.Update update) implements RibEvent {}

  record EndOfRib(String session, Family family) implements RibEvent {}

  record RefreshRequested(String session, Family family) implements RibEvent {}

  record MarkStale(String session, Family family) implements RibEvent {}

  record SweepStale(String session, Family family) implements RibEvent {}

  /// Routes that were withdrawn in place of being announced, as their UPDATE is too long.
  record TooLong(
      String session,
      long number,
      Prefixes prefixes,
      PathAttributes attributes,
      int bytes,
      int limit)
      implements RibEvent {}

  record Lost(String session, Down down) implements RibEvent {}
}
