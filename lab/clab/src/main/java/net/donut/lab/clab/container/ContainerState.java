package net.donut.lab.clab.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.donut.lab.clab.run.LabRuntime.Health;
import net.donut.lab.clab.run.LabRuntime.NodeState;
import net.donut.lab.docker.Docker;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;

/// What the engine says of a container.
///
/// @param name begins with a slash
/// @param status Docker's word
/// @param health Docker's word; empty without a health check
/// @param networkMode Docker's word
/// @param restarts how often it was started again by itself
record ContainerState(
    String name,
    String status,
    long pid,
    int exitCode,
    Instant started,
    String id,
    String image,
    String health,
    String networkMode,
    int restarts) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Of the container of this name, empty when there is none. The engine would also take the
  /// beginning of an id for a name.
  static Optional<ContainerState> find(Docker docker, String name) {
    Command.Result result =
        docker.tryRun(List.of("container", "inspect", name), Duration.ofMinutes(2));
    if (result.exitCode() == 0) {
      return Optional.of(of(result.output())).filter(found -> found.name().equals("/" + name));
    }
    if (result.errors().contains("No such container")) {
      return Optional.empty();
    }
    throw new LabException("docker container inspect: " + Docker.message(result));
  }

  /// Out of the document of `docker container inspect`.
  static ContainerState of(String document) {
    try {
      JsonNode container = JSON.readTree(document).path(0);
      JsonNode state = container.path("State");
      return new ContainerState(
          container.path("Name").asText(),
          state.path("Status").asText(),
          state.path("Pid").asLong(),
          state.path("ExitCode").asInt(),
          Instant.parse(state.path("StartedAt").asText()),
          container.path("Id").asText(),
          container.path("Config").path("Image").asText(),
          state.path("Health").path("Status").asText(),
          container.path("HostConfig").path("NetworkMode").asText(),
          container.path("RestartCount").asInt());
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

  /// Whether its program has ended since it was started, whatever came after.
  boolean hasEnded() {
    return status.equals("exited") || status.equals("dead") || startsAgain();
  }

  /// Whether its program was or will be started again by itself.
  boolean startsAgain() {
    return restarts > 0 || status.equals("restarting");
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
