package net.donut.lab.clab.template;

import java.util.List;
import net.donut.lab.clab.model.FilePlace;
import org.jspecify.annotations.Nullable;

/// What a template does, in order.
sealed interface TemplatePart {
  /// Writes a text.
  record Text(String text, FilePlace place) implements TemplatePart {}

  /// Writes a value; sets a variable where the pipeline does.
  record Print(Pipeline pipeline) implements TemplatePart {}

  /// Goes one of two ways.
  record If(Pipeline condition, List<TemplatePart> then, List<TemplatePart> otherwise)
      implements TemplatePart {
    public If {
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }

  /// The same, with the value as the dot of the first way.
  record With(Pipeline value, List<TemplatePart> then, List<TemplatePart> otherwise)
      implements TemplatePart {
    public With {
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }

  /// Goes one way for each element, or the other where there is none.
  record Range(Pipeline over, List<TemplatePart> body, List<TemplatePart> otherwise)
      implements TemplatePart {
    public Range {
      body = List.copyOf(body);
      otherwise = List.copyOf(otherwise);
    }
  }

  /// Goes through a template that has a name.
  ///
  /// @param argument its dot; null for none
  record Call(String name, @Nullable Pipeline argument, FilePlace place) implements TemplatePart {}

  /// Leaves the body of a range.
  enum Jump implements TemplatePart {
    BREAK,
    CONTINUE
  }
}
