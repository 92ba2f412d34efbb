package net.donut.tls;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The connections of a server with the certificates behind them, so that the one of a revoked
/// certificate is ended, not only refused its next call. Used by event loops and `tls-reload`.
final class OpenPeers extends ServerTransportFilter {
  private final Credentials credentials;
  private final Admission admission;
  private final Map<SocketAddress, X509Certificate> certificates = new ConcurrentHashMap<>();

  OpenPeers(Credentials credentials, Admission admission) {
    this.credentials = credentials;
    this.admission = admission;
    credentials.onReload(this::endRevoked);
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    SocketAddress remote = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    X509Certificate certificate = certificate(attributes);
    if (remote != null && certificate != null) {
      certificates.put(remote, certificate);
      admission.admit(remote);
    }
    return attributes;
  }

  @Override
  public void transportTerminated(Attributes attributes) {
    SocketAddress remote =
        attributes == null ? null : attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    if (remote != null) {
      certificates.remove(remote);
    }
  }

  private void endRevoked() {
    certificates.forEach((remote, certificate) -> {
      try {
        credentials.requireNotRevoked(new X509Certificate[] {certificate});
      } catch (CertificateException e) {
        Channel channel = admission.channel(remote);
        if (channel != null) {
          TlsLog.connectionEnded(Certificates.holder(certificate), String.valueOf(e.getMessage()));
          Admission.endAtOnce(channel);
        }
      }
    });
  }

  /// The certificate at the other end of a connection; null without TLS.
  static @Nullable X509Certificate certificate(Attributes attributes) {
    SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return null;
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }
}
