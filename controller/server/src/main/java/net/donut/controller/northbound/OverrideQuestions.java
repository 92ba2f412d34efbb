package net.donut.controller.northbound;

import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import net.donut.api.operator.v1.ListOverridesResponse;
import net.donut.api.operator.v1.OverrideInfo;
import net.donut.api.operator.v1.OverrideRequest;
import net.donut.api.operator.v1.OverrideResponse;
import net.donut.controller.rib.ControllerRib;
import net.donut.controller.rib.ControllerRibThread;
import net.donut.controller.state.SavedOverride;
import net.donut.model.Prefix;

/// Sets, ends and lists overrides for operators.
final class OverrideQuestions {
  private static final int MOST_SECONDS = 7 * 24 * 3600;

  private final ControllerRibThread rib;
  private final PolicyDesk desk;

  OverrideQuestions(ControllerRibThread rib, PolicyDesk desk) {
    this.rib = rib;
    this.desk = desk;
  }

  OverrideResponse change(OverrideRequest request) {
    Prefix prefix = OperatorFailures.prefix(request.getPrefix());
    return request.getUndo() ? end(prefix) : set(prefix, request);
  }

  private OverrideResponse end(Prefix prefix) {
    boolean stands =
        rib.ask(state -> state.overrides().stream().anyMatch(one -> one.prefix().equals(prefix)));
    if (!stands) {
      return OverrideResponse.newBuilder().setMessage(prefix + ": had no override").build();
    }
    return OverrideResponse.newBuilder()
        .setMoved(desk.endOverride(prefix))
        .setMessage(prefix + ": goes by the decision again")
        .build();
  }

  private OverrideResponse set(Prefix prefix, OverrideRequest request) {
    String neighbor = request.getNeighbor();
    // As an unsigned number: what is too large must not look small.
    long seconds = Integer.toUnsignedLong(request.getSeconds());
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw OperatorFailures.invalid(
          "seconds: %d (expected: 1..%d)".formatted(seconds, MOST_SECONDS));
    }
    String obstacle = rib.ask(state -> obstacleOfNew(state, prefix, neighbor));
    if (!obstacle.isEmpty()) {
      throw Status.FAILED_PRECONDITION
          .withDescription("nothing was changed: " + obstacle)
          .asRuntimeException();
    }
    Instant until = Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.MILLIS);
    long moved = desk.override(new SavedOverride(prefix, neighbor, until));
    return OverrideResponse.newBuilder()
        .setMoved(moved)
        .setMessage(
            "%s: by %s until %s%s"
                .formatted(
                    prefix,
                    neighbor,
                    until.truncatedTo(ChronoUnit.SECONDS),
                    moved == 0 ? "; it went there already" : ""))
        .build();
  }

  private static String obstacleOfNew(ControllerRib state, Prefix prefix, String neighbor) {
    OperatorService.known(state, neighbor);
    if (state.policy().document().networks().contains(prefix)) {
      return prefix + " is a network of our own";
    }
    String obstacle = obstacle(state, prefix, neighbor);
    return obstacle.isEmpty() ? "" : neighbor + " " + obstacle + ": " + prefix;
  }

  private static String obstacle(ControllerRib state, Prefix prefix, String neighbor) {
    return state.engine().overrideObstacle(prefix, state.engine().neighbor(neighbor));
  }

  ListOverridesResponse list() {
    return ListOverridesResponse.newBuilder()
        .addAllOverrides(rib.ask(OverrideQuestions::all))
        .build();
  }

  private static List<OverrideInfo> all(ControllerRib state) {
    Instant now = Instant.now();
    return state.overrides().stream()
        .map(one ->
            OverrideInfo.newBuilder()
                .setPrefix(one.prefix().toString())
                .setNeighbor(one.neighbor())
                .setSecondsLeft((int) Math.max(0, Duration.between(now, one.until()).toSeconds()))
                .setObstacle(obstacle(state, one.prefix(), one.neighbor()))
                .build())
        .toList();
  }

  /// The overrides that stand, one line each, for whoever asks how things are: where the prefix
  /// leaves, or why the override has no effect now.
  static List<String> warnings(ControllerRib state) {
    return warnings(state, _ -> true);
  }

  /// The overrides of some prefixes.
  static List<String> warnings(ControllerRib state, Predicate<Prefix> which) {
    return state.overrides().stream()
        .filter(one -> which.test(one.prefix()))
        .map(one -> sentence(one, obstacle(state, one.prefix(), one.neighbor())))
        .toList();
  }

  private static String sentence(SavedOverride one, String obstacle) {
    Instant until = one.until().truncatedTo(ChronoUnit.SECONDS);
    return obstacle.isEmpty()
        ? "override: %s leaves by %s until %s".formatted(one.prefix(), one.neighbor(), until)
        : "override: %s by %s until %s has no effect: %s %s"
            .formatted(one.prefix(), one.neighbor(), until, one.neighbor(), obstacle);
  }

  /// Prefixes whose overrides have no effect because of a drain of their neighbor.
  static List<String> passedOver(ControllerRib state, String neighbor) {
    return state.isDrained(neighbor)
        ? state.overrides().stream()
            .filter(one -> one.neighbor().equals(neighbor))
            .map(one -> one.prefix().toString())
            .toList()
        : List.of();
  }
}
