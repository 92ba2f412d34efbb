package net.donut.agent.fib;

import java.util.List;

/// What was found out about the kernel at start.
///
/// @param release such as `6.18.4`
/// @param resilientGroups whether protected groups are resilient; otherwise they are hash-threshold
///   and leak a small share of the flows onto backups
/// @param nexthopCompatOff whether `net.ipv4.nexthop_compat_mode` is 0
/// @param warnings what is degraded, one line each
public record FibCapabilities(
    String release, boolean resilientGroups, boolean nexthopCompatOff, List<String> warnings) {

  public FibCapabilities {
    warnings = List.copyOf(warnings);
  }
}
