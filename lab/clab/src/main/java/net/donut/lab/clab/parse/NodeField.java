package net.donut.lab.clab.parse;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The keys of a node, a group, a kind and the defaults, and the form of each.
enum NodeField {
  KIND("kind", Form.TEXT),
  GROUP("group", Form.TEXT),
  TYPE("type", Form.TEXT),
  IMAGE("image", Form.TEXT),
  IMAGE_PULL_POLICY("image-pull-policy", Form.TEXT),
  BINDS("binds", Form.BINDS),
  VOLUMES("volumes", Form.BINDS),
  TMPFS("tmpfs", Form.MAP),
  SHM_SIZE("shm-size", Form.TEXT),
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
  PORTS("ports", Form.FIRST_LIST),
  HEALTHCHECK("healthcheck", Form.TREE),
  STAGES("stages", Form.TREE),
  RESTART_POLICY("restart-policy", Form.TEXT),
  CPU("cpu", Form.TEXT),
  CPU_SET("cpu-set", Form.TEXT),
  MEMORY("memory", Form.TEXT),
  CGROUP_PARENT("cgroup-parent", Form.TEXT),
  PRIVILEGED("privileged", Form.SWITCH),
  CAP_ADD("cap-add", Form.LIST),
  DEVICES("devices", Form.LIST),
  SECURITY_OPTS("security-opts", Form.LIST),
  PID_MODE("pid-mode", Form.TEXT),
  CGROUPNS_MODE("cgroupns-mode", Form.TEXT),
  DNS("dns", Form.TREE),
  AUTO_REMOVE("auto-remove", Form.SWITCH),
  RUNTIME("runtime", Form.TEXT),
  CONFIG("config", Form.TREE),
  LINK_APPLY_MODE("link-apply-mode", Form.TEXT),
  ALIASES("aliases", Form.LIST),
  STARTUP_CONFIG("startup-config", Form.TEXT),
  EXTRAS("extras", Form.TREE),
  LICENSE("license", Form.TEXT),
  CERTIFICATE("certificate", Form.TREE),
  COMPONENTS("components", Form.ANY),
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
    ANY,
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

  NodeField(String key, Form form) {
    this.key = key;
    this.form = form;
  }

  String key() {
    return key;
  }

  Form form() {
    return form;
  }

  static Optional<NodeField> of(String key) {
    return Arrays.stream(values()).filter(field -> field.key.equals(key)).findFirst();
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(NodeField::key).toList();
  }
}
