package net.donut.agent.fib;

import net.donut.netlink.Sysctl;

/// A kernel setting that forwarding depends on, and whether it is ours to set.
record Setting(String name, String value, Kind kind) {
  enum Kind {
    /// Set at start, and set back when another program changes it.
    OURS,
    /// Only looked at.
    OPERATORS
  }

  /// Sees to it that it has its value, or says why it has not.
  Sysctl.Outcome enforce() {
    if (kind == Kind.OURS) {
      return Sysctl.ensure(name, value);
    }
    try {
      String found = Sysctl.read(name);
      return found.equals(value)
          ? new Sysctl.Outcome.Verified(name, found, found)
          : new Sysctl.Outcome.Refused(name, value, found, "packets are not forwarded");
    } catch (RuntimeException e) {
      return new Sysctl.Outcome.Refused(name, value, "", String.valueOf(e.getMessage()));
    }
  }
}
