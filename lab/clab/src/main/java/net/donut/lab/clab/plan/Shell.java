package net.donut.lab.clab.plan;

import java.util.List;

/// Text for `/bin/sh`.
public final class Shell {
  private Shell() {}

  /// A word, whatever is in it.
  public static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  public static String quote(List<String> words) {
    return String.join(" ", words.stream().map(Shell::quote).toList());
  }
}
