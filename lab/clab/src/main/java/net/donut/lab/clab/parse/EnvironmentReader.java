package net.donut.lab.clab.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import net.donut.lab.clab.model.RuntimeKind;

/// The variables of a node: `env-files`, and `env` before them.
///
/// @param node its name
record EnvironmentReader(Inherited fields, NodeKinds kinds, String node) {
  /// With it containerlab gives a node the variables of whoever deploys.
  private static final String IMPORT = "__IMPORT_ENVS";

  Map<String, String> read() {
    Map<String, String> variables = new LinkedHashMap<>();
    fields.scalars(NodeField.ENV_FILES).forEach(file -> add(file, variables));
    Map<String, String> own = fields.map(NodeField.ENV);
    if (own.containsKey(IMPORT)) {
      String imported = own.remove(IMPORT);
      if (imported.equalsIgnoreCase("true")) {
        noEffect(IMPORT, ": name the variables of this machine that the node needs");
      }
    }
    variables.putAll(own);
    if (fields.reading().runtime() == RuntimeKind.NETNS) {
      variables.keySet().stream()
          .filter(name -> !name.matches("[A-Za-z_][A-Za-z0-9_]*"))
          .forEach(name ->
              noEffect(name, " on the node's program in namespaces: no shell has such a name"));
    }
    return variables;
  }

  private void noEffect(String name, String reason) {
    fields
        .reading()
        .noEffect(fields.place(NodeField.ENV), "topology.nodes." + node + ".env." + name, reason);
  }

  private void add(Yaml.Scalar file, Map<String, String> variables) {
    Path path = fields.reading().resolve(file.text());
    try {
      for (String line : Files.readAllLines(path)) {
        int equals = line.indexOf('=');
        if (!line.startsWith("#") && equals > 0) {
          variables.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
        }
      }
    } catch (IOException e) {
      kinds.lacks(
          node,
          file.place(),
          "topology.nodes.%s.env-files: %s (expected: a file that exists)".formatted(node, path));
    }
  }
}
