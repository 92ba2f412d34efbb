package net.donut.lab.neighbor;

import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.bgp.BgpEventLoops;
import net.donut.bgp.BgpNeighborConfig;
import net.donut.bgp.BgpSpeaker;
import net.donut.bgp.Down;
import net.donut.bgp.Outbound;
import net.donut.bgp.OutboundSource;
import net.donut.bgp.SelectiveListener;
import net.donut.bgp.SessionInfo;
import net.donut.bgp.SpeakerConfig;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.topology.FeedAddresses;
import net.donut.lab.topology.LabNode;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.netlink.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// Gives real daemons their table over internal BGP sessions from the node `feeds`: loading tens of
/// thousands of routes by configuration takes FRR many minutes, by BGP a second.
///
/// Owned by its event loop.
final class Feeder implements AutoCloseable, SelectiveListener, OutboundSource {
  private final EventLoopGroup loops;
  private final BgpSpeaker speaker;
  private final Map<String, LabNode.Network> networks = new HashMap<>();
  private final RoutingTable table;
  private final Map<String, Position> positions = new HashMap<>();

  /// How far a session's table was sent. Not reused by a later session.
  private record Position(long session, Iterator<Outbound> rest) {}

  Feeder(NetworkNamespace wire, List<LabNode.Network> fed, RoutingTable table) {
    this.table = table;
    fed.forEach(network -> networks.put(network.name(), network));
    loops = BgpEventLoops.single(wire.threadFactory("feeder"));
    speaker = new BgpSpeaker(SpeakerConfig.connectOnly(), loops.next(), this, this);
    speaker.start().join();
    speaker.configure(fed.stream().map(Feeder::session).toList()).join();
  }

  private static BgpNeighborConfig session(LabNode.Network network) {
    return BgpNeighborConfig.builder(network.name(), FeedAddresses.fed(network, Family.IPV4))
        .localAddress(FeedAddresses.feeder(network, Family.IPV4))
        .localAs(network.asn())
        .remoteAs(network.asn())
        .routerId(FeedAddresses.feeder(network, Family.IPV4))
        .families(EnumSet.allOf(Family.class))
        .connectTimeout(java.time.Duration.ofSeconds(1))
        .build();
  }

  /// Tries every session that is not up now, whatever back-off is running.
  void kick() {
    networks.keySet().forEach(speaker::kick);
  }

  @Override
  public void established(String neighbor, SessionInfo session) {
    positions.put(neighbor, new Position(session.session(), content(neighbor).iterator()));
    speaker.wake(neighbor);
  }

  private List<Outbound> content(String name) {
    LabNode.Network network = networks.get(name);
    List<Outbound> content = new ArrayList<>();
    if (network == null) {
      return content;
    }
    for (RoutingTable.Announcement announcement : table.feed(name)) {
      Family family = announcement.prefixes().family();
      PathAttributes attributes =
          announcement.attributes().toBuilder()
              .nextHop(FeedAddresses.feeder(network, family))
              .localPref(100)
              .build();
      content.add(new Outbound.Announce(announcement.prefixes(), attributes));
    }
    content.add(new Outbound.EndOfRib(Family.IPV4));
    content.add(new Outbound.EndOfRib(Family.IPV6));
    return content;
  }

  @Override
  public @Nullable Outbound next(String neighbor, long session) {
    Position position = positions.get(neighbor);
    return position != null && position.session == session && position.rest.hasNext()
        ? position.rest.next()
        : null;
  }

  @Override
  public void down(String neighbor, Down down) {
    positions.remove(neighbor);
  }

  @Override
  public void close() {
    speaker.close();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
