package net.donut.lab.clab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
import net.donut.lab.net.Cuts;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;

/// A lab that one test or program deploys under a name of its own, looks into, and destroys with
/// [#close]. Owned by the thread that deployed it.
public final class DeployedLab implements AutoCloseable {
  public static final LabRuntime RUNTIME = new PerLabRuntime();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Deployment.Result outcome;

  private DeployedLab(Deployment.Result outcome) {
    this.outcome = outcome;
  }

  /// Deploys a topology of `lab/topologies` or of a test in namespaces, with its lab directory
  /// elsewhere.
  public static DeployedLab deploy(Path file, String name, Path directory) {
    return deploy(plan(file, name, directory));
  }

  /// Deploys what was planned, with its links impaired as the file says.
  public static DeployedLab deploy(Plan plan) {
    return new DeployedLab(
        Deployment.deploy(
            RUNTIME,
            plan,
            Deployment.Options.STANDARD,
            _ -> {},
            lab -> new CuttableLab(RUNTIME, lab).impair(plan)));
  }

  /// What deploys a file in namespaces. Throws LabException where FRR or BIRD is missing.
  public static Plan plan(Path file, String name, Path directory) {
    requirePrograms();
    return plan(file, RuntimeKind.NETNS, name, directory);
  }

  public static Plan plan(Path file, RuntimeKind runtime, String name, Path directory) {
    Map<String, String> environment = Map.of("CLAB_LABDIR_BASE", directory.toString());
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose(name, runtime, TopologyReader.Unsupported.REFUSE);
    ClabTopology topology = TopologyReader.read(file, purpose, environment).orThrow();
    return Planner.plan(topology, Images.known(), runtime, environment);
  }

  private static void requirePrograms() {
    if (!Files.isExecutable(Path.of("/usr/lib/frr/bgpd")) || !Command.exists("bird")) {
      throw new LabException("needs frr and bird: apt-get install frr bird2, or run ./donut setup");
    }
  }

  /// A topology that the repository ships.
  public static Path shipped(String name) {
    return Path.of(System.getProperty("donut.root", ".."), "lab", "topologies", name)
        .resolve(name + ".clab.yml")
        .toAbsolutePath()
        .normalize();
  }

  public LabRecord record() {
    return LabRecord.require(outcome.lab().lab());
  }

  public Deployment.Result outcome() {
    return outcome;
  }

  public LabRuntime.ExecResult exec(String node, String line) {
    LabRecord lab = record();
    return RUNTIME.exec(lab, lab.node(node), ShellWords.of(line), LIMIT);
  }

  /// What a command in a node writes. Throws LabException unless it exits with 0.
  public String ask(String node, String line) {
    return exec(node, line).orThrow(node);
  }

  /// What cuts this lab.
  public Cuts cuts() {
    return new CuttableLab(RUNTIME, record()).cuts();
  }

  /// Waits until what a command writes holds all texts. Throws LabException with what it wrote
  /// last.
  public void await(String node, String line, String... texts) {
    awaitTexts(LIMIT, List.of(texts), () -> exec(node, line).output())
        .ifPresent(_ -> {
          throw new LabException(
              "%s: %s wrote: %s (expected: %s)"
                  .formatted(node, line, exec(node, line).both(), String.join(", ", texts)));
        });
  }

  /// Looks again and again until what there is holds all texts: empty when it does within the
  /// limit, else what was there last.
  public static Optional<String> awaitTexts(
      Duration limit, List<String> texts, Supplier<String> look) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      String found = look.get();
      if (texts.stream().allMatch(found::contains)) {
        return Optional.empty();
      }
      if (System.nanoTime() > deadline) {
        return Optional.of(found);
      }
      Pause.of(POLL);
    }
  }

  /// Names of namespaces of a lab that exist.
  public static List<String> namespaces(String lab) {
    String[] names = Path.of("/run/netns").toFile().list();
    return names == null
        ? List.of()
        : List.of(names).stream().filter(name -> name.contains("clab-" + lab + "-")).toList();
  }

  @Override
  public void close() {
    Labs.destroyIfThere(RUNTIME, outcome.lab().lab(), Labs.Directory.DELETE);
  }
}
