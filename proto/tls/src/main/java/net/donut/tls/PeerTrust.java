package net.donut.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import net.donut.model.Role;
import org.jspecify.annotations.Nullable;

/// Says whether the certificate of a peer is good: signed by an authority of ours, in time, not
/// revoked, and, where we dialed, of the role that we dialed.
///
/// A caller with a good certificate of the wrong role comes in, and is told so by [RoleGate].
final class PeerTrust extends X509ExtendedTrustManager {
  private final Credentials credentials;
  private final @Nullable Role expected;

  PeerTrust(Credentials credentials, @Nullable Role expected) {
    this.credentials = credentials;
    this.expected = expected;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      credentials.trust().checkClientTrusted(chain, authType, engine);
      credentials.requireNotRevoked(chain);
    } catch (CertificateException e) {
      TlsLog.refusedPeer(holder(chain), HandshakeFailure.deepest(e));
      throw e;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    credentials.trust().checkServerTrusted(chain, authType, engine);
    credentials.requireNotRevoked(chain);
    requireExpected(chain[0]);
  }

  private void requireExpected(X509Certificate certificate) throws WrongRole {
    Role wanted = expected;
    Role found;
    try {
      found = Certificates.role(certificate);
    } catch (IllegalArgumentException e) {
      throw new WrongRole(String.valueOf(e.getMessage()));
    }
    if (wanted != null && !wanted.equals(found)) {
      throw new WrongRole("the server is %s (expected: %s)".formatted(found.uri(), wanted.uri()));
    }
  }

  /// Who answered is not whom we dialed.
  static final class WrongRole extends CertificateException {
    private static final long serialVersionUID = 1;

    WrongRole(String message) {
      super(message);
    }
  }

  private static String holder(X509Certificate[] chain) {
    return Certificates.holder(chain.length == 0 ? null : chain[0]);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return credentials.trust().getAcceptedIssuers();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw withoutEngine();
  }

  private static CertificateException withoutEngine() {
    return new CertificateException("TLS without an engine (expected: Netty's TLS)");
  }
}
