package net.donut.model;

import java.util.Locale;

/// Who a program or a person is on a gRPC hop, as its certificate says in one URI subject
/// alternative name: `donut:agent:edge1`, `donut:controller`, `donut:operator-read:kay`,
/// `donut:operator-write:kay`.
public sealed interface Role {
  /// The scheme of every role's URI.
  String SCHEME = "donut:";

  String EXPECTED =
      "donut:agent:ROUTER, donut:controller, donut:operator-read:NAME or donut:operator-write:NAME";

  /// The agent of a router, by the name it has in the policy.
  record Agent(String router) implements Role {
    public Agent {
      requireName(router);
    }

    @Override
    public String kind() {
      return "agent";
    }

    @Override
    public String name() {
      return router;
    }
  }

  /// A controller, or any other program that may command agents.
  record Controller() implements Role {
    @Override
    public String kind() {
      return "controller";
    }

    @Override
    public String name() {
      return "";
    }
  }

  /// A person or program that may look.
  record OperatorRead(String name) implements Role {
    public OperatorRead {
      requireName(name);
    }

    @Override
    public String kind() {
      return "operator-read";
    }
  }

  /// A person or program that may look and act.
  record OperatorWrite(String name) implements Role {
    public OperatorWrite {
      requireName(name);
    }

    @Override
    public String kind() {
      return "operator-write";
    }
  }

  /// The role without the name.
  String kind();

  /// Who has it; empty for a controller.
  String name();

  /// The role as a URI.
  default String uri() {
    return SCHEME + kind() + (name().isEmpty() ? "" : ":" + name());
  }

  /// Throws IllegalArgumentException when the text is no role.
  static Role parse(String uri) {
    String[] words = uri.split(":", 3);
    if (words.length >= 2 && (words[0] + ":").equals(SCHEME)) {
      return of(words[1], words.length == 3 ? words[2] : "");
    }
    throw new IllegalArgumentException("role: '" + uri + "' (expected: " + EXPECTED + ")");
  }

  /// A role by its kind and name. Throws IllegalArgumentException when there is no such role.
  static Role of(String kind, String name) {
    return switch (kind.toLowerCase(Locale.ROOT)) {
      case "agent" -> new Agent(name);
      case "operator-read" -> new OperatorRead(name);
      case "operator-write" -> new OperatorWrite(name);
      case "controller" -> {
        if (!name.isEmpty()) {
          throw new IllegalArgumentException("role: controller '" + name + "' (expected: no name)");
        }
        yield new Controller();
      }
      default ->
          throw new IllegalArgumentException(
              "role: '"
                  + kind
                  + "' (expected: agent, controller, operator-read or operator-write)");
    };
  }

  private static void requireName(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}")) {
      throw new IllegalArgumentException(
          "role name: '" + name + "' (expected: 1 to 63 of A-Z a-z 0-9 . _ @ -)");
    }
  }
}
