package net.donut.lab.clab.parse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.donut.lab.clab.model.ByteSize;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.NodeDefinition.Kind;
import net.donut.lab.clab.model.NodeDefinition.PullPolicy;
import net.donut.lab.clab.model.NodeDefinition.RestartPolicy;
import net.donut.lab.clab.model.NodeSysctl;
import net.donut.model.NearestWord;
import org.jspecify.annotations.Nullable;

/// The fields of one node to a [NodeDefinition]. Owned by the thread that reads the file.
final class NodeReader {
  private static final Set<String> DAEMONS =
      Set.of(
          "zebra", "mgmtd", "staticd", "bgpd", "ospfd", "ospf6d", "isisd", "ripd", "ripngd",
          "eigrpd", "babeld", "fabricd", "ldpd", "nhrpd", "pimd", "pim6d", "pbrd", "pathd", "vrrpd",
          "bfdd", "sharpd");
  private static final List<String> USUAL_DAEMONS =
      List.of("bgpd", "ospfd", "ospf6d", "isisd", "bfdd", "pathd", "pbrd");

  private final Inherited fields;
  private final NodeKinds kinds;
  private final LabValueReader reading;
  private final String name;
  private final String what;
  private final Path labDirectory;
  private final Map<String, String> magicWords;

  NodeReader(Inherited fields, NodeKinds kinds, String lab, String name, Path labDirectory) {
    this.fields = fields;
    this.kinds = kinds;
    this.reading = fields.reading();
    this.name = name;
    this.what = "topology.nodes." + name;
    this.labDirectory = labDirectory;
    this.magicWords =
        Map.of(
            "__clabDir__",
            labDirectory.toString(),
            "__clabLabName__",
            lab,
            "__clabNodeDir__",
            labDirectory.resolve(name).toString(),
            "__clabNodeName__",
            name);
  }

  NodeDefinition read(Kind kind, String group) {
    return new NodeDefinition(
        name,
        fields.place(),
        kind,
        image(kind),
        group,
        fields.text(NodeField.TYPE),
        fields.map(NodeField.LABELS),
        start(),
        files(kind),
        new NetworkReader(fields, what).read(),
        new LifeReader(fields, what, this::magic).read(restart(kind)),
        container(),
        configVars());
  }

  private String image(Kind kind) {
    String image = fields.text(NodeField.IMAGE);
    boolean needed = kind == Kind.LINUX || kind == Kind.FRR;
    if (needed && image.isEmpty()) {
      reading
          .problems()
          .error(
              fields.place(NodeField.IMAGE),
              what + ": no image (expected: image here, in its group, its kind or defaults)");
    }
    return image;
  }

  private String magic(String text) {
    String out = text;
    for (Map.Entry<String, String> word : magicWords.entrySet()) {
      out = out.replace(word.getKey(), word.getValue());
    }
    return out;
  }

  private NodeDefinition.Start start() {
    List<String> exec = new ArrayList<>();
    for (Yaml.Scalar line : fields.scalars(NodeField.EXEC)) {
      requireWords("exec", line.text(), NodeField.EXEC);
      exec.add(magic(line.text()));
    }
    requireWords("cmd", fields.text(NodeField.CMD), NodeField.CMD);
    requireWords("entrypoint", fields.text(NodeField.ENTRYPOINT), NodeField.ENTRYPOINT);
    String hostname = fields.text(NodeField.HOSTNAME);
    return new NodeDefinition.Start(
        magic(fields.text(NodeField.ENTRYPOINT)),
        magic(fields.text(NodeField.CMD)),
        fields.text(NodeField.USER),
        hostname.isEmpty() ? name : hostname,
        new EnvironmentReader(fields, kinds, name).read(),
        exec,
        sysctls());
  }

  private List<NodeSysctl> sysctls() {
    List<NodeSysctl> settings = new ArrayList<>();
    fields
        .map(NodeField.SYSCTLS)
        .forEach((key, value) -> {
          NodeSysctl setting = new NodeSysctl(key, value);
          boolean isOne =
              key.matches("[a-zA-Z0-9_][a-zA-Z0-9_/-]*([.][a-zA-Z0-9_/-]+)*")
                  && value.matches("[a-zA-Z0-9 ._:/,+-]*");
          if (isOne && setting.isOfNode()) {
            settings.add(setting);
          } else {
            reading.error(
                fields.place(NodeField.SYSCTLS),
                what + ".sysctls." + key,
                "'" + value + "'",
                "a setting that every node has for itself: net.*, fs.mqueue.*, kernel.msg*, kernel.sem"
                    + " or kernel.shm*");
          }
        });
    return settings;
  }

  private void requireWords(String key, String line, NodeField field) {
    try {
      if (ShellWords.of(line).isEmpty() && field == NodeField.EXEC) {
        reading.error(fields.place(field), what + "." + key, "'" + line + "'", "a command");
      }
    } catch (IllegalArgumentException e) {
      reading.problems().error(fields.place(field), what + "." + key + ": " + e.getMessage());
    }
  }

