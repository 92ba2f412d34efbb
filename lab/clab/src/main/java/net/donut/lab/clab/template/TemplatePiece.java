package net.donut.lab.clab.template;

import java.util.List;
import net.donut.lab.clab.model.FilePlace;

/// What a template is a sequence of.
sealed interface TemplatePiece {
  /// Text that is written as it stands.
  record Text(String text, FilePlace place) implements TemplatePiece {}

  /// What stands between braces; comments are none.
  record Action(List<Token> tokens, FilePlace place) implements TemplatePiece {
    public Action {
      tokens = List.copyOf(tokens);
    }
  }
}
