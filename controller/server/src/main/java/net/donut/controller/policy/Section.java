package net.donut.controller.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.model.NearestWord;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A mapping of the file: its entries by key, with a problem for each key that is repeated, is not
/// text, or is not known.
final class Section {

  /// What parses the text of a scalar; throws IllegalArgumentException saying what is expected.
  interface Parser<T> {
    T parse(String text);
  }

  /// A key with its value; `path` is how messages name it.
  record Entry(String path, String key, PolicyPlace keyPlace, Node value) {
    PolicyPlace place() {
      return PolicyPlace.of(value);
    }

    boolean isEmpty() {
      return value instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    boolean isMapping() {
      return value instanceof MappingNode;
    }

    /// The text as written, or what kind of thing stands there.
    String found() {
      if (isEmpty()) {
        return "nothing";
      }
      boolean secret = key.equals("md5") && value instanceof ScalarNode;
      return secret ? "a key" : kind(value);
    }
  }

  private final String path;
  private final PolicyPlace place;
  private final PolicyProblems problems;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private Section(String path, PolicyPlace place, PolicyProblems problems) {
    this.path = path;
    this.place = place;
    this.problems = problems;
  }

  /// A mapping whose keys are names chosen by the operator.
  static Section ofNames(String path, PolicyPlace place, Node node, PolicyProblems problems) {
    Section section = new Section(path, place, problems);
    section.fill(node);
    return section;
  }

  /// A mapping whose keys are fixed.
  static Section ofKeys(
      String path, PolicyPlace place, Node node, PolicyProblems problems, List<String> known) {
    return ofKeys(path, place, node, problems, known, Map.of());
  }

  /// With keys that are not known, but that operators look for, and what to tell them.
  private static Section ofKeys(
      String path,
      PolicyPlace place,
      Node node,
      PolicyProblems problems,
      List<String> known,
      Map<String, String> notYet) {
    Section section = ofNames(path, place, node, problems);
    for (Entry entry : List.copyOf(section.entries.values())) {
      if (!known.contains(entry.key())) {
        String explanation = notYet.get(entry.key());
        problems.error(
            entry.keyPlace(),
            explanation == null
                ? section.unknownKey(entry.key(), known)
                : entry.path() + ": " + explanation);
        section.entries.remove(entry.key());
      }
    }
    return section;
  }

  private void fill(Node node) {
    if (!(node instanceof MappingNode mapping)) {
      problems.error(PolicyPlace.of(node), name() + ": " + kind(node) + " (expected: a mapping)");
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      PolicyPlace keyPlace = PolicyPlace.of(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key) || key.getValue().isEmpty()) {
        problems.error(
            keyPlace, name() + ": key: " + kind(tuple.getKeyNode()) + " (expected: a text)");
        continue;
      }
      Entry entry =
          new Entry(child(key.getValue()), key.getValue(), keyPlace, tuple.getValueNode());
      Entry first = entries.putIfAbsent(entry.key(), entry);
      if (first != null) {
        problems.error(
            keyPlace,
            "%s: given again (expected: once; first on line %d)"
                .formatted(entry.path(), first.keyPlace().line()));
      }
    }
  }

  private String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String name() {
    return path.isEmpty() ? "policy" : path;
  }

  private String unknownKey(String key, List<String> known) {
    String nearest = NearestWord.of(key, known);
    return "%s: unknown key (expected: %s)"
        .formatted(
            child(key), nearest != null ? nearest + "?" : "one of " + String.join(", ", known));
  }

  String path() {
    return path;
  }

  PolicyPlace place() {
    return place;
  }

  List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  @Nullable Entry entry(String key) {
    return entries.get(key);
  }

  /// The entry of a key that must be there, else null and a problem.
  @Nullable Entry required(String key, String expected) {
    Entry entry = entries.get(key);
    if (entry == null) {
      problems.error(place, child(key) + ": missing (expected: " + expected + ")");
    }
    return entry;
  }

  /// A required scalar, or null when it is missing or wrong.
  <T> @Nullable T value(String key, String expected, Parser<T> parser) {
    Entry entry = required(key, expected);
    return entry == null ? null : parse(entry, expected, parser);
  }

  /// An optional scalar.
  <T> T valueOr(String key, String expected, T absent, Parser<T> parser) {
    Entry entry = entries.get(key);
    T value = entry == null ? null : parse(entry, expected, parser);
    return value == null ? absent : value;
  }

  /// An optional scalar without a default.
  <T> @Nullable T optional(String key, String expected, Parser<T> parser) {
    Entry entry = entries.get(key);
    return entry == null ? null : parse(entry, expected, parser);
  }

  <T> @Nullable T parse(Entry entry, String expected, Parser<T> parser) {
    if (!(entry.value() instanceof ScalarNode scalar) || entry.isEmpty()) {
      problems.error(
          entry.place(), entry.path() + ": " + entry.found() + " (expected: " + expected + ")");
      return null;
    }
    try {
      return parser.parse(scalar.getValue());
    } catch (IllegalArgumentException e) {
      problems.error(
          entry.place(),
          entry.path() + ": " + entry.found() + " (expected: " + e.getMessage() + ")");
      return null;
    }
  }

  /// A nested mapping with fixed keys.
  Section keys(Entry entry, List<String> known) {
    return ofKeys(entry.path(), entry.keyPlace(), entry.value(), problems, known);
  }

  /// The same, with an explanation for keys that are not there yet.
  Section keys(Entry entry, List<String> known, Map<String, String> notYet) {
    return ofKeys(entry.path(), entry.keyPlace(), entry.value(), problems, known, notYet);
  }

  /// The items of a list, as entries named by their position from 1.
  List<Entry> items(Entry entry, String expected) {
    if (!(entry.value() instanceof SequenceNode sequence)) {
      problems.error(
          entry.place(), entry.path() + ": " + entry.found() + " (expected: " + expected + ")");
      return List.of();
    }
    List<Entry> items = new ArrayList<>();
    for (Node node : sequence.getValue()) {
      int number = items.size() + 1;
      String itemPath = entry.path() + "[" + number + "]";
      items.add(new Entry(itemPath, Integer.toString(number), PolicyPlace.of(node), node));
    }
    return items;
  }

  static String kind(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getTag().equals(Tag.NULL) ? "nothing" : "'" + scalar.getValue() + "'";
    }
    return node instanceof SequenceNode ? "a list" : "a mapping";
  }

  /// Where things that must be unique were used first.
  static final class Claims<K> {
    private final Map<K, PolicyPlace> first = new HashMap<>();

    /// The first place that claimed `key`, or null when this is it.
    @Nullable PolicyPlace claim(K key, PolicyPlace place) {
      return first.putIfAbsent(key, place);
    }
  }
}
