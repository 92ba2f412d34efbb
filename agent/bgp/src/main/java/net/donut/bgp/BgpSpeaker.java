package net.donut.bgp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// A BGP speaker: the sessions with a set of neighbors.
///
/// All methods may be called from any thread; they hand over to the event loop and return at once.
/// Sockets are created on the event loop's own thread, so they belong to the network namespace that
/// thread has entered. Owned by the event loop.
public final class BgpSpeaker implements AutoCloseable {
  private static final long WARN_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final SpeakerConfig config;
  private final EventLoop loop;
  private final BgpListener listener;
  private final OutboundSource source;
  private final Sockets sockets;
  private final List<Channel> servers = new ArrayList<>();
  private final Map<String, Session> sessions = new LinkedHashMap<>();
  private final Map<String, Session.Past> pasts = new HashMap<>();
  private boolean closed;
  private int strangers;
  private long warnedNanos = System.nanoTime() - WARN_EVERY_NANOS;

  /// Does nothing yet: [#configure] starts sessions, [#start] listens. `listener` and `source` are
  /// called on `loop`.
  public BgpSpeaker(
      SpeakerConfig config, EventLoop loop, BgpListener listener, OutboundSource source) {
    this.config = config;
    this.loop = loop;
    this.listener = listener;
    this.source = source;
    this.sockets = new Sockets(loop);
  }

