package net.donut.lab.clab.parse;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// How large a YAML document is when each alias stands for all that its anchor holds: a few lines
/// can stand for more than any memory, or for themselves. Owned by the thread that reads.
final class Expansion {
  private static final long MOST_VALUES = 1_000_000;
  private static final int MOST_DEPTH = 100;

  private final IdentityHashMap<Node, Long> known = new IdentityHashMap<>();

  private Expansion() {}

  /// Throws IllegalArgumentException for a document that is too large or too deep.
  static void require(Node document) {
    long values = new Expansion().size(document, 0);
    if (values > MOST_VALUES) {
      throw new IllegalArgumentException(
          "its anchors stand for too much (expected: at most %d values)".formatted(MOST_VALUES));
    }
  }

  private long size(Node node, int depth) {
    if (depth > MOST_DEPTH) {
      throw new IllegalArgumentException(
          "more than %d levels, or an anchor inside itself".formatted(MOST_DEPTH));
    }
    Long before = known.get(node);
    if (before != null) {
      return before;
    }
    long size = 1;
    for (Node child : children(node)) {
      size = Math.min(MOST_VALUES + 1, size + size(child, depth + 1));
    }
    known.put(node, size);
    return size;
  }

  private static List<Node> children(Node node) {
    return switch (node) {
      case SequenceNode sequence -> sequence.getValue();
      case MappingNode mapping ->
          mapping.getValue().stream()
              .flatMap(tuple -> Stream.of(tuple.getKeyNode(), tuple.getValueNode()))
              .toList();
      default -> List.of();
    };
  }
}
