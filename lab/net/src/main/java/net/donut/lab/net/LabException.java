package net.donut.lab.net;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The machine refused something the lab needs; the message is for the operator.
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LabException(String message) {
    super(message);
  }

  public LabException(String message, Throwable cause) {
    super(message, cause);
  }

  /// About a file that an operator named.
  public static LabException of(Path file, IOException cause) {
    boolean absent = cause instanceof NoSuchFileException;
    return new LabException(file + ": " + (absent ? "no such file" : cause.getMessage()), cause);
  }
}
