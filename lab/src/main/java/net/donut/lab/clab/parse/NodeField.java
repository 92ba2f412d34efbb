package net.donut.lab.clab.parse;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.donut.lab.clab.model.RuntimeKind;

/// The keys of a node, a group, a kind and the defaults: what form each has and what comes of it.
enum NodeField {
  KIND("kind", Form.TEXT),
  GROUP("group", Form.TEXT),
  TYPE("type", Form.TEXT),
  IMAGE("image", Form.TEXT),
  IMAGE_PULL_POLICY(
      "image-pull-policy", Form.TEXT, "nothing is pulled: images are programs of this machine"),
  BINDS("binds", Form.BINDS),
  VOLUMES("volumes", Form.BINDS, "volumes are kept by Docker only"),
  TMPFS("tmpfs", Form.MAP),
  SHM_SIZE("shm-size", Form.TEXT, "shared memory is not limited"),
  ENV("env", Form.MAP),
  ENV_FILES("env-files", Form.LIST),
  EXEC("exec", Form.LIST),
  CMD("cmd", Form.TEXT),
  ENTRYPOINT("entrypoint", Form.TEXT),
  USER("user", Form.TEXT),
  HOSTNAME("hostname", Form.TEXT),
  LABELS("labels", Form.MAP),
  MGMT_IPV4("mgmt-ipv4", Form.TEXT),
  MGMT_IPV6("mgmt-ipv6", Form.TEXT),
  NETWORK_MODE("network-mode", Form.TEXT),
  SYSCTLS("sysctls", Form.MAP),
  STARTUP_DELAY("startup-delay", Form.NUMBER),
  PORTS(
      "ports",
      Form.FIRST_LIST,
      "no port of this machine is taken: use the node's own address inside its namespace"),
  HEALTHCHECK("healthcheck", Form.TREE),
  STAGES("stages", Form.TREE),
  RESTART_POLICY("restart-policy", Form.TEXT),
  CPU("cpu", Form.TEXT, "processors are not limited"),
  CPU_SET("cpu-set", Form.TEXT, "processors are not limited"),
  MEMORY("memory", Form.TEXT, "memory is not limited"),
  CGROUP_PARENT("cgroup-parent", Form.TEXT, "nodes have no control group of their own"),
  PRIVILEGED("privileged", Form.SWITCH),
  CAP_ADD("cap-add", Form.LIST),
  DEVICES("devices", Form.LIST),
  SECURITY_OPTS("security-opts", Form.LIST),
  PID_MODE("pid-mode", Form.TEXT, "a node sees its own processes only"),
  CGROUPNS_MODE("cgroupns-mode", Form.TEXT, "nodes have no control group of their own"),
  DNS("dns", Form.TREE),
  AUTO_REMOVE("auto-remove", Form.SWITCH, "a node that ended stays until the lab is destroyed"),
  RUNTIME("runtime", Form.TEXT),
  CONFIG("config", Form.TREE),
  LINK_APPLY_MODE("link-apply-mode", Form.TEXT),
  ALIASES("aliases", Form.LIST, "nodes have the aliases of their names only"),
  STARTUP_CONFIG("startup-config", Form.TEXT),
  EXTRAS("extras", Form.TREE),
  LICENSE("license", Form.TEXT),
  CERTIFICATE("certificate", Form.TREE),
  COMPONENTS("components", Form.TREE),
  CREDENTIALS("credentials", Form.TREE),
  ENFORCE_STARTUP_CONFIG("enforce-startup-config", Form.SWITCH),
  SUPPRESS_STARTUP_CONFIG("suppress-startup-config", Form.SWITCH);

  /// The form of a value and how levels of inheritance combine.
  enum Form {
    /// The most specific level wins.
    TEXT,
    NUMBER,
    SWITCH,
    TREE,
    FIRST_LIST,
    /// Levels are joined, the least specific first, without repetitions.
    LIST,
    /// Levels are merged, the most specific wins.
    MAP,
    /// Levels are merged by destination.
    BINDS
  }

  private final String key;
  private final Form form;
  private final String withoutEffect;

  NodeField(String key, Form form) {
    this(key, form, "");
  }

  NodeField(String key, Form form, String withoutEffect) {
    this.key = key;
    this.form = form;
    this.withoutEffect = withoutEffect;
  }

  String key() {
    return key;
  }

  Form form() {
    return form;
  }

  /// Why it does nothing on a runtime; empty where it does.
  String withoutEffect(RuntimeKind runtime) {
    return switch (runtime) {
      case NETNS -> withoutEffect;
      case DOCKER -> this == PORTS || this == ALIASES || this == AUTO_REMOVE ? withoutEffect : "";
    };
  }

  /// Whether it is for network operating systems, which no namespace can be.
  boolean isForOtherSystems() {
    return switch (this) {
      case LICENSE,
          CERTIFICATE,
          COMPONENTS,
          CREDENTIALS,
          ENFORCE_STARTUP_CONFIG,
          SUPPRESS_STARTUP_CONFIG ->
          true;
      default -> false;
    };
  }

  static Optional<NodeField> of(String key) {
    return Arrays.stream(values()).filter(field -> field.key.equals(key)).findFirst();
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(NodeField::key).toList();
  }
}
