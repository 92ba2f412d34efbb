package net.donut.lab.clab.template;

import java.util.List;
import net.donut.lab.clab.model.Place;
import org.jspecify.annotations.Nullable;

/// What a template does, in order.
sealed interface Part {
  /// Writes a text.
  record Text(String text, Place place) implements Part {}

  /// Writes a value; sets a variable where the pipeline does.
  record Print(Pipeline pipeline) implements Part {}

  /// Goes one of two ways.
  record If(Pipeline condition, List<Part> then, List<Part> otherwise) implements Part {
    public If {
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }

  /// The same, with the value as the dot of the first way.
  record With(Pipeline value, List<Part> then, List<Part> otherwise) implements Part {
    public With {
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }

  /// Goes one way for each element, or the other where there is none.
  record Range(Pipeline over, List<Part> body, List<Part> otherwise) implements Part {
    public Range {
      body = List.copyOf(body);
      otherwise = List.copyOf(otherwise);
    }
  }

  /// Goes through a template that has a name.
  ///
  /// @param argument its dot; null for none
  record Call(String name, @Nullable Pipeline argument, Place place) implements Part {}

  /// Leaves the body of a range.
  enum Jump implements Part {
    BREAK,
    CONTINUE
  }
}
