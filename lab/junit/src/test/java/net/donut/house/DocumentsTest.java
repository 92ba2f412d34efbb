package net.donut.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the documents point at is there: files behind links, members of the tours in CONTRIBUTING,
/// types that ARCHITECTURE names.
final class DocumentsTest {
  private static final Path ROOT = House.root();
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
  private static final Pattern MEMBER = Pattern.compile("`(\\w+)[.](\\w+)`");
  private static final Pattern TYPE =
      Pattern.compile("`(?:[a-z]+[.])*([A-Z][A-Za-z0-9]*[a-z]\\w*)");

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  @Test
  void every_link_to_a_file_finds_it() throws IOException {
    List<String> dead = new ArrayList<>();

    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        String target = link.group(2);
        if (!target.contains(":") && !Files.exists(document.resolveSibling(target))) {
          dead.add(ROOT.relativize(document) + " -> " + target);
        }
      }
    }

    assertThat(dead).isEmpty();
  }

  /// A link whose text is `Type.member` leads to the file of the type, and the member is in it.
  @Test
  void every_tour_of_contributing_leads_to_its_file_and_member() throws IOException {
    Path document = ROOT.resolve("docs/CONTRIBUTING.md");
    List<String> seen = new ArrayList<>();
    List<String> wrong = new ArrayList<>();

    Matcher link = LINK.matcher(Files.readString(document));
    while (link.find()) {
      Matcher member = MEMBER.matcher(link.group(1));
      if (member.matches()) {
        seen.add(link.group(1));
        String text = Files.readString(document.resolveSibling(link.group(2)));
        boolean there =
            text.matches("(?s).*\\b(class|record|enum|interface) " + member.group(1) + "\\b.*")
                && text.matches("(?s).*\\b" + member.group(2) + "\\b.*");
        if (!there) {
          wrong.add(link.group());
        }
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(seen).as("members that the five tours name").hasSizeGreaterThanOrEqualTo(10);
  }

  @Test
  void every_type_that_architecture_names_exists() throws IOException {
    House house = House.of(ROOT);
    Set<String> known = new HashSet<>();
    Stream.concat(house.main().stream(), house.tests().stream())
        .forEach(file -> {
          known.addAll(file.topLevelTypes());
          file.nestedTypes().forEach(name -> known.add(name.substring(name.lastIndexOf('.') + 1)));
        });
    List<String> unknown = new ArrayList<>();

    for (String line : Files.readAllLines(ROOT.resolve("docs/ARCHITECTURE.md"))) {
      Matcher type = TYPE.matcher(line);
      while (type.find()) {
        if (!known.contains(type.group(1)) && !NOT_OURS.contains(type.group(1))) {
          unknown.add(type.group(1));
        }
      }
    }

    assertThat(unknown).isEmpty();
  }

  /// Words in code font that begin as a type does.
  private static final Set<String> NOT_OURS =
      Set.of("Dockerfile", "WatchRoutes", "XFuzz", "XFuzzTest", "XThread", "XLog", "XEvent");
}
