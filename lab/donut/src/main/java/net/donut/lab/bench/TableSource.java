package net.donut.lab.bench;

import io.netty.channel.EventLoopGroup;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.bgp.BgpEventLoops;
import net.donut.bgp.BgpNeighborConfig;
import net.donut.bgp.BgpSpeaker;
import net.donut.bgp.Outbound;
import net.donut.bgp.OutboundSource;
import net.donut.bgp.SelectiveListener;
import net.donut.bgp.SessionInfo;
import net.donut.bgp.SpeakerConfig;
import net.donut.lab.table.RoutingTable.Announcement;
import net.donut.model.Family;
import net.donut.netlink.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// Fills the feeds, which are real BIRDs, with their tables once, over internal BGP sessions; then
/// it only keeps the sessions up. Each table is forgotten as it is sent; a feed that lost its own
/// is seen by its count of routes.
///
/// Owned by its event loop.
final class TableSource implements AutoCloseable, SelectiveListener, OutboundSource {
  private final EventLoopGroup loops;
  private final BgpSpeaker speaker;
  private final Map<String, Deque<Outbound>> rest = new HashMap<>();

  TableSource(NetworkNamespace inside, Map<FeedLink, List<Announcement>> tables) {
    tables.forEach((feed, table) -> rest.put(feed.name(), content(feed, table)));
    loops = BgpEventLoops.single(inside.threadFactory("source"));
    speaker = new BgpSpeaker(SpeakerConfig.connectOnly(), loops.next(), this, this);
    speaker.start().join();
    speaker.configure(tables.keySet().stream().map(TableSource::session).toList()).join();
  }

  private static Deque<Outbound> content(FeedLink feed, List<Announcement> table) {
    Deque<Outbound> content = new ArrayDeque<>(table.size() + 1);
    for (Announcement announcement : table) {
      content.add(
          new Outbound.Announce(
              announcement.prefixes(),
              announcement.attributes().toBuilder()
                  .nextHop(feed.source(feed.family()))
                  .localPref(100)
                  .build()));
    }
    content.add(new Outbound.EndOfRib(feed.family()));
    return content;
  }

  private static BgpNeighborConfig session(FeedLink feed) {
    return BgpNeighborConfig.builder(feed.name(), feed.fed(Family.IPV4))
        .localAddress(feed.source(Family.IPV4))
        .localAs(feed.asn())
        .remoteAs(feed.asn())
        .routerId(feed.source(Family.IPV4))
        .families(EnumSet.of(feed.family()))
        .holdTimeSeconds(240)
        .connectTimeout(java.time.Duration.ofSeconds(1))
        .build();
  }

  /// Tries every session that is not up now, whatever back-off is running.
  void kick() {
    rest.keySet().forEach(speaker::kick);
  }

  @Override
  public void established(String neighbor, SessionInfo session) {
    speaker.wake(neighbor);
  }

  @Override
  public @Nullable Outbound next(String neighbor, long session) {
    Deque<Outbound> queue = rest.get(neighbor);
    return queue == null ? null : queue.poll();
  }

  @Override
  public void close() {
    speaker.close();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
