package net.donut.lab.clab.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.donut.lab.clab.model.Place;
import net.donut.lab.clab.template.Pipeline.Command;
import net.donut.lab.clab.template.Pipeline.Term;
import org.jspecify.annotations.Nullable;

/// Goes once through a template, with data. Owned by the thread that renders.
final class Run {
  /// How a part was left.
  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  /// A variable and what it holds now.
  private static final class Slot {
    private final String name;
    private @Nullable Object value;

    Slot(String name, @Nullable Object value) {
      this.name = name;
      this.value = value;
    }
  }

  private final Map<String, List<Part>> templates;
  private final Budget budget;
  private final StringBuilder out;
  private final List<Slot> slots = new ArrayList<>();

  private Run(
      Map<String, List<Part>> templates, Budget budget, StringBuilder out, @Nullable Object data) {
    this.templates = templates;
    this.budget = budget;
    this.out = out;
    slots.add(new Slot("$", data));
  }

  /// What the parts write. Throws TemplateException where they fail or go on for too long.
  static String of(List<Part> parts, Map<String, List<Part>> templates, @Nullable Object data) {
    StringBuilder out = new StringBuilder();
    new Run(templates, new Budget(), out, data).parts(parts, data);
    return out.toString();
  }

  private Flow parts(List<Part> parts, @Nullable Object dot) {
    for (Part part : parts) {
      Flow flow = part(part, dot);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow part(Part part, @Nullable Object dot) {
    return switch (part) {
      case Part.Text(String text, Place place) -> {
        write(place, text);
        yield Flow.ON;
      }
      case Part.Print(Pipeline pipeline) -> {
        Object value = value(pipeline, dot);
        if (pipeline.variables().isEmpty()) {
          write(pipeline.place(), value);
        }
        yield Flow.ON;
      }
      case Part.If(Pipeline condition, var then, var otherwise) ->
          inside(
              condition.place(),
              () -> parts(Values.isTrue(value(condition, dot)) ? then : otherwise, dot));
      case Part.With(Pipeline pipeline, var then, var otherwise) ->
          inside(
              pipeline.place(),
              () -> {
                Object value = value(pipeline, dot);
                return Values.isTrue(value) ? parts(then, value) : parts(otherwise, dot);
              });
      case Part.Range range -> inside(range.over().place(), () -> range(range, dot));
      case Part.Call call -> inside(call.place(), () -> call(call, dot));
      case Part.Jump.BREAK -> Flow.BREAK;
      case Part.Jump.CONTINUE -> Flow.CONTINUE;
    };
  }

  private void write(Place place, @Nullable Object value) {
    at(
        place,
        () -> {
          String text = Values.printed(value);
          budget.step(text.length());
          Budget.requireText((long) out.length() + text.length());
          out.append(text);
        });
  }

  /// Says where something fails for its values.
  private static void at(Place place, Runnable action) {
    try {
      action.run();
    } catch (IllegalArgumentException e) {
      throw fault(place, String.valueOf(e.getMessage()), e);
    }
  }

  private static TemplateException fault(Place place, String message, Throwable cause) {
    TemplateException fault = new TemplateException(place, message);
    fault.initCause(cause);
    return fault;
  }

  /// Variables that are declared inside are gone after it.
  private Flow inside(Place place, Supplier<Flow> body) {
    at(
        place,
        () -> {
          budget.step(1);
          budget.enter();
        });
    int known = slots.size();
    Flow flow = body.get();
    slots.subList(known, slots.size()).clear();
    budget.leave();
    return flow;
  }

  private Flow call(Part.Call call, @Nullable Object dot) {
    Pipeline argument = call.argument();
    Object value = argument == null ? null : value(argument, dot);
    List<Part> parts = templates.get(call.name());
    if (parts == null) {
      throw new TemplateException(call.place(), "template \"" + call.name() + "\" is not defined");
    }
    return new Run(templates, budget, out, value).parts(parts, value);
  }

  /// An element of what a range is over.
  private record Element(@Nullable Object index, @Nullable Object value) {}

  private Flow range(Part.Range range, @Nullable Object dot) {
    Pipeline over = range.over();
    List<Element> elements = elements(over.place(), value(over, dot));
    if (elements.isEmpty()) {
      return parts(range.otherwise(), dot);
    }
    int known = slots.size();
    for (Element element : elements) {
      at(over.place(), () -> budget.step(1));
      List<String> names = over.variables();
      if (names.size() == 2) {
        slots.add(new Slot(names.getFirst(), element.index));
      }
      if (!names.isEmpty()) {
        slots.add(new Slot(names.getLast(), element.value));
      }
      Flow flow = parts(range.body(), element.value);
      slots.subList(known, slots.size()).clear();
      if (flow == Flow.BREAK) {
        break;
      }
    }
    return Flow.ON;
  }

  private List<Element> elements(Place place, @Nullable Object value) {
    List<Element> elements = new ArrayList<>();
    switch (value) {
      case null -> {}
      case List<?> list ->
          list.forEach(item -> elements.add(new Element((long) elements.size(), item)));
      case Map<?, ?> map ->
          Values.sorted(map).forEach((key, item) -> elements.add(new Element(key, item)));
      case Long count -> {
        return elements(place, applied("until", place, List.of(count)));
      }
      default ->
          throw new TemplateException(
              place, "range over " + Values.kind(value) + " (expected: a list or a mapping)");
    }
    return elements;
  }

  /// A pipeline's value, which its variables hold from here on.
  private @Nullable Object value(Pipeline pipeline, @Nullable Object dot) {
    Object value = evaluated(pipeline, dot);
    for (String name : pipeline.variables()) {
      if (pipeline.isDeclaration()) {
        slots.add(new Slot(name, value));
      } else {
        slot(name).value = value;
      }
    }
    return value;
  }

  private Slot slot(String name) {
    for (int i = slots.size() - 1; i > 0; i--) {
      if (slots.get(i).name.equals(name)) {
        return slots.get(i);
      }
    }
    return slots.getFirst();
  }

  private @Nullable Object evaluated(Pipeline pipeline, @Nullable Object dot) {
    List<Command> commands = pipeline.commands();
    Object value = command(commands.getFirst(), List.of(), dot);
    for (Command command : commands.subList(1, commands.size())) {
      List<@Nullable Object> last = new ArrayList<>();
      last.add(value);
      value = command(command, last, dot);
    }
    return value;
  }

  /// @param last what came down the pipeline, at most one
  private @Nullable Object command(
      Command command, List<@Nullable Object> last, @Nullable Object dot) {
    Term first = command.terms().getFirst();
    List<Term> rest = command.terms().subList(1, command.terms().size());
    if (first instanceof Term.Function(String name, Place place)) {
      return function(name, place, rest, last, dot);
    }
    if (!rest.isEmpty() || !last.isEmpty()) {
      throw new TemplateException(first.place(), "an argument for what is no function");
    }
    return term(first, dot);
  }

  private @Nullable Object function(
      String name,
      Place place,
      List<Term> terms,
      List<@Nullable Object> last,
      @Nullable Object dot) {
    if (name.equals("and") || name.equals("or")) {
      return lazy(name.equals("and"), place, terms, last, dot);
    }
    List<@Nullable Object> arguments = new ArrayList<>();
    terms.forEach(term -> arguments.add(term(term, dot)));
    arguments.addAll(last);
    return applied(name, place, arguments);
  }

  private @Nullable Object applied(
      String name, Place place, List<? extends @Nullable Object> arguments) {
    try {
      arguments.forEach(argument -> budget.step(Values.size(argument)));
      Object value = Functions.call(name, arguments);
      Budget.requireText(value instanceof String text ? text.length() : 0);
      budget.step(Values.size(value));
      return value;
    } catch (IllegalArgumentException e) {
      throw fault(place, name + ": " + e.getMessage(), e);
    }
  }

  /// The first argument that decides, or the last.
  private @Nullable Object lazy(
      boolean isAnd,
      Place place,
      List<Term> terms,
      List<@Nullable Object> last,
      @Nullable Object dot) {
    if (terms.isEmpty() && last.isEmpty()) {
      throw new TemplateException(place, "no arguments (expected: 1 or more)");
    }
    Object value = null;
    for (Term term : terms) {
      value = term(term, dot);
      if (Values.isTrue(value) != isAnd) {
        return value;
      }
    }
    return last.isEmpty() ? value : last.getFirst();
  }

  private @Nullable Object term(Term term, @Nullable Object dot) {
    return switch (term) {
      case Term.Value(Object value, Place _) -> value;
      case Term.Dot _ -> dot;
      case Term.Variable(String name, Place _) -> slot(name).value;
      case Term.Function(String name, Place place) ->
          function(name, place, List.of(), List.of(), dot);
      case Term.Field(Term of, String name, Place place) -> field(term(of, dot), name, place);
      case Term.Nested(Pipeline pipeline, Place _) -> evaluated(pipeline, dot);
    };
  }

  /// Nothing has nothing in it, as in Go a mapping that is not there.
  private static @Nullable Object field(@Nullable Object of, String name, Place place) {
    return switch (of) {
      case null -> null;
      case Map<?, ?> map -> map.get(name);
      default ->
          throw new TemplateException(
              place, "." + name + " of " + Values.kind(of) + " (expected: of a mapping)");
    };
  }
}
