package net.donut.wire.bgp;

/// What two speakers agreed on that changes how messages are read and written.
///
/// @param fourOctetAs AS_PATH carries 4-octet numbers (RFC 6793)
/// @param extendedMessage messages up to 65535 bytes (RFC 8654), else 4096
/// @param addPathIpv4 NLRI of this family carry path identifiers (RFC 7911)
/// @param addPathIpv6 the same for IPv6
/// @param internal an iBGP session: LOCAL_PREF is expected; otherwise it is discarded (RFC 7606
///   §7.5)
/// @param linkLocal the neighbor's address on the session is link-local: of a global and a
///   link-local next hop its own is the second (RFC 2545 §3)
public record SessionOptions(
    boolean fourOctetAs,
    boolean extendedMessage,
    boolean addPathIpv4,
    boolean addPathIpv6,
    boolean internal,
    boolean linkLocal) {

  /// Of a session that is not between link-local addresses.
  public SessionOptions(
      boolean fourOctetAs,
      boolean extendedMessage,
      boolean addPathIpv4,
      boolean addPathIpv6,
      boolean internal) {
    this(fourOctetAs, extendedMessage, addPathIpv4, addPathIpv6, internal, false);
  }

  public static final SessionOptions MODERN_EXTERNAL =
      new SessionOptions(true, false, false, false, false);

  /// The largest message either side may send, in bytes.
  public int maxMessageBytes() {
    return extendedMessage ? 65535 : 4096;
  }
}
