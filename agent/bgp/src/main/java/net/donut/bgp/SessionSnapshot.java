package net.donut.bgp;

import java.util.List;
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
/// @param downSince when it was lost, or configured if it never was established; null while it is
///   established
/// @param downReason why it was lost last; empty if never
/// @param attemptError why the latest attempt to establish it failed; empty once it is established
/// @param nextTry when it is tried next; null while nothing is waited for
/// @param standing what keeps it up or down
/// @param malformed the latest routes withdrawn because their UPDATE was malformed, oldest first
/// @param lastFault the latest fault of an UPDATE, empty if none; `lastFaultAt` is when it came
/// @param stale families whose routes are kept for a restarting neighbor
public record SessionSnapshot(
    String name,
    SessionState state,
    ClockReading since,
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
    @Nullable ClockReading downSince,
    String downReason,
    String attemptError,
    @Nullable ClockReading nextTry,
    Standing standing,
    List<MalformedRoute> malformed,
    String lastFault,
    @Nullable ClockReading lastFaultAt,
    Set<Family> stale) {

  /// Who wants the session up or down.
  public enum Standing {
    /// It is up, or tried.
    UP("up"),
    /// The operator keeps it down.
    SHUTDOWN("shutdown"),
    /// It sent more prefixes than allowed and is kept down until the next try.
    MAX_PREFIX("max-prefix");

    private final String word;

    Standing(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  public SessionSnapshot {
    stale = Set.copyOf(stale);
    malformed = List.copyOf(malformed);
  }
}
