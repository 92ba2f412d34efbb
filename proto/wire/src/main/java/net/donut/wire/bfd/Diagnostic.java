package net.donut.wire.bfd;

/// Why a session left Up last (RFC 5880 §4.1), by its code of 5 bits.
///
/// @param code 0..31
public record Diagnostic(int code) {
  public static final Diagnostic NONE = new Diagnostic(0);
  public static final Diagnostic DETECTION_TIME_EXPIRED = new Diagnostic(1);
  public static final Diagnostic NEIGHBOR_SIGNALED_DOWN = new Diagnostic(3);
  public static final Diagnostic ADMINISTRATIVELY_DOWN = new Diagnostic(7);

  private static final String[] TEXTS = {
    "none",
    "control detection time expired",
    "echo function failed",
    "neighbor signaled session down",
    "forwarding plane reset",
    "path down",
    "concatenated path down",
    "administratively down",
    "reverse concatenated path down",
    "mis-connectivity defect"
  };

  public Diagnostic {
    if (code < 0 || code > 31) {
      throw new IllegalArgumentException("diagnostic: " + code + " (expected: 0..31)");
    }
  }

  /// The RFC's words, or the number of a code without words.
  @Override
  public String toString() {
    return code < TEXTS.length ? TEXTS[code] : "diagnostic " + code;
  }
}
