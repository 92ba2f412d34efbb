package net.donut.lab.clab.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.net.Cut;

/// A node as `docker inspect` and `docker ps` would show its container.
public final class ContainerView {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ContainerView() {}

  /// Indented, as Docker writes it.
  public static String json(Object data) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The row of `docker ps`, by the names that its templates use.
  public static Map<String, Object> row(LabRuntime runtime, LabRecord lab, LabRecord.Node node) {
    LabRuntime.NodeState state = state(runtime, lab, node);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("ID", runtime.id(lab, node));
    row.put("Names", node.container());
    row.put("Image", runtime.image(lab, node));
    row.put("State", word(state));
    row.put("Status", state.status() + runtime.health(lab, node).words());
    row.put("Ports", "");
    row.put("Networks", node.ipv4().isEmpty() ? "" : network(node));
    row.put("Labels", labels(node));
    return row;
  }

  private static String labels(LabRecord.Node node) {
    return String.join(
        ",",
        node.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .toList());
  }

  /// A node whose power is off has exited as by signal 9.
  private static LabRuntime.NodeState state(
      LabRuntime runtime, LabRecord lab, LabRecord.Node node) {
    LabRuntime.NodeState state = runtime.state(lab, node);
    if (state instanceof LabRuntime.NodeState.Absent) {
      return new LabRuntime.NodeState.Exited(137);
    }
    return lab.faults().cuts().get(node.name()) == Cut.OfNode.NODE_FREEZE
            && state instanceof LabRuntime.NodeState.Running running
        ? new LabRuntime.NodeState.Paused(running.since())
        : state;
  }

  private static String word(LabRuntime.NodeState state) {
    return state.state();
  }

  private static String network(LabRecord.Node node) {
    return node.labels().getOrDefault("clab-mgmt-net-bridge", "clab");
  }

  /// What `docker inspect` says of the container, the parts that scripts ask for.
  public static Map<String, Object> inspection(
      LabRuntime runtime, LabRecord lab, LabRecord.Node node) {
    LabRuntime.NodeState now = state(runtime, lab, node);
    boolean paused = now instanceof LabRuntime.NodeState.Paused;
    boolean running = paused || now instanceof LabRuntime.NodeState.Running;
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("Status", word(now));
    state.put("Running", running);
    state.put("Paused", paused);
    state.put("Restarting", false);
    state.put("OOMKilled", false);
    state.put("Dead", false);
    state.put("Pid", pid(runtime, lab, node));
    state.put("ExitCode", now instanceof LabRuntime.NodeState.Exited(int code) ? (long) code : 0L);
    state.put("Error", "");
    state.put("StartedAt", started(now));
    String health = health(runtime.health(lab, node));
    if (!health.isEmpty()) {
      state.put("Health", Map.of("Status", health));
    }
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("Id", runtime.id(lab, node));
    view.put("Name", "/" + node.container());
    view.put("Created", started(now));
    view.put("State", state);
    view.put("Image", runtime.image(lab, node));
    view.put("RestartCount", 0L);
    view.put("Config", config(runtime, lab, node));
    view.put("HostConfig", Map.of("NetworkMode", node.ipv4().isEmpty() ? "none" : network(node)));
    view.put("NetworkSettings", networkSettings(node));
    return view;
  }

  private static String started(LabRuntime.NodeState state) {
    Instant now = Instant.now();
    return switch (state) {
      case LabRuntime.NodeState.Running running -> now.minus(running.since()).toString();
      case LabRuntime.NodeState.Paused(var since) -> now.minus(since).toString();
      case LabRuntime.NodeState.Exited _, LabRuntime.NodeState.Absent _ -> "0001-01-01T00:00:00Z";
    };
  }

  private static long pid(LabRuntime runtime, LabRecord lab, LabRecord.Node node) {
    return runtime.state(lab, node) instanceof LabRuntime.NodeState.Running running
        ? running.pid()
        : 0;
  }

  private static String health(LabRuntime.Health health) {
    return switch (health) {
      case NONE -> "";
      case STARTING -> "starting";
      case HEALTHY -> "healthy";
      case UNHEALTHY -> "unhealthy";
    };
  }

  private static Map<String, Object> config(
      LabRuntime runtime, LabRecord lab, LabRecord.Node node) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("Hostname", node.name());
    config.put("User", node.user());
    config.put(
        "Env",
        node.environment().entrySet().stream()
            .map(variable -> variable.getKey() + "=" + variable.getValue())
            .toList());
    config.put("Image", runtime.image(lab, node));
    config.put("Labels", new LinkedHashMap<String, Object>(node.labels()));
    return config;
  }

  private static Map<String, Object> networkSettings(LabRecord.Node node) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("SandboxKey", "/run/netns/" + node.namespace());
    settings.put("Ports", Map.of());
    settings.put("IPAddress", "");
    settings.put(
        "Networks", node.ipv4().isEmpty() ? Map.of() : Map.of(network(node), member(node)));
    return settings;
  }

  private static Map<String, Object> member(LabRecord.Node node) {
    Map<String, Object> member = new LinkedHashMap<>();
    member.put("IPAddress", node.ipv4());
    member.put("IPPrefixLen", (long) node.ipv4Length());
    member.put("GlobalIPv6Address", node.ipv6());
    member.put("GlobalIPv6PrefixLen", (long) node.ipv6Length());
    member.put("Aliases", List.of(node.name()));
    member.put("NetworkID", Plan.hostNamespace(network(node)));
    return member;
  }
}
