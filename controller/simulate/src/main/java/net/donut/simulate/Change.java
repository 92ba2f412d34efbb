package net.donut.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.donut.model.Relation;

/// What another world has that this one has not.
sealed interface Change {
  String EXPECTED =
      "cut NEIGHBOR[, NEIGHBOR...] or add [peer|public-peer|customer|transit|route-server] AS6939"
          + " [at ROUTER]";

  /// As the operator wrote it.
  String text();

  /// The loss of neighbors, each by name, address or `AS` number.
  record Cut(String text, List<String> neighbors) implements Change {
    public Cut {
      neighbors = List.copyOf(neighbors);
    }
  }

  /// A new neighbor whose routes are those of a peer of the dumps, named by address or `AS` number;
  /// `router` is empty for the first.
  record Add(String text, Relation relation, String peer, String router) implements Change {}

  /// Throws [BadInput] saying what is expected.
  static Change parse(String text) {
    List<String> words = new ArrayList<>(Arrays.asList(text.strip().split("[\\s,]+")));
    String verb = words.removeFirst().toLowerCase(Locale.ROOT);
    if (verb.equals("cut") && !words.isEmpty()) {
      return new Cut(text, words);
    }
    if (verb.equals("add") && !words.isEmpty()) {
      return add(text, words);
    }
    throw wrong(text);
  }

  private static Change add(String text, List<String> words) {
    Relation relation = relation(words.getFirst());
    if (relation != null) {
      words.removeFirst();
    }
    String router = "";
    if (words.size() == 3 && words.get(1).equalsIgnoreCase("at")) {
      router = words.get(2);
      words = words.subList(0, 1);
    }
    if (words.size() != 1) {
      throw wrong(text);
    }
    return new Add(
        text, relation == null ? Relation.PRIVATE_PEER : relation, words.getFirst(), router);
  }

  private static @org.jspecify.annotations.Nullable Relation relation(String word) {
    if (word.equals("peer")) {
      return Relation.PRIVATE_PEER;
    }
    for (Relation relation : Relation.values()) {
      if (relation != Relation.OWN && relation.word().equals(word)) {
        return relation;
      }
    }
    return null;
  }

  private static BadInput wrong(String text) {
    return new BadInput("what-if '" + text + "' (expected: " + EXPECTED + ")");
  }
}
