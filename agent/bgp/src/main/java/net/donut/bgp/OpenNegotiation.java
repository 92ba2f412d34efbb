package net.donut.bgp;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import net.donut.bgp.BgpNeighborConfig.Role;
import net.donut.bgp.BgpNeighborConfig.RoleCheck;
import net.donut.bgp.SessionInfo.Feature;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpMessage.Notification;
import net.donut.wire.bgp.BgpMessage.Open;
import net.donut.wire.bgp.Capability;
import net.donut.wire.bgp.SessionOptions;
import org.jspecify.annotations.Nullable;

/// What two OPENs make of a session (RFC 4271 §6.2, RFC 5492). Pure.
final class OpenNegotiation {
  private static final byte[] NO_DATA = {};

  /// The result of [#judge].
  sealed interface Verdict {}

  /// Everything of [SessionInfo] that the OPENs decide.
  record Agreed(
      Open open,
      int holdTimeSeconds,
      Set<Family> families,
      Set<Feature> features,
      SessionOptions options,
      Capability.@Nullable GracefulRestart restart)
      implements Verdict {
    SessionInfo session(long number, BgpNeighborConfig config, IpAddress localAddress) {
      return new SessionInfo(
          number,
          localAddress,
          config.address(),
          config.localAs(),
          open.asn(),
          open.routerId(),
          holdTimeSeconds,
          families,
          features,
          options,
          open.capabilities());
    }

    boolean wins(BgpNeighborConfig local) {
      int byId = Integer.compareUnsigned(local.routerId().ipv4(), open.routerId().ipv4());
      return byId != 0 ? byId > 0 : local.localAs() > open.asn();
    }
  }

  record Refused(Notification notification, String text) implements Verdict {}

  private OpenNegotiation() {}

  /// Our OPEN. `capabilities` none is for a neighbor that refused them (RFC 5492 §3).
  static Open open(BgpNeighborConfig config, List<Capability> capabilities) {
    return new Open(4, config.localAs(), config.holdTimeSeconds(), config.routerId(), capabilities);
  }

  static List<Capability> capabilities(BgpNeighborConfig config, SpeakerConfig.Start start) {
    List<Capability> capabilities = new ArrayList<>();
    EnumSet<Family> families = EnumSet.copyOf(config.families());
    families.forEach(family -> capabilities.add(new Capability.Multiprotocol(family)));
    capabilities.add(new Capability.RouteRefresh());
    if (families.contains(Family.IPV4)) {
      capabilities.add(new Capability.ExtendedNextHop());
    }
    capabilities.add(new Capability.ExtendedMessage());
    Role role = config.role();
    if (role != null && !config.isInternal()) {
      capabilities.add(new Capability.Role(role.code()));
    }
    if (config.maxStale().isPositive() || config.restartTime().isPositive()) {
      capabilities.add(gracefulRestart(config, start, families));
    }
    capabilities.add(new Capability.FourOctetAs(config.localAs()));
    capabilities.add(new Capability.EnhancedRouteRefresh());
    return capabilities;
  }

  private static Capability.GracefulRestart gracefulRestart(
      BgpNeighborConfig config, SpeakerConfig.Start start, Set<Family> families) {
    List<Capability.GracefulRestart.FamilyState> states = new ArrayList<>();
    if (config.restartTime().isPositive()) {
      for (Family family : families) {
        states.add(new Capability.GracefulRestart.FamilyState(family, true));
      }
    }
    return new Capability.GracefulRestart(
        start == SpeakerConfig.Start.RESTARTED, (int) config.restartTime().toSeconds(), states);
  }

  /// Judges the OPEN of the neighbor against our settings and the capabilities we announced.
  static Verdict judge(BgpNeighborConfig config, List<Capability> ours, Open open) {
    Refused refused = refusal(config, open);
    if (refused != null) {
      return refused;
    }
    Set<Family> families = families(config, ours, open);
    if (families.isEmpty()) {
      return new Refused(
          new Notification(2, 7, multiprotocolBytes(config.families())),
          OpenRefusals.families(config, announcedFamilies(open.capabilities())));
    }
    return agreed(config, ours, open, families);
  }

  private static @Nullable Refused refusal(BgpNeighborConfig config, Open open) {
    if (open.version() != 4) {
      return refused(1, new byte[] {0, 4}, OpenRefusals.version(open));
    }
    if (open.asn() == 0 || (config.remoteAs() != 0 && open.asn() != config.remoteAs())) {
      return refused(2, NO_DATA, OpenRefusals.asn(config, open));
    }
    if (open.routerId().ipv4() == 0
        || (open.asn() == config.localAs() && open.routerId().equals(config.routerId()))) {
      return refused(3, NO_DATA, OpenRefusals.routerId(open));
    }
    if (open.holdTimeSeconds() == 1 || open.holdTimeSeconds() == 2) {
      return refused(6, NO_DATA, OpenRefusals.holdTime(open));
    }
    return roleRefusal(config, open);
  }

