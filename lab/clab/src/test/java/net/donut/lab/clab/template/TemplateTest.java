package net.donut.lab.clab.template;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  /// What the tables below render with.
  private static final Map<String, Object> DATA =
      Map.ofEntries(
          entry("n", 3L),
          entry("f", 2.5),
          entry("yes", true),
          entry("name", "spine"),
          entry("none", ""),
          entry("list", List.of("a", "b", "c")),
          entry("numbers", List.of(1L, 2L)),
          entry("map", Map.of("z", 1L, "a", 2L, "10", 3L, "9", 4L)),
          entry("chain", chain(60)),
          entry("deep", Map.of("er", Map.of("super-spine", 7L))));

  /// A mapping in a mapping, and so on.
  private static Map<String, Object> chain(int length) {
    return length == 0 ? Map.of() : Map.of("n", chain(length - 1));
  }

  private static String render(String template) {
    return Template.of(new Template.Source("t", template), List.of()).render(DATA);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      textBlock =
          """
          a{{.name}}b => aspineb
          {{ .deep.er }} => map[super-spine:7]
          {{ index .deep "er" "super-spine" }} => 7
          {{ .missing }} {{ .missing.more }} {{ index .map "x" }} => <no value> <no value> <no value>
          {{ . | len }} {{ $ | len }} => 10 10
          {{ "\\u00e9\\x41\\"" }}{{ `r\\n` }}{{ 'a' }} => éA"r\\n97
          """)
  void fields_and_literals(String template, String expected) {
    assertThat(render(template)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      textBlock =
          """
          {{ if .yes }}y{{ else }}n{{ end }} => y
          {{ if .none }}y{{ else if eq .n 3 }}3{{ else }}n{{ end }} => 3
          {{ if .none }}y{{ else if .missing }}3{{ else }}n{{ end }} => n
          {{ if and .yes (not .none) (gt .n 2) }}y{{ end }} => y
          {{ with .deep.er }}{{ index . "super-spine" }}{{ end }} => 7
          {{ with .none }}y{{ else with .name }}{{ . }}{{ else }}n{{ end }} => spine
          {{ with $x := .n }}{{ add $x 1 }}{{ end }} => 4
          {{ range .list }}{{ . }},{{ end }} => a,b,c,
          {{ range $i, $v := .list }}{{ $i }}{{ $v }}{{ end }} => 0a1b2c
          {{ range $v := .list }}{{ $v }}{{ $.n }}{{ end }} => a3b3c3
          {{ range $k, $v := .map }}{{ $k }}:{{ $v }} {{ end }}. => 9:4 10:3 a:2 z:1 .
          {{ range .missing }}y{{ else }}empty{{ end }} => empty
          {{ range 3 }}{{ . }}{{ end }} => 012
          {{ range $i := seq 4 }}{{ if eq $i 2 }}{{ continue }}{{ end }}{{ if eq $i 4 }}{{ break }}{{ end }}{{ $i }}{{ end }} => 13
          {{ $s := 0 }}{{ range .numbers }}{{ $s = add $s . }}{{ end }}{{ $s }} => 3
          {{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }} => 21
          {{ $x := .deep }}{{ $x.er | len }}{{ (index .deep "er") | len }} => 11
          {{ define "d" }}<{{ . }}>{{ end }}{{ template "d" .n }}{{ template "d" }} => <3><<no value>>
          {{ block "b" .name }}[{{ . }}]{{ end }} => [spine]
          {{ define "r" }}{{ if . }}{{ . }}{{ template "r" (subtract . 1) }}{{ end }}{{ end }}{{ template "r" 3 }} => 321
          a {{- /* nothing */ -}} b {{- " c " -}} d => ab c d
          {{/* a comment */}}x {{- 3 }} {{ -3 }} => x3 -3
          """)
  void actions(String template, String expected) {
    assertThat(render(template)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      textBlock =
          """
          {{ eq .n 3 }} {{ eq .n 1 2 3 }} {{ ne .n 3 }} {{ eq .missing "x" }} => true true false false
          {{ lt 1 2 }} {{ le "a" "b" }} {{ gt 1.5 1.0 }} {{ ge 2 3 }} => true true true false
          {{ or .none "d" }} {{ and 1 0 }} {{ not "" }} => d 0 true
          {{ len .list }} {{ len "é" }} {{ index .list 1 }} => 3 2 b
          {{ print 1 2 "a" "b" 3 }} {{ len (println "x" 1) }} => 1 2ab3 4
          {{ add 1 2 }} {{ add "1" 2 }} {{ add 1.5 2 }} {{ subtract 5 7 }} => 3 3 3.5 -2
          {{ mul 3 4 }} {{ div 10 4 }} {{ div 4 2 }} {{ rem 7 3 }} {{ add1 1 }} => 12 2.5 2 1 2
          {{ seq 3 }} {{ seq 4 6 }} {{ seq 8 4 2 }} {{ seq 1 5 -2 }} {{ until 2 }} => [1 2 3] [4 5 6] [8 6 4] [1 3 5] [0 1]
          {{ seq 1 3 0 }} {{ seq 0 }} => [] [1 0]
          {{ .map | ToJSON }} {{ ToJSON .list }} {{ ToJSON "<" }} => {"9":4,"10":3,"a":2,"z":1} ["a","b","c"] "\\u003c"
          {{ "a-b" | strings.Split "-" }} {{ strings.ReplaceAll "a" "b" "banana" }} => [a b] bbnbnb
          {{ conv.Join .list ", " }} {{ conv.ToInt "0x1F" }} {{ conv.ToInt 2.7 }} => a, b, c 31 2
          {{ printf "%s-%02d|%-4s|%5.2f|%v|%q" .name 7 "x" .f .list "q" }} => spine-07|x   | 2.50|[a b c]|"q"
          {{ printf "%x %X %o %b %c %t %+d %%" 255 255 8 5 65 .yes 3 }} => ff FF 10 101 A true +3 %
          {{ 1000000000000000000000.0 }} {{ 0.00001 }} {{ 0x1F }} {{ 'a' }} {{ 1_000 }} => 1e+21 1e-05 31 97 1000
          """)
  void functions(String template, String expected) {
    assertThat(render(template)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      textBlock =
          """
          {{ env "X" }} => t:1:4: function 'env' is not known (expected one of: ToJSON,
          x {{ .a } => t:1:9: '}' has no meaning in an action
          {{ .a => t:1:1: an action is not closed (expected: }})
          {{ "a => t:1:4: a text is not closed (expected: ")
          {{/* a => t:1:1: a comment is not closed (expected: */}})
          {{ if .a }} => t:1:1: 'if' is not closed (expected: {{end}})
          {{ end }} => t:1:1: 'end' (expected: nothing that it could end)
          {{ if }}{{ end }} => t:1:1: nothing (expected: a value)
          {{ range $i, .a }}{{ end }} => t:1:1: 'range' (expected: $element := or $index, $element := behind it)
          {{ break }} => t:1:1: 'break' (expected: a range around it)
          {{ $x }} => t:1:4: variable $x is not declared
          {{ (1 }} => t:1:4: a parenthesis is not closed (expected: ')')
          {{ template "x" }} => t:1:1: template "x" is not defined
          {{ .name.x }} => t:1:9: .x of a text (expected: of a mapping)
          {{ .name 1 }} => t:1:4: an argument for what is no function
          {{ range .name }}{{ end }} => t:1:10: range over a text (expected: a list or a mapping)
          {{ index .list 3 }} => t:1:4: index: 3 of a list of 3 (expected: a whole number from 0 below that)
          {{ index .missing "x" }} => t:1:4: index: x of nothing (expected: a list or a mapping)
          {{ add "x" 1 }} => t:1:4: add: 'x' (expected: a number of at most 64 bits)
          {{ add 1 }} => t:1:4: add: 1 arguments (expected: 2)
          {{ add 9223372036854775807 1 }} => t:1:4: add: the result has more than 64 bits
          {{ rem 1 0 }} => t:1:4: rem: a division by 0
          {{ eq 1 "1" }} => t:1:4: eq: a number '1' and a text '1' (expected: two of one basic kind)
          {{ printf "%d" "x" }} => t:1:4: printf: %d of x, which is a text
          {{ printf "%s" }} => t:1:4: printf: nothing is left for %s
          {{ printf "%9999d" 1 }} => t:1:4: printf: width of %9999d (expected: at most 1000)
          """)
  void mistakes_are_told_with_their_place(String template, String message) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> assertThat(e.place() + ": " + e.reason()).startsWith(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ define \"r\" }}{{ template \"r\" }}{{ end }}{{ template \"r\" }}",
        "{{ $s := \"xxxxxxxx\" }}{{ range seq 40 }}{{ $s = print $s $s }}{{ end }}",
        "{{ range seq 90000 }}{{ range seq 90000 }}{{ end }}{{ end }}",
        "{{ range seq 90000 }}{{ range seq 90000 }}x{{ end }}{{ end }}",
        "{{ range seq 90000 }}a text that stands between the actions{{ end }}",
        "{{ define \"r\" }}{{ with .n }}{{ template \"r\" . }}{{ template \"r\" . }}{{ end }}{{ end }}"
            + "{{ template \"r\" .chain }}",
        "{{ seq 1000000000 }}",
        "{{ range 1000000000 }}{{ end }}",
        "{{ range seq 9000 }}{{ $ }}{{ end }}",
        "{{ $x := printf \"%1000d\" 1 }}{{ range seq 9 }}{{ $x = strings.ReplaceAll \" \" $x $x }}{{ end }}"
      })
  void what_goes_on_without_bound_is_stopped(String template) {
    assertThatThrownBy(() -> render(template)).isInstanceOf(TemplateException.class);
  }

  @Test
  void deep_nesting_is_refused() {
    for (String open :
        List.of("{{ if 1 }}", "{{ (", "{{ range . }}", "{{ if 0 }}{{ else ", "{{ else if 1 }}")) {
      String template = "{{ if 1 }}" + open.repeat(20_000);
      assertThatThrownBy(() -> render(template)).isInstanceOf(TemplateException.class);
    }
    assertThatThrownBy(() -> render("{{ " + ".a".repeat(20_000) + " }}"))
        .isInstanceOf(TemplateException.class)
        .hasMessage("more than 50 fields");
  }

  @Test
  void templates_of_other_files_are_called_by_name() {
    Template template =
        Template.of(
            new Template.Source("main", "{{ template \"n\" 1 }}{{ template \"plain.gotmpl\" }}"),
            List.of(
                new Template.Source("n.gotmpl", "{{ define \"n\" }}node{{ . }}{{ end }}"),
                new Template.Source("plain.gotmpl", "!")));

    assertThat(template.render(null)).isEqualTo("node1!");
  }

  @Test
  void no_input_throws_anything_else() {
    long seed = Long.getLong("donut.template.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> words =
        List.of(
            "{{",
            "}}",
            "{{-",
            "-}}",
            " ",
            ".",
            ".n",
            ".list",
            "$",
            "$x",
            ":=",
            "=",
            ",",
            "|",
            "(",
            ")",
            "if",
            "else",
            "end",
            "range",
            "with",
            "define",
            "block",
            "template",
            "\"t\"",
            "'a'",
            "\"",
            "`",
            "1",
            "-1",
            "1e9",
            "2.5",
            "seq",
            "index",
            "printf",
            "\"%v%d%5c\"",
            "eq",
            "and",
            "len",
            "ToJSON",
            "ToJSONPretty",
            "strings.Split",
            "conv.Join",
            "mul",
            "/*",
            "*/",
            "\n",
            "9223372036854775807",
            "break",
            "nil",
            "\\",
            "\\U99999999",
            "é",
            "\uD83D");
    for (int i = 0; i < 30_000; i++) {
      StringBuilder template = new StringBuilder();
      for (int count = random.nextInt(14); count >= 0; count--) {
        template
            .append(words.get(random.nextInt(words.size())))
            .append(random.nextBoolean() ? " " : "");
      }
      attempt(template.toString(), seed);
      attempt("{{ " + template + " }}", seed);
    }
  }

  private static void attempt(String template, long seed) {
    try {
      render(template);
    } catch (TemplateException e) {
      assertThat(e.place().column()).isPositive();
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + template, e);
    }
  }
}
