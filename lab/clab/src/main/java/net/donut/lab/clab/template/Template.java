package net.donut.lab.clab.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A template of Go's text/template, ready to be rendered any number of times.
///
/// It knows fields, variables, `if`, `range`, `with`, `define`, `template` and `block`, `break` and
/// `continue`, comments, trimmed space, pipelines, literals and the functions of [Functions]. What
/// it does not know it refuses by its name. What goes on without end is stopped.
public final class Template {
  /// A file with templates.
  ///
  /// @param name for messages, and of the template that the file is
  public record Source(String name, String text) {}

  private final List<TemplatePart> parts;
  private final Map<String, List<TemplatePart>> templates;

  private Template(List<TemplatePart> parts, Map<String, List<TemplatePart>> templates) {
    this.parts = parts;
    this.templates = templates;
  }

  /// Reads a template and others that it can call. Throws TemplateException where one of them is
  /// none.
  public static Template of(Source main, List<Source> others) {
    Map<String, List<TemplatePart>> templates = new HashMap<>();
    Parser.Read read = Parser.read(main.name(), main.text());
    templates.put(main.name(), read.parts());
    templates.putAll(read.defined());
    for (Source other : others) {
      Parser.Read more = Parser.read(other.name(), other.text());
      templates.put(other.name(), more.parts());
      templates.putAll(more.defined());
    }
    return new Template(read.parts(), Map.copyOf(templates));
  }

  /// Whether a text would be anything but itself.
  public static boolean isOne(String text) {
    return text.contains("{{");
  }

  /// The text for some data: null, `Boolean`, `Long`, `Double`, `String`, and `List` and `Map` of
  /// these. Throws TemplateException where the template fails for it.
  public String render(@Nullable Object data) {
    return Rendering.of(parts, templates, data);
  }
}
