package net.donut.bgp;

import io.netty.channel.EventLoop;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A BGP speaker: the sessions with a set of neighbors.
///
/// All methods may be called from any thread; they hand over to the event loop and return at once.
/// Sockets are created on the event loop's own thread, so they belong to the network namespace that
/// thread has entered. Owned by the event loop.
@SuppressWarnings("DoNotCallSuggester")
public final class BgpSpeaker implements AutoCloseable {

  public BgpSpeaker(
      SpeakerConfig config, EventLoop loop, BgpListener listener, OutboundSource source) {
    throw unfinished(config + " " + loop + listener + source);
  }

  /// Opens the listening sockets. Completes when all are bound, exceptionally with a [BgpException]
  /// naming the address when one cannot be. Completed at once when the speaker does not listen.
  public CompletableFuture<Void> start() {
    throw unfinished("");
  }

  /// The TCP ports bound, in the order of [SpeakerConfig#listen]; empty before [#start] completed.
  public CompletableFuture<List<Integer>> boundPorts() {
    throw unfinished("");
  }

  /// Replaces the set of neighbors. A session whose settings did not change is not touched; one
  /// whose settings changed is reset; one no longer named is closed and its `down` has no stale
  /// families. Completes when applied.
  ///
  /// Throws IllegalArgumentException when two have the same name, or the same address and
  /// interface.
  public CompletableFuture<Void> configure(Collection<NeighborConfig> neighbors) {
    throw unfinished(neighbors.toString());
  }

  /// There may be something to send to a neighbor: ask the [OutboundSource].
  public void wake(String neighbor) {
    throw unfinished(neighbor);
  }

  /// Stops reading from a neighbor; TCP then holds it back. KEEPALIVEs are still sent, and the hold
  /// timer does not expire while reading is paused. No further update is delivered after this
  /// returns when called from within a [BgpListener] method.
  public void pauseReading(String neighbor) {
    throw unfinished(neighbor);
  }

  public void resumeReading(String neighbor) {
    throw unfinished(neighbor);
  }

  /// Ends the session with a Cease. It is tried again after a hold that grows when it happens
  /// again: 60 s up to 1 h for [CeaseReason#MAX_PREFIXES] and [CeaseReason#OUT_OF_RESOURCES], else
  /// 1 s up to 30 s.
  public void tearDown(String neighbor, CeaseReason reason) {
    throw unfinished(neighbor + reason);
  }

  /// Tries to connect now, whatever back-off is running: the link came up, or the operator asks.
  public void kick(String neighbor) {
    throw unfinished(neighbor);
  }

  /// How the sessions stand, in the order of their configuration.
  public CompletableFuture<List<SessionSnapshot>> snapshots() {
    throw unfinished("");
  }

  /// Ends all sessions with a Cease and closes the listening sockets. Waits for neither.
  @Override
  public void close() {
    throw unfinished("");
  }

  private static UnsupportedOperationException unfinished(String text) {
    return new UnsupportedOperationException(text);
  }
}
