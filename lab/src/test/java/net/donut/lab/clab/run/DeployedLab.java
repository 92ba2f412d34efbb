package net.donut.lab.clab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.RuntimeOfLab;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.parse.Words;
import net.donut.lab.clab.plan.Images;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Planner;
import net.donut.lab.net.Command;

/// A lab of a test, under a name of its own, destroyed by [#close].
public final class DeployedLab implements AutoCloseable {
  public static final LabRuntime RUNTIME = new RuntimeOfLab();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Deployment.Outcome outcome;

  private DeployedLab(Deployment.Outcome outcome) {
    this.outcome = outcome;
  }

  /// Deploys a topology of `lab/topologies` or of a test in namespaces, with its lab directory
  /// elsewhere.
  public static DeployedLab deploy(Path file, String name, Path directory) {
    return deploy(plan(file, name, directory));
  }

  public static DeployedLab deploy(Plan plan) {
    return new DeployedLab(
        Deployment.deploy(RUNTIME, plan, Deployment.Options.STANDARD, _ -> {}, _ -> {}));
  }

  static Plan plan(Path file, String name, Path directory) {
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
    assertThat(Files.isExecutable(Path.of("/usr/lib/frr/bgpd")) && Command.exists("bird"))
        .as("needs frr and bird: apt-get install frr bird2, or run ./donut setup")
        .isTrue();
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

  public Deployment.Outcome outcome() {
    return outcome;
  }

  public LabRuntime.ExecResult exec(String node, String line) {
    LabRecord lab = record();
    return RUNTIME.exec(lab, lab.node(node), Words.of(line), LIMIT);
  }

  /// Waits until what a command writes holds a text. Fails with what it wrote last.
  public void await(String node, String line, String... texts) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      LabRuntime.ExecResult result = exec(node, line);
      if (List.of(texts).stream().allMatch(result.output()::contains)) {
        return;
      }
      assertThat(System.nanoTime())
          .as("%s: %s wrote: %s%s", node, line, result.output(), result.errors())
          .isLessThan(deadline);
      net.donut.lab.net.Pause.of(Duration.ofMillis(100));
    }
  }

  /// Names of namespaces of a lab that exist.
  static List<String> namespaces(String lab) {
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
