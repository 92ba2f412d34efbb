package net.donut.core.policy;

import net.donut.model.Prefix;

/// An entry of a neighbor's list of prefixes: the prefix itself, and parts of it up to the length
/// `upTo`.
public record ListedPrefix(Prefix prefix, int upTo) {
  public ListedPrefix {
    PolicyChecks.range(
        "prefixes: " + prefix + ": up-to", upTo, prefix.length(), prefix.family().bits());
  }

  /// Only the prefix itself.
  public static ListedPrefix exactly(Prefix prefix) {
    return new ListedPrefix(prefix, prefix.length());
  }

  public boolean allows(Prefix announced) {
    return announced.length() <= upTo && prefix.contains(announced);
  }

  @Override
  public String toString() {
    return upTo == prefix.length() ? prefix.toString() : prefix + " up to /" + upTo;
  }
}
