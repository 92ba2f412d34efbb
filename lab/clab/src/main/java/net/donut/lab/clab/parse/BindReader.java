package net.donut.lab.clab.parse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.donut.lab.clab.model.Bind;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.model.NearestWord;
import org.jspecify.annotations.Nullable;

/// The `binds` of a node.
///
/// @param node its name
/// @param magic replaces the magic words of a text
record BindReader(
    LabValueReader reading,
    NodeKinds kinds,
    String node,
    Path labDirectory,
    UnaryOperator<String> magic) {
  private static final Set<String> ACCESS = Set.of("ro", "rw");
  private static final Set<String> OPTIONS =
      Set.of(
          "ro",
          "rw",
          "z",
          "Z",
          "consistent",
          "cached",
          "delegated",
          "private",
          "rprivate",
          "shared",
          "rshared",
          "slave",
          "rslave",
          "nocopy");

  private String what() {
    return "topology.nodes." + node + ".binds";
  }

  List<Bind> read(List<Yaml.Scalar> values) {
    List<Bind> binds = new ArrayList<>();
    for (Yaml.Scalar value : values) {
      Bind bind = bind(value);
      if (bind != null) {
        binds.add(bind);
      }
    }
    return binds;
  }

  private @Nullable Bind bind(Yaml.Scalar value) {
    String[] parts = magic.apply(value.text()).split(":");
    if (parts.length < 2 || parts.length > 3 || !parts[1].startsWith("/")) {
      reading.error(value.place(), what(), value.found(), "SOURCE:/DESTINATION[:OPTIONS]");
      return null;
    }
    Path source = reading.resolve(parts[0]);
    if (!Files.exists(source) && !source.startsWith(labDirectory)) {
      kinds.lacks(
          node,
          value.place(),
          "%s: %s (expected: a file or directory that exists at %s)"
              .formatted(what(), value.found(), source));
      return null;
    }
    List<String> options = parts.length == 3 ? List.of(parts[2].split(",")) : List.of();
    options.forEach(option -> check(value, option));
    return new Bind(source, parts[1], options);
  }

  private void check(Yaml.Scalar value, String option) {
    if (!OPTIONS.contains(option)) {
      reading.error(
          value.place(), what(), "option '" + option + "'", NearestWord.hint(option, OPTIONS));
    } else if (reading.runtime() == RuntimeKind.NETNS && !ACCESS.contains(option)) {
      reading.noEffect(
          value.place(), what(), ": option '%s'%s (expected: ro or rw)".formatted(option, where()));
    }
  }

  private String where() {
    return NoEffect.where(reading.runtime());
  }
}
