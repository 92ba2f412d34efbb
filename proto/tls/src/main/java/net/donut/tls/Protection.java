package net.donut.tls;

/// How a gRPC hop is protected.
public sealed interface Protection {
  /// Not at all: whoever reaches the port may do everything.
  record Insecure() implements Protection {}

  /// TLS 1.3 with certificates on both sides.
  record MutualTls(TlsFiles files) implements Protection {}
}
