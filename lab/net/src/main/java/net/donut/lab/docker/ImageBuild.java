package net.donut.lab.docker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.donut.lab.net.Command;
import net.donut.lab.net.DirectoryTree;
import net.donut.lab.net.LabException;

/// Builds `donut-agent`, `donut-controller` and `donut-lab`: a runtime of this process's own Java,
/// the jars of its class path, and the Dockerfile beside this class.
public final class ImageBuild {
  /// What the programs need of the JDK.
  private static final String MODULES =
      "java.base,java.logging,java.management,java.naming,java.sql,java.xml,jdk.management,jdk.net,"
          + "jdk.unsupported,jdk.zipfs";

  private static final List<String> TARGETS = List.of("agent", "controller", "lab");
  private static final Duration LIMIT = Duration.ofMinutes(20);

  private final Docker docker;
  private final BaseImages bases;
  private final Consumer<String> story;

  private ImageBuild(Docker docker, BaseImages bases, Consumer<String> story) {
    this.docker = docker;
    this.bases = bases;
    this.story = story;
  }

  /// Builds all images.
  ///
  /// @param base the image to build on; empty to find or make one
  /// @param story hears what happens, a line each
  public static void build(String base, Consumer<String> story) {
    Docker docker = Docker.require();
    BaseImages bases =
        base.isEmpty() ? BaseImages.found(docker, story) : BaseImages.named(docker, base);
    new ImageBuild(docker, bases, story).build();
  }

  private void build() {
    Path context = context();
    try {
      runtime(context.resolve("java"));
      jars(context.resolve("lib"));
      for (String file : List.of("Dockerfile", "donut", "donut-health")) {
        move(resource(file), context.resolve(file));
      }
      for (String target : TARGETS) {
        image(context, target);
      }
    } finally {
      DirectoryTree.delete(context);
    }
  }

  private static Path context() {
    try {
      return Files.createTempDirectory("donut-images");
    } catch (IOException e) {
      throw LabException.of("directory for images", e);
    }
  }

  private void runtime(Path directory) {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    run(
        List.of(
            jlink.toString(),
            "--add-modules",
            MODULES,
            "--strip-debug",
            "--no-man-pages",
            "--no-header-files",
            "--compress",
            "zip-6",
            "--output",
            directory.toString()));
  }

  private static void jars(Path directory) {
    List<Path> jars =
        Stream.of(System.getProperty("java.class.path").split(":")).map(Path::of).toList();
    try {
      Files.createDirectories(directory);
      for (Path jar : jars) {
        if (!Files.isRegularFile(jar)) {
          throw new LabException(jar + ": not a jar (expected: the program of ./donut)");
        }
        Files.copy(jar, directory.resolve(jar.getFileName()));
      }
    } catch (IOException e) {
      throw LabException.of(directory, e);
    }
  }

  private void image(Path context, String target) {
    String name = "donut-" + target;
    List<String> line = new ArrayList<>(docker.prefix());
    line.addAll(List.of("build", "--quiet", "--tag", name, "--target", target));
    line.addAll(List.of("--build-arg", "BASE=" + bases.program()));
    line.addAll(List.of("--build-arg", "ROOT=" + bases.lab()));
    line.addAll(List.of("--build-arg", "PACKAGES=" + String.join(" ", BaseImages.PACKAGES)));
    line.addAll(List.of("--build-arg", "VERSION=" + version(), context.toString()));
    run(line);
    String bytes = docker.run("image", "inspect", "--format", "{{.Size}}", name);
    story.accept("%s: %d MB".formatted(name, Long.parseLong(bytes) / 1_000_000));
  }

  private static String version() {
    String version = ImageBuild.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  private static void run(List<String> line) {
    Command.Result result = Command.tryRun(line, "", LIMIT);
    if (result.exitCode() != 0) {
      throw new LabException(
          "%s: exit %d: %s"
              .formatted(
                  line.getFirst(), result.exitCode(), (result.output() + result.errors()).strip()));
    }
  }

  /// A file beside this class, as a temporary file.
  static Path resource(String name) {
    try (InputStream in = ImageBuild.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new LabException(name + ": not in this program");
      }
      Path file = Files.createTempFile("donut-", "-" + name);
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw LabException.of(name, e);
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw LabException.of(to, e);
    }
  }
}
