package net.donut.lab.chaos;

import java.util.Arrays;
import java.util.List;
import net.donut.lab.topology.Topology;

/// A fault at its time.
///
/// @param storm the storm it belongs to, from 1; after a storm the lab comes to rest
/// @param atMillis when it begins, since the beginning of the storm
/// @param lastsMillis how long until it is put right
public record Disturbance(int storm, int atMillis, int lastsMillis, Fault fault) {
  int endMillis() {
    return atMillis + lastsMillis;
  }

  /// `2 1250 3000 cut edge1-tier1a fibre`: storm, beginning, duration, fault.
  @Override
  public String toString() {
    return storm + " " + atMillis + " " + lastsMillis + " " + fault;
  }

  /// Reads lines as `toString` writes them; empty lines and those that begin with `#` say nothing.
  /// Throws IllegalArgumentException that names the line and what was expected of it.
  public static List<Disturbance> parse(List<String> lines, Topology topology) {
    return lines.stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> parse(line, topology))
        .toList();
  }

  private static Disturbance parse(String line, Topology topology) {
    List<String> words = Arrays.asList(line.strip().split("\\s+"));
    try {
      if (words.size() < 5) {
        throw new IllegalArgumentException(
            words.size() + " words (expected: STORM AT-MS LASTS-MS FAULT OPERANDS)");
      }
      return new Disturbance(
          number(words.get(0)),
          number(words.get(1)),
          number(words.get(2)),
          Fault.parse(words.subList(3, words.size()), topology));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + line.strip() + "': " + e.getMessage(), e);
    }
  }

  private static int number(String word) {
    if (!word.matches("\\d{1,8}")) {
      throw new IllegalArgumentException("number: '" + word + "' (expected: 0..99999999)");
    }
    return Integer.parseInt(word);
  }
}