  private static Refused refused(int subcode, byte[] data, String text) {
    return new Refused(new Notification(2, subcode, data), text);
  }

  /// RFC 9234 §4.2: equal values count once, one that is not assigned fits none; roles mean nothing
  /// inside an AS.
  private static @Nullable Refused roleRefusal(BgpNeighborConfig config, Open open) {
    Role role = config.role();
    if (role == null || open.asn() == config.localAs()) {
      return null;
    }
    SortedSet<Integer> announced = new TreeSet<>();
    for (Capability capability : open.capabilities()) {
      if (capability instanceof Capability.Role(int code)) {
        announced.add(code);
      }
    }
    boolean fits =
        announced.isEmpty()
            ? config.roleCheck() == RoleCheck.LENIENT
            : announced.equals(Set.of(role.counterpart().code()));
    return fits ? null : refused(11, NO_DATA, OpenRefusals.role(role, announced));
  }

  private static Set<Family> families(BgpNeighborConfig config, List<Capability> ours, Open open) {
    EnumSet<Family> families = announcedFamilies(open.capabilities());
    families.retainAll(announcedFamilies(ours));
    families.retainAll(config.families());
    return families;
  }

  /// Without any multiprotocol capability a speaker means IPv4 unicast (RFC 4760 §8).
  private static EnumSet<Family> announcedFamilies(List<Capability> capabilities) {
    EnumSet<Family> families = EnumSet.noneOf(Family.class);
    boolean multiprotocol = false;
    for (Capability capability : capabilities) {
      if (capability instanceof Capability.Multiprotocol(Family family)) {
        families.add(family);
        multiprotocol = true;
      } else if (capability instanceof Capability.Unknown unknown && unknown.code() == 1) {
        multiprotocol = true;
      }
    }
    if (!multiprotocol) {
      families.add(Family.IPV4);
    }
    return families;
  }

  /// The capabilities we insist on, as on the wire (RFC 5492 §5).
  private static byte[] multiprotocolBytes(Set<Family> families) {
    byte[] bytes = new byte[6 * families.size()];
    int at = 0;
    for (Family family : EnumSet.copyOf(families)) {
      bytes[at] = 1;
      bytes[at + 1] = 4;
      bytes[at + 3] = (byte) family.afi();
      bytes[at + 5] = 1;
      at += 6;
    }
    return bytes;
  }

  private static Agreed agreed(
      BgpNeighborConfig config, List<Capability> ours, Open open, Set<Family> families) {
    EnumSet<Feature> features = features(open.capabilities());
    features.retainAll(features(ours));
    Capability.GracefulRestart restart = restart(open);
    if (restart == null || !config.maxStale().isPositive()) {
      features.remove(Feature.GRACEFUL_RESTART);
    }
    SessionOptions options =
        new SessionOptions(
            features.contains(Feature.FOUR_OCTET_AS),
            features.contains(Feature.EXTENDED_MESSAGE),
            false,
            false,
            open.asn() == config.localAs(),
            config.address().isLinkLocal());
    return new Agreed(
        open,
        Math.min(config.holdTimeSeconds(), open.holdTimeSeconds()),
        families,
        features,
        options,
        restart);
  }

  private static Capability.@Nullable GracefulRestart restart(Open open) {
    Capability.GracefulRestart last = null;
    for (Capability capability : open.capabilities()) {
      if (capability instanceof Capability.GracefulRestart restart) {
        last = restart;
      }
    }
    return last;
  }

  private static EnumSet<Feature> features(List<Capability> capabilities) {
    EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
    for (Capability capability : capabilities) {
      switch (capability) {
        case Capability.FourOctetAs _ -> features.add(Feature.FOUR_OCTET_AS);
        case Capability.RouteRefresh _ -> features.add(Feature.ROUTE_REFRESH);
        case Capability.EnhancedRouteRefresh _ -> features.add(Feature.ENHANCED_ROUTE_REFRESH);
        case Capability.ExtendedMessage _ -> features.add(Feature.EXTENDED_MESSAGE);
        case Capability.ExtendedNextHop _ -> features.add(Feature.EXTENDED_NEXT_HOP);
        case Capability.GracefulRestart _ -> features.add(Feature.GRACEFUL_RESTART);
        case Capability.Role _ -> features.add(Feature.ROLE);
        case Capability.Multiprotocol _, Capability.AddPath _, Capability.Unknown _ -> {}
      }
    }
    return features;
  }
}
