package net.donut.lab.clab.template;

import java.util.ArrayList;
import java.util.List;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.template.Pipeline.Operation;
import net.donut.lab.clab.template.Pipeline.Term;
import org.jspecify.annotations.Nullable;

/// The words and signs of one action, in their order. Owned by the thread that reads the template.
final class ActionReader {
  private static final int MOST_DEPTH = 50;
  private static final List<String> KEYWORDS =
      List.of(
          "if", "else", "end", "range", "with", "define", "block", "template", "break", "continue");

  private final List<Token> tokens;
  private final FilePlace place;
  private final List<String> variables;
  private final String keyword;
  private int next;
  private int depth;

  /// @param variables those that are known here; declared ones are added
  ActionReader(TemplatePiece.Action action, List<String> variables) {
    this.tokens = action.tokens();
    this.place = action.place();
    this.variables = variables;
    this.keyword = tokens.isEmpty() ? "" : keyword(tokens.getFirst());
    this.next = keyword.isEmpty() ? 0 : 1;
  }

  private static String keyword(Token first) {
    boolean isOne = first.kind() == Token.Kind.WORD && KEYWORDS.contains(first.text());
    return isOne ? first.text() : "";
  }

  FilePlace place() {
    return place;
  }

  /// What it begins with; empty for a pipeline.
  String keyword() {
    return keyword;
  }

  TemplateException fault(String message) {
    return new TemplateException(place, message);
  }

  TemplateException unexpected(String expected) {
    return fault("'" + keyword + "' (expected: " + expected + ")");
  }

  private @Nullable Token peek() {
    return next < tokens.size() ? tokens.get(next) : null;
  }

  boolean isAtEnd() {
    return next >= tokens.size();
  }

  void requireEnd() {
    Token token = peek();
    if (token != null) {
      throw new TemplateException(token.place(), "'" + token.text() + "' (expected: }})");
    }
  }

  /// Goes over a word, where it is the next.
  boolean takes(String word) {
    return takes(Token.Kind.WORD, word);
  }

  private boolean takes(Token.Kind kind, String text) {
    Token token = peek();
    boolean isThere = token != null && token.kind() == kind && token.text().equals(text);
    next += isThere ? 1 : 0;
    return isThere;
  }

  /// The name of a template, between quotes.
  String name() {
    Token token = peek();
    if (token != null && token.value() instanceof String name) {
      next++;
      return name;
    }
    throw unexpected("a name between quotes behind it");
  }

  /// A pipeline up to the end of the action.
  Pipeline rest() {
    return rest(declared());
  }

  private Pipeline rest(Declared declared) {
    Pipeline pipeline = pipeline(declared);
    requireEnd();
    if (declared.isNew) {
      variables.addAll(declared.names);
    }
    return pipeline;
  }

  /// The same of a range, which may declare an index and an element.
  Pipeline rangePipeline() {
    List<String> names = new ArrayList<>();
    boolean isPair =
        next + 1 < tokens.size()
            && tokens.get(next).kind() == Token.Kind.VARIABLE
            && tokens.get(next + 1).is(",");
    if (isPair) {
      names.add(tokens.get(next).text());
      next += 2;
    }
    Declared element = declared();
    if (!element.isNew && (isPair || !element.names.isEmpty())) {
      throw unexpected("$element := or $index, $element := behind it");
    }
    names.addAll(element.names);
    return rest(new Declared(names, element.isNew));
  }

  /// What a pipeline is for.
  private record Declared(List<String> names, boolean isNew) {
    private static final Declared NOTHING = new Declared(List.of(), false);
  }

  /// `$x :=` or `$x =` at this place.
  private Declared declared() {
    if (next + 1 >= tokens.size() || tokens.get(next).kind() != Token.Kind.VARIABLE) {
      return Declared.NOTHING;
    }
    Token variable = tokens.get(next);
    boolean isNew = tokens.get(next + 1).is(":=");
    if (!isNew && !tokens.get(next + 1).is("=")) {
      return Declared.NOTHING;
    }
    if (!isNew) {
      requireKnown(variable);
    }
    next += 2;
    return new Declared(List.of(variable.text()), isNew);
  }

