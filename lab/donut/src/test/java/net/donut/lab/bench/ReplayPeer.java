package net.donut.lab.bench;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
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
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.netlink.NetworkNamespace;
import net.donut.wire.bgp.BgpMessage;
import org.jspecify.annotations.Nullable;

/// A neighbor that says what a recorded one said, in order: as fast as the session takes it, or at
/// the pace of the recording.
///
/// Owned by its event loop once it has started; what remains at the end is written before.
final class ReplayPeer implements AutoCloseable, SelectiveListener, OutboundSource {
  private final FeedLink link;
  private final Deque<RecordedMessage> script = new ArrayDeque<>();
  private final Map<Prefix, PathAttributes> end = new HashMap<>();
  private double speed;
  private long startedNanos;
  private boolean waiting;
  private @Nullable NetworkNamespace inside;
  private @Nullable EventLoopGroup loops;
  private @Nullable BgpSpeaker speaker;

  /// What is said, and when after the start of the recording.
  private record RecordedMessage(Duration at, Outbound message) {}

  ReplayPeer(FeedLink link) {
    this.link = link;
  }

  /// Adds an update recorded `at` so long after the first; only before [#start].
  void record(Duration at, BgpMessage.Update update) {
    for (Prefixes prefixes : update.withdrawals()) {
      if (prefixes.family() == link.family() && !prefixes.isEmpty()) {
        script.add(new RecordedMessage(at, new Outbound.Withdraw(prefixes)));
        prefixes.forEach(end::remove);
      }
    }
    for (BgpMessage.Announcement announcement : update.announcements()) {
      if (announcement.prefixes().family() == link.family()) {
        PathAttributes attributes =
            announcement.attributes().toBuilder()
                .nextHop(link.neighbor())
                .localPref(PathAttributes.ABSENT)
                .build();
        script.add(
            new RecordedMessage(at, new Outbound.Announce(announcement.prefixes(), attributes)));
        announcement.prefixes().forEach(prefix -> end.put(prefix, attributes));
      }
    }
  }

  FeedLink link() {
    return link;
  }

  int messages() {
    return script.size();
  }

  /// What the neighbor still announces when all was said.
  Map<Prefix, PathAttributes> end() {
    return Map.copyOf(end);
  }

  /// Begins to speak, `pace` times as fast as recorded; infinitely fast if that is 0.
  void start(String namespace, double pace) {
    speed = pace;
    startedNanos = System.nanoTime();
    Duration last = script.isEmpty() ? Duration.ZERO : script.getLast().at();
    script.add(new RecordedMessage(last, new Outbound.EndOfRib(link.family())));
    NetworkNamespace opened = NetworkNamespace.open(namespace);
    inside = opened;
    EventLoopGroup single = BgpEventLoops.single(opened.threadFactory(link.name()));
    loops = single;
    BgpSpeaker speaking = new BgpSpeaker(SpeakerConfig.connectOnly(), single.next(), this, this);
    speaker = speaking;
    speaking.start().join();
    speaking
        .configure(
            List.of(
                BgpNeighborConfig.builder("router", link.router())
                    .localAddress(link.neighbor())
                    .localAs(link.asn())
                    .remoteAs(FeedLink.ROUTER_AS)
                    .routerId(link.fed(Family.IPV4))
                    .families(EnumSet.of(link.family()))
                    .build()))
        .join();
  }

  /// Whether all was said; hurries a session that is not up.
  boolean isDone() {
    EventLoopGroup running = loops;
    BgpSpeaker speaking = speaker;
    if (running == null || speaking == null) {
      throw new IllegalStateException("replay: not started");
    }
    speaking.kick("router");
    return running.next().submit(script::isEmpty).syncUninterruptibly().getNow();
  }

  @Override
  public void established(String neighbor, SessionInfo session) {
    if (speaker != null) {
      speaker.wake(neighbor);
    }
  }

  @Override
  public @Nullable Outbound next(String neighbor, long session) {
    RecordedMessage line = script.peek();
    long left = line == null || speed == 0 ? 0 : nanosUntil(line);
    if (left > 0) {
      wakeIn(left);
      return null;
    }
    script.poll();
    return line == null ? null : line.message();
  }

  private long nanosUntil(RecordedMessage line) {
    return startedNanos + (long) (line.at().toNanos() / speed) - System.nanoTime();
  }

  private void wakeIn(long nanos) {
    EventLoopGroup running = loops;
    if (waiting || running == null) {
      return;
    }
    waiting = true;
    Runnable wake =
        () -> {
          waiting = false;
          if (speaker != null) {
            speaker.wake("router");
          }
        };
    var _ = running.next().schedule(wake, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    if (speaker != null) {
      speaker.close();
    }
    if (loops != null) {
      loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
    if (inside != null) {
      inside.close();
    }
  }
}
