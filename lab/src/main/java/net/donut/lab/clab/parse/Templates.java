package net.donut.lab.clab.parse;

import java.nio.file.Path;
import net.donut.lab.clab.model.Place;
import net.donut.lab.clab.model.Problems;
import org.jspecify.annotations.Nullable;

/// Topology files that are templates of Go's text/template are refused by line: what they would
/// become is written by the program that made them.
final class Templates {
  private Templates() {}

  /// The text as it stands; null, and a problem, when it is a template.
  static @Nullable String render(Path file, String text, Problems problems) {
    String name = file.getFileName().toString();
    int line = 0;
    boolean template = false;
    for (String each : text.split("\n", -1)) {
      line++;
      String code = each.strip().startsWith("#") ? "" : each;
      if (code.contains("{{")) {
        template = true;
        problems.error(
            new Place(name, line),
            "'"
                + code.strip()
                + "' is a template (expected: a plain file; render it first, such as"
                + " with gomplate, and deploy what comes out)");
      }
    }
    return template ? null : text;
  }
}
