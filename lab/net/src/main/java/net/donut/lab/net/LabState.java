package net.donut.lab.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a lab has made, written down before it is made: `/run/donut/lab/NAME/state.json`.
///
/// Whoever finds the file of an owner that is no longer alive can end the processes and delete the
/// namespaces in it, and nothing else. Commands of the operator change it beside the lab's own
/// process. An instance is owned by the thread that made it.
public final class LabState {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String lab;
  private final Path directory;
  private final List<String> namespaces = new ArrayList<>();
  private final List<Program> programs = new ArrayList<>();
  private final Map<String, String> facts = new TreeMap<>();
  private final SharedFile file;
  private final LabFaults faults;
  private @Nullable ProcessId owner;

  private LabState(String lab, Path directory) {
    this.lab = lab;
    this.directory = directory;
    this.file = new SharedFile(directory.resolve("state.json"));
    this.faults = new LabFaults(directory);
  }

  /// The directory of a lab: its state, sockets and configuration.
  public static Path directoryOf(String lab) {
    if (!lab.matches("[a-z0-9][a-z0-9-]{0,20}")) {
      throw new LabException(
          "lab name: '" + lab + "' (expected: a-z 0-9 -, at most 21 characters)");
    }
    return root().resolve(lab);
  }

  private static Path root() {
    return Path.of("/run/donut/lab");
  }

  /// The names of the labs that have a state file.
  public static List<String> names() {
    if (!Files.isDirectory(root())) {
      return List.of();
    }
    try (Stream<Path> labs = Files.list(root())) {
      return labs.filter(lab -> Files.exists(lab.resolve("state.json")))
          .map(lab -> lab.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The state on disk; empty when there is no such lab.
  public static Optional<LabState> read(String lab) {
    LabState state = new LabState(lab, directoryOf(lab));
    Optional<JsonNode> json = state.file.read();
    json.ifPresent(state::load);
    return json.map(_ -> state);
  }

  /// Takes what is on disk now; without a file what was known stays.
  private void load() {
    file.read().ifPresent(this::load);
  }

  private void load(JsonNode json) {
    owner = process(json.path("owner"));
    namespaces.clear();
    json.path("namespaces").forEach(name -> namespaces.add(name.asText()));
    programs.clear();
    json.path("processes").forEach(program -> programs.add(program(program)));
    facts.clear();
    json.path("facts")
        .properties()
        .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
  }

  /// Takes a lab's name for this process. What a killed owner left is removed; a living one is a
  /// LabException that says what to do.
  public static LabState claim(String lab) {
    Optional<LabState> before = read(lab);
    if (before.isPresent()) {
      ProcessId holder = before.get().owner;
      if (holder != null && holder.isAlive() && holder.pid() != ProcessHandle.current().pid()) {
        throw new LabException(
            "lab '"
                + lab
                + "' is running (process "
                + holder.pid()
                + "): end it with: donut lab down --name "
                + lab);
      }
      before.get().remove();
    }
    LabState state = new LabState(lab, directoryOf(lab));
    try {
      Files.createDirectories(state.directory);
    } catch (IOException e) {
      throw new LabException(state.directory + ": " + e.getMessage(), e);
    }
    state.change(() -> state.owner = ProcessId.self("lab"));
    return state;
  }

  private static ProcessId process(JsonNode json) {
    return new ProcessId(
        json.path("name").asText(), json.path("pid").asLong(), json.path("start").asLong());
  }

  private static Program program(JsonNode json) {
    List<String> command = new ArrayList<>();
    json.path("command").forEach(word -> command.add(word.asText()));
    Map<String, String> environment = new TreeMap<>();
    json.path("environment")
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asText()));
    return new Program(
        process(json),
        new Namespace(json.path("namespace").asText()),
        ProcessPriority.valueOf(json.path("rank").asText(ProcessPriority.FRONT.name())),
        command,
        environment,
        Path.of(json.path("log").asText()),
        json.path("killed").asBoolean());
  }

  public String lab() {
    return lab;
  }

  public Path directory() {
    return directory;
  }

  /// The process that holds the lab up.
  public Optional<ProcessId> owner() {
    return Optional.ofNullable(owner);
  }

  public List<ProcessId> processes() {
    return programs().stream().map(Program::id).toList();
  }

  List<Program> programs() {
    load();
    return List.copyOf(programs);
  }

  /// Throws IllegalArgumentException naming those that are when there is none of that name.
  Program program(String name) {
    List<Program> all = programs();
    return all.stream()
        .filter(program -> program.id().name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "process: '"
                    + name
                    + "' (expected one of: "
                    + all.stream().map(program -> program.id().name()).toList()
                    + ")"));
  }

