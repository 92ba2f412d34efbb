package net.donut.lab.clab.parse;

import java.util.Collection;
import java.util.Comparator;

/// The known word that was most likely meant, for messages.
final class NearestWord {
  private NearestWord() {}

  /// `WORD?` when one is near enough, else all of them.
  static String hint(String word, Collection<String> known) {
    int limit = Math.max(1, word.length() / 3);
    return known.stream()
        .filter(candidate -> distance(word, candidate) <= limit)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .map(candidate -> candidate + "?")
        .orElseGet(() -> "one of " + String.join(", ", known.stream().sorted().toList()));
  }

  /// Levenshtein's: insertions, deletions, substitutions.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[b.length()];
  }
}
