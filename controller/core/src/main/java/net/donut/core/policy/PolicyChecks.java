package net.donut.core.policy;

/// What the constructors of this package check.
final class PolicyChecks {
  private PolicyChecks() {}

  static void asn(String what, long asn) {
    if (asn < 1 || asn > 0xffff_ffffL) {
      throw new IllegalArgumentException(what + ": " + asn + " (expected: 1..4294967295)");
    }
  }

  static void name(String what, String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(what + ": '" + name + "' (expected: a name)");
    }
  }

  static void range(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + ": " + value + " (expected: " + least + ".." + most + ")");
    }
  }
}
