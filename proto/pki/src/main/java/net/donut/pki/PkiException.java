package net.donut.pki;

import java.io.Serial;

/// What a certificate authority cannot do; the message says why and what to do.
public final class PkiException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  PkiException(String message) {
    super(message);
  }

  PkiException(String message, Throwable cause) {
    super(message, cause);
  }
}
