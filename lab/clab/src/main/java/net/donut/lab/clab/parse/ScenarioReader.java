package net.donut.lab.clab.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.model.Scenario;
import net.donut.lab.clab.model.Scenario.Check;
import net.donut.lab.clab.model.Scenario.Event;
import net.donut.lab.clab.model.Scenario.Expectation;
import net.donut.lab.clab.model.Scenario.Flow;
import net.donut.lab.clab.model.Scenario.Step;
import net.donut.lab.clab.model.TopologyProblems;
import net.donut.lab.net.Cut;
import net.donut.lab.net.ImpairmentKind;
import net.donut.lab.net.LabException;
import net.donut.model.IpAddress;
import net.donut.model.NearestWord;
import org.jspecify.annotations.Nullable;

/// A scenario file to a [Scenario]. Owned by the thread that reads the file.
public final class ScenarioReader {
  private static final String SUFFIX = "\\.scenario\\.ya?ml";
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final Duration WATCH = Duration.ofSeconds(3);
  private static final Duration ANY_OUTAGE = Duration.ofDays(1);

  /// The keys that go with each step's own.
  private static final Map<String, Set<String>> STEPS =
      new TreeMap<>(
          Map.of(
              "wait", Set.of("command", "contains", "lacks", "within"),
              "assert", Set.of("command", "contains", "lacks"),
              "pause", Set.of(),
              "flows", Set.of("rate"),
              "streams", Set.of("server"),
              "cut", Set.of("kind", "loss", "count", "period", "watch", "expect"),
              "kill", Set.of("watch", "expect"),
              "freeze", Set.of("watch", "expect"),
              "restore", Set.of("watch", "expect"),
              "impair", with(ImpairmentKind.words(), "watch", "expect")));

  private final Path file;
  private final TopologyProblems problems = new TopologyProblems();
  private final LabValueReader reading;

  private ScenarioReader(Path file) {
    this.file = file;
    this.reading = new LabValueReader(file, RuntimeKind.NETNS, problems);
  }

