package net.donut.bgp;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefixes;
import org.jspecify.annotations.Nullable;

/// A speaker of a test, with an event loop of its own.
final class TestSpeaker implements AutoCloseable {
  final Recorder heard;
  final Recorder.Feed feed = new Recorder.Feed();
  final BgpSpeaker speaker;
  private final EventLoopGroup group;

  TestSpeaker(String name, SpeakerConfig config) {
    this(name, config, null, null);
  }

  TestSpeaker(SpeakerConfig config, EventLoopGroup group) {
    this(config, group, null, null);
  }

  private TestSpeaker(
      String name,
      SpeakerConfig config,
      @Nullable BgpListener listener,
      @Nullable OutboundSource source) {
    this(
        config,
        BgpEventLoops.single(Thread.ofPlatform().name("bgp-" + name).factory()),
        listener,
        source);
  }

  private TestSpeaker(
      SpeakerConfig config,
      EventLoopGroup group,
      @Nullable BgpListener listener,
      @Nullable OutboundSource source) {
    this.group = group;
    heard = listener instanceof Recorder recorder ? recorder : new Recorder();
    EventLoop loop = group.next();
    speaker =
        new BgpSpeaker(
            config, loop, listener == null ? heard : listener, source == null ? feed : source);
    get(speaker.start());
  }

  /// Listens on a loopback address and any free port.
  static TestSpeaker listening(String name, String address) {
    return new TestSpeaker(name, at(address), null, null);
  }

  static TestSpeaker listening(String name, String address, BgpListener listener) {
    return new TestSpeaker(name, at(address), listener, null);
  }

  static TestSpeaker listening(
      String name, String address, BgpListener listener, OutboundSource source) {
    return new TestSpeaker(name, at(address), listener, source);
  }

  private static SpeakerConfig at(String address) {
    return new SpeakerConfig(
        List.of(new SpeakerConfig.Endpoint(IpAddress.parse(address), 0)),
        SpeakerConfig.Start.FRESH);
  }

  static TestSpeaker connecting(String name) {
    return new TestSpeaker(name, SpeakerConfig.connectOnly());
  }

  int port() {
    return get(speaker.boundPorts()).getFirst();
  }

  TestSpeaker configure(BgpNeighborConfig.Builder... neighbors) {
    get(
        speaker.configure(
            java.util.Arrays.stream(neighbors).map(BgpNeighborConfig.Builder::build).toList()));
    return this;
  }

  void send(String neighbor, Outbound... pieces) {
    for (Outbound piece : pieces) {
      feed.add(neighbor, piece);
    }
    speaker.wake(neighbor);
  }

  void announce(String neighbor, Prefixes prefixes, net.donut.model.PathAttributes attributes) {
    send(neighbor, new Outbound.Announce(prefixes, attributes));
  }

  void endOfRib(String neighbor, Family family) {
    send(neighbor, new Outbound.EndOfRib(family));
  }

  SessionSnapshot snapshot(String neighbor) {
    return get(speaker.snapshots()).stream()
        .filter(snapshot -> snapshot.name().equals(neighbor))
        .findFirst()
        .orElseThrow();
  }

  static <T> T get(java.util.concurrent.Future<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /// Closes every connection without a NOTIFICATION, as a killed process does.
  void closeAbruptly() {
    get(group.shutdownGracefully(0, 5, TimeUnit.SECONDS));
  }

  @Override
  public void close() {
    if (group.isShuttingDown()) {
      return;
    }
    speaker.close();
    get(group.shutdownGracefully(0, 5, TimeUnit.SECONDS));
  }
}
