package net.donut.controller.southbound;

import net.donut.api.FamilyMapping;
import net.donut.api.agent.v1.Bfd;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.Neighbor;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyDocument.LinkEntry;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.policy.PolicyDocument.RouterEntry;
import net.donut.controller.policy.PolicyDocument.SessionEntry;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Relation;

/// What a policy says to one agent.
public final class AgentConfiguration {
  private AgentConfiguration() {}

  public static ConfigureRequest of(PolicyDocument policy, RouterEntry router, long generation) {
    ConfigureRequest.Builder request =
        ConfigureRequest.newBuilder()
            .setGeneration(generation)
            .setLocalAs((int) policy.localAs())
            .setRouterId(router.routerId().toString())
            .setReturnHoldMs((int) policy.timers().returnHold().first().toMillis())
            .setLongestHoldMs((int) policy.timers().returnHold().longest().toMillis());
    for (LinkEntry link : policy.links()) {
      if (link.left().router().equals(router.name())) {
        request.addInterfaces(link.left().networkInterface());
      }
      if (link.right().router().equals(router.name())) {
        request.addInterfaces(link.right().networkInterface());
      }
    }
    for (NeighborEntry neighbor : policy.neighborsAt(router.name())) {
      if (!request.getInterfacesList().contains(neighbor.networkInterface())) {
        request.addInterfaces(neighbor.networkInterface());
      }
      neighbor.sessions().forEach(session -> request.addNeighbors(session(neighbor, session)));
    }
    return request.build();
  }

  private static Neighbor session(NeighborEntry neighbor, SessionEntry session) {
    String md5 = neighbor.md5();
    Neighbor.Builder settings =
        Neighbor.newBuilder()
            .setName(new SessionName(neighbor.name(), session.family()).toString())
            .setAddress(session.address().toString())
            .setInterface(neighbor.networkInterface())
            .setRemoteAs((int) neighbor.as())
            .setPort(neighbor.port())
            .setPassive(neighbor.passive())
            .setHoldTimeSeconds(neighbor.holdTimeSeconds())
            .addFamilies(FamilyMapping.toProto(session.family()))
            .setMd5Key(md5 == null ? "" : md5)
            .setTtlSecurity(neighbor.ttlSecurity())
            .setRole(role(neighbor.relation()));
    PolicyDocument.BfdEntry bfd = neighbor.bfd();
    if (bfd != null) {
      settings.setBfd(
          Bfd.newBuilder()
              .setIntervalMicros((int) (bfd.interval().toNanos() / 1000))
              .setMultiplier(bfd.multiplier())
              .setPassive(bfd.passive()));
    }
    IpAddress local = session.local();
    if (local != null) {
      settings.setLocalAddress(local.toString());
    }
    if (session.family() == Family.IPV4) {
      settings.setMaxPrefixesIpv4(session.maxPrefix());
    } else {
      settings.setMaxPrefixesIpv6(session.maxPrefix());
    }
    return settings.build();
  }

  /// Our role in the words of RFC 9234 §4.1.
  private static String role(Relation relation) {
    return switch (relation) {
      case CUSTOMER -> "provider";
      case PRIVATE_PEER, PUBLIC_PEER -> "peer";
      case ROUTE_SERVER -> "rs-client";
      case TRANSIT -> "customer";
      case OWN -> "";
    };
  }
}
