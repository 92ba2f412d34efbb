package net.donut.core;

import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// Whether the routes of a session may be used. The BGP identifier of the neighbor, once known, is
/// remembered when the session is lost; null leaves what was known.
public record SessionLiveness(State state, @Nullable IpAddress bgpIdentifier) {

  /// What is known of a session.
  public enum State {
    /// Nothing heard yet; routes are used, since missing is not empty.
    UNKNOWN,
    /// Established.
    UP,
    /// Lost, and the neighbor said that it keeps forwarding (RFC 4724); routes are used.
    RESTARTING,
    /// Lost; routes are kept but not used.
    DOWN
  }

  public static SessionLiveness up(IpAddress bgpIdentifier) {
    return new SessionLiveness(State.UP, bgpIdentifier);
  }

  public static SessionLiveness down() {
    return new SessionLiveness(State.DOWN, null);
  }

  public static SessionLiveness restarting() {
    return new SessionLiveness(State.RESTARTING, null);
  }

  public static SessionLiveness unknown() {
    return new SessionLiveness(State.UNKNOWN, null);
  }

  public boolean isUsable() {
    return state != State.DOWN;
  }
}
