package net.donut.agent.rib;

import net.donut.bgp.Down;
import net.donut.bgp.SessionInfo;
import net.donut.model.Family;
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

  record Lost(String session, Down down) implements RibEvent {}
}
