package net.donut.controller.rib;

import java.util.regex.Pattern;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.policy.PolicyReader;

/// The text of a policy as recordings keep it: with another key in place of every TCP MD5 key,
/// which no decision depends on.
final class PolicyWithoutKeys {
  /// What stands for each key.
  static final String KEY = "not-recorded";

  private static final String NOT_RECORDED =
      "# not recorded: the md5 keys cannot be told apart from the rest\n";

  /// `md5:` and a value in quotes, or one that ends with the line or the mapping.
  private static final Pattern VALUE =
      Pattern.compile(
          "(\\bmd5[\"']?[ \\t]*:[ \\t]*)"
              + "(\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^']|'')*'|[^\\s,}#][^\\n,}#]*)");

  private PolicyWithoutKeys() {}

  static String of(ControllerRib.PolicyInUse policy) {
    if (hasNoKeys(policy.document())) {
      return policy.text();
    }
    String text = VALUE.matcher(policy.text()).replaceAll("$1" + KEY);
    PolicyDocument read = PolicyReader.read(policy.fileName(), text).document();
    return read != null && hasNoKeys(read) ? text : NOT_RECORDED;
  }

  private static boolean hasNoKeys(PolicyDocument policy) {
    return policy.neighbors().stream()
        .map(NeighborEntry::md5)
        .allMatch(key -> key == null || key.equals(KEY));
  }
}
