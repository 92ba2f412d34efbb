package net.donut.lab.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.donut.lab.clab.PerLabRuntime;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.ShellWords;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.plan.Images;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Planner;
import net.donut.lab.clab.run.Deployment;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.run.Labs;
import net.donut.lab.net.Command;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.DirectoryTree;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
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
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Path topology;
  private final RuntimeKind kind;
  private final Duration patience;
  private final LabRuntime runtime = new PerLabRuntime();
  private @Nullable Path directory;
  private @Nullable String name;

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
    directory = Files.createTempDirectory("donut-junit");
    Plan plan = plan(Map.of("CLAB_LABDIR_BASE", directory.toString()));
    name = plan.lab();
    Deployment.Result outcome =
        Deployment.deploy(
            runtime,
            plan,
            Deployment.Options.STANDARD,
            _ -> {},
            lab -> new CuttableLab(runtime, lab).impair(plan));
    outcome.notes().forEach(note -> context.publishReportEntry("note", note));
  }

  private Plan plan(Map<String, String> environment) {
    Path file = TopologyReader.find(topology);
    String stem = file.getFileName().toString().replaceFirst("[.].*", "");
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose(
            stem + "-" + ProcessHandle.current().pid(), kind, TopologyReader.Unsupported.REFUSE);
    ClabTopology read = TopologyReader.read(file, purpose, environment).orThrow();
    return Planner.plan(read, Images.known(), kind, environment);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    cuts().restoreAll();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (name != null) {
      Labs.destroyIfThere(runtime, name, Labs.Directory.DELETE);
    }
    if (directory != null) {
      DirectoryTree.delete(directory);
    }
  }

  private LabRecord lab() {
    if (name == null) {
      throw new IllegalStateException(
          "the lab is not deployed (expected: a static field with @RegisterExtension)");
    }
    return LabRecord.require(name);
  }

  private Cuts cuts() {
    return new CuttableLab(runtime, lab()).cuts();
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
    cuts().cut(target, how);
    return () -> cuts().restore(target);
  }

  /// What a command in a node writes; words, no shell. Throws LabException unless it exits with 0.
  public String exec(String node, String line) {
    LabRuntime.ExecResult result = run(node, line);
    if (result.exitCode() != 0) {
      throw new LabException(
          "%s: %s: exit %d: %s%s"
              .formatted(node, line, result.exitCode(), result.output(), result.errors()));
    }
    return result.output();
  }

  private LabRuntime.ExecResult run(String node, String line) {
    LabRecord lab = lab();
    return runtime.exec(lab, lab.node(node), ShellWords.of(line), COMMAND_LIMIT);
  }

  /// Waits until what a command in a node writes holds all texts. Throws AssertionError with what
  /// it wrote last.
  public void awaitOutput(String node, String line, String... texts) {
    await(
        node + ": " + line,
        List.of(texts),
        () -> {
          LabRuntime.ExecResult result = run(node, line);
          return result.output() + result.errors();
        });
  }

  /// Waits until a node's kernel has a route that holds all texts, such as `dev eth1`. The kernel
  /// is asked from outside: the node needs no program for it.
  ///
  /// @param prefix exactly, not what it lies in
  public void awaitRoute(String node, String prefix, String... texts) {
    String namespace = lab().node(node).namespace();
    String family = prefix.contains(":") ? "-6" : "-4";
    List<String> line =
        List.of("ip", "-n", namespace, family, "route", "show", "exact", prefix, "table", "all");
    await(
        node + ": route " + prefix,
        texts.length == 0 ? List.of(" ") : List.of(texts),
        () -> Command.run(line, ""));
  }

  private void await(String what, List<String> texts, Supplier<String> look) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      String found = look.get();
      if (texts.stream().allMatch(found::contains)) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "%s: %s (expected within %d s: %s)"
                .formatted(what, found.strip(), patience.toSeconds(), String.join(", ", texts)));
      }
      Pause.of(POLL);
    }
  }
}
