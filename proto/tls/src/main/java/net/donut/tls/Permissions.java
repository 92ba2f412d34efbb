package net.donut.tls;

import java.util.List;
import java.util.Set;
import net.donut.model.Role;

/// Who may call what: the one table of it.
///
/// | server | called | by |
/// |---|---|---|
/// | any | health, reflection | every role |
/// | agent | what only looks | controller, operator-read, operator-write |
/// | agent | the rest | controller |
/// | controller | what only looks | operator-read, operator-write |
/// | controller | the rest | operator-write |
///
/// A method that has no row is one of the rest. A policy is not for everyone who may look: it holds
/// the MD5 keys of neighbors.
public enum Permissions {
  AGENT,
  CONTROLLER;

  /// Methods, as `package.Service/Method`, and the kinds of role that may call them.
  record Rows(List<String> kinds, Set<String> methods) {}

  private static final Rows AGENT_LOOKS =
      new Rows(
          List.of("controller", "operator-read", "operator-write"),
          Set.of(
              "donut.agent.v1.Agent/Hello",
              "donut.agent.v1.Agent/InspectFib",
              "donut.agent.v1.Agent/AdjRibOut",
              "donut.agent.v1.Agent/Digest",
              "gribi.gRIBI/Get"));

  private static final Rows AGENT_ACTS =
      new Rows(
          List.of("controller"),
          Set.of(
              "donut.agent.v1.Agent/Configure",
              "donut.agent.v1.Agent/WatchRoutes",
              "donut.agent.v1.Agent/WatchState",
              "donut.agent.v1.Agent/Advertise",
              "donut.agent.v1.Agent/EndSync",
              "donut.agent.v1.Agent/AllowRemoval",
              "gribi.gRIBI/Modify",
              "gribi.gRIBI/Flush"));

  private static final Rows CONTROLLER_LOOKS =
      new Rows(
          List.of("operator-read", "operator-write"),
          Set.of(
              "donut.operator.v1.Operator/Status",
              "donut.operator.v1.Operator/ListAgents",
              "donut.operator.v1.Operator/ListNeighbors",
              "donut.operator.v1.Operator/ListRoutes",
              "donut.operator.v1.Operator/InspectFib",
              "donut.operator.v1.Operator/Explain",
              "donut.operator.v1.Operator/Coverage",
              "donut.operator.v1.Operator/ListOverrides",
              "donut.operator.v1.Operator/Watch"));

  private static final Rows CONTROLLER_ACTS =
      new Rows(
          List.of("operator-write"),
          Set.of(
              "donut.operator.v1.Operator/ApplyPolicy",
              "donut.operator.v1.Operator/ShowPolicy",
              "donut.operator.v1.Operator/Drain",
              "donut.operator.v1.Operator/Override",
              "donut.operator.v1.Operator/AllowRemoval"));

  private static final Set<String> EVERYBODYS =
      Set.of(
          "grpc.health.v1.Health",
          "grpc.reflection.v1.ServerReflection",
          "grpc.reflection.v1alpha.ServerReflection");

  /// Whether a role may call a method, given as `package.Service/Method`.
  public boolean allows(Role role, String method) {
    return isEverybodys(method) || rows(method).kinds().contains(role.kind());
  }

  /// The kinds of role that may call a method, for messages.
  public String allowedText(String method) {
    return isEverybodys(method) ? "every role" : String.join(", ", rows(method).kinds());
  }

  private Rows rows(String method) {
    return looks().methods().contains(method) ? looks() : acts();
  }

  private static boolean isEverybodys(String method) {
    return EVERYBODYS.contains(method.substring(0, Math.max(0, method.indexOf('/'))));
  }

  /// What only looks.
  Rows looks() {
    return switch (this) {
      case AGENT -> AGENT_LOOKS;
      case CONTROLLER -> CONTROLLER_LOOKS;
    };
  }

  /// The rest, as far as it has rows.
  Rows acts() {
    return switch (this) {
      case AGENT -> AGENT_ACTS;
      case CONTROLLER -> CONTROLLER_ACTS;
    };
  }
}
