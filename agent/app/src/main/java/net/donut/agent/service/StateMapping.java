package net.donut.agent.service;

import java.util.Locale;
import java.util.stream.Stream;
import net.donut.agent.fib.FibCounters;
import net.donut.agent.fib.LinkStatus;
import net.donut.agent.rib.SessionCounts;
import net.donut.api.agent.v1.LinkState;
import net.donut.api.agent.v1.SessionState;
import net.donut.bfd.BfdStatus;
import net.donut.bgp.NeighborConfig;
import net.donut.bgp.SessionInfo;
import net.donut.bgp.SessionSnapshot;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// State as messages.
final class StateMapping {
  private StateMapping() {}

  static LinkState link(LinkStatus link) {
    return LinkState.newBuilder()
        .setInterface(link.name())
        .setIndex(link.index())
        .setExists(link.exists())
        .setAdminUp(link.adminUp())
        .setCarrier(link.carrier())
        .addAllAddresses(link.addresses())
        .build();
  }

  static net.donut.api.agent.v1.FibCounters fib(FibCounters counters) {
    return net.donut.api.agent.v1.FibCounters.newBuilder()
        .setIntended(counters.intended())
        .setInstalled(counters.installed())
        .setFailed(counters.failed())
        .setPending(counters.pending())
        .setGroups(counters.groups())
        .setNextHops(counters.nextHops())
        .setConflicts(counters.conflicts())
        .setRepaired(counters.repaired())
        .build();
  }

  /// `snapshot` and `counts` are null before anything is known; `reason`, if any, says better than
  /// the session itself why it went down last.
  static SessionState session(
      NeighborConfig config,
      @Nullable SessionSnapshot snapshot,
      @Nullable SessionCounts counts,
      @Nullable String reason) {
    SessionState.Builder state =
        SessionState.newBuilder()
            .setNeighbor(config.name())
            .setState(net.donut.bgp.SessionState.IDLE.toString())
            .setAddress(config.address().toString())
            .setLocalAddress(text(config.localAddress()))
            .setRemoteAs((int) config.remoteAs());
    if (counts != null) {
      state
          .setPrefixesIpv4(counts.heardIpv4())
          .setPrefixesIpv6(counts.heardIpv6())
          .setAdvertisedIpv4(counts.advertisedIpv4())
          .setAdvertisedIpv6(counts.advertisedIpv6())
          .setStale(counts.stale());
    }
    if (snapshot != null) {
      put(state, snapshot);
    }
    if (reason != null) {
      state.setLastError(reason);
    }
    return state.build();
  }

  static net.donut.api.agent.v1.BfdState bfd(BfdStatus status, long sinceUnixMillis) {
    return net.donut.api.agent.v1.BfdState.newBuilder()
        .setState(status.state().toString())
        .setRemoteState(status.remoteState().toString())
        .setDiagnostic(status.diagnostic().toString())
        .setRemoteDiagnostic(status.remoteDiagnostic().toString())
        .setTransmitMicros((int) status.transmitMicros())
        .setDetectionMicros((int) Math.min(status.detectionMicros(), Integer.MAX_VALUE))
        .setLosses((int) status.losses())
        .setPath(status.path().name().toLowerCase(Locale.ROOT))
        .setSinceUnixMs(sinceUnixMillis)
        .build();
  }

  private static void put(SessionState.Builder state, SessionSnapshot snapshot) {
    state
        .setState(snapshot.state().toString())
        .setUpdatesReceived(snapshot.updatesReceived())
        .setUpdatesSent(snapshot.updatesSent())
        .setTreatedAsWithdraw(snapshot.treatedAsWithdraw())
        .setAttributesDiscarded(snapshot.attributesDiscarded())
        .setFlaps((int) snapshot.flaps())
        .setLastError(snapshot.lastError())
        .setStale(state.getStale() || !snapshot.stale().isEmpty());
    IpAddress local = snapshot.localAddress();
    if (local != null) {
      state.setLocalAddress(local.toString());
    }
    SessionInfo info = snapshot.negotiated();
    if (info != null) {
      state
          .setEstablishedUnixMs(snapshot.since().wallClock().toEpochMilli())
          .setRemoteRouterId(info.remoteRouterId().toString())
          .setRemoteAs((int) info.remoteAs())
          .setHoldTimeSeconds(info.holdTimeSeconds())
          .addAllCapabilities(
              Stream.concat(
                      info.families().stream().sorted().map(Object::toString),
                      info.features().stream().sorted().map(Object::toString))
                  .toList());
    }
  }

  private static String text(@Nullable IpAddress address) {
    return address == null ? "" : address.toString();
  }
}
