package net.donut.lab.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// What is cut and what is impaired in a lab, in its `faults.json`: written before it is made,
/// struck out when it is undone, so that any process that knows the lab's directory can undo it.
/// Owned by the thread that made it.
public final class LabFaults {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CUTS = "cuts";
  private static final String IMPAIRMENTS = "impairments";
  private static final String MEANS = "means";

  private final SharedFile file;

  /// @param directory of the lab's state
  public LabFaults(Path directory) {
    file = new SharedFile(directory.resolve("faults.json"));
  }

  /// What is cut now, by the name of the link or node, the oldest first.
  public Map<String, Cut> cuts() {
    return read(CUTS, CutJson::read);
  }

  /// What is impaired now, by the name of the link, the oldest first.
  public Map<String, Emulation> emulations() {
    return read(IMPAIRMENTS, LabFaults::emulation);
  }

  private <T> Map<String, T> read(String key, Function<JsonNode, T> value) {
    Map<String, T> all = new LinkedHashMap<>();
    file.read()
        .ifPresent(json ->
            json.path(key)
                .properties()
                .forEach(entry -> all.put(entry.getKey(), value.apply(entry.getValue()))));
    return Collections.unmodifiableMap(all);
  }

  private static Emulation emulation(JsonNode json) {
    Map<ImpairmentKind, String> texts = new EnumMap<>(ImpairmentKind.class);
    for (ImpairmentKind measure : ImpairmentKind.values()) {
      if (json.has(measure.word())) {
        texts.put(measure, json.path(measure.word()).asText());
      }
    }
    Impairment asked = Impairment.of(texts);
    return json.path(MEANS).asText().equals(Emulation.Netem.MEANS)
        ? new Emulation.Netem(asked)
        : new Emulation.Parts(asked);
  }

  /// Adds the fields of an impairment: its measures, and by what means they are made.
  public static void put(ObjectNode json, Emulation emulation) {
    emulation.asked().texts().forEach((measure, text) -> json.put(measure.word(), text));
    json.put(MEANS, emulation.means());
  }

  /// Notes a cut of a link or node that is about to be made.
  void cut(String target, Cut how) {
    change(CUTS, cuts -> CutJson.put(cuts.putObject(target), how));
  }

  /// Strikes out a cut that was undone.
  void restored(String target) {
    change(CUTS, cuts -> cuts.remove(target));
  }

  /// Notes an impairment of a link that is about to be made.
  void impaired(String link, Emulation emulation) {
    change(IMPAIRMENTS, all -> put(all.putObject(link), emulation));
  }

  /// Strikes out an impairment that was undone.
  void whole(String link) {
    change(IMPAIRMENTS, all -> all.remove(link));
  }

  private void change(String key, Consumer<ObjectNode> change) {
    locked(() -> {
      ObjectNode json =
          file.read().map(JsonNode::<ObjectNode>deepCopy).orElseGet(JSON::createObjectNode);
      change.accept(json.withObjectProperty(key));
      file.replace(json);
    });
  }

  /// Does something that no other command on this lab comes between.
  void locked(Runnable work) {
    file.locked(work);
  }
}
