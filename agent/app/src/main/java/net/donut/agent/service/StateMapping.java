package net.donut.agent.service;

import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.donut.agent.fib.Adjacency;
import net.donut.agent.fib.FibCounters;
import net.donut.agent.fib.LinkStatus;
import net.donut.agent.fib.RouteTrouble;
import net.donut.agent.rib.SessionCounts;
import net.donut.api.FamilyMapping;
import net.donut.api.agent.v1.BfdState;
import net.donut.api.agent.v1.LinkState;
import net.donut.api.agent.v1.RouteState;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.agent.v1.SilentGateway;
import net.donut.api.agent.v1.SilentGateways;
import net.donut.bfd.BfdStatus;
import net.donut.bgp.BgpNeighborConfig;
import net.donut.bgp.ClockReading;
import net.donut.bgp.MalformedRoute;
import net.donut.bgp.SessionInfo;
import net.donut.bgp.SessionSnapshot;
import net.donut.bgp.SessionSnapshot.Standing;
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
        .setMtu(link.mtu())
        .setMaster(link.master())
        .addAllFamilies(link.families().stream().sorted().map(FamilyMapping::toProto).toList())
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
        .setUnclaimed(counters.unclaimed())
        .build();
  }

  static RouteState route(RouteTrouble trouble) {
    return RouteState.newBuilder()
        .setPrefix(trouble.prefix().toString())
        .setNetworkInstance(trouble.networkInstance())
        .setStatus(
            switch (trouble.state()) {
              case GOOD -> "installed";
              case FAILED -> "failed";
              case CONFLICT -> "conflict";
              case WITHHELD -> "withheld";
            })
        .setError(trouble.error())
        .build();
  }

  static SilentGateways gateways(Set<Adjacency> failed) {
    SilentGateways.Builder all = SilentGateways.newBuilder();
    failed.stream()
        .sorted(Comparator.comparing(Adjacency::toString))
        .forEach(gateway -> {
          String name = gateway.interfaceName();
          all.addGateways(
              SilentGateway.newBuilder()
                  .setAddress(gateway.gateway().toString())
                  .setInterface(name == null ? "" : name));
        });
    return all.build();
  }

  /// `snapshot` and `counts` are null before anything is known.
  static SessionState session(
      BgpNeighborConfig config,
      @Nullable SessionSnapshot snapshot,
      @Nullable SessionCounts counts) {
    SessionState.Builder state =
        SessionState.newBuilder()
            .setNeighbor(config.name())
            .setState(net.donut.bgp.SessionState.IDLE.toString())
            .setAddress(config.address().toString())
            .setLocalAddress(text(config.localAddress()))
            .setRemoteAs((int) config.remoteAs())
            .setAdmin(
                (config.adminState() == BgpNeighborConfig.AdminState.SHUTDOWN
                        ? Standing.SHUTDOWN
                        : Standing.UP)
                    .toString());
    if (counts != null) {
      state
          .setPrefixesIpv4(counts.heardIpv4())
          .setPrefixesIpv6(counts.heardIpv6())
          .setAdvertisedIpv4(counts.advertisedIpv4())
          .setAdvertisedIpv6(counts.advertisedIpv6())
          .setReceivedIpv4(counts.receivedIpv4())
          .setReceivedIpv6(counts.receivedIpv6())
          .setStale(counts.stale());
    }
    if (snapshot != null) {
      put(state, snapshot);
    }
    return state.build();
  }

  static BfdState bfd(BfdStatus status, long sinceUnixMillis) {
    return BfdState.newBuilder()
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
        .setSinceUnixMs(snapshot.since().wallClock().toEpochMilli())
        .setDownReason(snapshot.downReason())
        .setAttemptError(snapshot.attemptError())
        .setAdmin(snapshot.standing().toString())
        .setStale(state.getStale() || !snapshot.stale().isEmpty());
    for (MalformedRoute route : snapshot.malformed()) {
      state.addMalformed(
          net.donut.api.agent.v1.MalformedRoute.newBuilder()
              .setPrefix(route.prefix().toString())
              .setFault(route.fault())
              .setUnixMs(route.at().wallClock().toEpochMilli()));
    }
    ClockReading lastFaultAt = snapshot.lastFaultAt();
    if (lastFaultAt != null) {
      state
          .setLastFault(snapshot.lastFault())
          .setLastFaultUnixMs(lastFaultAt.wallClock().toEpochMilli());
    }
    ClockReading downSince = snapshot.downSince();
    if (downSince != null) {
      state.setDownSinceUnixMs(downSince.wallClock().toEpochMilli());
    }
    ClockReading nextTry = snapshot.nextTry();
    if (nextTry != null) {
      long left = TimeUnit.NANOSECONDS.toMillis(nextTry.nanos() - System.nanoTime());
      state.setNextTryMs(Math.max(1, left));
    }
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
