package net.donut.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.donut.model.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every role against every class of method, over real connections.
final class PermissionsTest {
  private static final String HEALTH = "grpc.health.v1.Health/Check";
  private static final String REFLECTION =
      "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
  private static final List<Role> ROLES =
      List.of(TestCa.EDGE1, TestCa.CONTROLLER, TestCa.READER, TestCa.WRITER);

  @TempDir Path directory;

  /// The roles that may call, over a server of `server`'s role.
  private List<String> mayCall(TestCa ca, Permissions permissions, String method) {
    List<String> allowed = new ArrayList<>();
    try (TestServer server = new TestServer(ca.of(TestCa.CONTROLLER), permissions)) {
      for (Role role : ROLES) {
        try (TestServer.Client client = server.client(ca.of(role), TestCa.CONTROLLER)) {
          StatusRuntimeException refused = client.refusal(method);
          if (refused == null) {
            allowed.add(role.kind());
          } else {
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(refused.getStatus().getDescription())
                .startsWith(role.uri() + " may not call " + method + " (allowed: ");
          }
        }
      }
    }
    return allowed;
  }

  @Test
  void every_method_of_every_service_has_one_row_on_its_server() throws Exception {
    Map<Permissions, List<String>> methods = new EnumMap<>(Permissions.class);
    for (ServiceDescriptor service : ApiServices.all()) {
      Permissions server =
          service.getName().startsWith("donut.operator.")
              ? Permissions.CONTROLLER
              : Permissions.AGENT;
      service
          .getMethods()
          .forEach(method ->
              methods
                  .computeIfAbsent(server, _ -> new ArrayList<>())
                  .add(method.getFullMethodName()));
    }

    for (Permissions permissions : Permissions.values()) {
      List<String> rows = new ArrayList<>(permissions.looks().methods());
      rows.addAll(permissions.acts().methods());
      assertThat(rows)
          .as(permissions.name())
          .containsExactlyInAnyOrderElementsOf(methods.getOrDefault(permissions, List.of()));
    }
  }

  @Test
  void an_agent_obeys_controllers_only() {
    TestCa ca = new TestCa(directory.resolve("ca"));
    for (String method :
        List.of(
            "gribi.gRIBI/Modify",
            "donut.agent.v1.Agent/AllowRemoval",
            "donut.agent.v1.Agent/AddedTomorrow")) {
      assertThat(mayCall(ca, Permissions.AGENT, method)).as(method).containsExactly("controller");
    }
  }

  @Test
  void operators_may_look_at_an_agent() {
    TestCa ca = new TestCa(directory.resolve("ca"));
    for (String method : Permissions.AGENT.looks().methods()) {
      assertThat(mayCall(ca, Permissions.AGENT, method))
          .as(method)
          .containsExactly("controller", "operator-read", "operator-write");
    }
  }

  @Test
  void who_may_write_may_do_everything_at_a_controller_and_who_may_read_may_look() {
    TestCa ca = new TestCa(directory.resolve("ca"));
    for (String method : Permissions.CONTROLLER.looks().methods()) {
      assertThat(mayCall(ca, Permissions.CONTROLLER, method))
          .as(method)
          .containsExactly("operator-read", "operator-write");
    }
    for (String method :
        List.of(
            "donut.operator.v1.Operator/ApplyPolicy",
            "donut.operator.v1.Operator/Drain",
            "donut.operator.v1.Operator/AddedTomorrow")) {
      assertThat(mayCall(ca, Permissions.CONTROLLER, method))
          .as(method)
          .containsExactly("operator-write");
    }
  }

  @Test
  void every_role_may_ask_for_health_and_reflection() {
    TestCa ca = new TestCa(directory.resolve("ca"));
    for (String method : List.of(HEALTH, REFLECTION)) {
      for (Permissions permissions : Permissions.values()) {
        assertThat(mayCall(ca, permissions, method))
            .as(method)
            .containsExactly("agent", "controller", "operator-read", "operator-write");
      }
    }
  }
}
