package net.donut.wire.bfd;

/// The state of one end of a session (RFC 5880 §4.1), in the order of the codes on the wire.
public enum BfdState {
  ADMIN_DOWN(0, "AdminDown"),
  DOWN(1, "Down"),
  INIT(2, "Init"),
  UP(3, "Up");

  private final int code;
  private final String text;

  BfdState(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /// The two bits on the wire.
  public int code() {
    return code;
  }

  /// The state of a code 0..3.
  static BfdState of(int code) {
    return values()[code];
  }

  /// As the RFC writes it.
  @Override
  public String toString() {
    return text;
  }
}
