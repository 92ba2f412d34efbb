package net.donut.bgp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// The settings of one session. Two equal configurations are the same session:
/// [BgpSpeaker#configure] leaves it alone.
///
/// @param name unique in the speaker; identifies the session everywhere
/// @param localAddress bound before connecting and required of accepted connections; null for the
///   kernel's choice
/// @param interfaceName the interface a link-local `address` is on; null otherwise
/// @param remoteAs 0 accepts any AS
/// @param port the TCP port connected to
/// @param holdTimeSeconds 0 (no KEEPALIVE at all) or 3..65535 (RFC 4271 §4.2)
/// @param md5Key TCP MD5 key (RFC 2385), 1..80 bytes in UTF-8; null for none
/// @param maxStale how long the routes of a restarting neighbor are kept at most, whatever it asks
///   for (RFC 4724 §4.2); zero switches the helper off
/// @param restartTime how long neighbors shall keep our routes when we restart, up to 4095 s; zero
///   announces that we only help
/// @param connectTimeout how long one attempt to connect may take
public record BgpNeighborConfig(
    String name,
    IpAddress address,
    @Nullable IpAddress localAddress,
    @Nullable String interfaceName,
    long localAs,
    long remoteAs,
    IpAddress routerId,
    int port,
    Connect connect,
    AdminState adminState,
    int holdTimeSeconds,
    Set<Family> families,
    @Nullable String md5Key,
    TtlSecurity ttlSecurity,
    @Nullable Role role,
    RoleCheck roleCheck,
    Duration maxStale,
    Duration restartTime,
    Duration connectTimeout) {

  /// Who opens the TCP connection.
  public enum Connect {
    /// Both sides may; we try too.
    ACTIVE,
    /// Only the neighbor does.
    PASSIVE
  }

  /// What the operator wants of the session.
  public enum AdminState {
    ENABLED,
    /// Kept down; the neighbor is told with a Cease (RFC 4486, 2).
    SHUTDOWN
  }

  /// RFC 5082.
  public enum TtlSecurity {
    OFF,
    /// Send with TTL 255 and accept nothing that passed a router.
    GTSM
  }

  /// Our role towards the neighbor (RFC 9234 §4.1).
  public enum Role {
    PROVIDER(0),
    RS(1),
    RS_CLIENT(2),
    CUSTOMER(3),
    PEER(4);

    private final int code;

    Role(int code) {
      this.code = code;
    }

    /// The value on the wire, 0..4.
    public int code() {
      return code;
    }

    /// The word of RFC 9234 §4.1: `provider`, `rs-client`, ...
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The only role the other side can have.
    public Role counterpart() {
      return switch (this) {
        case PROVIDER -> CUSTOMER;
        case RS -> RS_CLIENT;
        case RS_CLIENT -> RS;
        case CUSTOMER -> PROVIDER;
        case PEER -> PEER;
      };
    }
  }

  /// What becomes of a neighbor that announces no role (RFC 9234 §4.2).
  public enum RoleCheck {
    LENIENT,
    /// The session is refused.
    STRICT
  }

  public BgpNeighborConfig {
    require(!name.isBlank(), "name", name, "not blank");
    require(
        localAddress == null || localAddress.family() == address.family(),
        "localAddress",
        String.valueOf(localAddress),
        address.family().toString());
    require(
        !address.isLinkLocal() || interfaceName != null,
        "interfaceName",
        "none",
        "the interface of link-local " + address);
    require(localAs >= 1 && localAs <= 0xffff_ffffL, "localAs", localAs, "1..4294967295");
    require(remoteAs >= 0 && remoteAs <= 0xffff_ffffL, "remoteAs", remoteAs, "0..4294967295");
    require(
        routerId.family() == Family.IPV4 && routerId.ipv4() != 0,
        "routerId",
        routerId.toString(),
        "an IPv4 address other than 0.0.0.0");
    require(port >= 1 && port <= 65535, "port", port, "1..65535");
    require(
        holdTimeSeconds == 0 || (holdTimeSeconds >= 3 && holdTimeSeconds <= 65535),
        "holdTimeSeconds",
        holdTimeSeconds,
        "0 or 3..65535");
    require(!families.isEmpty(), "families", "none", "at least one");
    int keyBytes = md5Key == null ? 1 : md5Key.getBytes(StandardCharsets.UTF_8).length;
    require(keyBytes >= 1 && keyBytes <= 80, "md5Key bytes", keyBytes, "1..80");
    require(
        !maxStale.isNegative() && maxStale.toDays() < 2, "maxStale", maxStale.toString(), "0..48h");
    require(
        !restartTime.isNegative() && restartTime.toSeconds() <= 4095,
        "restartTime",
        restartTime.toString(),
        "0..4095 s");
    require(
        connectTimeout.toMillis() >= 100 && connectTimeout.toMillis() <= 600_000,
        "connectTimeout",
        connectTimeout.toString(),
        "0.1 s..600 s");
    families = Set.copyOf(families);
  }

  private static void require(boolean holds, String what, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: " + expected + ")");
    }
  }

  /// Whether both ends are in one AS, when the AS of the neighbor is fixed.
  public boolean isInternal() {
    return localAs == remoteAs;
  }

  /// The settings without the secret.
  @Override
  public String toString() {
    return name + " " + address + " AS" + remoteAs + " port " + port + " " + connect;
  }

  public static Builder builder(String name, IpAddress address) {
    return new Builder(name, address);
  }

  public Builder toBuilder() {
    Builder builder = new Builder(name, address);
    builder.localAddress = localAddress;
    builder.interfaceName = interfaceName;
    builder.localAs = localAs;
    builder.remoteAs = remoteAs;
    builder.routerId = routerId;
    builder.port = port;
    builder.connect = connect;
    builder.adminState = adminState;
    builder.holdTimeSeconds = holdTimeSeconds;
    builder.families = families;
    builder.md5Key = md5Key;
    builder.ttlSecurity = ttlSecurity;
    builder.role = role;
    builder.roleCheck = roleCheck;
    builder.maxStale = maxStale;
    builder.restartTime = restartTime;
    builder.connectTimeout = connectTimeout;
    return builder;
  }

  /// Collects settings. Must be set: local AS and router id. Defaults: any remote AS, port 179,
  /// active, hold time 90 s, the family of the address, stale routes kept up to 300 s, 120 s asked
  /// of neighbors when we restart, 10 s to connect.
  public static final class Builder {
    private final String name;
    private final IpAddress address;
    private @Nullable IpAddress localAddress;
    private @Nullable String interfaceName;
    private long localAs;
    private long remoteAs;
    private IpAddress routerId = IpAddress.ofIpv4(0);
    private int port = 179;
    private Connect connect = Connect.ACTIVE;
    private AdminState adminState = AdminState.ENABLED;
    private int holdTimeSeconds = 90;
    private Set<Family> families;
    private @Nullable String md5Key;
    private TtlSecurity ttlSecurity = TtlSecurity.OFF;
    private @Nullable Role role;
    private RoleCheck roleCheck = RoleCheck.LENIENT;
    private Duration maxStale = Duration.ofMinutes(5);
    private Duration restartTime = Duration.ofMinutes(2);
    private Duration connectTimeout = Duration.ofSeconds(10);

    private Builder(String name, IpAddress address) {
      this.name = name;
      this.address = address;
      this.families = EnumSet.of(address.family());
    }

    public Builder localAddress(@Nullable IpAddress value) {
      localAddress = value;
      return this;
    }

    public Builder interfaceName(@Nullable String value) {
      interfaceName = value;
      return this;
    }

    public Builder localAs(long value) {
      localAs = value;
      return this;
    }

    public Builder remoteAs(long value) {
      remoteAs = value;
      return this;
    }

    public Builder routerId(IpAddress value) {
      routerId = value;
      return this;
    }

    public Builder port(int value) {
      port = value;
      return this;
    }

    public Builder connect(Connect value) {
      connect = value;
      return this;
    }

    public Builder adminState(AdminState value) {
      adminState = value;
      return this;
    }

    public Builder holdTimeSeconds(int value) {
      holdTimeSeconds = value;
      return this;
    }

    public Builder families(Set<Family> value) {
      families = value;
      return this;
    }

    public Builder md5Key(@Nullable String value) {
      md5Key = value;
      return this;
    }

    public Builder ttlSecurity(TtlSecurity value) {
      ttlSecurity = value;
      return this;
    }

    public Builder role(@Nullable Role value) {
      role = value;
      return this;
    }

    public Builder roleCheck(RoleCheck value) {
      roleCheck = value;
      return this;
    }

    public Builder maxStale(Duration value) {
      maxStale = value;
      return this;
    }

    public Builder restartTime(Duration value) {
      restartTime = value;
      return this;
    }

    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    /// Throws IllegalArgumentException naming the setting, its value and what is expected.
    public BgpNeighborConfig build() {
      return new BgpNeighborConfig(
          name,
          address,
          localAddress,
          interfaceName,
          localAs,
          remoteAs,
          routerId,
          port,
          connect,
          adminState,
          holdTimeSeconds,
          families,
          md5Key,
          ttlSecurity,
          role,
          roleCheck,
          maxStale,
          restartTime,
          connectTimeout);
    }
  }
}
