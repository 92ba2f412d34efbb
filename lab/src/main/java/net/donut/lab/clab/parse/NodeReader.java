package net.donut.lab.clab.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.donut.lab.clab.model.Bind;
import net.donut.lab.clab.model.NetworkMode;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.NodeDefinition.Kind;
import net.donut.lab.clab.model.NodeDefinition.PullPolicy;
import net.donut.lab.clab.model.NodeDefinition.RestartPolicy;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// The fields of one node to a [NodeDefinition]. Owned by the thread that reads the file.
final class NodeReader {
  private final Inherited fields;
  private final Reading reading;
  private final String name;
  private final String what;
  private final Path labDirectory;
  private final Map<String, String> magicWords;

  NodeReader(Inherited fields, String lab, String name, Path labDirectory) {
    this.fields = fields;
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
        fields.place(NodeField.KIND),
        kind,
        image(kind),
        group,
        fields.text(NodeField.TYPE),
        fields.map(NodeField.LABELS),
        start(),
        files(kind),
        network(),
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
        environment(),
        exec,
        fields.map(NodeField.SYSCTLS));
  }

  private void requireWords(String key, String line, NodeField field) {
    try {
      Words.of(line);
    } catch (IllegalArgumentException e) {
      reading.problems().error(fields.place(field), what + "." + key + ": " + e.getMessage());
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Yaml.Scalar file : fields.scalars(NodeField.ENV_FILES)) {
      Path path = resolve(file.text());
      try {
        for (String line : Files.readAllLines(path)) {
          int equals = line.indexOf('=');
          if (!line.startsWith("#") && equals > 0) {
            environment.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
          }
        }
      } catch (IOException e) {
        reading.error(file.place(), what + ".env-files", path.toString(), "a file that exists");
      }
    }
    environment.putAll(fields.map(NodeField.ENV));
    return environment;
  }

  private NodeDefinition.Files files(Kind kind) {
    List<Bind> binds = new ArrayList<>();
    for (Yaml.Scalar bind : fields.scalars(NodeField.BINDS)) {
      Bind read = bind(bind);
      if (read != null) {
        binds.add(read);
      }
    }
    return new NodeDefinition.Files(
        binds, fields.map(NodeField.TMPFS), startupConfig(kind), daemons(kind));
  }

  private @Nullable Bind bind(Yaml.Scalar value) {
    String[] parts = magic(value.text()).split(":");
    if (parts.length < 2 || parts.length > 3 || !parts[1].startsWith("/")) {
      reading.error(value.place(), what + ".binds", value.found(), "SOURCE:/DESTINATION[:OPTIONS]");
      return null;
    }
    Path source = resolve(parts[0]);
    if (!Files.exists(source) && !source.startsWith(labDirectory)) {
      reading.error(
          value.place(),
          what + ".binds",
          value.found(),
          "a file or directory that exists at " + source);
      return null;
    }
    boolean readOnly = parts.length == 3 && Set.of(parts[2].split(",")).contains("ro");
    return new Bind(source, parts[1], readOnly ? Bind.Access.READ_ONLY : Bind.Access.READ_WRITE);
  }

  private Path resolve(String text) {
    Path path =
        text.equals("~") || text.startsWith("~/")
            ? Path.of(System.getProperty("user.home") + text.substring(1))
            : Path.of(text);
    return reading.file().toAbsolutePath().resolveSibling(path).normalize();
  }

  private @Nullable Path startupConfig(Kind kind) {
    String text = magic(fields.text(NodeField.STARTUP_CONFIG));
    if (text.isEmpty()) {
      return null;
    }
    if (kind != Kind.FRR) {
      reading
          .problems()
          .warning(
              fields.place(NodeField.STARTUP_CONFIG),
              what + ".startup-config: has no effect on kind " + kind.word() + ": use binds");
      return null;
    }
    Path path = resolve(text);
    if (!Files.isRegularFile(path)) {
      reading.error(
          fields.place(NodeField.STARTUP_CONFIG),
          what + ".startup-config",
          "'" + text + "'",
          "a file that exists at " + path);
    }
    return path;
  }

  private List<String> daemons(Kind kind) {
    Yaml.Entry frr = fields.tree(NodeField.EXTRAS).entries().get("frr");
    if (kind != Kind.FRR || frr == null) {
      return List.of();
    }
    Yaml.Section section = reading.section(what + ".extras.frr", frr.value(), Set.of("daemons"));
    return section == null
        ? List.of()
        : reading.plainTexts(what + ".extras.frr", section, "daemons");
  }

  private NodeDefinition.Network network() {
    Yaml.Section dns =
        reading.section(
            what + ".dns", fields.tree(NodeField.DNS), Set.of("servers", "search", "options"));
    return new NodeDefinition.Network(
        mode(),
        address(NodeField.MGMT_IPV4, "an IPv4 address"),
        address(NodeField.MGMT_IPV6, "an IPv6 address"),
        new NodeDefinition.NameService(
            texts(dns, "servers"), texts(dns, "search"), texts(dns, "options")));
  }

  private List<String> texts(Yaml.@Nullable Section dns, String key) {
    return dns == null ? List.of() : reading.plainTexts(what + ".dns", dns, key);
  }

  private NetworkMode mode() {
    String mode = fields.text(NodeField.NETWORK_MODE);
    return switch (mode) {
      case "", "bridge" -> new NetworkMode.Own();
      case "none" -> new NetworkMode.None();
      case "host" -> new NetworkMode.Host();
      default -> {
        if (mode.startsWith("container:")) {
          yield new NetworkMode.Of(mode.substring("container:".length()));
        }
        reading.error(
            fields.place(NodeField.NETWORK_MODE),
            what + ".network-mode",
            "'" + mode + "'",
            "host, none or container:NODE");
        yield new NetworkMode.Own();
      }
    };
  }

  private String address(NodeField field, String expected) {
    String text = fields.text(field);
    if (!text.isEmpty()) {
      try {
        IpAddress.parse(text);
      } catch (IllegalArgumentException e) {
        reading.error(fields.place(field), what + "." + field.key(), "'" + text + "'", expected);
      }
    }
    return text;
  }

  private RestartPolicy restart(Kind kind) {
    String text = fields.text(NodeField.RESTART_POLICY);
    return switch (text) {
      case "" -> kind == Kind.LINUX ? RestartPolicy.ALWAYS : RestartPolicy.NO;
      case "no" -> RestartPolicy.NO;
      case "on-failure" -> RestartPolicy.ON_FAILURE;
      case "always", "unless-stopped" -> RestartPolicy.ALWAYS;
      default -> {
        reading.error(
            fields.place(NodeField.RESTART_POLICY),
            what + ".restart-policy",
            "'" + text + "'",
            "no, on-failure, always or unless-stopped");
        yield RestartPolicy.NO;
      }
    };
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
            fields.text(NodeField.SHM_SIZE),
            fields.text(NodeField.CGROUP_PARENT)));
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
    Yaml.Entry vars = fields.tree(NodeField.CONFIG).entries().get("vars");
    return vars != null && vars.value() instanceof Yaml.Section section
        ? section.values()
        : Map.of();
  }
}
