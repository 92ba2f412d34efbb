package net.donut.agent.rib;

import java.util.List;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import org.jspecify.annotations.Nullable;

/// One input of [AgentRib], as it is recorded. Readers and sources of routes are numbered in the
/// order in which they came.
sealed interface RibInput {
  record Configure(List<SessionSettings> sessions) implements RibInput {
    public Configure {
      sessions = List.copyOf(sessions);
    }
  }

  record Event(RibEvent event) implements RibInput {}

  record RoomAgain(String session, long number) implements RibInput {}

  record Subscribe(int reader) implements RibInput {}

  record Unsubscribe(int reader) implements RibInput {}

  record ListAdvertised(String session, int reader) implements RibInput {}

  record BeginAdvertising(int source) implements RibInput {}

  /// @param attributes null to withdraw
  record Advertise(int source, String session, Prefixes routes, @Nullable PathAttributes attributes)
      implements RibInput {}

  record EndAdvertising(int source) implements RibInput {}

  record LeaveAdvertising(int source) implements RibInput {}
}
