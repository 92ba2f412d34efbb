package net.donut.lab.clab.parse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.donut.lab.clab.model.HealthCheck;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.Stage;
import org.jspecify.annotations.Nullable;

/// Start delay, health check and stages of a node. Owned by the thread that reads the file.
final class LifeReader {
  private static final Set<String> STAGES =
      Arrays.stream(Stage.values()).map(Stage::word).collect(Collectors.toUnmodifiableSet());

  private final Inherited fields;
  private final LabValueReader reading;
  private final String what;
  private final UnaryOperator<String> magic;

  LifeReader(Inherited fields, String what, UnaryOperator<String> magic) {
    this.fields = fields;
    this.reading = fields.reading();
    this.what = what;
    this.magic = magic;
  }

  NodeDefinition.Life read(NodeDefinition.RestartPolicy restart) {
    return new NodeDefinition.Life(
        fields.number(NodeField.STARTUP_DELAY), restart, health(), stages());
  }

  private @Nullable HealthCheck health() {
    if (fields.value(NodeField.HEALTHCHECK) == null) {
      return null;
    }
    String path = what + ".healthcheck";
    Yaml.Section section =
        reading.section(
            path,
            fields.tree(NodeField.HEALTHCHECK),
            Set.of("test", "interval", "timeout", "retries", "start-period"));
    if (section == null) {
      return null;
    }
    return new HealthCheck(
        command(path, reading.plainTexts(path, section, "test")),
        seconds(path, section, "interval", 30),
        seconds(path, section, "timeout", 30),
        reading.number(path, section, "retries", 1, 1000, 3),
        seconds(path, section, "start-period", 0));
  }

  private Duration seconds(String path, Yaml.Section section, String key, int absent) {
    return Duration.ofSeconds(reading.number(path, section, key, 0, 86400, absent));
  }

  private List<String> command(String path, List<String> test) {
    String form = test.isEmpty() ? "" : test.getFirst();
    List<String> rest = test.isEmpty() ? List.of() : test.subList(1, test.size());
    return switch (form) {
      case "NONE" -> List.of();
      case "CMD" -> rest;
      case "CMD-SHELL" -> List.of("/bin/sh", "-c", String.join(" ", rest));
      default -> {
        reading.error(
            fields.place(NodeField.HEALTHCHECK),
            path + ".test",
            test.toString(),
            "[CMD, WORD...] or [CMD-SHELL, LINE]");
        yield List.of();
      }
    };
  }

  private Map<Stage, Stage.Rules> stages() {
    Map<Stage, Stage.Rules> stages = new EnumMap<>(Stage.class);
    Yaml.Section section = reading.section(what + ".stages", fields.tree(NodeField.STAGES), STAGES);
    if (section != null) {
      section
          .entries()
          .forEach((key, entry) ->
              stages.put(stage(key), rules(what + ".stages." + key, entry.value())));
    }
    return stages;
  }

  private static Stage stage(String word) {
    return Arrays.stream(Stage.values())
        .filter(stage -> stage.word().equals(word))
        .findFirst()
        .orElseThrow();
  }

  private Stage.Rules rules(String path, Yaml value) {
    Yaml.Section section = reading.section(path, value, Set.of("wait-for", "exec"));
    if (section == null) {
      return Stage.Rules.NONE;
    }
    List<Stage.Wait> waits = new ArrayList<>();
    items(path + ".wait-for", section, "wait-for", Set.of("node", "stage"))
        .forEach(item -> addWait(path + ".wait-for", item, waits));
    List<Stage.Exec> commands = new ArrayList<>();
    items(path + ".exec", section, "exec", Set.of("command", "target", "phase"))
        .forEach(item -> addCommand(path + ".exec", item, commands));
    return new Stage.Rules(waits, commands);
  }

  private List<Yaml.Section> items(
      String path, Yaml.Section section, String key, Set<String> known) {
    Yaml.Entry entry = section.entries().get(key);
    List<Yaml.Section> items = new ArrayList<>();
    if (entry == null || entry.value() instanceof Yaml.Nothing) {
      return items;
    }
    if (!(entry.value() instanceof Yaml.Items list)) {
      reading.error(entry.place(), path, entry.value().found(), "a list of mappings");
      return items;
    }
    for (Yaml item : list.items()) {
      Yaml.Section read = reading.section(path, item, known);
      if (read != null) {
        items.add(read);
      }
    }
    return items;
  }

  private void addWait(String path, Yaml.Section item, List<Stage.Wait> waits) {
    String node = reading.text(path, item, "node");
    String stage = reading.text(path, item, "stage");
    if (node.isEmpty() || !STAGES.contains(stage)) {
      reading.error(
          item.place(),
          path,
          "node '" + node + "', stage '" + stage + "'",
          "a node and one of create, create-links, configure, healthy, exit");
      return;
    }
    waits.add(new Stage.Wait(node, stage(stage), item.place()));
  }

  private void addCommand(String path, Yaml.Section item, List<Stage.Exec> commands) {
    String line = magic.apply(reading.text(path, item, "command"));
    String target = reading.text(path, item, "target");
    String phase = reading.text(path, item, "phase");
    boolean known =
        Set.of("", "container", "host").contains(target)
            && Set.of("", "on-enter", "on-exit").contains(phase);
    if (line.isEmpty() || !known) {
      reading.error(
          item.place(),
          path,
          "command '%s', target '%s', phase '%s'".formatted(line, target, phase),
          "a command, target container or host, phase on-enter or on-exit");
      return;
    }
    commands.add(
        new Stage.Exec(
            line,
            target.equals("host") ? Stage.Exec.Target.HOST : Stage.Exec.Target.CONTAINER,
            phase.equals("on-exit") ? Stage.Exec.Phase.ON_EXIT : Stage.Exec.Phase.ON_ENTER));
  }
}
