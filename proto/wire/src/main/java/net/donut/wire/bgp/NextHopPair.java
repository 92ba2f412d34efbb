package net.donut.wire.bgp;

import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// The two next hops that MP_REACH_NLRI may have, as they are used: to `nextHop` packets are sent;
/// `linkLocal` is what was said beside it, if anything.
///
/// RFC 2545 §3: the first is global; a link-local one follows if the speaker, the neighbor and the
/// host of the global one share a link. Here, as speakers differ in what they send:
///
/// - The link-local one is told by its prefix, not by its place. A second global one says nothing.
/// - Without a global one (zeros, or the link-local one twice) the link-local one is used.
/// - On a session between link-local addresses the link-local one is used: it is the neighbor's own
///   on the link, while the global one may be on no link of ours. FRR sends both as soon as its
///   interface has a global address too.
/// - On any other session the global one is used: that it is the neighbor's can be checked.
record NextHopPair(IpAddress nextHop, @Nullable IpAddress linkLocal) {

  /// What a next hop of two addresses means.
  static NextHopPair of(IpAddress first, IpAddress second, SessionOptions options) {
    IpAddress linkLocal = second.isLinkLocal() ? second : first.isLinkLocal() ? first : null;
    if (linkLocal == null) {
      return new NextHopPair(first, null);
    }
    IpAddress global = linkLocal.equals(second) ? first : second;
    boolean alone = global.isLinkLocal() || isUnspecified(global);
    return alone || options.linkLocal()
        ? new NextHopPair(linkLocal, null)
        : new NextHopPair(global, linkLocal);
  }

  private static boolean isUnspecified(IpAddress address) {
    return address.high() == 0 && address.low() == 0;
  }
}
