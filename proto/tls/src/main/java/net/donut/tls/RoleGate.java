package net.donut.tls;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import net.donut.model.Role;
import org.jspecify.annotations.Nullable;

/// Lets a call through when the role in its caller's certificate may make it.
final class RoleGate implements ServerInterceptor {
  private final Permissions permissions;
  private final Credentials credentials;

  RoleGate(Permissions permissions, Credentials credentials) {
    this.permissions = permissions;
    this.credentials = credentials;
  }

  @Override
  public <I, O> ServerCall.Listener<I> interceptCall(
      ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    String refusal = refusal(call.getAttributes(), method);
    if (refusal == null) {
      return next.startCall(call, headers);
    }
    TlsLog.refusedCall(
        Certificates.holder(OpenPeers.certificate(call.getAttributes())),
        method,
        String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
    call.close(Status.PERMISSION_DENIED.withDescription(refusal), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private @Nullable String refusal(Attributes attributes, String method) {
    X509Certificate certificate = OpenPeers.certificate(attributes);
    if (certificate == null) {
      return "no certificate (expected: one of " + Role.EXPECTED + ")";
    }
    try {
      credentials.requireNotRevoked(new X509Certificate[] {certificate});
      Role role = Certificates.role(certificate);
      return permissions.allows(role, method)
          ? null
          : "%s may not call %s (allowed: %s)"
              .formatted(role.uri(), method, permissions.allowedText(method));
    } catch (IllegalArgumentException | CertificateException e) {
      return e.getMessage();
    }
  }
}
