package net.donut.lab.clab.netns;

import java.util.List;

/// Text for `/bin/sh`.
final class Shell {
  private Shell() {}

  /// A word, whatever is in it.
  static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  static String quote(List<String> words) {
    return String.join(" ", words.stream().map(Shell::quote).toList());
  }
}
