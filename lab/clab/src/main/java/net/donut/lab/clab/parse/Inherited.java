package net.donut.lab.clab.parse;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.lab.clab.model.FilePlace;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Tag;

/// The fields of a node after inheritance: node before group before kind before defaults.
final class Inherited {
  private final LabValueReader reading;
  private final Map<NodeField, Yaml> values = new EnumMap<>(NodeField.class);
  private final FilePlace place;

  /// @param counting the fields that have an effect on the node; others are as if not there
  /// @param levels the defaults first, the node last
  Inherited(
      LabValueReader reading, FilePlace place, Set<NodeField> counting, List<Yaml.Section> levels) {
    this.reading = reading;
    this.place = place;
    for (Yaml.Section level : levels) {
      level
          .entries()
          .forEach((key, entry) ->
              NodeField.of(key)
                  .filter(counting::contains)
                  .ifPresent(field -> {
                    if (!(entry.value() instanceof Yaml.Nothing)) {
                      values.merge(
                          field, entry.value(), (less, more) -> combine(field, less, more));
                    }
                  }));
    }
  }

  private static Yaml combine(NodeField field, Yaml less, Yaml more) {
    return switch (field.form()) {
      case TEXT, NUMBER, SWITCH, TREE, ANY, FIRST_LIST -> more;
      case LIST -> joined(less, more);
      case MAP -> mergedMaps(less, more);
      case BINDS -> mergedBinds(less, more);
    };
  }

  private static Yaml joined(Yaml less, Yaml more) {
    if (!(less instanceof Yaml.Items first && more instanceof Yaml.Items second)) {
      return more;
    }
    List<Yaml> all = new ArrayList<>(first.items());
    all.addAll(second.items());
    return new Yaml.Items(all, more.place());
  }

  private static Yaml mergedMaps(Yaml less, Yaml more) {
    if (!(less instanceof Yaml.Section first && more instanceof Yaml.Section second)) {
      return more;
    }
    Map<String, Yaml.Entry> all = new LinkedHashMap<>(first.entries());
    all.putAll(second.entries());
    return new Yaml.Section(all, more.place());
  }

  private static Yaml mergedBinds(Yaml less, Yaml more) {
    if (!(less instanceof Yaml.Items first && more instanceof Yaml.Items second)) {
      return more;
    }
    Map<String, Yaml> byDestination = new LinkedHashMap<>();
    for (Yaml.Items level : List.of(first, second)) {
      level.items().forEach(item -> byDestination.put(destination(item), item));
    }
    return new Yaml.Items(List.copyOf(byDestination.values()), more.place());
  }

  private static String destination(Yaml bind) {
    String[] parts = bind instanceof Yaml.Scalar scalar ? scalar.text().split(":") : new String[0];
    return parts.length > 1 ? parts[1] : bind.toString();
  }

  /// Checks the form of every field of one level, once.
  static void check(LabValueReader reading, String what, Yaml.Section level) {
    level
        .entries()
        .forEach((key, entry) ->
            NodeField.of(key).ifPresent(field -> check(reading, what + "." + key, field, entry)));
  }

  private static void check(
      LabValueReader reading, String what, NodeField field, Yaml.Entry entry) {
    Yaml value = entry.value();
    if (value instanceof Yaml.Nothing) {
      return;
    }
    switch (field.form()) {
      case TEXT -> reading.text(what, value);
      case NUMBER -> reading.number(what, value, 0, 86400, 0);
      case SWITCH -> reading.requireSwitch(what, value);
      case LIST, FIRST_LIST, BINDS -> reading.texts(what, value);
      case MAP -> reading.map(what, value);
      case TREE -> reading.names(what, value);
      case ANY -> {}
    }
  }

  @Nullable Yaml value(NodeField field) {
    return values.get(field);
  }

  /// Of the node.
  FilePlace place() {
    return place;
  }

  FilePlace place(NodeField field) {
    Yaml value = values.get(field);
    return value == null ? place : value.place();
  }

  String text(NodeField field) {
    return values.get(field) instanceof Yaml.Scalar scalar ? scalar.text() : "";
  }

  int number(NodeField field) {
    return values.get(field) instanceof Yaml.Scalar scalar && scalar.text().matches("[0-9]{1,6}")
        ? Integer.parseInt(scalar.text())
        : 0;
  }

  /// A list without repetitions.
  List<Yaml.Scalar> scalars(NodeField field) {
    Map<String, Yaml.Scalar> byText = new LinkedHashMap<>();
    if (values.get(field) instanceof Yaml.Items items) {
      for (Yaml item : items.items()) {
        if (item instanceof Yaml.Scalar scalar) {
          byText.putIfAbsent(scalar.text(), scalar);
        }
      }
    }
    return List.copyOf(byText.values());
  }

  List<String> texts(NodeField field) {
    return scalars(field).stream().map(Yaml.Scalar::text).toList();
  }

  Map<String, String> map(NodeField field) {
    Map<String, String> map = new LinkedHashMap<>();
    if (values.get(field) instanceof Yaml.Section section) {
      section
          .entries()
          .forEach((key, entry) ->
              map.put(
                  key,
                  entry.value() instanceof Yaml.Scalar scalar
                      ? scalar.tag().equals(Tag.NULL) ? "" : scalar.text()
                      : ""));
    }
    return map;
  }

  /// A tree; an empty one when it is not given.
  Yaml.Section tree(NodeField field) {
    return values.get(field) instanceof Yaml.Section section
        ? section
        : new Yaml.Section(Map.of(), place);
  }

  LabValueReader reading() {
    return reading;
  }
}
