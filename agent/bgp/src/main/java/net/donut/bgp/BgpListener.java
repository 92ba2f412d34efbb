package net.donut.bgp;

import net.donut.model.Family;
import net.donut.wire.bgp.BgpMessage;

/// Hears what happens on the sessions of a speaker.
///
/// Every method is called on the speaker's event loop and must not block; whoever cannot take more
/// calls [BgpSpeaker#pauseReading] and returns. Calls for one session come in the order
/// `established`, any number of the others, `down`. After a `down` with stale families,
/// `sweepStale` follows for each of them, before or after the next `established`.
public interface BgpListener {

  void established(String neighbor, SessionInfo session);

  /// One UPDATE, already checked by RFC 7606: its announcements and withdrawals are to be applied
  /// as they are. Only routes of negotiated families.
  void update(String neighbor, BgpMessage.Update update);

  /// The neighbor has sent its initial routes of a family.
  void endOfRib(String neighbor, Family family);

  /// The neighbor wants all routes of a family again: announce them, between
  /// [Outbound.BeginRefresh] and [Outbound.EndRefresh].
  void refreshRequested(String neighbor, Family family);

  /// The neighbor announces all its routes of a family again (RFC 7313): mark those held as stale;
  /// an announcement makes a route fresh.
  void markStale(String neighbor, Family family);

  /// Remove the routes of a family that are still stale: the neighbor did not repeat them, or did
  /// not return in time, or lost its forwarding state.
  void sweepStale(String neighbor, Family family);

  void down(String neighbor, Down down);

  /// The state of the session changed.
  default void state(String neighbor, SessionSnapshot snapshot) {}
}
