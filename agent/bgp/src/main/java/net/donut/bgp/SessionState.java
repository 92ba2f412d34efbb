package net.donut.bgp;

/// The states of a session (RFC 4271 §8.2.2), least advanced first.
public enum SessionState {
  IDLE("Idle"),
  CONNECT("Connect"),
  ACTIVE("Active"),
  OPEN_SENT("OpenSent"),
  OPEN_CONFIRM("OpenConfirm"),
  ESTABLISHED("Established");

  private final String text;

  SessionState(String text) {
    this.text = text;
  }

  /// The name as the RFC writes it.
  @Override
  public String toString() {
    return text;
  }
}
