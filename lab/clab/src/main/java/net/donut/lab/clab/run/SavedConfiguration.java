package net.donut.lab.clab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
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

  /// Writes it into the node's directory of the lab directory, beside what nodes read from there,
  /// such as `frr.conf.saved`. Empty for a node that has none. Throws LabException when the node
  /// does not answer.
  ///
  /// @param read the files and directories that nodes of the lab read: they are never written to
  public static Optional<Path> save(
      LabRuntime runtime, LabRecord lab, LabRecord.Node node, Collection<Path> read) {
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
    Path file =
        beside(Path.of(lab.directory()).resolve(node.name()).resolve(source.get().name()), read);
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, configuration(result.output()));
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
    return Optional.of(file);
  }

  /// The file, or another name where nodes read it or its directory.
  static Path beside(Path file, Collection<Path> read) {
    boolean isRead = read.stream().anyMatch(source -> real(file).startsWith(real(source)));
    return isRead ? file.resolveSibling(file.getFileName() + ".saved") : file;
  }

  /// Without links, as far as it exists.
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      Path parent = path.toAbsolutePath().normalize().getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
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
