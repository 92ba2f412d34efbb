package net.donut.lab.net;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import net.donut.model.FileFailure;

/// The machine refused something the lab needs; the message is for the operator.
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LabException(String message) {
    super(message);
  }

  public LabException(String message, Throwable cause) {
    super(message, cause);
  }

  /// What could not be read, written or started, and why: `FILE: no such file`.
  ///
  /// @param what a file, a command, or a word for it
  public static LabException of(Object what, IOException cause) {
    boolean absent = cause instanceof NoSuchFileException;
    String reason = absent ? "no such file" : FileFailure.reason(cause);
    return new LabException(what + ": " + reason, cause);
  }
}
