package net.donut.core.policy;

/// The prefix lengths accepted, both ends included; a default route is not subject to it.
public record LengthRange(int shortest, int longest) {
  public LengthRange {
    PolicyChecks.range("prefix-length", shortest, 0, 128);
    PolicyChecks.range("prefix-length", longest, shortest, 128);
  }

  public boolean contains(int length) {
    return length >= shortest && length <= longest;
  }

  @Override
  public String toString() {
    return shortest + ".." + longest;
  }
}
