package net.donut.lab.clab.graph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.donut.lab.clab.model.Bind;
import net.donut.lab.clab.model.NodeDefinition;

/// The autonomous system of a node: its label `graph-as`, else what the configuration files say
/// that it is given, of FRR, BIRD, GoBGP, OpenBGPD or ours.
final class AsOfNode {
  private static final String LABEL = "graph-as";
  private static final long LONGEST_FILE = 1 << 20;
  private static final List<Pattern> LINES =
      Stream.of(
              "router bgp (\\d+)\\b.*",
              "local(?: \\S+)?(?: port \\d+)? as (\\d+)\\b.*",
              "AS (\\d+)\\b.*",
              "(?:local-as|as) ?[=:] ?\"?(\\d+)\\b.*")
          .map(Pattern::compile)
          .toList();

  private AsOfNode() {}

  /// Such as `AS65001`; empty where nothing says it.
  static String of(NodeDefinition node) {
    String label = node.labels().getOrDefault(LABEL, "");
    if (!label.isEmpty()) {
      return label.matches("\\d+") ? "AS" + label : label;
    }
    return Stream.concat(
            Stream.ofNullable(node.files().startupConfig()),
            node.files().binds().stream().map(Bind::source).flatMap(AsOfNode::files))
        .filter(Objects::nonNull)
        .map(AsOfNode::in)
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static Stream<Path> files(Path source) {
    if (!Files.isDirectory(source)) {
      return Stream.of(source);
    }
    try (Stream<Path> inside = Files.list(source)) {
      return inside.filter(Files::isRegularFile).sorted().toList().stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static String in(Path file) {
    try {
      if (!Files.isRegularFile(file)
          || !file.getFileName().toString().matches(".*\\.(conf|toml|ya?ml|json)")
          || Files.size(file) > LONGEST_FILE) {
        return "";
      }
      for (String line : Files.readAllLines(file)) {
        String plain = line.strip().replaceAll("\\s+", " ").replaceAll("[\";]", "");
        for (Pattern pattern : LINES) {
          Matcher matcher = pattern.matcher(plain);
          if (matcher.matches()) {
            return "AS" + matcher.group(1);
          }
        }
      }
      return "";
    } catch (IOException e) {
      // No text: no configuration that says it.
      return "";
    }
  }
}
