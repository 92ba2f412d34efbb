package net.donut.lab.clab.plan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import net.donut.lab.net.LabException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Which program of this machine stands for an image: `images.yml`, and a file of the user's in
/// front of it.
public final class Images {
  private static final String DEFAULTS = "images.yml";

  private record Entry(Pattern pattern, Profile profile) {}

  private final List<Entry> entries;

  private Images(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /// The patterns that Donut knows.
  public static Images known() {
    try (InputStream in = Images.class.getResourceAsStream(DEFAULTS)) {
      if (in == null) {
        throw new LabException(DEFAULTS + ": not in this program");
      }
      return new Images(parse(DEFAULTS, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw LabException.of(DEFAULTS, e);
    }
  }

  /// These patterns behind those of a file.
  public Images behind(Path file) {
    try {
      List<Entry> all = new ArrayList<>(parse(file.toString(), Files.readString(file)));
      all.addAll(entries);
      return new Images(all);
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
  }

  private static List<Entry> parse(String name, String text) {
    List<Entry> entries = new ArrayList<>();
    try {
      Object document =
          new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(text);
      if (document instanceof List<?> list) {
        for (Object item : list) {
          entries.add(entry(name, item));
        }
        return entries;
      }
    } catch (YamlEngineException e) {
      throw new LabException(name + ": " + e.getMessage(), e);
    }
    throw new LabException(name + ": (expected: a list of {image: PATTERN, profile: WORD})");
  }

  private static Entry entry(String name, Object item) {
    Object image = item instanceof Map<?, ?> map ? map.get("image") : null;
    Object word = item instanceof Map<?, ?> map ? map.get("profile") : null;
    Optional<Profile> profile = Profile.of(String.valueOf(word));
    boolean hasMore = item instanceof Map<?, ?> map && map.size() > 2;
    if (image == null || profile.isEmpty() || hasMore) {
      throw new LabException(
          name
              + ": "
              + item
              + " (expected: {image: PATTERN, profile: WORD}, a word of: "
              + String.join(", ", Arrays.stream(Profile.values()).map(Profile::word).toList())
              + ")");
    }
    String glob = String.valueOf(image).toLowerCase(Locale.ROOT);
    String expression =
        List.of(glob.split("\\*", -1)).stream()
            .map(Pattern::quote)
            .reduce((a, b) -> a + ".*" + b)
            .orElse("");
    return new Entry(Pattern.compile(expression), profile.get());
  }

  /// The profile of an image; empty when there is none.
  public Optional<Profile> profile(String image) {
    String repository = repository(image);
    String last = repository.substring(repository.lastIndexOf('/') + 1);
    return entries.stream()
        .filter(entry ->
            entry.pattern.matcher(repository).matches() || entry.pattern.matcher(last).matches())
        .map(Entry::profile)
        .findFirst();
  }

  /// An image's name without tag and digest.
  static String repository(String image) {
    String name = image.toLowerCase(Locale.ROOT);
    int digest = name.indexOf('@');
    name = digest < 0 ? name : name.substring(0, digest);
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }
}
