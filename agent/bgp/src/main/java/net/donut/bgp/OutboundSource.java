package net.donut.bgp;

import org.jspecify.annotations.Nullable;

/// Where sessions take what they send. A session asks while its connection takes more bytes, so a
/// slow neighbor makes its own routes wait, and coalesce, in the caller's outbox; nothing queues in
/// the speaker beyond one write buffer (256 KiB) a neighbor.
@FunctionalInterface
public interface OutboundSource {
  /// Has nothing to send, ever.
  OutboundSource NONE = (_, _) -> null;

  /// The next piece for an established session, or null when there is nothing now; then the session
  /// asks again after [BgpSpeaker#wake]. Called on the event loop; must not block. A piece of a few
  /// hundred prefixes or more keeps the cost a call low.
  ///
  /// `session` is [SessionInfo#session]: an outbox that is not yet filled for it returns null.
  @Nullable Outbound next(String neighbor, long session);

  /// Routes of a piece were withdrawn in place of being announced: the shortest UPDATE for one of
  /// them has `bytes`, and the neighbor takes `limit` (RFC 8654 §4). Called on the event loop; must
  /// not block.
  default void tooLong(
      String neighbor, long session, Outbound.Announce announce, int bytes, int limit) {}
}