  /// Ends a program as `kill -9` does, and waits for its end.
  public void kill(String name) {
    program(name).kill(this);
  }

  /// Starts a program again that has ended, as it was started before. Throws LabException when it
  /// runs.
  public void again(String name) {
    Program program = program(name);
    if (program.isAlive()) {
      throw new LabException(name + " runs already (process " + program.id().pid() + ")");
    }
    program.again(this);
  }

  /// What is cut in the lab.
  public LabFaults faults() {
    return faults;
  }

  /// The processes that ended without being asked to; killed ones and those of killed nodes were.
  public List<ProcessId> dead() {
    List<Namespace> killed = namespacesOf(Cut.OfNode.NODE_KILL);
    return programs().stream()
        .filter(program -> !program.isAlive())
        .filter(program -> !program.killed() && !killed.contains(program.namespace()))
        .map(Program::id)
        .toList();
  }

  private List<Namespace> namespacesOf(Cut.OfNode how) {
    return faults.cuts().entrySet().stream()
        .filter(cut -> cut.getValue() == how)
        .map(cut -> new Namespace(LabNetwork.nameOf(lab, cut.getKey())))
        .toList();
  }

  /// Notes namespaces that are about to be made.
  public void willMake(List<String> names) {
    change(() -> namespaces.addAll(names));
  }

  /// Notes a program, in the place of an earlier one of its name.
  void note(Program program) {
    change(() -> {
      programs.removeIf(earlier -> earlier.id().name().equals(program.id().name()));
      programs.add(program);
    });
  }

  public void ended(ProcessId process) {
    change(() -> programs.removeIf(program -> program.id().equals(process)));
  }

  /// Notes something for other commands to read, such as where the controller's socket is.
  public void fact(String key, String value) {
    change(() -> facts.put(key, value));
  }

  public String fact(String key) {
    return facts.getOrDefault(key, "");
  }

  private void change(Runnable change) {
    file.locked(() -> {
      load();
      change.run();
      write();
    });
  }

  private void write() {
    ObjectNode json = JSON.createObjectNode();
    json.put("lab", lab);
    if (owner != null) {
      put(json.putObject("owner"), owner);
    }
    ArrayNode names = json.putArray("namespaces");
    namespaces.forEach(names::add);
    ArrayNode running = json.putArray("processes");
    programs.forEach(program -> put(running.addObject(), program));
    ObjectNode noted = json.putObject("facts");
    facts.forEach(noted::put);
    file.replace(json);
  }

  private static void put(ObjectNode json, Program program) {
    put(json, program.id());
    json.put("namespace", program.namespace().name());
    json.put("rank", program.rank().name());
    program.command().forEach(json.putArray("command")::add);
    program.environment().forEach(json.putObject("environment")::put);
    json.put("log", program.log().toString());
    json.put("killed", program.killed());
  }

  private static void put(ObjectNode json, ProcessId process) {
    json.put("name", process.name()).put("pid", process.pid()).put("start", process.start());
  }

  /// Ends every process, deletes every namespace and at last the directory. What is already gone is
  /// fine.
  public void remove() {
    Pause.undisturbed(() -> {
      endProcesses();
      programs.clear();
      namespaces.forEach(namespace -> new Namespace(namespace).delete());
      DirectoryTree.delete(directory);
    });
  }

  /// Ends every program, the youngest first, and then what else is in the namespaces, such as what
  /// programs have started. Frozen nodes run on before, so that theirs can end in order.
  void endProcesses() {
    namespacesOf(Cut.OfNode.NODE_FREEZE).forEach(namespace -> namespace.signal("CONT"));
    List<ProcessId> all = processes().reversed();
    ProcessId.terminate(all);
    ProcessId.terminate(others());
    if (file.read().isPresent()) {
      change(() -> programs.removeIf(program -> all.contains(program.id())));
    }
  }

  private List<ProcessId> others() {
    long self = ProcessHandle.current().pid();
    return namespaces.stream()
        .flatMap(name -> new Namespace(name).processes().stream())
        .filter(pid -> pid != self)
        .flatMap(pid -> ProcessId.of("inside", pid).stream())
        .toList();
  }
}
