package net.donut.api;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.Neighbor;
import net.donut.model.IpAddress;

/// What a new configuration of a neighbor asks of its session, in the terms of `agent.v1`: so that
/// whoever plans a change knows which sessions it resets.
public sealed interface NeighborChange {
  /// Nothing that the session would notice.
  record None() implements NeighborChange {}

  /// The session goes on; `fields` are taken as it runs.
  record Live(List<String> fields) implements NeighborChange {
    public Live {
      fields = List.copyOf(fields);
    }
  }

  /// The session is established anew, as `fields` need it.
  record Reset(List<String> fields) implements NeighborChange {
    public Reset {
      fields = List.copyOf(fields);
    }
  }

  /// Fields that a running session takes.
  Set<String> LIVE =
      Set.of(
          "port",
          "passive",
          "max_prefixes_ipv4",
          "max_prefixes_ipv6",
          "next_hop_ipv4",
          "next_hop_ipv6",
          "bfd");

  /// Fields of which absent means the same as some value.
  Map<String, Object> DEFAULTS = Map.of("port", 179, "hold_time_seconds", 90);

  /// From one configuration of a neighbor to another.
  static NeighborChange between(Neighbor before, Neighbor after) {
    List<String> reset = new ArrayList<>();
    List<String> live = new ArrayList<>();
    for (FieldDescriptor field : Neighbor.getDescriptor().getFields()) {
      if (!value(before, field).equals(value(after, field))) {
        (isLive(field, before, after) ? live : reset).add(field.getName());
      }
    }
    if (!reset.isEmpty()) {
      return new Reset(reset);
    }
    return live.isEmpty() ? new None() : new Live(live);
  }

  /// From one configuration of an agent to another, by the names of the neighbors that are in both.
  static Map<String, NeighborChange> between(ConfigureRequest before, ConfigureRequest after) {
    List<String> local = new ArrayList<>();
    if (before.getLocalAs() != after.getLocalAs()) {
      local.add("local_as");
    }
    if (!before.getRouterId().equals(after.getRouterId())) {
      local.add("router_id");
    }
    Map<String, Neighbor> known = new LinkedHashMap<>();
    before.getNeighborsList().forEach(neighbor -> known.put(neighbor.getName(), neighbor));
    Map<String, NeighborChange> changes = new LinkedHashMap<>();
    for (Neighbor neighbor : after.getNeighborsList()) {
      Neighbor earlier = known.get(neighbor.getName());
      if (earlier != null) {
        changes.put(neighbor.getName(), with(local, between(earlier, neighbor)));
      }
    }
    return changes;
  }

  private static NeighborChange with(List<String> local, NeighborChange change) {
    if (local.isEmpty()) {
      return change;
    }
    List<String> fields = new ArrayList<>(local);
    if (change instanceof Reset(List<String> more)) {
      fields.addAll(more);
    }
    return new Reset(fields);
  }

  /// A link-local address means another neighbor on another interface; elsewhere the interface says
  /// on whose carrier the session depends.
  private static boolean isLive(FieldDescriptor field, Neighbor before, Neighbor after) {
    return field.getName().equals("interface")
        ? !isLinkLocal(before) && !isLinkLocal(after)
        : LIVE.contains(field.getName());
  }

  private static boolean isLinkLocal(Neighbor neighbor) {
    try {
      return IpAddress.parse(neighbor.getAddress()).isLinkLocal();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// What a field stands for: defaults in place of nothing, families in any order, addresses in any
  /// writing.
  private static Object value(Neighbor neighbor, FieldDescriptor field) {
    Object value = neighbor.getField(field);
    Object standard = DEFAULTS.get(field.getName());
    if (standard != null && value.equals(0)) {
      return standard;
    }
    return switch (value) {
      case List<?> list -> new HashSet<>(list);
      case String text when field.getName().contains("address") -> address(text);
      default -> value;
    };
  }

  private static Object address(String text) {
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
