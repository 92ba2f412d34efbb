package net.donut.tls;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Ends calls whose server turns out to have a certificate that was revoked after the handshake: at
/// its first answer, and streams when the list of the revoked is reloaded. Used by threads of gRPC
/// and `tls-reload`.
final class RevokedServer implements ClientInterceptor {
  private final Credentials credentials;
  private final Set<Checking<?>> answered = ConcurrentHashMap.newKeySet();

  RevokedServer(Credentials credentials) {
    this.credentials = credentials;
    credentials.onReload(() -> answered.forEach(Checking::check));
  }

  @Override
  public <I, O> ClientCall<I, O> interceptCall(
      MethodDescriptor<I, O> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<O> listener, Metadata headers) {
        super.start(new Checking<>(this, listener), headers);
      }
    };
  }

  private final class Checking<O> extends SimpleForwardingClientCallListener<O> {
    private final ClientCall<?, O> call;
    private volatile @Nullable CertificateException refusal;

    Checking(ClientCall<?, O> call, ClientCall.Listener<O> listener) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onHeaders(Metadata headers) {
      answered.add(this);
      check();
      if (refusal == null) {
        super.onHeaders(headers);
      }
    }

    void check() {
      X509Certificate certificate = OpenPeers.certificate(call.getAttributes());
      try {
        if (certificate != null) {
          credentials.requireNotRevoked(new X509Certificate[] {certificate});
        }
      } catch (CertificateException e) {
        refusal = e;
        call.cancel(e.getMessage(), e);
      }
    }

    @Override
    public void onMessage(O message) {
      if (refusal == null) {
        super.onMessage(message);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      answered.remove(this);
      CertificateException found = refusal;
      super.onClose(
          found == null
              ? status
              : Status.UNAVAILABLE.withDescription(found.getMessage()).withCause(found),
          trailers);
    }
  }
}
