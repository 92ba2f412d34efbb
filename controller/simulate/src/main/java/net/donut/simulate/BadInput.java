package net.donut.simulate;

import java.io.Serial;

/// A file or an option that cannot be used; the message is what the operator reads.
final class BadInput extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  BadInput(String message) {
    super(message);
  }
}
