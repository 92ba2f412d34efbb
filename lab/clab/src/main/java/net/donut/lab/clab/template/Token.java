package net.donut.lab.clab.template;

import net.donut.lab.clab.model.FilePlace;
import org.jspecify.annotations.Nullable;

/// A word or sign of an action.
///
/// @param text without the dot of a field, with the dollar of a variable
/// @param value what a literal stands for; null otherwise
/// @param isSpaced whether space goes before it
record Token(Kind kind, String text, @Nullable Object value, boolean isSpaced, FilePlace place) {
  /// What a token can be.
  enum Kind {
    WORD,
    FIELD,
    VARIABLE,
    LITERAL,
    SIGN
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }
}
