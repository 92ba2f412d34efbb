package net.donut.lab.net;

import java.util.Map;

/// How a link or node is. The text of one is what a table shows.
public sealed interface CutState {
  /// That of a link or node that nobody has cut.
  enum Uncut implements CutState {
    UP("up"),
    /// A link without carrier because a node at one of its ends is dead.
    DOWN_WITH_NODE("down with its node");

    private final String words;

    Uncut(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /// That of one that is cut.
  record Failed(Cut how) implements CutState {
    @Override
    public String toString() {
      return "cut (" + how + ")";
    }
  }

  static CutState of(String node, Map<String, Cut> cuts) {
    Cut how = cuts.get(node);
    return how == null ? Uncut.UP : new Failed(how);
  }

  static CutState of(Cuttable.Cable cable, Map<String, Cut> cuts) {
    return of(cable.name(), cable.a(), cable.b(), cuts);
  }

  /// How a link between two nodes is.
  static CutState of(String link, String a, String b, Map<String, Cut> cuts) {
    return isDead(a, b, cuts) && !cuts.containsKey(link) ? Uncut.DOWN_WITH_NODE : of(link, cuts);
  }

  /// Whether a link has no carrier because a node at one of its ends is dead.
  static boolean isDownWithNode(Cuttable.Cable cable, Map<String, Cut> cuts) {
    return isDead(cable.a(), cable.b(), cuts);
  }

  private static boolean isDead(String a, String b, Map<String, Cut> cuts) {
    return cuts.get(a) == Cut.OfNode.NODE_KILL || cuts.get(b) == Cut.OfNode.NODE_KILL;
  }
}
