package net.donut.lab.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.donut.lab.net.DirectoryTree;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.net.SharedFile;
import org.jspecify.annotations.Nullable;

/// A lab that a process holds up, in `/run/donut/lab/NAME/state.json`: which process that is, and
/// what commands beside it need to know. What is deployed of it is in the record of its deployment.
///
/// An instance is owned by the thread that made it.
public final class HeldLab {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String lab;
  private final Path directory;
  private final Map<String, String> facts = new TreeMap<>();
  private final SharedFile file;
  private @Nullable ProcessId owner;

  private HeldLab(String lab, Path directory) {
    this.lab = lab;
    this.directory = directory;
    this.file = new SharedFile(directory.resolve("state.json"));
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
  public static Optional<HeldLab> read(String lab) {
    HeldLab state = new HeldLab(lab, directoryOf(lab));
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
    facts.clear();
    json.path("facts")
        .properties()
        .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
  }

  /// Takes a lab's name for this process. What a killed owner noted is forgotten; a living one is a
  /// LabException that says what to do.
  public static HeldLab claim(String lab) {
    Optional<HeldLab> before = read(lab);
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
    HeldLab state = new HeldLab(lab, directoryOf(lab));
    try {
      Files.createDirectories(state.directory);
    } catch (IOException e) {
      throw LabException.of(state.directory, e);
    }
    state.change(() -> state.owner = ProcessId.self("lab"));
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
    ObjectNode noted = json.putObject("facts");
    facts.forEach(noted::put);
    file.replace(json);
  }

  private static void put(ObjectNode json, ProcessId process) {
    json.put("name", process.name()).put("pid", process.pid()).put("start", process.start());
  }

  /// Gives the lab's name away, with its directory. What is already gone is fine.
  public void remove() {
    Pause.undisturbed(() -> DirectoryTree.delete(directory));
  }
}
