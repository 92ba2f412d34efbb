package net.donut.controller.policy;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/// A position in a file; both numbers start at 1.
record PolicyPlace(int line, int column) {
  static final PolicyPlace START = new PolicyPlace(1, 1);

  static PolicyPlace of(Mark mark) {
    return new PolicyPlace(mark.getLine() + 1, mark.getColumn() + 1);
  }

  static PolicyPlace of(Node node) {
    return node.getStartMark().map(PolicyPlace::of).orElse(START);
  }
}
