package net.donut.bgp;

import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// The settings of a speaker as a whole.
///
/// @param listen where connections are accepted; empty for none. The address `::` accepts both
///   families. Port 0 takes any free port ([BgpSpeaker#boundPorts])
/// @param start whether the first OPEN to each neighbor carries the Restart State bit
public record SpeakerConfig(List<Endpoint> listen, Start start) {

  /// A TCP endpoint; `port` 0..65535.
  public record Endpoint(IpAddress address, int port) {
    public Endpoint {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
      }
    }

    /// The wildcard address of a family.
    public static Endpoint any(Family family, int port) {
      return new Endpoint(new IpAddress(family, 0, 0), port);
    }
  }

  /// RFC 4724 §3: whether forwarding state outlived the process before this one.
  public enum Start {
    FRESH,
    RESTARTED
  }

  public SpeakerConfig {
    listen = List.copyOf(listen);
  }

  /// Connects only.
  public static SpeakerConfig connectOnly() {
    return new SpeakerConfig(List.of(), Start.FRESH);
  }

  /// Accepts connections of both families on one port.
  public static SpeakerConfig listening(int port) {
    return new SpeakerConfig(List.of(Endpoint.any(Family.IPV6, port)), Start.FRESH);
  }
}