  private void requireKnown(Token variable) {
    if (!variables.contains(variable.text())) {
      throw new TemplateException(
          variable.place(), "variable " + variable.text() + " is not declared");
    }
  }

  private Pipeline pipeline(Declared declared) {
    Token first = peek();
    FilePlace begin = first == null ? place : first.place();
    List<Operation> commands = new ArrayList<>();
    do {
      commands.add(command());
    } while (takes(Token.Kind.SIGN, "|"));
    return new Pipeline(declared.names, declared.isNew, commands, begin);
  }

  private Operation command() {
    List<Term> terms = new ArrayList<>();
    Token token = peek();
    while (token != null && !token.is("|") && !token.is(")")) {
      if (!terms.isEmpty() && !token.isSpaced() && !token.is("(")) {
        throw new TemplateException(token.place(), "'" + token.text() + "' (expected: a space)");
      }
      next++;
      terms.add(fields(term(token)));
      token = peek();
    }
    if (terms.isEmpty()) {
      throw token == null
          ? fault("nothing (expected: a value)")
          : new TemplateException(token.place(), "'" + token.text() + "' (expected: a value)");
    }
    return new Operation(terms);
  }

  private Term term(Token token) {
    FilePlace at = token.place();
    return switch (token.kind()) {
      case LITERAL -> new Term.Value(token.value(), at);
      case VARIABLE -> {
        requireKnown(token);
        yield new Term.Variable(token.text(), at);
      }
      case FIELD -> new Term.Field(new Term.Dot(at), token.text(), at);
      case WORD -> word(token);
      case SIGN -> {
        if (token.text().equals(".")) {
          yield new Term.Dot(at);
        }
        if (token.text().equals("(")) {
          yield nested(at);
        }
        throw new TemplateException(at, "'" + token.text() + "' (expected: a value)");
      }
    };
  }

  private Term nested(FilePlace at) {
    if (++depth > MOST_DEPTH) {
      throw new TemplateException(at, "more than " + MOST_DEPTH + " parentheses");
    }
    Pipeline pipeline = pipeline(Declared.NOTHING);
    if (!takes(Token.Kind.SIGN, ")")) {
      throw new TemplateException(at, "a parenthesis is not closed (expected: ')')");
    }
    depth--;
    return new Term.Nested(pipeline, at);
  }

  /// A constant, or a function; one of a name space has a dot in its name.
  private Term word(Token token) {
    FilePlace at = token.place();
    switch (token.text()) {
      case "true", "false" -> {
        return new Term.Value(Boolean.valueOf(token.text()), at);
      }
      case "nil" -> {
        return new Term.Value(null, at);
      }
      default -> {}
    }
    String name = token.text();
    Token field = fieldBehind();
    if (field != null) {
      name += "." + field.text();
      next++;
    }
    if (!Functions.knows(name)) {
      throw new TemplateException(
          at,
          "function '%s' is not known (expected one of: %s)"
              .formatted(name, String.join(", ", Functions.names())));
    }
    return new Term.Function(name, at);
  }

  private Term fields(Term term) {
    Term reached = term;
    int count = 0;
    for (Token field = fieldBehind(); field != null; field = fieldBehind()) {
      if (++count > MOST_DEPTH) {
        throw new TemplateException(field.place(), "more than " + MOST_DEPTH + " fields");
      }
      next++;
      reached = new Term.Field(reached, field.text(), field.place());
    }
    return reached;
  }

  /// The next token, where it is a field of what is before it.
  private @Nullable Token fieldBehind() {
    Token token = peek();
    boolean isOne = token != null && token.kind() == Token.Kind.FIELD && !token.isSpaced();
    return isOne ? token : null;
  }
}
