package net.donut.bgp;

import java.time.Duration;
import java.util.Set;
import net.donut.model.Family;

/// Why an established session ended, and what becomes of its routes.
///
/// Routes of the families in `stale` are kept, marked stale, until [BgpListener#sweepStale] says
/// otherwise; those of all other families are void at once.
///
/// @param session the number of the session that ended ([SessionInfo#session])
/// @param text for the operator, such as `received Cease: administrative shutdown`
/// @param staleFor how long the neighbor may take to return; zero when nothing is stale
public record Down(long session, Cause cause, String text, Set<Family> stale, Duration staleFor) {

  /// Who ended it.
  public enum Cause {
    /// The TCP connection was lost without a NOTIFICATION.
    CONNECTION_LOST,
    HOLD_TIMER_EXPIRED,
    /// The neighbor sent a NOTIFICATION.
    NOTIFICATION_RECEIVED,
    /// We sent a NOTIFICATION because of what the neighbor sent.
    NOTIFICATION_SENT,
    /// We ended it: [BgpSpeaker#tearDown], configuration, close.
    LOCAL
  }

  public Down {
    stale = Set.copyOf(stale);
  }
}
