package net.donut.lab.clab.parse;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Variables of the environment in a topology file: `$X`, `${X}`, `${X:-default}`, `${X:=default}`,
/// `${X-default}` and `$$`. One that is not set and has no default stays as it is written.
final class Variables {
  private static final Pattern FORM =
      Pattern.compile(
          "\\$(?:(?<dollar>\\$)|(?<short>[A-Za-z_][A-Za-z0-9_]*)"
              + "|\\{(?<long>[A-Za-z_][A-Za-z0-9_]*)(?:(?<op>:?[-=])(?<default>[^}\\n]*))?\\})");

  private Variables() {}

  static String substitute(String text, Map<String, String> environment) {
    Matcher matcher = FORM.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(out, Matcher.quoteReplacement(replacement(matcher, environment)));
    }
    return matcher.appendTail(out).toString();
  }

  private static String replacement(Matcher matcher, Map<String, String> environment) {
    if (matcher.group("dollar") != null) {
      return "$";
    }
    String name = matcher.group("short") == null ? matcher.group("long") : matcher.group("short");
    @Nullable String value = environment.get(name);
    @Nullable String operator = matcher.group("op");
    boolean emptyCounts = operator != null && operator.startsWith(":");
    if (value != null && !(emptyCounts && value.isEmpty())) {
      return value;
    }
    @Nullable String absent = matcher.group("default");
    return absent == null ? matcher.group() : absent;
  }
}