  private NodeDefinition.Files files(Kind kind) {
    return new NodeDefinition.Files(
        new BindReader(reading, kinds, name, labDirectory, this::magic)
            .read(fields.scalars(NodeField.BINDS)),
        fields.map(NodeField.TMPFS),
        startupConfig(kind),
        daemons(kind));
  }

  private @Nullable Path startupConfig(Kind kind) {
    String text = magic(fields.text(NodeField.STARTUP_CONFIG));
    if (text.isEmpty()) {
      return null;
    }
    if (kind != Kind.FRR) {
      reading.noEffect(
          fields.place(NodeField.STARTUP_CONFIG),
          what + ".startup-config",
          " on kind " + kind.word() + ": use binds");
      return null;
    }
    Path path = reading.resolve(text);
    if (!Files.isRegularFile(path)) {
      kinds.lacks(
          name,
          fields.place(NodeField.STARTUP_CONFIG),
          "%s.startup-config: '%s' (expected: a file that exists at %s)"
              .formatted(what, text, path));
    }
    return path;
  }

  private List<String> daemons(Kind kind) {
    Yaml.Entry frr = fields.tree(NodeField.EXTRAS).entries().get(Kind.FRR.word());
    if (frr == null) {
      return kind == Kind.FRR ? USUAL_DAEMONS : List.of();
    }
    String path = what + ".extras.frr";
    if (kind != Kind.FRR) {
      reading.noEffect(frr.place(), path, " on kind " + kind.word() + ": use binds");
      return List.of();
    }
    Yaml.Section section = reading.section(path, frr.value(), Set.of("daemons"));
    List<String> daemons =
        section == null ? List.of() : reading.plainTexts(path, section, "daemons");
    for (String daemon : daemons) {
      if (!DAEMONS.contains(daemon)) {
        reading.error(
            frr.place(), path + ".daemons", "'" + daemon + "'", NearestWord.hint(daemon, DAEMONS));
      }
    }
    return daemons.isEmpty() ? USUAL_DAEMONS : daemons;
  }

  private RestartPolicy restart(Kind kind) {
    String text = fields.text(NodeField.RESTART_POLICY);
    if (text.isEmpty()) {
      return kind == Kind.LINUX ? RestartPolicy.ALWAYS : RestartPolicy.NO;
    }
    return RestartPolicy.of(text)
        .orElseGet(() -> {
          reading.error(
              fields.place(NodeField.RESTART_POLICY),
              what + ".restart-policy",
              "'" + text + "'",
              "no, on-failure, always or unless-stopped");
          return RestartPolicy.NO;
        });
  }

  private NodeDefinition.Container container() {
    return new NodeDefinition.Container(
        pullPolicy(),
        !fields.text(NodeField.PRIVILEGED).equals("false"),
        fields.text(NodeField.PID_MODE),
        fields.text(NodeField.CGROUPNS_MODE),
        fields.texts(NodeField.CAP_ADD),
        fields.texts(NodeField.DEVICES),
        fields.texts(NodeField.SECURITY_OPTS),
        fields.texts(NodeField.VOLUMES),
        new NodeDefinition.Limits(
            fields.text(NodeField.CPU),
            fields.text(NodeField.CPU_SET),
            fields.text(NodeField.MEMORY),
            sharedMemory(),
            fields.text(NodeField.CGROUP_PARENT)));
  }

  private String sharedMemory() {
    String text = fields.text(NodeField.SHM_SIZE);
    try {
      return text.isEmpty() ? "" : Long.toString(ByteSize.parse(text).bytes());
    } catch (IllegalArgumentException e) {
      reading
          .problems()
          .error(fields.place(NodeField.SHM_SIZE), what + ".shm-size: " + e.getMessage());
      return "";
    }
  }

  private PullPolicy pullPolicy() {
    String text = fields.text(NodeField.IMAGE_PULL_POLICY);
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "", "ifnotpresent" -> PullPolicy.IF_NOT_PRESENT;
      case "always" -> PullPolicy.ALWAYS;
      case "never" -> PullPolicy.NEVER;
      default -> {
        reading.error(
            fields.place(NodeField.IMAGE_PULL_POLICY),
            what + ".image-pull-policy",
            "'" + text + "'",
            "IfNotPresent, Always or Never");
        yield PullPolicy.IF_NOT_PRESENT;
      }
    };
  }

  private Map<String, Object> configVars() {
    Yaml.Section config =
        reading.section(
            what + ".config", fields.tree(NodeField.CONFIG), Set.of("vars", "templates"));
    Yaml.Entry vars = config == null ? null : config.entries().get("vars");
    return vars != null && vars.value() instanceof Yaml.Section section
        ? section.values()
        : Map.of();
  }
}
