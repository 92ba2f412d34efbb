package net.donut.lab.clab.parse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.model.TopologyProblems;
import net.donut.model.NearestWord;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Values of expected forms out of a file; what has another form is a problem and is left out.
/// Owned by the thread that reads the file.
///
/// @param runtime which it is read for
record LabValueReader(Path file, RuntimeKind runtime, TopologyProblems problems) {

  void error(FilePlace place, String what, String found, String expected) {
    problems.error(place, what + ": " + found + " (expected: " + expected + ")");
  }

  /// What is there and does nothing, with the reason.
  void noEffect(FilePlace place, String what, String reason) {
    problems.warning(place, what + ": has no effect" + reason);
  }

  /// A path as the file means it.
  Path resolve(String text) {
    Path path =
        text.equals("~") || text.startsWith("~/")
            ? Path.of(System.getProperty("user.home") + text.substring(1))
            : Path.of(text);
    return file.toAbsolutePath().resolveSibling(path).normalize();
  }

  /// A mapping with fixed keys. Null when it is something else; nothing at all is an empty mapping.
  Yaml.@Nullable Section section(String what, Yaml value, Set<String> known) {
    Yaml.Section section = names(what, value);
    if (section == null) {
      return null;
    }
    Map<String, Yaml.Entry> kept = new LinkedHashMap<>();
    section
        .entries()
        .forEach((key, entry) -> {
          if (known.contains(key)) {
            kept.put(key, entry);
          } else {
            problems.error(
                entry.place(),
                what
                    + ": unknown key '"
                    + key
                    + "' (expected: "
                    + NearestWord.hint(key, known)
                    + ")");
          }
        });
    return new Yaml.Section(kept, section.place());
  }

  /// A mapping with keys of the author's choice.
  Yaml.@Nullable Section names(String what, Yaml value) {
    return switch (value) {
      case Yaml.Section section -> section;
      case Yaml.Nothing nothing -> new Yaml.Section(Map.of(), nothing.place());
      case Yaml.Scalar _, Yaml.Items _ -> {
        error(value.place(), what, value.found(), "a mapping");
        yield null;
      }
    };
  }

  /// A text; empty, and a problem, when it is something else.
  String text(String what, Yaml value) {
    return switch (value) {
      case Yaml.Scalar scalar -> scalar.text();
      case Yaml.Nothing _ -> "";
      case Yaml.Section _, Yaml.Items _ -> {
        error(value.place(), what, value.found(), "a text");
        yield "";
      }
    };
  }

  String text(String what, Yaml.Section section, String key) {
    Yaml.Entry entry = section.entries().get(key);
    return entry == null ? "" : text(what + "." + key, entry.value());
  }

  /// A whole number in a range, else `absent`.
  int number(String what, Yaml value, int least, int most, int absent) {
    if (value instanceof Yaml.Nothing) {
      return absent;
    }
    if (value instanceof Yaml.Scalar scalar) {
      try {
        int number = Integer.parseInt(scalar.text());
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Reported below, with everything else that is not a number of the range.
        error(value.place(), what, value.found(), least + ".." + most);
        return absent;
      }
    }
    error(value.place(), what, value.found(), least + ".." + most);
    return absent;
  }

  int number(String what, Yaml.Section section, String key, int least, int most, int absent) {
    Yaml.Entry entry = section.entries().get(key);
    return entry == null ? absent : number(what + "." + key, entry.value(), least, most, absent);
  }

  void requireSwitch(String what, Yaml value) {
    if (!(value instanceof Yaml.Scalar scalar && scalar.tag().equals(Tag.BOOL))) {
      error(value.place(), what, value.found(), "true or false");
    }
  }

  /// A list of texts, with the lines they stand on.
  List<Yaml.Scalar> texts(String what, Yaml value) {
    List<Yaml.Scalar> texts = new ArrayList<>();
    switch (value) {
      case Yaml.Items items ->
          items
              .items()
              .forEach(item -> {
                if (item instanceof Yaml.Scalar scalar) {
                  texts.add(scalar);
                } else {
                  error(item.place(), what, item.found(), "a text");
                }
              });
      case Yaml.Nothing _ -> {}
      case Yaml.Scalar _, Yaml.Section _ ->
          error(value.place(), what, value.found(), "a list of texts");
    }
    return texts;
  }

  List<String> plainTexts(String what, Yaml.Section section, String key) {
    Yaml.Entry entry = section.entries().get(key);
    return entry == null
        ? List.of()
        : texts(what + "." + key, entry.value()).stream().map(Yaml.Scalar::text).toList();
  }

  /// A mapping of texts to texts.
  Map<String, String> map(String what, Yaml value) {
    Map<String, String> map = new LinkedHashMap<>();
    Yaml.Section section = names(what, value);
    if (section != null) {
      section
          .entries()
          .forEach((key, entry) -> map.put(key, text(what + "." + key, entry.value())));
    }
    return map;
  }
}
