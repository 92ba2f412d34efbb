package net.donut.core;

import java.util.List;
import net.donut.model.Prefix;

/// What happens to addresses, judged by longest match, not by prefix.
///
/// * hole: addresses that an accepted route covers and some router does not forward.
/// * single exit: addresses that only one neighbor could take, also by way of shorter prefixes.
/// * cost leak: a prefix heard from transit only, inside a block that a direct neighbor takes.
/// * covered hole: a prefix that policy rejects altogether, whose addresses follow a shorter prefix
///   of another origin.
///
/// Lists are cut at the limit asked for, counts are complete. `ipv4Addresses` are those covered by
/// an accepted route other than a default. Defaults count the transits that send one, a family.
public record Coverage(
    Counts counts,
    long holeCount,
    List<Block> holes,
    long singleExitCount,
    List<Block> singleExit,
    long costLeakCount,
    List<Block> costLeaks,
    List<Bypass> bypasses,
    long coveredHoleCount,
    List<Block> coveredHoles,
    List<ExitLoss> exitLosses,
    long ipv4Addresses,
    int defaultsIpv4,
    int defaultsIpv6) {

  public Coverage {
    holes = List.copyOf(holes);
    singleExit = List.copyOf(singleExit);
    costLeaks = List.copyOf(costLeaks);
    bypasses = List.copyOf(bypasses);
    coveredHoles = List.copyOf(coveredHoles);
    exitLosses = List.copyOf(exitLosses);
  }

  /// Addresses of a prefix that no longer prefix takes; `exit` is the neighbor concerned or empty.
  public record Block(Prefix prefix, String reason, String exit) {}

  /// All cost leaks of one direct neighbor that go to one transit instead: prefixes, and the IPv4
  /// addresses that follow them. Worst first, never cut.
  public record Bypass(String direct, String transit, long prefixes, long ipv4Addresses) {}

  /// What the loss of one neighbor does: prefixes whose best path it is at some router and the
  /// share of `ipv4Addresses` that follow them, 0..1; prefixes that would have no exit left even by
  /// way of shorter prefixes, and their share.
  public record ExitLoss(
      String neighbor, long moved, double movedIpv4Share, long lost, double lostIpv4Share) {}
}
