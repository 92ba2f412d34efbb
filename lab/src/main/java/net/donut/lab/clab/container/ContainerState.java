package net.donut.lab.clab.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import net.donut.lab.clab.run.LabRuntime.Health;
import net.donut.lab.clab.run.LabRuntime.NodeState;
import net.donut.lab.net.LabException;

/// What the engine says of a container.
///
/// @param status Docker's word
/// @param health Docker's word; empty without a health check
record ContainerState(
    String status, long pid, int exitCode, Instant started, String id, String health) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Out of the document of `docker container inspect`.
  static ContainerState of(String document) {
    try {
      JsonNode container = JSON.readTree(document).path(0);
      JsonNode state = container.path("State");
      return new ContainerState(
          state.path("Status").asText(),
          state.path("Pid").asLong(),
          state.path("ExitCode").asInt(),
          Instant.parse(state.path("StartedAt").asText()),
          container.path("Id").asText(),
          state.path("Health").path("Status").asText());
    } catch (JsonProcessingException e) {
      throw new LabException("docker container inspect: " + e.getMessage(), e);
    }
  }

  NodeState node(Instant now) {
    Duration age = Duration.between(started, now);
    return switch (status) {
      case "running", "restarting" -> new NodeState.Running(pid, age);
      case "paused" -> new NodeState.Paused(age);
      case "exited" -> new NodeState.Exited(exitCode);
      default -> new NodeState.Absent();
    };
  }

  Health healthOfNode() {
    return switch (health) {
      case "healthy" -> Health.HEALTHY;
      case "unhealthy" -> Health.UNHEALTHY;
      case "starting" -> Health.STARTING;
      default -> Health.NONE;
    };
  }
}
