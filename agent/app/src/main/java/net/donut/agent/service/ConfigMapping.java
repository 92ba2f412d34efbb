package net.donut.agent.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.agent.rib.SessionSettings;
import net.donut.api.FamilyMapping;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.Neighbor;
import net.donut.bfd.BfdSettings;
import net.donut.bgp.BgpNeighborConfig;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.ReturnHolds;
import net.donut.model.SpeakerAddress;
import org.jspecify.annotations.Nullable;

/// Reads a ConfigureRequest: each neighbor is taken or refused for itself.
final class ConfigMapping {
  private static final int DEFAULT_HOLD_SECONDS = 90;
  private static final int DEFAULT_PORT = 179;

  private ConfigMapping() {}

  /// What was understood. `errors` has a line for each neighbor refused.
  record Parsed(
      ConfigureRequest request,
      ReturnHolds.@Nullable Range holds,
      List<NeighborSettings> neighbors,
      List<String> errors) {
    Parsed {
      neighbors = List.copyOf(neighbors);
      errors = List.copyOf(errors);
    }
  }

  /// Throws IllegalArgumentException when the settings of the agent itself are wrong.
  static Parsed parse(ConfigureRequest request) {
    long localAs = Integer.toUnsignedLong(request.getLocalAs());
    IpAddress routerId = routerId(request);
    if (localAs == 0 && request.getNeighborsCount() > 0) {
      throw new IllegalArgumentException("local_as: 0 (expected: 1..4294967295)");
    }
    List<NeighborSettings> neighbors = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    Map<String, String> takenBy = new HashMap<>();
    for (Neighbor neighbor : request.getNeighborsList()) {
      try {
        NeighborSettings settings = neighbor(neighbor, localAs, routerId);
        claim(takenBy, "name", settings.name(), settings.name());
        claim(takenBy, "address", place(settings.bgp()), settings.name());
        neighbors.add(settings);
      } catch (IllegalArgumentException e) {
        errors.add("neighbor '" + neighbor.getName() + "': " + e.getMessage());
      }
    }
    return new Parsed(request, holds(request), neighbors, errors);
  }

  private static ReturnHolds.@Nullable Range holds(ConfigureRequest request) {
    return request.hasReturnHoldMs() && request.hasLongestHoldMs()
        ? new ReturnHolds.Range(
            Duration.ofMillis(Integer.toUnsignedLong(request.getReturnHoldMs())),
            Duration.ofMillis(Integer.toUnsignedLong(request.getLongestHoldMs())))
        : null;
  }

  private static IpAddress routerId(ConfigureRequest request) {
    IpAddress routerId = address("router_id", request.getRouterId());
    if (routerId == null) {
      if (request.getNeighborsCount() > 0) {
        throw new IllegalArgumentException("router_id: '' (expected: an IPv4 address)");
      }
      return IpAddress.ofIpv4(0);
    }
    if (routerId.family() != Family.IPV4 || routerId.ipv4() == 0) {
      throw new IllegalArgumentException(
          "router_id: '" + request.getRouterId() + "' (expected: an IPv4 address, not 0.0.0.0)");
    }
    return routerId;
  }

  private static String place(BgpNeighborConfig config) {
    String zone = config.interfaceName();
    IpAddress local = config.localAddress();
    return config.address()
        + (zone == null ? "" : "%" + zone)
        + (local == null ? "" : " from " + local);
  }

  private static void claim(
      Map<String, String> takenBy, String what, String value, String neighbor) {
    String other = takenBy.putIfAbsent(what + " " + value, neighbor);
    if (other != null) {
      throw new IllegalArgumentException(
          what + ": '" + value + "' (expected: one not used by neighbor '" + other + "')");
    }
  }

