package net.donut.lab.clab.parse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.TopologyProblems;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A value of a YAML file that knows its line.
sealed interface Yaml {
  FilePlace place();

  /// What stands there, for messages.
  String found();

  /// The value as plain maps, lists, texts, numbers and booleans.
  @Nullable Object plain();

  /// `null`, `~` or nothing.
  record Nothing(FilePlace place) implements Yaml {
    @Override
    public String found() {
      return "nothing";
    }

    @Override
    public @Nullable Object plain() {
      return null;
    }
  }

  /// A text, number or boolean, as written.
  record Scalar(String text, Tag tag, FilePlace place) implements Yaml {
    @Override
    public String found() {
      return "'" + text + "'";
    }

    @Override
    public Object plain() {
      if (tag.equals(Tag.BOOL)) {
        return Boolean.valueOf(text);
      }
      try {
        return tag.equals(Tag.INT)
            ? (Object) Long.valueOf(text)
            : tag.equals(Tag.FLOAT) ? (Object) Double.valueOf(text) : text;
      } catch (NumberFormatException e) {
        // A number in a notation of YAML's own, such as 0x1f, stays as it is written.
        return text;
      }
    }
  }

  /// A list.
  record Items(List<Yaml> items, FilePlace place) implements Yaml {
    @Override
    public String found() {
      return "a list";
    }

    @Override
    public Object plain() {
      List<@Nullable Object> values = new ArrayList<>();
      items.forEach(item -> values.add(item.plain()));
      return Collections.unmodifiableList(values);
    }
  }

  /// A mapping, in the order of the file.
  record Section(Map<String, Entry> entries, FilePlace place) implements Yaml {
    @Override
    public String found() {
      return "a mapping";
    }

    @Override
    public Map<String, @Nullable Object> plain() {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      entries.forEach((key, entry) -> values.put(key, entry.value().plain()));
      return Collections.unmodifiableMap(values);
    }

    /// [#plain] of the keys that have a value.
    Map<String, Object> values() {
      Map<String, Object> values = new LinkedHashMap<>();
      entries.forEach((key, entry) -> {
        Object plain = entry.value().plain();
        if (plain != null) {
          values.put(key, plain);
        }
      });
      return values;
    }
  }

  /// A key with its value.
  record Entry(FilePlace place, Yaml value) {}

  /// Reads one document. Null, and a problem, when it is not YAML.
  static @Nullable Yaml read(String file, String text, TopologyProblems problems) {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(file).build();
      return new Compose(settings)
          .composeString(text)
          .map(node -> bounded(file, node, problems))
          .orElseGet(() -> new Nothing(new FilePlace(file, 1)));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      problems.error(new FilePlace(file, line), "not YAML: " + e.getProblem());
      return null;
    } catch (RuntimeException | StackOverflowError e) {
      // The parser has more to throw than its own exceptions, and knows no deepest level.
      problems.error(new FilePlace(file, 1), "not YAML: " + String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static Yaml bounded(String file, Node document, TopologyProblems problems) {
    Expansion.require(document);
    return of(file, document, problems);
  }

  private static Yaml of(String file, Node node, TopologyProblems problems) {
    FilePlace place = placeOf(file, node);
    return switch (node) {
      case ScalarNode scalar ->
          scalar.getTag().equals(Tag.NULL)
              ? new Nothing(place)
              : new Scalar(scalar.getValue(), scalar.getTag(), place);
      case SequenceNode sequence ->
          new Items(
              sequence.getValue().stream().map(item -> of(file, item, problems)).toList(), place);
      case MappingNode mapping -> section(file, mapping, place, problems);
      default -> new Nothing(place);
    };
  }

  private static FilePlace placeOf(String file, Node node) {
    return new FilePlace(file, node.getStartMark().map(Mark::getLine).orElse(0) + 1);
  }

  private static Section section(
      String file, MappingNode node, FilePlace place, TopologyProblems problems) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, Entry> merged = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      FilePlace keyPlace = placeOf(file, tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.error(keyPlace, "key: not a text (expected: a text)");
        continue;
      }
      Yaml value = of(file, tuple.getValueNode(), problems);
      if (key.getValue().equals("<<")) {
        merge(value, merged);
        continue;
      }
      Entry first = entries.putIfAbsent(key.getValue(), new Entry(keyPlace, value));
      if (first != null) {
        problems.error(
            keyPlace,
            "%s: given again (expected: once; first on line %d)"
                .formatted(key.getValue(), first.place().line()));
      }
    }
    merged.forEach(entries::putIfAbsent);
    return new Section(entries, place);
  }

  /// The merge key `<<`: what an anchor holds, behind what the mapping itself says.
  private static void merge(Yaml value, Map<String, Entry> into) {
    switch (value) {
      case Section section -> section.entries().forEach(into::putIfAbsent);
      case Items items -> items.items().forEach(item -> merge(item, into));
      case Scalar _, Nothing _ -> {}
    }
  }
}
