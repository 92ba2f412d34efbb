package net.donut.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The modules as docs/ARCHITECTURE.md lists them, one item each: `` * `proto/wire`
/// (`net.donut.wire`): what it is. Uses model, netty-buffer. ``
///
/// @param directory below the root, such as `proto/wire`
/// @param packages that it owns, with what lies below each
/// @param uses short names of modules and libraries
record ModuleTable(String directory, List<String> packages, List<String> uses) {
  private static final Pattern ITEM =
      Pattern.compile("`(\\w+/\\w+)` \\(([^)]+)\\): .* Uses ([^.]+)[.]");

  /// Reads the section "Modules". Throws IllegalStateException at an item of another form.
  static List<ModuleTable> read(Path root) throws IOException {
    String text = Files.readString(root.resolve("docs/ARCHITECTURE.md"));
    String section = text.replaceFirst("(?s).*?\n## Modules\n", "").replaceFirst("(?s)\n## .*", "");
    List<String> items = new ArrayList<>();
    for (String line : section.lines().toList()) {
      if (line.startsWith("* `")) {
        items.add(line.substring(2));
      } else if (line.startsWith("  ") && !items.isEmpty()) {
        items.add(items.removeLast() + " " + line.strip());
      } else if (!items.isEmpty()) {
        break;
      }
    }
    return items.stream().map(ModuleTable::of).toList();
  }

  private static ModuleTable of(String item) {
    Matcher matcher = ITEM.matcher(item);
    if (!matcher.matches()) {
      throw new IllegalStateException(
          "docs/ARCHITECTURE.md, Modules: %s (expected: `DIR` (`PACKAGE`): TEXT. Uses A, B.)"
              .formatted(item));
    }
    return new ModuleTable(
        matcher.group(1), words(matcher.group(2).replace("`", "")), words(matcher.group(3)));
  }

  private static List<String> words(String list) {
    return Stream.of(list.split(",")).map(String::strip).toList();
  }

  Path classes(Path root) {
    return root.resolve(directory).resolve("target/classes");
  }

  /// `wire` for `proto/wire`; what lies in the lab keeps both words.
  String shortName() {
    return directory.startsWith("lab/")
        ? directory
        : directory.substring(directory.indexOf('/') + 1);
  }
}