  private static NeighborSettings neighbor(Neighbor neighbor, long localAs, IpAddress routerId) {
    IpAddress address = address("address", neighbor.getAddress());
    if (address == null) {
      throw new IllegalArgumentException("address: '' (expected: an IPv4 or IPv6 address)");
    }
    if (neighbor.getName().isBlank()) {
      throw new IllegalArgumentException("name: '' (expected: a name unique on this agent)");
    }
    if (neighbor.getRemoteAs() == 0) {
      throw new IllegalArgumentException("remote_as: 0 (expected: 1..4294967295)");
    }
    String device = neighbor.getInterface().isEmpty() ? null : neighbor.getInterface();
    BgpNeighborConfig bgp =
        BgpNeighborConfig.builder(neighbor.getName(), address)
            .localAddress(address("local_address", neighbor.getLocalAddress()))
            .interfaceName(address.isLinkLocal() ? device : null)
            .localAs(localAs)
            .remoteAs(Integer.toUnsignedLong(neighbor.getRemoteAs()))
            .routerId(routerId)
            .port(neighbor.getPort() == 0 ? DEFAULT_PORT : neighbor.getPort())
            .connect(
                neighbor.getPassive()
                    ? BgpNeighborConfig.Connect.PASSIVE
                    : BgpNeighborConfig.Connect.ACTIVE)
            .adminState(
                neighbor.getShutdown()
                    ? BgpNeighborConfig.AdminState.SHUTDOWN
                    : BgpNeighborConfig.AdminState.ENABLED)
            .holdTimeSeconds(
                neighbor.getHoldTimeSeconds() == 0
                    ? DEFAULT_HOLD_SECONDS
                    : neighbor.getHoldTimeSeconds())
            .families(families(neighbor))
            .md5Key(neighbor.getMd5Key().isEmpty() ? null : neighbor.getMd5Key())
            .ttlSecurity(
                neighbor.getTtlSecurity()
                    ? BgpNeighborConfig.TtlSecurity.GTSM
                    : BgpNeighborConfig.TtlSecurity.OFF)
            .role(role(neighbor.getRole()))
            .build();
    return new NeighborSettings(bgp, rib(neighbor), device, bfd(neighbor, bgp, device));
  }

  /// A session shut down by the operator has its BFD switched off too, which the neighbor is told.
  private static @Nullable BfdSettings bfd(
      Neighbor neighbor, BgpNeighborConfig bgp, @Nullable String device) {
    if (!neighbor.hasBfd()) {
      return null;
    }
    try {
      return new BfdSettings(
          bgp.name(),
          bgp.address(),
          bgp.localAddress(),
          device,
          Integer.toUnsignedLong(neighbor.getBfd().getIntervalMicros()),
          Integer.toUnsignedLong(neighbor.getBfd().getIntervalMicros()),
          neighbor.getBfd().getMultiplier(),
          neighbor.getBfd().getPassive() ? BfdSettings.Role.PASSIVE : BfdSettings.Role.ACTIVE,
          neighbor.getShutdown()
              ? BfdSettings.AdminState.DISABLED
              : BfdSettings.AdminState.ENABLED);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("bfd: " + e.getMessage(), e);
    }
  }

  private static SessionSettings rib(Neighbor neighbor) {
    return new SessionSettings(
        neighbor.getName(),
        limit("max_prefixes_ipv4", neighbor.getMaxPrefixesIpv4()),
        limit("max_prefixes_ipv6", neighbor.getMaxPrefixesIpv6()),
        nextHop("next_hop_ipv4", neighbor.getNextHopIpv4()),
        nextHop("next_hop_ipv6", neighbor.getNextHopIpv6()));
  }

  private static int limit(String field, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          field + ": " + Integer.toUnsignedString(value) + " (expected: 0..2147483647)");
    }
    return value;
  }

  /// The next hop of IPv4 routes may be an IPv6 address (RFC 8950), not the other way round.
  private static @Nullable IpAddress nextHop(String field, String text) {
    IpAddress address = address(field, text);
    if (address != null && field.endsWith("ipv6") && address.family() == Family.IPV4) {
      throw new IllegalArgumentException(field + ": '" + text + "' (expected: an IPv6 address)");
    }
    return address;
  }

  private static Set<Family> families(Neighbor neighbor) {
    Set<Family> families = EnumSet.noneOf(Family.class);
    for (net.donut.api.agent.v1.Family family : neighbor.getFamiliesList()) {
      families.add(FamilyMapping.fromProto(family));
    }
    if (families.isEmpty()) {
      throw new IllegalArgumentException("families: none (expected: FAMILY_IPV4 or FAMILY_IPV6)");
    }
    return families;
  }

  private static BgpNeighborConfig.@Nullable Role role(String text) {
    return switch (text) {
      case "" -> null;
      case "provider" -> BgpNeighborConfig.Role.PROVIDER;
      case "customer" -> BgpNeighborConfig.Role.CUSTOMER;
      case "peer" -> BgpNeighborConfig.Role.PEER;
      case "rs" -> BgpNeighborConfig.Role.RS;
      case "rs-client" -> BgpNeighborConfig.Role.RS_CLIENT;
      default ->
          throw new IllegalArgumentException(
              "role: '" + text + "' (expected: provider, customer, peer, rs, rs-client or none)");
    };
  }

  private static @Nullable IpAddress address(String field, String text) {
    if (text.isEmpty()) {
      return null;
    }
    IpAddress address;
    try {
      address = IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
    }
    String objection = SpeakerAddress.objectionButLoopback(address);
    if (objection != null) {
      throw new IllegalArgumentException(field + ": '" + text + "' (expected: " + objection + ")");
    }
    return address;
  }
}
