package net.donut.bgp;

import java.util.Set;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// How one session stands, for operators. Counters count since the neighbor was configured.
///
/// @param since when `state` was entered
/// @param negotiated null unless established
/// @param localAddress our end of the connection in use, or the configured address; null if neither
/// @param updatesReceived UPDATE messages, End-of-RIB markers included
/// @param treatedAsWithdraw UPDATEs whose routes RFC 7606 turned into withdrawals
/// @param attributesDiscarded attributes RFC 7606 discarded
/// @param unsendable routes that could not be announced: family not negotiated, IPv6 next hop
///   without RFC 8950, or attributes longer than a message
/// @param flaps how often an established session was lost
/// @param lastError why it went down last; empty if never
/// @param stale families whose routes are kept for a restarting neighbor
public record SessionSnapshot(
    String name,
    SessionState state,
    Moment since,
    @Nullable SessionInfo negotiated,
    @Nullable IpAddress localAddress,
    long messagesReceived,
    long messagesSent,
    long updatesReceived,
    long updatesSent,
    long treatedAsWithdraw,
    long attributesDiscarded,
    long unsendable,
    long flaps,
    String lastError,
    Set<Family> stale) {
  public SessionSnapshot {
    stale = Set.copyOf(stale);
  }
}
