package net.donut.lab.clab.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.model.FilePlace;
import org.jspecify.annotations.Nullable;

/// Texts and actions to parts. Owned by the thread that reads the template.
final class Parser {
  private static final int MOST_DEPTH = 100;

  /// A file as it was read: what it does by itself, and the templates that it defines.
  record Read(List<TemplatePart> parts, Map<String, List<TemplatePart>> defined) {}

  private final List<TemplatePiece> pieces;
  private final Map<String, List<TemplatePart>> defined = new HashMap<>();
  private final List<String> variables = new ArrayList<>(List.of("$"));
  private int next;
  private int depth;
  private int ranges;
  private @Nullable ActionReader closing;

  private Parser(List<TemplatePiece> pieces) {
    this.pieces = pieces;
  }

  /// Throws TemplateException where a file is no template that is supported.
  static Read read(String file, String text) {
    Parser parser = new Parser(Lexer.pieces(file, text));
    List<TemplatePart> parts = parser.parts();
    if (parser.closing != null) {
      throw parser.closing.unexpected("nothing that it could end");
    }
    return new Read(parts, Map.copyOf(parser.defined));
  }

  /// Up to the `end` or `else` that is then [#closing], or up to the end of the file.
  private List<TemplatePart> parts() {
    List<TemplatePart> parts = new ArrayList<>();
    closing = null;
    while (next < pieces.size() && closing == null) {
      switch (pieces.get(next++)) {
        case TemplatePiece.Text(String text, FilePlace place) ->
            parts.add(new TemplatePart.Text(text, place));
        case TemplatePiece.Action action -> action(new ActionReader(action, variables), parts);
      }
    }
    return parts;
  }

  private void action(ActionReader action, List<TemplatePart> parts) {
    FilePlace place = action.place();
    switch (action.keyword()) {
      case "end", "else" -> closing = action;
      case "if" -> parts.add(choice(action, Choice.IF));
      case "with" -> parts.add(choice(action, Choice.WITH));
      case "range" -> parts.add(range(action));
      case "define" -> define(action.name(), action);
      case "block" -> {
        String name = action.name();
        Pipeline argument = action.rest();
        define(name, action);
        parts.add(new TemplatePart.Call(name, argument, place));
      }
      case "template" -> {
        String name = action.name();
        parts.add(new TemplatePart.Call(name, action.isAtEnd() ? null : action.rest(), place));
      }
      case "break" -> parts.add(jump(action, TemplatePart.Jump.BREAK));
      case "continue" -> parts.add(jump(action, TemplatePart.Jump.CONTINUE));
      default -> parts.add(new TemplatePart.Print(action.rest()));
    }
  }

  private TemplatePart jump(ActionReader action, TemplatePart.Jump jump) {
    if (ranges == 0) {
      throw action.unexpected("a range around it");
    }
    action.requireEnd();
    return jump;
  }

  /// What goes one of two ways.
  private enum Choice {
    IF("if"),
    WITH("with");

    private final String word;

    Choice(String word) {
      this.word = word;
    }

    TemplatePart of(Pipeline pipeline, List<TemplatePart> then, List<TemplatePart> otherwise) {
      return switch (this) {
        case IF -> new TemplatePart.If(pipeline, then, otherwise);
        case WITH -> new TemplatePart.With(pipeline, then, otherwise);
      };
    }
  }

  private TemplatePart choice(ActionReader action, Choice choice) {
    int known = variables.size();
    enter(action);
    Pipeline pipeline = action.rest();
    List<TemplatePart> then = body(action);
    List<TemplatePart> otherwise = List.of();
    ActionReader end = closed(action);
    if (end.keyword().equals("else")) {
      if (end.takes(choice.word)) {
        otherwise = List.of(choice(end, choice));
      } else {
        end.requireEnd();
        otherwise = body(action);
        requireEnd(action);
      }
    } else {
      end.requireEnd();
    }
    leave(known);
    return choice.of(pipeline, then, otherwise);
  }

  private TemplatePart range(ActionReader action) {
    int known = variables.size();
    enter(action);
    Pipeline over = action.rangePipeline();
    ranges++;
    List<TemplatePart> body = body(action);
    ranges--;
    List<TemplatePart> otherwise = List.of();
    if (closed(action).keyword().equals("else")) {
      closed(action).requireEnd();
      otherwise = body(action);
    }
    requireEnd(action);
    leave(known);
    return new TemplatePart.Range(over, body, otherwise);
  }

  private void define(String name, ActionReader action) {
    action.requireEnd();
    List<String> outside = new ArrayList<>(variables);
    variables.subList(1, variables.size()).clear();
    int rangesOutside = ranges;
    ranges = 0;
    enter(action);
    defined.put(name, body(action));
    requireEnd(action);
    leave(1);
    ranges = rangesOutside;
    variables.addAll(outside.subList(1, outside.size()));
  }

  /// The parts inside an action; what they declare is unknown after them.
  private List<TemplatePart> body(ActionReader action) {
    int declared = variables.size();
    List<TemplatePart> parts = parts();
    closed(action);
    variables.subList(declared, variables.size()).clear();
    return parts;
  }

  private ActionReader closed(ActionReader action) {
    if (closing == null) {
      throw action.fault("'" + action.keyword() + "' is not closed (expected: {{end}})");
    }
    return closing;
  }

  private void requireEnd(ActionReader action) {
    ActionReader end = closed(action);
    if (!end.keyword().equals("end")) {
      throw end.unexpected("end");
    }
    end.requireEnd();
    closing = null;
  }

  private void enter(ActionReader action) {
    if (++depth > MOST_DEPTH) {
      throw action.fault("more than " + MOST_DEPTH + " actions inside of each other");
    }
  }

  private void leave(int known) {
    depth--;
    closing = null;
    variables.subList(known, variables.size()).clear();
  }
}
