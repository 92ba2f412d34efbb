package net.donut.lab.net;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is cut in a lab, in its `faults.json`: written before a cut is made, struck out when it is
/// undone, so that any process that knows the lab's directory can restore it. Owned by the thread
/// that made it.
public final class Faults {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SharedFile file;

  /// @param directory of the lab's state
  public Faults(Path directory) {
    file = new SharedFile(directory.resolve("faults.json"));
  }

  /// What is cut now, by the name of the link or node, the oldest first.
  public Map<String, Cut> cuts() {
    Map<String, Cut> cuts = new LinkedHashMap<>();
    file.read()
        .ifPresent(json ->
            json.path("cuts")
                .properties()
                .forEach(cut -> cuts.put(cut.getKey(), CutJson.read(cut.getValue()))));
    return Collections.unmodifiableMap(cuts);
  }

  /// Notes a cut of a link or node that is about to be made.
  void cut(String target, Cut how) {
    locked(() -> {
      Map<String, Cut> cuts = new LinkedHashMap<>(cuts());
      cuts.put(target, how);
      write(cuts);
    });
  }

  /// Strikes out a cut that was undone.
  void restored(String target) {
    locked(() -> {
      Map<String, Cut> cuts = new LinkedHashMap<>(cuts());
      cuts.remove(target);
      write(cuts);
    });
  }

  private void write(Map<String, Cut> cuts) {
    ObjectNode json = JSON.createObjectNode();
    ObjectNode all = json.putObject("cuts");
    cuts.forEach((target, how) -> CutJson.put(all.putObject(target), how));
    file.replace(json);
  }

  /// Does something that no other command on this lab comes between.
  void locked(Runnable work) {
    file.locked(work);
  }
}
