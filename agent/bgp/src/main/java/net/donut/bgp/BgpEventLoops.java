package net.donut.bgp;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.util.concurrent.ThreadFactory;

/// Makes event loops that a [BgpSpeaker] can run on.
public final class BgpEventLoops {
  private BgpEventLoops() {}

  /// A group of one event loop on native epoll, or on NIO where epoll is missing (logged); NIO has
  /// neither TCP MD5 nor TTL security. Close it with `shutdownGracefully` after the speaker.
  public static EventLoopGroup single(ThreadFactory threads) {
    if (Epoll.isAvailable()) {
      return new EpollEventLoopGroup(1, threads);
    }
    BgpLog.epollMissing(Epoll.unavailabilityCause());
    return new NioEventLoopGroup(1, threads);
  }
}
