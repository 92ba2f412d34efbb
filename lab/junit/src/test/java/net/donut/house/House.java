package net.donut.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The measurements of a checkout: how long its files and methods are, which type names are used
/// twice, what lacks javadoc, what is repeated, and how wide its Markdown is. `./donut house`
/// prints them; `HouseTest` holds them to what was measured when they were written down.
record House(List<SourceFile> main, List<SourceFile> tests, List<WideLine> wideMarkdown) {
  static final int MARKDOWN_COLUMNS = 120;
  static final int REPEATED_BLOCK = 6;

  /// A line of a Markdown file beyond the width, outside of tables and code.
  ///
  /// @param line counted from 1
  record WideLine(Path file, int line, int columns) {}

  /// The middle of some sizes, what nine of ten do not exceed, and the largest with its place.
  record Spread(int median, int p90, int largest, String where) {
    static <T> Spread of(List<T> things, ToIntFunction<T> size, ToPlace<T> place) {
      if (things.isEmpty()) {
        return new Spread(0, 0, 0, "nothing");
      }
      List<T> sorted = things.stream().sorted(Comparator.comparingInt(size)).toList();
      T largest = sorted.getLast();
      return new Spread(
          size.applyAsInt(sorted.get(sorted.size() / 2)),
          size.applyAsInt(sorted.get(sorted.size() * 9 / 10)),
          size.applyAsInt(largest),
          place.of(largest));
    }
  }

  /// Where something is, for people.
  interface ToPlace<T> {
    String of(T thing);
  }

  /// The checkout that the tests run in.
  static Path root() {
    return Path.of(System.getProperty("donut.root", "../..")).toAbsolutePath().normalize();
  }

  /// Reads every module below the four directories of the repository, and its documents.
  static House of(Path root) throws IOException {
    List<Path> main = new ArrayList<>();
    List<Path> tests = new ArrayList<>();
    List<Path> documents = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(file -> isSource(root.relativize(file)))
          .sorted()
          .forEach(file -> {
            String name = root.relativize(file).toString();
            if (name.endsWith(".md")) {
              documents.add(file);
            } else {
              (name.contains("/src/main/") ? main : tests).add(file);
            }
          });
    }
    List<WideLine> wide = new ArrayList<>();
    for (Path document : documents) {
      wide.addAll(wideLines(root, document));
    }
    return new House(SourceFile.parse(root, main), SourceFile.parse(root, tests), wide);
  }

  private static boolean isSource(Path file) {
    String name = file.toString();
    boolean made = name.matches("(build|[.]git)/.*") || name.contains("target/");
    return !made && (name.endsWith(".md") || (name.endsWith(".java") && name.contains("/src/")));
  }

  private static List<WideLine> wideLines(Path root, Path document) throws IOException {
    List<WideLine> wide = new ArrayList<>();
    List<String> lines = Files.readAllLines(document);
    boolean code = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.stripLeading().startsWith("```")) {
        code = !code;
      }
      boolean given = code || line.startsWith("    ");
      if (!given && line.length() > MARKDOWN_COLUMNS) {
        wide.add(new WideLine(root.relativize(document), i + 1, line.length()));
      }
    }
    return wide;
  }

  Spread files() {
    return Spread.of(main, SourceFile::lines, file -> file.path().toString());
  }

  Spread methods() {
    List<SourceFile.Method> all = main.stream().flatMap(file -> file.methods().stream()).toList();
    return Spread.of(all, SourceFile.Method::lines, SourceFile.Method::place);
  }

  /// Top-level types of main and test code whose name another one has too, with their files.
  Map<String, List<Path>> namesUsedTwice() {
    Map<String, List<Path>> byName =
        Stream.concat(main.stream(), tests.stream())
            .flatMap(
                file -> file.topLevelTypes().stream().map(type -> Map.entry(type, file.path())))
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getKey,
                    TreeMap::new,
                    Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    byName.values().removeIf(files -> files.size() == 1);
    return byName;
  }

  /// Nested types of main code that bear the name of a top-level type, as `Outer.Inner`.
  List<String> nestedNamesakes() {
    List<String> top =
        Stream.concat(main.stream(), tests.stream())
            .flatMap(file -> file.topLevelTypes().stream())
            .toList();
    return main.stream()
        .flatMap(file -> file.nestedTypes().stream())
        .filter(name -> top.contains(name.substring(name.lastIndexOf('.') + 1)))
        .sorted()
        .toList();
  }

  List<String> publicTypesWithoutJavadoc() {
    return main.stream().flatMap(file -> file.undocumented().stream()).sorted().toList();
  }

  /// Lines of main code that lie in a block of six that occurs a second time, of a thousand.
  int repeatedPerThousand() {
    long all = main.stream().mapToLong(file -> file.code().size()).sum();
    return (int) Math.round(1000.0 * RepeatedLines.count(main, REPEATED_BLOCK) / all);
  }

  private String report() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%,d main files, %,d lines; %,d test files, %,d lines%n"
            .formatted(main.size(), lines(main), tests.size(), lines(tests)));
    text.append("%-34s %7s %5s %8s  %s%n".formatted("", "median", "p90", "largest", "where"));
    row(text, "lines of a file", files());
    row(text, "lines of a method", methods());
    text.append("%-34s %7d%n".formatted("type names used twice", namesUsedTwice().size()));
    namesUsedTwice().forEach((name, files) -> text.append("  %s: %s%n".formatted(name, files)));
    text.append("%-34s %7d%n".formatted("nested types named as another", nestedNamesakes().size()));
    nestedNamesakes().forEach(name -> text.append("  %s%n".formatted(name)));
    List<String> undocumented = publicTypesWithoutJavadoc();
    text.append("%-34s %7d%n".formatted("public types without javadoc", undocumented.size()));
    undocumented.forEach(name -> text.append("  %s%n".formatted(name)));
    text.append("%-34s %7d%n".formatted("repeated lines of 1,000", repeatedPerThousand()));
    text.append(
        "%-34s %7d%n".formatted("Markdown wider than " + MARKDOWN_COLUMNS, wideMarkdown.size()));
    wideMarkdown.stream()
        .collect(Collectors.groupingBy(WideLine::file, TreeMap::new, Collectors.counting()))
        .forEach((file, count) -> text.append("  %s: %d%n".formatted(file, count)));
    return text.toString();
  }

  private static void row(StringBuilder text, String what, Spread spread) {
    text.append(
        "%-34s %7d %5d %8d  %s%n"
            .formatted(what, spread.median(), spread.p90(), spread.largest(), spread.where()));
  }

  private static int lines(List<SourceFile> files) {
    return files.stream().mapToInt(SourceFile::lines).sum();
  }

  /// Prints the measurements of the checkout in its argument.
  public static void main(String[] arguments) throws IOException {
    System.out.print(of(Path.of(arguments.length == 0 ? "." : arguments[0])).report());
  }
}
