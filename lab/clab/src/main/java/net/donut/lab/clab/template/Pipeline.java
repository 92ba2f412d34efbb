package net.donut.lab.clab.template;

import java.util.List;
import net.donut.lab.clab.model.FilePlace;
import org.jspecify.annotations.Nullable;

/// Commands of which each gives its value to the next as the last argument.
///
/// @param variables what the value is for; empty for none, two for index and element of a range
/// @param isDeclaration whether the variables are new
record Pipeline(
    List<String> variables, boolean isDeclaration, List<Operation> commands, FilePlace place) {
  Pipeline {
    variables = List.copyOf(variables);
    commands = List.copyOf(commands);
  }

  /// A function with its arguments, or a value by itself.
  record Operation(List<Term> terms) {
    Operation {
      terms = List.copyOf(terms);
    }
  }

  /// What has a value.
  sealed interface Term {
    FilePlace place();

    /// A literal.
    record Value(@Nullable Object value, FilePlace place) implements Term {}

    /// What the template is at.
    record Dot(FilePlace place) implements Term {}

    /// A variable by its name with the dollar; the dollar alone is the data.
    record Variable(String name, FilePlace place) implements Term {}

    /// A function by its name.
    record Function(String name, FilePlace place) implements Term {}

    /// A field of a mapping.
    record Field(Term of, String name, FilePlace place) implements Term {}

    /// A pipeline in parentheses.
    record Nested(Pipeline pipeline, FilePlace place) implements Term {}
  }
}
