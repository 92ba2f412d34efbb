package net.donut.bgp;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.donut.bgp.BgpNeighborConfig.AdminState;
import org.jspecify.annotations.Nullable;

/// What other settings ask of a running session: nothing, to be taken as it runs, or a reset.
public sealed interface SessionChange {
  /// The settings are equal.
  record None() implements SessionChange {}

  /// The session goes on under the new settings.
  record Live(List<String> fields) implements SessionChange {
    public Live {
      fields = List.copyOf(fields);
    }
  }

  /// The session has to be established anew. `fields` are those that need it.
  record Reset(List<String> fields) implements SessionChange {
    public Reset {
      fields = List.copyOf(fields);
    }
  }

  /// From one set of settings of a neighbor to another.
  static SessionChange between(BgpNeighborConfig before, BgpNeighborConfig after) {
    List<String> reset = new ArrayList<>();
    add(reset, "name", before.name(), after.name());
    add(reset, "address", before.address(), after.address());
    add(reset, "localAddress", before.localAddress(), after.localAddress());
    add(reset, "interfaceName", before.interfaceName(), after.interfaceName());
    add(reset, "localAs", before.localAs(), after.localAs());
    add(reset, "remoteAs", before.remoteAs(), after.remoteAs());
    add(reset, "routerId", before.routerId(), after.routerId());
    add(reset, "adminState", before.adminState(), after.adminState());
    add(reset, "holdTimeSeconds", before.holdTimeSeconds(), after.holdTimeSeconds());
    add(reset, "families", before.families(), after.families());
    add(reset, "md5Key", before.md5Key(), after.md5Key());
    add(reset, "ttlSecurity", before.ttlSecurity(), after.ttlSecurity());
    add(reset, "role", before.role(), after.role());
    add(reset, "roleCheck", before.roleCheck(), after.roleCheck());
    add(reset, "restartTime", before.restartTime(), after.restartTime());
    if (!reset.isEmpty()) {
      return new Reset(reset);
    }
    // What only the next attempt, or the next loss, asks for.
    List<String> live = new ArrayList<>();
    add(live, "port", before.port(), after.port());
    add(live, "connect", before.connect(), after.connect());
    add(live, "maxStale", before.maxStale(), after.maxStale());
    add(live, "connectTimeout", before.connectTimeout(), after.connectTimeout());
    return live.isEmpty() ? new None() : new Live(live);
  }

  private static void add(
      List<String> fields, String name, @Nullable Object before, @Nullable Object after) {
    if (!Objects.equals(before, after)) {
      fields.add(name);
    }
  }

  /// How a session that has to be reset is told.
  static CeaseReason cease(BgpNeighborConfig after) {
    return after.adminState() == AdminState.SHUTDOWN
        ? CeaseReason.SHUTDOWN
        : CeaseReason.CONFIGURATION_CHANGE;
  }
}
