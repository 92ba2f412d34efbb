package net.donut.lab.clab.template;

import java.util.List;
import net.donut.lab.clab.model.Place;

/// What a template is a sequence of.
sealed interface Piece {
  /// Text that is written as it stands.
  record Text(String text, Place place) implements Piece {}

  /// What stands between braces; comments are none.
  record Action(List<Token> tokens, Place place) implements Piece {
    public Action {
      tokens = List.copyOf(tokens);
    }
  }
}
