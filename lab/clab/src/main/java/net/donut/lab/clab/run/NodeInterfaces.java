package net.donut.lab.clab.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;

/// The interfaces of a lab's nodes as their kernels have them now.
public final class NodeInterfaces {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// One interface.
  ///
  /// @param state as the kernel's flags say it
  /// @param mtu bytes; 0 for one that is missing
  /// @param addresses with their lengths, those of the link itself left out
  public record Interface(String device, State state, int mtu, List<String> addresses) {
    public Interface {
      addresses = List.copyOf(addresses);
    }

    public boolean hasCarrier() {
      return state == State.UP;
    }

    /// Adds its fields.
    public void put(ObjectNode json) {
      json.put("interface", device)
          .put("state", state.toString())
          .put("carrier", hasCarrier())
          .put("mtu", mtu);
      ArrayNode all = json.putArray("addresses");
      addresses.forEach(all::add);
    }
  }

  /// How an interface is.
  public enum State {
    UP("up"),
    /// Set up, and nothing at the other end.
    NO_CARRIER("no carrier"),
    /// Set down.
    DOWN("down"),
    /// Not there.
    MISSING("missing");

    private final String words;

    State(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  private final Map<String, Map<String, Interface>> namespaces = new HashMap<>();

  private NodeInterfaces() {}

  /// Asks the kernel, once for each namespace.
  public static NodeInterfaces of(LabRecord lab) {
    NodeInterfaces interfaces = new NodeInterfaces();
    lab.nodes().forEach(node -> interfaces.ask(node.namespace()));
    for (LabRecord.Link link : lab.links()) {
      interfaces.ask(link.a().namespace());
      interfaces.ask(link.b().namespace());
    }
    return interfaces;
  }

  private void ask(String namespace) {
    if (namespace.isEmpty() || namespaces.containsKey(namespace)) {
      return;
    }
    Map<String, Interface> devices = new HashMap<>();
    namespaces.put(namespace, devices);
    Command.Result result =
        Command.tryRun(List.of("ip", "-n", namespace, "-json", "address", "show"), "");
    if (result.exitCode() != 0) {
      return;
    }
    try {
      for (JsonNode device : JSON.readTree(result.output())) {
        String name = device.path("ifname").asText();
        devices.put(name, read(name, device));
      }
    } catch (JsonProcessingException e) {
      throw new LabException("ip -json address show: " + e.getMessage(), e);
    }
  }

  private static Interface read(String name, JsonNode device) {
    List<String> flags = new ArrayList<>();
    device.path("flags").forEach(flag -> flags.add(flag.asText()));
    State state =
        !flags.contains("UP")
            ? State.DOWN
            : flags.contains("LOWER_UP") ? State.UP : State.NO_CARRIER;
    List<String> addresses = new ArrayList<>();
    for (JsonNode address : device.path("addr_info")) {
      if (!address.path("scope").asText().equals("link")) {
        addresses.add(address.path("local").asText() + "/" + address.path("prefixlen").asInt());
      }
    }
    return new Interface(name, state, device.path("mtu").asInt(), addresses);
  }

  /// An end of a link.
  public Interface of(LabRecord.End end) {
    return of(end.namespace(), end.device());
  }

  private Interface of(String namespace, String device) {
    Interface found = namespaces.getOrDefault(namespace, Map.of()).get(device);
    return found == null ? new Interface(device, State.MISSING, 0, List.of()) : found;
  }
}
