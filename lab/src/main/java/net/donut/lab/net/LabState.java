package net.donut.lab.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a lab has made, written down before it is made: `/run/donut/lab/NAME/state.json`.
///
/// Whoever finds the file of an owner that is no longer alive can end the processes and delete the
/// namespaces in it, and nothing else. Owned by the thread that runs the lab.
public final class LabState {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final String lab;
  private final Path directory;
  private final List<String> namespaces = new ArrayList<>();
  private final List<ProcessId> processes = new ArrayList<>();
  private final Map<String, String> facts = new TreeMap<>();
  private @Nullable ProcessId owner;

  private LabState(String lab, Path directory) {
    this.lab = lab;
    this.directory = directory;
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
    Path file = directoryOf(lab).resolve("state.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      LabState state = new LabState(lab, file.resolveSibling(""));
      state.owner = process(json.path("owner"));
      json.path("namespaces").forEach(name -> state.namespaces.add(name.asText()));
      json.path("processes").forEach(process -> state.processes.add(process(process)));
      json.path("facts")
          .properties()
          .forEach(fact -> state.facts.put(fact.getKey(), fact.getValue().asText()));
      return Optional.of(state);
    } catch (IOException e) {
      throw new LabException(file + ": " + e.getMessage(), e);
    }
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
    state.owner = ProcessId.self("lab");
    state.write();
    return state;
  }

  private static ProcessId process(JsonNode json) {
    return new ProcessId(
        json.path("name").asText(), json.path("pid").asLong(), json.path("start").asLong());
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
    return List.copyOf(processes);
  }

  /// Notes namespaces that are about to be made.
  public void willMake(List<String> names) {
    namespaces.addAll(names);
    write();
  }

  public void started(ProcessId process) {
    processes.add(process);
    write();
  }

  public void ended(ProcessId process) {
    processes.remove(process);
    write();
  }

  /// Notes something for other commands to read, such as the links that are cut.
  public void fact(String key, String value) {
    facts.put(key, value);
    write();
  }

  public String fact(String key) {
    return facts.getOrDefault(key, "");
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
    processes.forEach(process -> put(running.addObject(), process));
    ObjectNode noted = json.putObject("facts");
    facts.forEach(noted::put);
    try {
      Path next = directory.resolve("state.json.next");
      Files.writeString(next, json.toPrettyString() + "\n");
      Files.move(
          next,
          directory.resolve("state.json"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new LabException(directory + ": " + e.getMessage(), e);
    }
  }

  private static void put(ObjectNode json, ProcessId process) {
    json.put("name", process.name()).put("pid", process.pid()).put("start", process.start());
  }

  /// Ends every process, deletes every namespace and at last the directory. What is already gone is
  /// fine.
  public void remove() {
    terminate(processes.reversed());
    processes.clear();
    namespaces.forEach(namespace -> new Namespace(namespace).delete());
    deleteTree(directory);
  }

  /// Ends processes: TERM, and KILL after a grace.
  public static void terminate(List<ProcessId> processes) {
    signal(processes, ProcessHandle::destroy);
    long deadline = System.nanoTime() + GRACE.toNanos();
    while (processes.stream().anyMatch(ProcessId::isAlive) && System.nanoTime() < deadline) {
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
    signal(processes, ProcessHandle::destroyForcibly);
    deadline = System.nanoTime() + GRACE.toNanos();
    while (processes.stream().anyMatch(ProcessId::isAlive) && System.nanoTime() < deadline) {
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  private static void signal(
      List<ProcessId> processes, java.util.function.Consumer<ProcessHandle> send) {
    for (ProcessId process : processes) {
      if (process.isAlive()) {
        ProcessHandle.of(process.pid()).ifPresent(send);
      }
    }
  }

  /// Deletes a directory with what is in it, if it is there.
  public static void deleteTree(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new LabException(directory + ": " + e.getMessage(), e);
    }
  }
}
