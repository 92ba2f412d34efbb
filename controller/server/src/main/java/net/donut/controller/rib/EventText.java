package net.donut.controller.rib;

import net.donut.api.agent.v1.SessionState;
import org.jspecify.annotations.Nullable;

/// The texts of events that operators read.
final class EventText {
  private EventText() {}

  /// What happened to a session.
  static String session(SessionTable.Session session) {
    SessionState state = session.state;
    return switch (session.liveness) {
      case UP -> "session up";
      case DOWN ->
          "session down"
              + (state == null || state.getDownReason().isEmpty()
                  ? ""
                  : ": " + state.getDownReason());
      case RESTARTING -> "session restarting; its routes stay";
      case UNKNOWN -> "session unknown";
    };
  }

  /// What BFD says of a path, once it says anything, when that changed; empty otherwise.
  static String bfd(@Nullable SessionState before, SessionState now) {
    String was = before == null ? "" : before.getBfd().getPath();
    String is = now.getBfd().getPath();
    long losses = before == null ? 0 : before.getBfd().getLosses();
    boolean news = !was.equals(is) && !(was.isEmpty() && is.equals("unknown"));
    if (!now.hasBfd() || !(news || now.getBfd().getLosses() > losses)) {
      return "";
    }
    return switch (is) {
      case "alive" -> "BFD up";
      case "dead" -> "BFD down: " + now.getBfd().getDiagnostic();
      default -> "BFD does not know the path: " + now.getBfd().getDiagnostic();
    };
  }

  /// What a kernel did with a route that it had; `error` is empty when it has it again.
  static String route(String error) {
    return error.isEmpty() ? "in the kernel again" : error;
  }
}
