package net.donut.lab.story;

import java.nio.file.Path;
import java.util.Locale;

/// The networks of the story, each with a directory of its name that has topology, scenario and
/// policy.
public enum StoryNetwork {
  TRADITIONAL("everything through Tier 1 networks"),
  DIRECT("one direct link between two Tier 2 networks"),
  DONUT("direct links outside, Tier 1 inside"),
  BABULOUS("music and video through the donut, in a bad hour"),
  CDN("the content at two edges under one prefix");

  private final String title;

  StoryNetwork(String title) {
    this.title = title;
  }

  /// What it is, in a line.
  public String title() {
    return title;
  }

  /// What files and people call it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Path directory(Path stories) {
    return stories.resolve(word());
  }

  Path scenario(Path stories) {
    return directory(stories).resolve(word() + ".scenario.yml");
  }

  Path policy(Path stories) {
    return directory(stories).resolve("policy.yaml");
  }
}
