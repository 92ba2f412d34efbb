package net.donut.lab.clab.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.template.Pipeline.Operation;
import net.donut.lab.clab.template.Pipeline.Term;
import org.jspecify.annotations.Nullable;

/// Goes once through a template, with data. Owned by the thread that renders.
final class Rendering {
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

  private final Map<String, List<TemplatePart>> templates;
  private final Budget budget;
  private final StringBuilder out;
  private final List<Slot> slots = new ArrayList<>();

  private Rendering(
      Map<String, List<TemplatePart>> templates,
      Budget budget,
      StringBuilder out,
      @Nullable Object data) {
    this.templates = templates;
    this.budget = budget;
    this.out = out;
    slots.add(new Slot("$", data));
  }

  /// What the parts write. Throws TemplateException where they fail or go on for too long.
  static String of(
      List<TemplatePart> parts, Map<String, List<TemplatePart>> templates, @Nullable Object data) {
    StringBuilder out = new StringBuilder();
    new Rendering(templates, new Budget(), out, data).parts(parts, data);
    return out.toString();
  }

  private Flow parts(List<TemplatePart> parts, @Nullable Object dot) {
    for (TemplatePart part : parts) {
      Flow flow = part(part, dot);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow part(TemplatePart part, @Nullable Object dot) {
    return switch (part) {
      case TemplatePart.Text(String text, FilePlace place) -> {
        write(place, text);
        yield Flow.ON;
      }
      case TemplatePart.Print(Pipeline pipeline) -> {
        Object value = value(pipeline, dot);
        if (pipeline.variables().isEmpty()) {
          write(pipeline.place(), value);
        }
        yield Flow.ON;
      }
      case TemplatePart.If(Pipeline condition, var then, var otherwise) ->
          inside(
              condition.place(),
              () -> parts(Values.isTrue(value(condition, dot)) ? then : otherwise, dot));
      case TemplatePart.With(Pipeline pipeline, var then, var otherwise) ->
          inside(
              pipeline.place(),
              () -> {
                Object value = value(pipeline, dot);
                return Values.isTrue(value) ? parts(then, value) : parts(otherwise, dot);
              });
      case TemplatePart.Range range -> inside(range.over().place(), () -> range(range, dot));
      case TemplatePart.Call call -> inside(call.place(), () -> call(call, dot));
      case TemplatePart.Jump.BREAK -> Flow.BREAK;
      case TemplatePart.Jump.CONTINUE -> Flow.CONTINUE;
    };
  }

  private void write(FilePlace place, @Nullable Object value) {
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
  private static void at(FilePlace place, Runnable action) {
    try {
      action.run();
    } catch (IllegalArgumentException e) {
      throw fault(place, String.valueOf(e.getMessage()), e);
    }
  }

  private static TemplateException fault(FilePlace place, String message, Throwable cause) {
    TemplateException fault = new TemplateException(place, message);
    fault.initCause(cause);
    return fault;
  }

  /// Variables that are declared inside are gone after it.
  private Flow inside(FilePlace place, Supplier<Flow> body) {
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

  private Flow call(TemplatePart.Call call, @Nullable Object dot) {
    Pipeline argument = call.argument();
    Object value = argument == null ? null : value(argument, dot);
    List<TemplatePart> parts = templates.get(call.name());
    if (parts == null) {
      throw new TemplateException(call.place(), "template \"" + call.name() + "\" is not defined");
    }
    return new Rendering(templates, budget, out, value).parts(parts, value);
  }

  /// An element of what a range is over.
  private record Element(@Nullable Object index, @Nullable Object value) {}

  private Flow range(TemplatePart.Range range, @Nullable Object dot) {
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

  private List<Element> elements(FilePlace place, @Nullable Object value) {
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
    List<Operation> commands = pipeline.commands();
    Object value = command(commands.getFirst(), List.of(), dot);
    for (Operation command : commands.subList(1, commands.size())) {
      List<@Nullable Object> last = new ArrayList<>();
      last.add(value);
      value = command(command, last, dot);
    }
    return value;
  }

  /// @param last what came down the pipeline, at most one
  private @Nullable Object command(
      Operation command, List<@Nullable Object> last, @Nullable Object dot) {
    Term first = command.terms().getFirst();
    List<Term> rest = command.terms().subList(1, command.terms().size());
    if (first instanceof Term.Function(String name, FilePlace place)) {
      return function(name, place, rest, last, dot);
    }
    if (!rest.isEmpty() || !last.isEmpty()) {
      throw new TemplateException(first.place(), "an argument for what is no function");
    }
    return term(first, dot);
  }

  private @Nullable Object function(
      String name,
      FilePlace place,
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
      String name, FilePlace place, List<? extends @Nullable Object> arguments) {
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
      FilePlace place,
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
      case Term.Value(Object value, FilePlace _) -> value;
      case Term.Dot _ -> dot;
      case Term.Variable(String name, FilePlace _) -> slot(name).value;
      case Term.Function(String name, FilePlace place) ->
          function(name, place, List.of(), List.of(), dot);
      case Term.Field(Term of, String name, FilePlace place) -> field(term(of, dot), name, place);
      case Term.Nested(Pipeline pipeline, FilePlace _) -> evaluated(pipeline, dot);
    };
  }

  /// Nothing has nothing in it, as in Go a mapping that is not there.
  private static @Nullable Object field(@Nullable Object of, String name, FilePlace place) {
    return switch (of) {
      case null -> null;
      case Map<?, ?> map -> map.get(name);
      default ->
          throw new TemplateException(
              place, "." + name + " of " + Values.kind(of) + " (expected: of a mapping)");
    };
  }
}