  private static Set<String> with(List<String> words, String... more) {
    return Stream.concat(words.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
  }

  /// Reads a file. Throws LabException with every mistake and its line.
  public static Scenario read(Path file) {
    ScenarioReader reader = new ScenarioReader(file.toAbsolutePath().normalize());
    Scenario scenario = reader.read();
    if (scenario == null || !reader.problems.errors().isEmpty()) {
      throw new LabException(
          String.join("\n", reader.problems.errors().stream().map(Object::toString).toList()));
    }
    return scenario;
  }

  private @Nullable Scenario read() {
    String fileName = file.getFileName().toString();
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
    Yaml document = Yaml.read(fileName, text, problems);
    Yaml.Section top =
        document == null
            ? null
            : reading.section(fileName, document, Set.of("name", "topology", "steps"));
    if (top == null) {
      return null;
    }
    String stem = fileName.replaceFirst(SUFFIX, "");
    String name = reading.text(fileName, top, "name");
    String topology = reading.text(fileName, top, "topology");
    Scenario scenario =
        new Scenario(
            name.isEmpty() ? stem : name,
            file.resolveSibling(topology.isEmpty() ? stem + ".clab.yml" : topology),
            steps(top));
    checkFlows(scenario);
    return scenario;
  }

  private List<Step> steps(Yaml.Section top) {
    Yaml.Entry entry = top.entries().get("steps");
    if (entry == null || !(entry.value() instanceof Yaml.Items items) || items.items().isEmpty()) {
      reading.error(
          entry == null ? top.place() : entry.place(),
          "steps",
          entry == null ? "nothing" : entry.value().found(),
          "a list of steps");
      return List.of();
    }
    List<Step> steps = new ArrayList<>();
    int number = 0;
    for (Yaml item : items.items()) {
      Step step = step("steps[" + ++number + "]", item);
      if (step != null) {
        steps.add(step);
      }
    }
    return steps;
  }

  private @Nullable Step step(String what, Yaml value) {
    Yaml.Section all = reading.names(what, value);
    if (all == null) {
      return null;
    }
    List<String> verbs = STEPS.keySet().stream().filter(all.entries()::containsKey).toList();
    if (verbs.size() != 1) {
      reading.error(
          all.place(),
          what,
          verbs.isEmpty() ? "no step" : String.join(" and ", verbs),
          "one of " + String.join(", ", STEPS.keySet()));
      return null;
    }
    String verb = verbs.getFirst();
    Set<String> keys = new TreeSet<>(STEPS.getOrDefault(verb, Set.of()));
    keys.add(verb);
    Yaml.Section section = reading.section(what, all, keys);
    if (section == null) {
      return null;
    }
    int before = problems.errors().size();
    try {
      Step step = step(what, verb, section);
      return problems.errors().size() == before ? step : null;
    } catch (IllegalArgumentException e) {
      problems.error(placeOf(section, String.valueOf(e.getMessage())), what + "." + e.getMessage());
      return null;
    }
  }

  /// The line of the key that a message begins with, else of the step.
  private static FilePlace placeOf(Yaml.Section section, String message) {
    Yaml.Entry entry = section.entries().get(message.split(":", 2)[0]);
    return entry == null ? section.place() : entry.place();
  }

  private Step step(String what, String verb, Yaml.Section section) {
    FilePlace place = section.place();
    boolean isList = verb.equals("flows") || verb.equals("streams");
    String subject = isList ? "" : reading.text(what, section, verb);
    return switch (verb) {
      case "wait" ->
          new Scenario.Await(
              place, check(what, subject, section), duration(section, what, "within", WAIT));
      case "assert" -> new Scenario.Assertion(place, check(what, subject, section));
      case "pause" -> new Scenario.Wait(place, ImpairmentKind.duration(verb, subject));
      case "flows" ->
          new Scenario.Flows(
              place,
              reading.number(what, section, "rate", 10, 20_000, 1_000),
              flows(what + ".flows", section));
      case "streams" ->
          new Scenario.Streams(place, server(what, section), viewers(what + ".streams", section));
      case "cut" -> change(what, section, new Event.Cutting(subject, cut(what, section)));
      case "kill" -> change(what, section, new Event.Cutting(subject, Cut.OfNode.NODE_KILL));
      case "freeze" -> change(what, section, new Event.Cutting(subject, Cut.OfNode.NODE_FREEZE));
      case "restore" -> change(what, section, new Event.Restoring(subject));
      default ->
          change(
              what,
              section,
              new Event.Impairing(subject, LabLinkReader.impairment(reading, what, section)));
    };
  }

  private Check check(String what, String node, Yaml.Section section) {
    String command = reading.text(what, section, "command");
    if (command.isEmpty()) {
      throw new IllegalArgumentException(
          "command: nothing (expected: what to run in " + node + ")");
    }
    Check check =
        new Check(
            node,
            command,
            reading.plainTexts(what, section, "contains"),
            reading.plainTexts(what, section, "lacks"));
    if (check.contains().isEmpty() && check.lacks().isEmpty()) {
      throw new IllegalArgumentException("contains: nothing (expected: a text, or lacks)");
    }
    return check;
  }

  private Duration duration(Yaml.Section section, String what, String key, Duration absent) {
    String text = reading.text(what, section, key);
    return text.isEmpty() ? absent : ImpairmentKind.duration(key, text);
  }

  private Cut cut(String what, Yaml.Section section) {
    String kind = reading.text(what, section, "kind");
    return switch (kind) {
      case "" -> Cut.Plain.FIBRE;
      case Cut.BrownOut.KIND ->
          new Cut.BrownOut(ImpairmentKind.percent("loss", text(what, section, "loss", "5%")));
      case Cut.Flap.KIND ->
          new Cut.Flap(
              reading.number(what, section, "count", 1, 100_000, 10),
              duration(section, what, "period", Duration.ofSeconds(1)));
      default -> Cut.parse(kind);
    };
  }

  private String text(String what, Yaml.Section section, String key, String absent) {
    String text = reading.text(what, section, key);
    return text.isEmpty() ? absent : text;
  }

  private Scenario.Change change(String what, Yaml.Section section, Event event) {
    return new Scenario.Change(
        section.place(),
        event,
        duration(section, what, "watch", WATCH),
        items(section, "expect").stream()
            .map(item -> expectation(what + ".expect", item))
            .toList());
  }

  private List<Yaml> items(Yaml.Section section, String key) {
    Yaml.Entry entry = section.entries().get(key);
    if (entry == null) {
      return List.of();
    }
    if (entry.value() instanceof Yaml.Items items) {
      return items.items();
    }
    throw new IllegalArgumentException(key + ": " + entry.value().found() + " (expected: a list)");
  }

  private Expectation expectation(String what, Yaml value) {
    Yaml.Section section = require(what, value, Set.of("flow", "outage", "loss"));
    Duration outage = duration(section, what, "outage", ANY_OUTAGE);
    return new Expectation(
        section.place(),
        reading.text(what, section, "flow"),
        outage,
        ImpairmentKind.percent("loss", text(what, section, "loss", "100%")));
  }

  private Yaml.Section require(String what, Yaml value, Set<String> keys) {
    Yaml.Section section = reading.section(what, value, keys);
    return section == null ? new Yaml.Section(Map.of(), value.place()) : section;
  }

  private List<Flow> flows(String what, Yaml.Section section) {
    List<Flow> flows = new ArrayList<>();
    for (Yaml item : items(section, "flows")) {
      Yaml.Section flow = require(what, item, Set.of("name", "a", "b"));
      flows.add(
          new Flow(reading.text(what, flow, "name"), end(what, flow, "a"), end(what, flow, "b")));
    }
    return flows;
  }

  private Scenario.Server server(String what, Yaml.Section step) {
    Yaml.Entry entry = step.entries().get("server");
    if (entry == null) {
      throw new IllegalArgumentException(
          "server: nothing (expected: {nodes: [NODE], address: IP})");
    }
    Yaml.Section server = require(what + ".server", entry.value(), Set.of("nodes", "address"));
    return new Scenario.Server(
        reading.plainTexts(what, server, "nodes"),
        IpAddress.parse(reading.text(what, server, "address")));
  }

  private List<Scenario.Viewers> viewers(String what, Yaml.Section step) {
    List<Scenario.Viewers> viewers = new ArrayList<>();
    for (Yaml item : items(step, "streams")) {
      Yaml.Section entry = require(what, item, Set.of("name", "node", "count", "rate", "bytes"));
      viewers.add(
          new Scenario.Viewers(
              reading.text(what, entry, "name"),
              reading.text(what, entry, "node"),
              reading.number(what, entry, "count", 1, 10_000, 100),
              reading.number(what, entry, "rate", 1, 1_000, 16),
              reading.number(what, entry, "bytes", 64, 1_400, 1_250)));
    }
    return viewers;
  }

  private Scenario.FlowEnd end(String what, Yaml.Section flow, String key) {
    Yaml.Entry entry = flow.entries().get(key);
    if (entry == null) {
      throw new IllegalArgumentException(
          "flows: no " + key + " (expected: a and b, each with node and address)");
    }
    Yaml.Section end = require(what + "." + key, entry.value(), Set.of("node", "address"));
    return new Scenario.FlowEnd(
        reading.text(what, end, "node"), IpAddress.parse(reading.text(what, end, "address")));
  }

  /// Flows start once, before what is expected of them, and under the names that expectations have.
  private void checkFlows(Scenario scenario) {
    List<String> known = new ArrayList<>();
    for (Step step : scenario.steps()) {
      if (step instanceof Scenario.Flows flows) {
        if (!known.isEmpty()) {
          problems.error(flows.place(), "flows: a second time (expected: once)");
        }
        flows.flows().forEach(flow -> known.add(flow.name()));
      }
      if (step instanceof Scenario.Change change) {
        for (Expectation expectation : change.expectations()) {
          if (!known.contains(expectation.flow())) {
            reading.error(
                expectation.place(),
                "expect.flow",
                "'" + expectation.flow() + "'",
                known.isEmpty()
                    ? "flows in a step before"
                    : NearestWord.hint(expectation.flow(), known));
          }
        }
      }
    }
  }
}
