package net.donut.agent;

import java.io.Serial;

/// An agent that cannot run here: the message says what was found, what is expected and what to do,
/// in one line.
public final class AgentException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  AgentException(String message) {
    super(message);
  }

  AgentException(String message, Throwable cause) {
    super(message, cause);
  }
}