  /// Opens the listening sockets. Completes when all are bound, exceptionally with a [BgpException]
  /// naming the address when one cannot be. Completed at once when the speaker does not listen.
  public CompletableFuture<Void> start() {
    List<CompletableFuture<Void>> bound = new ArrayList<>();
    for (SpeakerConfig.Endpoint endpoint : config.listen()) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      bound.add(done);
      onLoop(() -> bind(endpoint, done));
    }
    return CompletableFuture.allOf(bound.toArray(CompletableFuture[]::new));
  }

  private void bind(SpeakerConfig.Endpoint endpoint, CompletableFuture<Void> done) {
    sockets
        .bind(endpoint, new Acceptor())
        .addListener((ChannelFuture future) -> {
          Throwable cause = future.cause();
          if (cause != null) {
            done.completeExceptionally(
                new BgpException(
                    "listen on "
                        + endpoint.address()
                        + " port "
                        + endpoint.port()
                        + ": "
                        + SocketFault.sentence(cause),
                    cause));
          } else if (closed) {
            future.channel().close();
            done.complete(null);
          } else {
            servers.add(future.channel());
            sockets.useKeys(future.channel(), keys());
            BgpLog.listening(endpoint.address().toString(), port(future.channel()));
            done.complete(null);
          }
        });
  }

  private static int port(Channel channel) {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /// The TCP ports bound, in the order of [SpeakerConfig#listen]; empty before [#start] completed.
  public CompletableFuture<List<Integer>> boundPorts() {
    return ask(() -> servers.stream().map(BgpSpeaker::port).toList());
  }

  /// Replaces the set of neighbors. A session whose settings did not change is not touched; one
  /// whose settings changed goes on or is reset, see [SessionChange]; one no longer named is
  /// closed. The `down` of either has no stale families. Completes when applied.
  ///
  /// Throws IllegalArgumentException when two have the same name, or the same address, interface
  /// and local address.
  public CompletableFuture<Void> configure(Collection<BgpNeighborConfig> neighbors) {
    Map<String, BgpNeighborConfig> wanted = new LinkedHashMap<>();
    Map<List<Object>, String> ends = new HashMap<>();
    for (BgpNeighborConfig neighbor : neighbors) {
      if (wanted.put(neighbor.name(), neighbor) != null) {
        throw new IllegalArgumentException("neighbor " + neighbor.name() + ": configured twice");
      }
      String other =
          ends.put(
              List.of(
                  neighbor.address(),
                  String.valueOf(neighbor.interfaceName()),
                  String.valueOf(neighbor.localAddress())),
              neighbor.name());
      if (other != null) {
        throw new IllegalArgumentException(
            "neighbor "
                + neighbor.name()
                + ": address "
                + neighbor.address()
                + " (expected: other than that of "
                + other
                + ")");
      }
    }
    return ask(() -> {
      apply(wanted);
      return null;
    });
  }

  private void apply(Map<String, BgpNeighborConfig> wanted) {
    if (closed) {
      return;
    }
    for (Session session : List.copyOf(sessions.values())) {
      BgpNeighborConfig old = session.config();
      BgpNeighborConfig now = wanted.get(old.name());
      if (now == null) {
        end(session, CeaseReason.DECONFIGURED);
        continue;
      }
      switch (SessionChange.between(old, now)) {
        case SessionChange.None() -> {}
        case SessionChange.Live _ -> session.reconfigure(now);
        case SessionChange.Reset _ -> end(session, SessionChange.cease(now));
      }
    }
    Map<String, Session> kept = Map.copyOf(sessions);
    sessions.clear();
    List<Session> fresh = new ArrayList<>();
    for (BgpNeighborConfig neighbor : wanted.values()) {
      Session session = kept.get(neighbor.name());
      if (session == null) {
        session = create(neighbor);
        fresh.add(session);
      }
      sessions.put(neighbor.name(), session);
    }
    Map<InetAddress, byte[]> keys = keys();
    servers.forEach(server -> sockets.useKeys(server, keys));
    fresh.forEach(Session::start);
  }

  /// Only the first session with a neighbor can be one after our restart.
  private Session create(BgpNeighborConfig neighbor) {
    Session.Past past = pasts.get(neighbor.name());
    SpeakerConfig.Start start = past == null ? config.start() : SpeakerConfig.Start.FRESH;
    return new Session(loop, sockets, listener, source, neighbor, start, past);
  }

  private void end(Session session, CeaseReason reason) {
    String name = session.config().name();
    sessions.remove(name);
    session.stop(reason);
    pasts.put(name, session.past());
  }

  private Map<InetAddress, byte[]> keys() {
    Map<InetAddress, byte[]> keys = new HashMap<>();
    for (Session session : sessions.values()) {
      String key = session.config().md5Key();
      if (key != null) {
        keys.put(session.config().address().toInetAddress(), key.getBytes(StandardCharsets.UTF_8));
      }
    }
    return keys;
  }

  /// There may be something to send to a neighbor: ask the [OutboundSource].
  public void wake(String neighbor) {
    with(neighbor, Session::wake);
  }

  /// Stops reading from a neighbor until [#resumeReading], or the end of the session; TCP then
  /// holds it back. KEEPALIVEs are still sent, and the hold timer does not expire while reading is
  /// paused. No further update is delivered after this returns when called on the event loop.
  public void pauseReading(String neighbor) {
    with(neighbor, Session::pauseReading);
  }

  public void resumeReading(String neighbor) {
    with(neighbor, Session::resumeReading);
  }

  /// Ends the session with a Cease. It is tried again after a hold that grows when it happens
  /// again: 60 s up to 1 h for [CeaseReason#OUT_OF_RESOURCES], else 1 s up to 30 s.
  public void tearDown(String neighbor, CeaseReason reason) {
    with(neighbor, session -> session.handle(new FsmEvent.Reset(reason)));
  }

  /// The same; `why` is for operators, in place of the name of the reason.
  public void tearDown(String neighbor, CeaseReason reason, String why) {
    with(neighbor, session -> session.handle(new FsmEvent.Reset(reason, why)));
  }

  /// Ends the session because the neighbor announced more prefixes than `limit` (RFC 4486 §4). It
  /// is tried again after a hold of 60 s up to 1 h, or at [#limitRaised].
  public void overLimit(String neighbor, Family family, int prefixes, int limit) {
    with(neighbor, session -> session.handle(new FsmEvent.OverLimit(family, prefixes, limit)));
  }

  /// More prefixes of a family are allowed than before: a session that was ended for too many of
  /// them is tried at once, and the next hold is the first again.
  public void limitRaised(String neighbor, Family family) {
    with(neighbor, session -> session.handle(new FsmEvent.LimitRaised(family)));
  }

  /// Tries to connect now, whatever back-off is running: the link came up, or the operator asks.
  public void kick(String neighbor) {
    with(neighbor, session -> session.handle(new FsmEvent.Kick()));
  }

  /// How the sessions stand, in the order of their configuration.
  public CompletableFuture<List<SessionSnapshot>> snapshots() {
    return ask(() -> sessions.values().stream().map(Session::snapshot).toList());
  }

  /// Ends all sessions with a Cease and closes the listening sockets. Waits for neither.
  @Override
  public void close() {
    onLoop(() -> {
      closed = true;
      servers.forEach(Channel::close);
      servers.clear();
      sessions.values().forEach(session -> session.stop(CeaseReason.SHUTDOWN));
      sessions.clear();
    });
  }

  private void with(String neighbor, Consumer<Session> task) {
    onLoop(() -> {
      Session session = sessions.get(neighbor);
      if (session != null) {
        task.accept(session);
      }
    });
  }

  private <T extends @Nullable Object> CompletableFuture<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    onLoop(() -> {
      try {
        answer.complete(question.get());
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  /// Hands accepted connections to the session of the neighbor they come from.
  @Sharable
  private final class Acceptor extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      InetAddress remote = ((InetSocketAddress) channel.remoteAddress()).getAddress();
      InetAddress local = ((InetSocketAddress) channel.localAddress()).getAddress();
      Session session = sessionOf(remote, IpAddress.of(local));
      if (session == null || closed) {
        warnStranger(remote);
        channel.close();
        return;
      }
      TcpConnection connection = session.accept(channel);
      if (connection == null) {
        channel.close();
      } else {
        channel.pipeline().addLast(connection);
      }
    }
  }

  private @Nullable Session sessionOf(InetAddress remote, IpAddress local) {
    IpAddress address = IpAddress.of(remote);
    for (Session session : sessions.values()) {
      BgpNeighborConfig neighbor = session.config();
      if (neighbor.address().equals(address)
          && (neighbor.localAddress() == null || neighbor.localAddress().equals(local))
          && (!address.isLinkLocal() || onInterface(remote, neighbor.interfaceName()))) {
        return session;
      }
    }
    return null;
  }

  private static boolean onInterface(InetAddress remote, @Nullable String interfaceName) {
    return interfaceName != null
        && remote instanceof Inet6Address inet6
        && inet6.getScopeId() == Sockets.indexOf(interfaceName);
  }

  private void warnStranger(InetAddress remote) {
    long now = System.nanoTime();
    if (now - warnedNanos >= WARN_EVERY_NANOS) {
      warnedNanos = now;
      BgpLog.unknownNeighbor(remote.getHostAddress(), strangers);
      strangers = 0;
    } else {
      strangers++;
    }
  }
}
