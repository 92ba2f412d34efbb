package net.donut.lab.clab.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.net.Impairment;
import org.jspecify.annotations.Nullable;

/// A link of a topology file.
///
/// @param mtu bytes
/// @param vars free-form; ours are under `donut`
/// @param impairment what `vars.donut` says of it
/// @param outside what the second end leads to, for a link out of the lab
public record LinkDefinition(
    Type type,
    FilePlace place,
    Endpoint a,
    Endpoint b,
    int mtu,
    Map<String, Object> vars,
    List<String> addresses,
    Impairment impairment,
    @Nullable Outside outside) {
  /// What containerlab gives a link unless told otherwise.
  public static final int DEFAULT_MTU = 9500;

  /// What a link is between.
  public enum Type {
    /// Two nodes, one of which may be a bridge.
    VETH,
    /// A node and the host.
    HOST,
    /// A node and the management bridge.
    MANAGEMENT,
    /// A node and nothing.
    DUMMY,
    /// A node and the network of this machine.
    OUTSIDE
  }

  /// One end: an interface of a node; of the host where the node is `host` or `mgmt-net`; none of
  /// the lab where it is `macvlan` or `vxlan`.
  ///
  /// @param mac empty for one that stays the same from deploy to deploy
  /// @param addresses prefix-length addresses, as text
  /// @param vars free-form, for `topology-data.json`
  public record Endpoint(
      String node, String device, String mac, List<String> addresses, Map<String, Object> vars) {
    /// The host as an endpoint.
    public static final String HOST = "host";

    /// The management bridge as an endpoint.
    public static final String MANAGEMENT = "mgmt-net";

    public Endpoint {
      addresses = List.copyOf(addresses);
      vars = Collections.unmodifiableMap(new LinkedHashMap<>(vars));
    }

    /// An end of which nothing but its place is given.
    public static Endpoint at(String node, String device) {
      return new Endpoint(node, device, "", List.of(), Map.of());
    }

    @Override
    public String toString() {
      return node + ":" + device;
    }
  }

  public LinkDefinition {
    vars = Collections.unmodifiableMap(new LinkedHashMap<>(vars));
    addresses = List.copyOf(addresses);
  }

  /// What the second end is to the first in business: `vars.donut.relation`, empty for none.
  public String relation() {
    return vars.get("donut") instanceof Map<?, ?> ours
            && ours.get("relation") instanceof String word
        ? word
        : "";
  }

  /// Whether its second end is no interface of the lab.
  public boolean hasOneEnd() {
    return type == Type.DUMMY || type == Type.OUTSIDE;
  }

  /// Both ends, as `links list` shows them.
  public String name() {
    return type == Type.DUMMY ? a.toString() : a + "-" + b;
  }
}
