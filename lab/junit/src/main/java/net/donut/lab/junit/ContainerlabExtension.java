package net.donut.lab.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.net.Command;
import net.donut.lab.net.Cut;
import net.donut.lab.net.DirectoryTree;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A lab of a containerlab file for the tests of one class, in a static field with
/// `@RegisterExtension`: deployed before the first test, whole again after each, destroyed after
/// the last. Owned by the thread that runs the tests.
public final class ContainerlabExtension
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final Path topology;
  private final RuntimeKind kind;
  private final Duration patience;
  private @Nullable Path directory;
  private @Nullable DeployedLab lab;

  private ContainerlabExtension(Path topology, RuntimeKind kind, Duration patience) {
    this.topology = topology;
    this.kind = kind;
    this.patience = patience;
  }

  /// A lab of namespaces and this machine's programs.
  ///
  /// @param topology the file, or a directory with one `*.clab.yml`
  public static ContainerlabExtension inNamespaces(Path topology) {
    return new ContainerlabExtension(topology, RuntimeKind.NETNS, Duration.ofSeconds(60));
  }

  /// A lab of containers.
  ///
  /// @param topology the file, or a directory with one `*.clab.yml`
  public static ContainerlabExtension inContainers(Path topology) {
    return new ContainerlabExtension(topology, RuntimeKind.DOCKER, Duration.ofSeconds(60));
  }

  /// The same, that waits so long for what it awaits instead of 60 s.
  public ContainerlabExtension within(Duration limit) {
    return new ContainerlabExtension(topology, kind, limit);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    Path made = Files.createTempDirectory("donut-junit");
    directory = made;
    Path file = TopologyReader.find(topology);
    String stem = file.getFileName().toString().replaceFirst("[.].*", "");
    String name = stem + "-" + ProcessHandle.current().pid();
    DeployedLab deployed = DeployedLab.deploy(DeployedLab.plan(file, kind, name, made));
    lab = deployed;
    deployed.outcome().notes().forEach(note -> context.publishReportEntry("note", note));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    lab().cuts().restoreAll();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (lab != null) {
      lab.close();
    }
    if (directory != null) {
      DirectoryTree.delete(directory);
    }
  }

  private DeployedLab lab() {
    if (lab == null) {
      throw new IllegalStateException(
          "the lab is not deployed (expected: a static field with @RegisterExtension)");
    }
    return lab;
  }

  /// A cut that ends when it is closed.
  public interface StandingCut extends AutoCloseable {
    @Override
    void close();
  }

  /// Takes the carrier of a link at both ends.
  ///
  /// @param link by one end or both nodes: `r1:eth1`, `r1:r2`
  public StandingCut cut(String link) {
    return cut(link, Cut.Plain.FIBRE);
  }

  /// Cuts a link or a node.
  public StandingCut cut(String target, Cut how) {
    lab().cuts().cut(target, how);
    return () -> lab().cuts().restore(target);
  }

  /// What a command in a node writes; words, no shell. Throws LabException unless it exits with 0.
  public String exec(String node, String line) {
    return lab().ask(node, line);
  }

  /// Waits until what a command in a node writes holds all texts. Throws AssertionError with what
  /// it wrote last.
  public void awaitOutput(String node, String line, String... texts) {
    await(node + ": " + line, List.of(texts), () -> lab().exec(node, line).both());
  }

  /// Waits until a node's kernel has a route that holds all texts, such as `dev eth1`. The kernel
  /// is asked from outside: the node needs no program for it.
  ///
  /// @param prefix exactly, not what it lies in
  public void awaitRoute(String node, String prefix, String... texts) {
    String namespace = lab().record().node(node).namespace();
    String family = prefix.contains(":") ? "-6" : "-4";
    List<String> line =
        List.of("ip", "-n", namespace, family, "route", "show", "exact", prefix, "table", "all");
    await(
        node + ": route " + prefix,
        texts.length == 0 ? List.of(" ") : List.of(texts),
        () -> Command.run(line, ""));
  }

  private void await(String what, List<String> texts, Supplier<String> look) {
    DeployedLab.awaitTexts(patience, texts, look)
        .ifPresent(last -> {
          throw new AssertionError(
              "%s: %s (expected within %d s: %s)"
                  .formatted(what, last.strip(), patience.toSeconds(), String.join(", ", texts)));
        });
  }
}
