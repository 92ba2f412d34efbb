package net.donut.bgp;

/// The subcodes of a Cease NOTIFICATION (RFC 4486 §3, RFC 8538 §3, RFC 9384 §3) by which a session
/// is ended.
public enum CeaseReason {
  MAX_PREFIXES(1, "maximum number of prefixes reached"),
  SHUTDOWN(2, "administrative shutdown"),
  DECONFIGURED(3, "peer de-configured"),
  RESET(4, "administrative reset"),
  REJECTED(5, "connection rejected"),
  CONFIGURATION_CHANGE(6, "other configuration change"),
  COLLISION(7, "connection collision resolution"),
  OUT_OF_RESOURCES(8, "out of resources"),
  BFD_DOWN(10, "BFD down");

  private final int subcode;
  private final String text;

  CeaseReason(int subcode, String text) {
    this.subcode = subcode;
    this.text = text;
  }

  public int subcode() {
    return subcode;
  }

  @Override
  public String toString() {
    return text;
  }
}
