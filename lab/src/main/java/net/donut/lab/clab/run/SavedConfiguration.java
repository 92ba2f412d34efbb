package net.donut.lab.clab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.donut.lab.clab.plan.Profile;
import net.donut.lab.net.LabException;

/// The configuration that a node runs, asked of its routing daemon or copied from its file.
public final class SavedConfiguration {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /// How to get it.
  ///
  /// @param name of the file it goes to
  private record Source(String name, List<String> command) {}

  private SavedConfiguration() {}

  /// Writes it into the node's directory of the lab directory. Empty for a node that has none.
  /// Throws LabException when the node does not answer.
  public static Optional<Path> save(LabRuntime runtime, LabRecord lab, LabRecord.Node node) {
    Optional<Source> source = Profile.of(node.profile()).flatMap(SavedConfiguration::source);
    if (source.isEmpty()) {
      return Optional.empty();
    }
    List<String> command = source.get().command();
    LabRuntime.ExecResult result = runtime.exec(lab, node, command, LIMIT);
    if (result.exitCode() != 0) {
      throw new LabException(
          "node %s: %s: exit %d: %s"
              .formatted(
                  node.name(),
                  String.join(" ", command),
                  result.exitCode(),
                  result.errors().strip()));
    }
    if (result.output().isBlank()) {
      return Optional.empty();
    }
    Path file = Path.of(lab.directory()).resolve(node.name()).resolve(source.get().name());
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, configuration(result.output()));
    } catch (IOException e) {
      throw new LabException(file + ": " + e.getMessage(), e);
    }
    return Optional.of(file);
  }

  private static Optional<Source> source(Profile profile) {
    return switch (profile) {
      case FRR ->
          Optional.of(new Source("frr.conf", List.of("vtysh", "-c", "show running-config")));
      case BIRD ->
          Optional.of(
              new Source(
                  "bird.conf",
                  first("/etc/bird.conf /usr/local/etc/bird.conf /etc/bird/bird.conf")));
      case OPENBGPD -> Optional.of(new Source("bgpd.conf", List.of("cat", "/run/bgpd.conf")));
      case GOBGP -> Optional.of(new Source("gobgpd.conf", first("/etc/gobgp/* /etc/gobgp*.*")));
      case IDLE, DONUT_AGENT, DONUT_CONTROLLER -> Optional.empty();
    };
  }

  /// The first of some files that is there, as the node's own start looks for it; nothing for none.
  private static List<String> first(String files) {
    return List.of(
        "sh",
        "-c",
        "for f in %s; do if [ -f \"$f\" ]; then exec cat \"$f\"; fi; done".formatted(files));
  }

  /// vtysh says that it builds a configuration before it shows it.
  private static String configuration(String text) {
    int begin = text.startsWith("Building configuration") ? text.indexOf("\n!\n") + 1 : 0;
    return text.substring(begin);
  }
}
