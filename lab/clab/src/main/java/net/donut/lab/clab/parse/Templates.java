package net.donut.lab.clab.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.TopologyProblems;
import net.donut.lab.clab.template.Template;
import net.donut.lab.clab.template.TemplateException;
import net.donut.lab.net.LabException;
import org.jspecify.annotations.Nullable;

/// Topology files as templates of Go's text/template, with the files beside them that containerlab
/// looks for: variables in `NAME_vars.yml`, more templates in `clab_templates`.
record Templates(Path file, List<Path> given, TopologyProblems problems) {
  /// The text that a template became.
  ///
  /// @param label what messages about its lines call it
  record Rendered(String label, String text) {}

  /// Null, and a problem, when the template or its variables cannot be read or it fails.
  @Nullable Rendered render(String text) {
    String name = file.getFileName().toString();
    if (!Template.isOne(text) && given.isEmpty()) {
      return new Rendered(name, text);
    }
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    List<Path> files = given.isEmpty() ? variableFiles() : given;
    for (Path each : files) {
      Map<String, @Nullable Object> more = variables(each);
      if (more == null) {
        return null;
      }
      merge(variables, more);
    }
    try {
      Template template = Template.of(new Template.Source(name, text), others());
      String rendered = template.render(files.isEmpty() ? null : variables);
      return new Rendered(Template.isOne(text) ? name + " (rendered)" : name, rendered);
    } catch (TemplateException e) {
      problems.error(e.place(), e.reason());
      return null;
    }
  }

  /// Beside the file, by the alphabet: `lab.clab_vars.yml` and the like of `lab.clab.gotmpl`.
  private List<Path> variableFiles() {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String stem = (dot < 0 ? name : name.substring(0, dot)) + "_vars.";
    return beside(
        file.toAbsolutePath().resolveSibling(""),
        found -> found.startsWith(stem) && found.matches("(?s).*\\.(yaml|yml|json)"));
  }

  private List<Template.Source> others() {
    List<Template.Source> sources = new ArrayList<>();
    Path directory = file.toAbsolutePath().resolveSibling("clab_templates");
    for (Path other : beside(directory, found -> found.endsWith(".gotmpl"))) {
      try {
        sources.add(new Template.Source(other.getFileName().toString(), Files.readString(other)));
      } catch (IOException e) {
        throw LabException.of(other, e);
      }
    }
    return sources;
  }

  private static List<Path> beside(Path directory, Predicate<String> counts) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(path -> counts.test(path.getFileName().toString())).sorted().toList();
    } catch (IOException e) {
      throw LabException.of(directory, e);
    }
  }

  private @Nullable Map<String, @Nullable Object> variables(Path from) {
    String text;
    try {
      text = Files.readString(from);
    } catch (IOException e) {
      problems.error(
          new FilePlace(from.toString(), 1),
          String.valueOf(LabException.of(from, e).getMessage()) + " (expected: variables)");
      return null;
    }
    Yaml document = Yaml.read(from.getFileName().toString(), text, problems);
    return switch (document) {
      case null -> null;
      case Yaml.Nothing _ -> Map.of();
      case Yaml.Section section -> section.plain();
      case Yaml.Scalar _, Yaml.Items _ -> {
        problems.error(
            document.place(), "variables: " + document.found() + " (expected: a mapping)");
        yield null;
      }
    };
  }

  /// Mappings are merged at every level; of anything else the later counts.
  private static void merge(
      Map<String, @Nullable Object> into, Map<?, ? extends @Nullable Object> more) {
    more.forEach((key, value) -> {
      String name = String.valueOf(key);
      if (into.get(name) instanceof Map<?, ?> before && value instanceof Map<?, ?> mapping) {
        Map<String, @Nullable Object> both = new LinkedHashMap<>();
        merge(both, before);
        merge(both, mapping);
        into.put(name, both);
      } else {
        into.put(name, value);
      }
    });
  }
}
