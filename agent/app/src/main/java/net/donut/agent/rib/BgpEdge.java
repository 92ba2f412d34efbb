package net.donut.agent.rib;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import net.donut.agent.fib.Adjacency;
import net.donut.bgp.BgpListener;
import net.donut.bgp.BgpSpeaker;
import net.donut.bgp.Down;
import net.donut.bgp.Outbound;
import net.donut.bgp.OutboundSource;
import net.donut.bgp.SessionInfo;
import net.donut.bgp.SessionSnapshot;
import net.donut.model.Family;
import net.donut.wire.bgp.BgpMessage;
import org.jspecify.annotations.Nullable;

/// Where sessions meet the RIB: hands what neighbors send to `agent-rib`, and what waits for them
/// to their connections. Owned by the event loop of the speaker.
public final class BgpEdge implements BgpListener, OutboundSource {
  /*
   * Back-pressure: when the mailbox of agent-rib has no room, the event waits in `held` of its
   * session, the session stops reading, and both are tried again every RETRY_MILLIS. Whatever the
   * session says meanwhile (at most what was already decoded, and its end) queues behind it, so
   * order is kept and nothing is lost. The speaker keeps sending KEEPALIVEs all the while.
   */
  private static final long RETRY_MILLIS = 2;

  private final RibThread rib;
  private final EventLoop loop;
  private final BiConsumer<String, SessionSnapshot> states;
  private final GatewayPort gatewayPort;
  private final SessionGateways gateways = new SessionGateways();
  private final Map<String, Line> lines = new HashMap<>();
  private @Nullable BgpSpeaker speaker;
  private boolean closing;

  /// What is known of one session.
  private static final class Line {
    private final ArrayDeque<RibEvent> held = new ArrayDeque<>();
    private @Nullable SessionOutbox outbox;
  }

  /// `states` hears of every change of a session's state, `gatewayPort` of gateways lost with their
  /// sessions; both on the event loop.
  public BgpEdge(
      RibThread rib,
      EventLoop loop,
      BiConsumer<String, SessionSnapshot> states,
      GatewayPort gatewayPort) {
    this.rib = rib;
    this.loop = loop;
    this.states = states;
    this.gatewayPort = gatewayPort;
  }

  /// To be called before the speaker is started.
  public void attach(BgpSpeaker value) {
    speaker = value;
  }

  /// Tells which sessions there are and the interface each is on, an empty text for none. Any
  /// thread.
  public void configure(Map<String, String> interfaces) {
    Map<String, String> copy = Map.copyOf(interfaces);
    loop.execute(() -> {
      gateways.configure(copy);
      tellLost();
    });
  }

  /// Sessions that end from now on end because the agent does: forwarding stays as it is. Any
  /// thread.
  public void closing() {
    loop.execute(() -> closing = true);
  }

  private void tellLost() {
    Set<Adjacency> lost = closing ? null : gateways.newlyLost();
    if (lost != null) {
      gatewayPort.lost(lost);
    }
  }

  private BgpSpeaker speaker() {
    BgpSpeaker found = speaker;
    if (found == null) {
      throw new IllegalStateException("speaker: none (expected: attached before the start)");
    }
    return found;
  }

  @Override
  public void established(String neighbor, SessionInfo session) {
    SessionOutbox outbox =
        new SessionOutbox(
            session.session(),
            () -> speaker().wake(neighbor),
            () -> rib.roomAgain(neighbor, session.session()));
    line(neighbor).outbox = outbox;
    gateways.established(neighbor, session);
    tellLost();
    pass(new RibEvent.Established(neighbor, session, outbox));
  }

  @Override
  public void update(String neighbor, BgpMessage.Update update) {
    if (gateways.update(neighbor, update)) {
      tellLost();
    }
    pass(new RibEvent.Updated(neighbor, update));
  }

  @Override
  public void endOfRib(String neighbor, Family family) {
    pass(new RibEvent.EndOfRib(neighbor, family));
  }

  @Override
  public void refreshRequested(String neighbor, Family family) {
    pass(new RibEvent.RefreshRequested(neighbor, family));
  }

  @Override
  public void markStale(String neighbor, Family family) {
    pass(new RibEvent.MarkStale(neighbor, family));
  }

  @Override
  public void sweepStale(String neighbor, Family family) {
    gateways.sweepStale(neighbor, family);
    tellLost();
    pass(new RibEvent.SweepStale(neighbor, family));
  }

  @Override
  public void down(String neighbor, Down down) {
    gateways.down(neighbor, down);
    tellLost();
    line(neighbor).outbox = null;
    pass(new RibEvent.Lost(neighbor, down));
  }

  @Override
  public void state(String neighbor, SessionSnapshot snapshot) {
    states.accept(neighbor, snapshot);
  }

  @Override
  public @Nullable Outbound next(String neighbor, long session) {
    Line line = lines.get(neighbor);
    SessionOutbox outbox = line == null ? null : line.outbox;
    return outbox == null || outbox.session() != session ? null : outbox.poll();
  }

  @Override
  public void tooLong(
      String neighbor, long session, Outbound.Announce announce, int bytes, int limit) {
    pass(
        new RibEvent.TooLong(
            neighbor, session, announce.prefixes(), announce.attributes(), bytes, limit));
  }

  private Line line(String neighbor) {
    return lines.computeIfAbsent(neighbor, _ -> new Line());
  }

  private void pass(RibEvent event) {
    Line line = line(event.session());
    if (!line.held.isEmpty()) {
      line.held.add(event);
    } else if (!rib.offer(event)) {
      line.held.add(event);
      speaker().pauseReading(event.session());
      retryLater(event.session(), line);
    }
  }

  private void retryLater(String session, Line line) {
    loop.schedule(() -> retry(session, line), RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void retry(String session, Line line) {
    for (RibEvent event = line.held.peek(); event != null; event = line.held.peek()) {
      if (!rib.offer(event)) {
        retryLater(session, line);
        return;
      }
      line.held.remove();
    }
    speaker().resumeReading(session);
  }
}
