package net.donut.bgp;

import java.io.Serial;

/// A socket that cannot be had: the message says which and what is expected.
public final class BgpException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  BgpException(String message) {
    super(message);
  }

  BgpException(String message, Throwable cause) {
    super(message, cause);
  }
}
