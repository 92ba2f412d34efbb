package net.donut.tls;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ServerChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/// How much of a server one client, and all of them, may take.
///
/// @param messageBytes largest message
/// @param callsOfOneConnection calls, streams among them, at a time
/// @param connections at a time, those in a handshake among them
/// @param connectionsOfOneHost at a time
/// @param leastBetweenPings a client that pings more often is sent away
public record ServerLimits(
    int messageBytes,
    int callsOfOneConnection,
    int connections,
    int connectionsOfOneHost,
    Duration handshake,
    Duration leastBetweenPings) {
  private static final int HEADER_BYTES = 16 << 10;
  private static final int RESETS = 200;
  private static final int RESET_WINDOW_SECONDS = 10;
  private static final long IDLE_PING_SECONDS = 30;
  private static final long PING_ANSWER_SECONDS = 20;

  /// What a peer does wrong is the peer's; gRPC would print a stack trace of each. Held, as the JDK
  /// forgets the level of a logger that nobody holds.
  private static final Logger GRPC_LOG = Logger.getLogger("io.grpc.netty");

  /// An agent: a controller or two, gRIBI clients, an operator who looks.
  public static final ServerLimits AGENT =
      new ServerLimits(16 << 20, 64, 128, 64, Duration.ofSeconds(5), Duration.ofSeconds(1));

  /// A controller: operators and their scripts.
  public static final ServerLimits OPERATORS =
      new ServerLimits(16 << 20, 32, 256, 128, Duration.ofSeconds(5), Duration.ofSeconds(5));

  /// Sets the limits, and with them the kind of channel.
  ///
  /// The pings of the server find connections whose other end is gone without a word.
  Admission apply(NettyServerBuilder builder, Supplier<? extends ServerChannel> channels) {
    GRPC_LOG.setLevel(Level.SEVERE);
    Admission admission = new Admission(connections, connectionsOfOneHost);
    builder
        .channelFactory(() -> {
          ServerChannel channel = channels.get();
          channel.pipeline().addFirst("admission", admission);
          return channel;
        })
        .maxInboundMessageSize(messageBytes)
        .maxInboundMetadataSize(HEADER_BYTES)
        .maxConcurrentCallsPerConnection(callsOfOneConnection)
        .maxRstFramesPerWindow(RESETS, RESET_WINDOW_SECONDS)
        .permitKeepAliveTime(leastBetweenPings.toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(IDLE_PING_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(PING_ANSWER_SECONDS, TimeUnit.SECONDS)
        .handshakeTimeout(handshake.toMillis(), TimeUnit.MILLISECONDS);
    return admission;
  }
}
