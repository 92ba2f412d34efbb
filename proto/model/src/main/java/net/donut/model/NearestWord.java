package net.donut.model;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The known word an operator most likely meant.
public final class NearestWord {
  private NearestWord() {}

  /// The word at the smallest edit distance, if it is at most a third of the word and at most 3.
  public static @Nullable String of(String word, Collection<String> known) {
    String best = null;
    int least = Math.min(3, Math.max(1, (word.length() + 1) / 3)) + 1;
    for (String candidate : known) {
      int distance = distance(word.replace('_', '-'), candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best;
  }

  /// `WORD?` when one is near enough, else all of them in order: the end of a message.
  public static String hint(String word, Collection<String> known) {
    String nearest = of(word, known);
    return nearest == null
        ? "one of " + String.join(", ", known.stream().sorted().toList())
        : nearest + "?";
  }

  /// Insertions, deletions and substitutions, and swaps of neighboring letters.
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int least =
        Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + same);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
