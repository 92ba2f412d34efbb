package net.donut.tls;

import java.io.Serial;

/// Credentials that cannot be used; the message says which file, why, and what to do.
public final class TlsException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  TlsException(String message) {
    super(message);
  }

  TlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
