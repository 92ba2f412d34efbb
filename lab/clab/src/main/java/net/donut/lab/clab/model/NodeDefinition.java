package net.donut.lab.clab.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A node with everything that its group, kind and the defaults give it. Texts that are not given
/// are empty.
public record NodeDefinition(
    String name,
    FilePlace place,
    Kind kind,
    String image,
    String group,
    String type,
    Map<String, String> labels,
    Start start,
    Files files,
    Network network,
    Life life,
    Container container,
    Map<String, Object> configVars) {

  /// What a node is.
  public enum Kind {
    LINUX("linux"),
    FRR("frr"),
    BRIDGE("bridge"),
    HOST("host"),
    /// A container that others start and end; a lab only wires it.
    EXT_CONTAINER("ext-container");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /// As topology files write it.
    public String word() {
      return word;
    }

    public static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
  }

  /// What runs in a node.
  ///
  /// @param exec commands after the start; words, no shell
  public record Start(
      String entrypoint,
      String command,
      String user,
      String hostname,
      Map<String, String> environment,
      List<String> exec,
      List<NodeSysctl> sysctls) {
    public Start {
      environment = ordered(environment);
      exec = List.copyOf(exec);
      sysctls = List.copyOf(sysctls);
    }
  }

  /// What a node sees of the host's files.
  ///
  /// @param tmpfs destination to mount options
  /// @param startupConfig the configuration of a node of kind `frr`
  /// @param daemons the daemons of a node of kind `frr`; empty for other kinds
  public record Files(
      List<Bind> binds,
      Map<String, String> tmpfs,
      @Nullable Path startupConfig,
      List<String> daemons) {
    public Files {
      binds = List.copyOf(binds);
      tmpfs = ordered(tmpfs);
      daemons = List.copyOf(daemons);
    }
  }

  /// A node's network beside its links.
  ///
  /// @param aliases more names of its management address
  public record Network(
      NetworkMode mode, String ipv4, String ipv6, List<String> aliases, NameService dns) {
    public Network {
      aliases = List.copyOf(aliases);
    }
  }

  /// How a node finds addresses of names, each list in the words of `resolv.conf`.
  public record NameService(List<String> servers, List<String> search, List<String> options) {
    public NameService {
      servers = List.copyOf(servers);
      search = List.copyOf(search);
      options = List.copyOf(options);
    }
  }

  /// When a node starts, and what happens when it ends.
  public record Life(
      int startupDelaySeconds,
      RestartPolicy restart,
      @Nullable HealthCheck health,
      Map<Stage, Stage.Rules> stages) {
    public Life {
      stages = Map.copyOf(stages);
    }

    public Stage.Rules rules(Stage stage) {
      return stages.getOrDefault(stage, Stage.Rules.NONE);
    }
  }

  /// What only a container has.
  ///
  /// @param isPrivileged whether it may do what this machine lets a container do
  /// @param pidMode whose processes it sees, in Docker's words; empty for its own
  /// @param cgroupMode whose control groups it sees, likewise
  public record Container(
      PullPolicy pull,
      boolean isPrivileged,
      String pidMode,
      String cgroupMode,
      List<String> capabilities,
      List<String> devices,
      List<String> securityOptions,
      List<String> volumes,
      Limits limits) {
    public Container {
      capabilities = List.copyOf(capabilities);
      devices = List.copyOf(devices);
      securityOptions = List.copyOf(securityOptions);
      volumes = List.copyOf(volumes);
    }
  }

  /// When an image is fetched from a registry.
  public enum PullPolicy {
    IF_NOT_PRESENT,
    ALWAYS,
    NEVER
  }

  /// What a container may take of this machine, in Docker's words; empty for all.
  public record Limits(
      String cpus, String cpuSet, String memory, String sharedMemory, String cgroupParent) {}

  /// What happens when a node's program ends.
  public enum RestartPolicy {
    NO,
    ON_FAILURE,
    ALWAYS,
    /// Always, unless somebody stopped it before the machine started again.
    UNLESS_STOPPED;

    /// As topology files and Docker write it.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<RestartPolicy> of(String word) {
      return Arrays.stream(values()).filter(policy -> policy.word().equals(word)).findFirst();
    }
  }

  public NodeDefinition {
    labels = ordered(labels);
    configVars = Collections.unmodifiableMap(new LinkedHashMap<>(configVars));
  }

  /// The same node with another life.
  NodeDefinition with(Life other) {
    return new NodeDefinition(
        name,
        place,
        kind,
        image,
        group,
        type,
        labels,
        start,
        files,
        network,
        other,
        container,
        configVars);
  }

  /// Whether it is there before the lab and after it.
  public boolean isExternal() {
    return kind == Kind.EXT_CONTAINER;
  }

  private static Map<String, String> ordered(Map<String, String> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
