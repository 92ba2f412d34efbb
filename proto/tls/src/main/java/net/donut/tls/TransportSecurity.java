package net.donut.tls;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ServerChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import net.donut.model.Role;
import org.jspecify.annotations.Nullable;

/// The protection of a program's gRPC hops, at work. Usable from any thread.
public final class TransportSecurity implements AutoCloseable {
  private static final String PROTOCOL = "TLSv1.3";

  private final @Nullable Credentials credentials;

  private TransportSecurity(@Nullable Credentials credentials) {
    this.credentials = credentials;
  }

  /// For a program that lasts: credentials are reloaded when their files change. A certificate that
  /// is over is only warned about, as it may be renewed meanwhile. Throws TlsException when the
  /// files cannot be used.
  public static TransportSecurity open(Protection protection) {
    return open(protection, Credentials.Watching.FOR_CHANGES);
  }

  /// For a command that ends soon. Throws TlsException when the files cannot be used, or our
  /// certificate is over.
  public static TransportSecurity openOnce(Protection protection) {
    TransportSecurity security = open(protection, Credentials.Watching.ONCE);
    security.requireUsable();
    return security;
  }

  private static TransportSecurity open(Protection protection, Credentials.Watching watching) {
    return switch (protection) {
      case Protection.Insecure _ -> new TransportSecurity(null);
      case Protection.MutualTls tls -> of(Credentials.open(tls.files(), watching));
    };
  }

  static TransportSecurity of(Credentials credentials) {
    return new TransportSecurity(credentials);
  }

  /// Makes a server of this program protected and limited; `what` names it in the log.
  public void protect(
      NettyServerBuilder builder,
      Supplier<? extends ServerChannel> channels,
      Permissions permissions,
      ServerLimits limits,
      String what) {
    Credentials known = credentials;
    Admission admission =
        limits.apply(
            builder,
            channels,
            known == null ? Admission.Stage.CONNECTED : Admission.Stage.HANDSHAKE);
    if (known == null) {
      TlsLog.insecure(what);
      return;
    }
    builder
        .sslContext(serverContext(known))
        .intercept(new RoleGate(permissions, known))
        .addTransportFilter(new OpenPeers(known, admission));
  }

  /// Makes a server limited only: its socket is protected by the mode of its file.
  public static void limit(
      NettyServerBuilder builder, Supplier<? extends ServerChannel> channels, ServerLimits limits) {
    Admission _ = limits.apply(builder, channels, Admission.Stage.CONNECTED);
  }

  /// Makes a channel protected: it will talk to `expected` only.
  public void protect(NettyChannelBuilder builder, Role expected) {
    Credentials known = credentials;
    if (known == null) {
      builder.usePlaintext();
      return;
    }
    builder.sslContext(clientContext(known, expected)).intercept(new RevokedServer(known));
  }

  private static SslContext serverContext(Credentials credentials) {
    return context(
        SslContextBuilder.forServer(credentials.keys()).clientAuth(ClientAuth.REQUIRE),
        new PeerTrust(credentials, null));
  }

  private static SslContext clientContext(Credentials credentials, Role expected) {
    return context(
        SslContextBuilder.forClient().keyManager(credentials.keys()),
        new PeerTrust(credentials, expected));
  }

  private static SslContext context(SslContextBuilder builder, PeerTrust trust) {
    try {
      return GrpcSslContexts.configure(builder.trustManager(trust), SslProvider.JDK)
          .protocols(PROTOCOL)
          // A resumed session skips the check of the certificate.
          .sessionTimeout(1)
          .build();
    } catch (SSLException e) {
      throw new TlsException(
          "TLS: " + e.getMessage() + " (expected: a JDK with " + PROTOCOL + ")", e);
    }
  }

  /// Whether hops are protected by TLS.
  public boolean isTls() {
    return credentials != null;
  }

  /// Who we are; null without TLS.
  public @Nullable Role role() {
    Credentials known = credentials;
    return known == null ? null : known.role();
  }

  /// Throws TlsException when our certificate is of no use today.
  public void requireUsable() {
    Credentials known = credentials;
    String unusable = known == null ? null : known.unusable();
    if (unusable != null) {
      throw new TlsException(unusable);
    }
  }

  /// Throws TlsException when our certificate is for another role.
  public void requireRole(Role expected) {
    Credentials known = credentials;
    if (known != null && !known.role().equals(expected)) {
      throw new TlsException(
          "%s: certificate of %s (expected: %s; issue it with: donut pki issue %s)"
              .formatted(
                  known.files().certificate(),
                  known.role().uri(),
                  expected.uri(),
                  (expected.kind() + " " + expected.name()).strip()));
    }
  }

  /// Why the first call of a connection came to nothing; null when that is not about TLS.
  public @Nullable String explain(Throwable failure) {
    return isTls() ? HandshakeFailure.explain(failure) : HandshakeFailure.explainPlain(failure);
  }

  /// What an operator should know now, one line each: no TLS, or a certificate that ends soon.
  public List<String> warnings() {
    Credentials known = credentials;
    return known == null ? List.of("no TLS (--insecure)") : known.warnings();
  }

  @Override
  public void close() {
    Credentials known = credentials;
    if (known != null) {
      known.close();
    }
  }
}
