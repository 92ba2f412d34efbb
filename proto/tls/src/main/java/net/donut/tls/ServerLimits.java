package net.donut.tls;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ServerChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// How much of a server one client, and all of them, may take.
///
/// @param messageBytes largest message
/// @param callsOfOneConnection calls, streams among them, at a time
/// @param connections at a time that have shown a certificate; without TLS, all
/// @param connectionsOfOneHost of these
/// @param handshakes at a time: connections that have not shown a certificate yet. When there is
///   one more, the oldest of them is ended: whoever has a certificate needs some milliseconds and
///   gets in
/// @param handshakesOfOneHost of these
/// @param handshake how long one may take
/// @param leastBetweenPings a client that pings more often is sent away
public record ServerLimits(
    int messageBytes,
    int callsOfOneConnection,
    int connections,
    int connectionsOfOneHost,
    int handshakes,
    int handshakesOfOneHost,
    Duration handshake,
    Duration leastBetweenPings) {
  private static final int HEADER_BYTES = 16 << 10;
  private static final int RESETS = 200;
  private static final int RESET_WINDOW_SECONDS = 10;
  private static final long IDLE_PING_SECONDS = 30;
  private static final long PING_ANSWER_SECONDS = 20;

  /// An agent: a controller or two, gRIBI clients, an operator who looks.
  public static final ServerLimits AGENT =
      new ServerLimits(16 << 20, 64, 128, 64, 64, 16, Duration.ofSeconds(5), Duration.ofSeconds(1));

  /// A controller: operators and their scripts.
  public static final ServerLimits OPERATORS =
      new ServerLimits(
          16 << 20, 32, 256, 128, 128, 32, Duration.ofSeconds(5), Duration.ofSeconds(5));

  /// Sets the limits, and with them the kind of channel. `stage` is where connections begin.
  ///
  /// The pings of the server find connections whose other end is gone without a word.
  Admission apply(
      NettyServerBuilder builder,
      Supplier<? extends ServerChannel> channels,
      Admission.Stage stage) {
    TransportLog.install();
    Admission admission = new Admission(this, stage);
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
