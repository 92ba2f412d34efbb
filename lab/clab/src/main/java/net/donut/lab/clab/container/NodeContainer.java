package net.donut.lab.clab.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.model.Bind;
import net.donut.lab.clab.model.HealthCheck;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.parse.ShellWords;
import net.donut.lab.clab.plan.FrrDaemons;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Profile;
import net.donut.lab.clab.plan.ProfileStart;
import net.donut.lab.clab.plan.Shell;
import net.donut.lab.net.LabException;

/// The words of `docker create` for one node. Files that it makes for the node are in a directory
/// of this machine. Owned by the thread that starts the node.
final class NodeContainer {
  private final Plan plan;
  private final Plan.Node node;
  private final NodeDefinition definition;
  private final Path files;
  private final List<String> words = new ArrayList<>();

  NodeContainer(Plan plan, Plan.Node node, Path files) {
    this.plan = plan;
    this.node = node;
    this.definition = node.definition();
    this.files = files;
  }

  /// For a container of the node's own image.
  List<String> own() {
    common();
    option("--interactive");
    option("--tty");
    List<String> start = new ArrayList<>(ShellWords.of(definition.start().entrypoint()));
    if (!start.isEmpty()) {
      option("--entrypoint", start.removeFirst());
    }
    words.add(definition.image());
    words.addAll(start);
    words.addAll(ShellWords.of(definition.start().command()));
    return List.copyOf(words);
  }

  /// For a container in which a profile stands for the node's image.
  List<String> standIn(Profile profile) {
    List<String> start = new ArrayList<>(ShellWords.of(definition.start().entrypoint()));
    start.addAll(ShellWords.of(definition.start().command()));
    if (start.isEmpty()) {
      write("start", ProfileStart.of(profile));
      bind(files.resolve("start"), "/.start", List.of("ro"));
      start.addAll(List.of("/bin/sh", "/.start"));
    }
    if (profile == Profile.FRR) {
      frrPrograms();
    }
    common();
    option("--interactive");
    option("--tty");
    option("--init");
    option("--entrypoint", start.removeFirst());
    words.add(NodeImages.LAB);
    words.addAll(start);
    return List.copyOf(words);
  }

  /// What FRR's image has beside its daemons, and the daemons that the configuration speaks to.
  private void frrPrograms() {
    write("docker-start", ProfileStart.dockerStart());
    write("tini", ProfileStart.tini());
    for (String program : List.of("docker-start", "tini")) {
      if (!files.resolve(program).toFile().setExecutable(true, false)) {
        throw new LabException(files.resolve(program) + ": cannot be made executable");
      }
    }
    bind(files.resolve("docker-start"), "/usr/lib/frr/docker-start", List.of("ro"));
    bind(files.resolve("tini"), "/usr/sbin/tini", List.of("ro"));
    List<String> wanted = FrrDaemons.toStart(node);
    if (!wanted.isEmpty()) {
      writeDaemons(wanted);
      bind(
          files.resolve("daemons"),
          FrrDaemons.isDirectoryBound(node) ? "/etc/default/frr" : "/etc/frr/daemons",
          List.of());
    }
  }

  private void common() {
    words.addFirst("create");
    option("--name", node.container());
    option("--network", "container:" + Holders.networkOf(plan, node));
    option("--label", Holders.label(plan.lab()));
    pairs("--label", node.labels());
    pairs("--env", node.environment());
    files();
    life();
    rights();
    limits();
    if (!definition.start().user().isEmpty()) {
      option("--user", definition.start().user());
    }
    definition.start().sysctls().stream()
        .filter(setting -> !setting.isOfNetwork())
        .forEach(setting ->
            option("--sysctl", setting.path().replace('/', '.') + "=" + setting.value()));
  }

  private void files() {
    NodeDefinition.Files given = definition.files();
    given
        .tmpfs()
        .forEach((at, options) -> option("--tmpfs", options.isEmpty() ? at : at + ":" + options));
    definition.container().volumes().forEach(volume -> option("--volume", volume));
    if (definition.kind() == NodeDefinition.Kind.FRR) {
      frr(given);
    }
    given.binds().forEach(this::bind);
  }

  /// Kind frr: its daemons, and its configuration as a copy that the daemons may change.
  private void frr(NodeDefinition.Files given) {
    writeDaemons(given.daemons());
    bind(files.resolve("daemons"), "/etc/frr/daemons", List.of());
    Path configuration = given.startupConfig();
    if (configuration != null) {
      copy(configuration, files.resolve("frr.conf"));
      bind(files.resolve("frr.conf"), "/etc/frr/frr.conf", List.of());
    }
  }

  /// The file that says which daemons FRR starts.
  private void writeDaemons(Collection<String> names) {
    StringBuilder daemons = new StringBuilder("vtysh_enable=yes\n");
    names.forEach(name -> daemons.append(name).append("=yes\n"));
    write("daemons", daemons.toString());
  }

  private void life() {
    option("--restart", definition.life().restart().word());
    HealthCheck health = definition.life().health();
    if (health != null && health.isNone()) {
      option("--no-healthcheck");
    } else if (health != null) {
      option("--health-cmd", Shell.quote(health.command()));
      option("--health-interval", health.interval().toMillis() + "ms");
      option("--health-timeout", health.timeout().toMillis() + "ms");
      option("--health-retries", Integer.toString(health.retries()));
      option("--health-start-period", health.startPeriod().toMillis() + "ms");
    }
  }

  /// A node that may do everything has the rights of [Rights] and not the machine's devices: a
  /// machine that lacks a capability itself refuses `--privileged`.
  private void rights() {
    NodeDefinition.Container container = definition.container();
    if (container.isPrivileged()) {
      Rights.ofThisMachine().forEach(capability -> option("--cap-add", capability));
      Rights.OPTIONS.forEach(given -> option("--security-opt", given));
    }
    container.capabilities().forEach(capability -> option("--cap-add", capability));
    container.devices().forEach(device -> option("--device", device));
    container.securityOptions().forEach(given -> option("--security-opt", given));
  }

  private void limits() {
    NodeDefinition.Limits limits = definition.container().limits();
    limit("--pid", definition.container().pidMode());
    limit("--cgroupns", definition.container().cgroupMode());
    limit("--cpus", limits.cpus());
    limit("--cpuset-cpus", limits.cpuSet());
    limit("--memory", limits.memory());
    limit("--shm-size", limits.sharedMemory());
    limit("--cgroup-parent", limits.cgroupParent());
  }

  private void limit(String option, String value) {
    if (!value.isEmpty()) {
      option(option, value);
    }
  }

  private void bind(Path source, String destination, List<String> options) {
    bind(new Bind(source, destination, options));
  }

  private void bind(Bind bind) {
    option("--volume", bind.toString());
  }

  private void pairs(String option, Map<String, String> pairs) {
    pairs.forEach((key, value) -> option(option, key + "=" + value));
  }

  private void option(String... given) {
    words.addAll(List.of(given));
  }

  private void write(String name, String text) {
    try {
      Files.createDirectories(files);
      Files.writeString(files.resolve(name), text);
    } catch (IOException e) {
      throw LabException.of(files.resolve(name), e);
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw LabException.of(to, e);
    }
  }
}
