package net.donut.core.answer;

import java.math.BigDecimal;
import java.math.RoundingMode;
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
/// an accepted route other than a default, `ipv6Addresses` the same. Defaults count the transits
/// that send one, by family. `holeCauses` are all of them, or none where the limit is 0.
public record Coverage(
    Counts counts,
    long holeCount,
    List<Block> holes,
    List<HoleCause> holeCauses,
    long singleExitCount,
    List<Block> singleExit,
    long costLeakCount,
    List<CostLeak> costLeaks,
    List<Bypass> bypasses,
    long coveredHoleCount,
    List<Block> coveredHoles,
    List<ExitLoss> exitLosses,
    long ipv4Addresses,
    AddressCount ipv6Addresses,
    int defaultsIpv4,
    int defaultsIpv6,
    SpaceShares ipv4Shares,
    SpaceShares ipv6Shares) {

  public Coverage {
    holes = List.copyOf(holes);
    holeCauses = List.copyOf(holeCauses);
    singleExit = List.copyOf(singleExit);
    costLeaks = List.copyOf(costLeaks);
    bypasses = List.copyOf(bypasses);
    coveredHoles = List.copyOf(coveredHoles);
    exitLosses = List.copyOf(exitLosses);
  }

  /// How the addresses of a family that accepted routes cover leave, as shares 0..1; a default
  /// route has no share. All are 0 where nothing is covered.
  ///
  /// @param direct by a customer or a peer, or our own
  /// @param hole that some router does not forward
  public record SpaceShares(double direct, double transit, double hole) {}

  /// Addresses of a prefix that no longer prefix takes; `exit` is the neighbor concerned or empty.
  public record Block(Prefix prefix, String reason, String exit) {}

  /// Holes of one cause: `gone` are the neighbors whose paths nobody can use now, `away` those that
  /// only other routers can use; `routers` do not forward them, empty for every router.
  public record HoleCause(
      List<String> gone, List<String> away, List<String> routers, long blocks, Prefix largest) {
    public HoleCause {
      gone = List.copyOf(gone);
      away = List.copyOf(away);
      routers = List.copyOf(routers);
    }

    /// The same cause of so many holes, the largest of which is `first`.
    public HoleCause with(long count, Prefix first) {
      return new HoleCause(gone, away, routers, count, first);
    }

    /// For people: who has no exit and why.
    public String text() {
      String what = largest + (blocks == 1 ? " has" : " and %,d more have".formatted(blocks - 1));
      String where = routers.isEmpty() ? " no exit" : " no exit at " + String.join(", ", routers);
      return what + where + " (" + why() + ")";
    }

    private String why() {
      String whose = blocks == 1 ? "its" : "their";
      if (gone.isEmpty()) {
        return away.isEmpty()
            ? "no path"
            : "%s cannot be reached from there".formatted(String.join(", ", away));
      }
      String lost =
          gone.size() == 1
              ? "%s was %s only one".formatted(gone.getFirst(), whose)
              : "%s were %s only ones".formatted(String.join(", ", gone), whose);
      return away.isEmpty()
          ? lost
          : "%s is down, %s cannot be reached from there"
              .formatted(String.join(", ", gone), String.join(", ", away));
    }
  }

  /// A prefix that leaves by a transit while `cover` around it would leave by a direct neighbor.
  /// Prices are for a Mbit/s a month, 0 for free or not given.
  public record CostLeak(
      Prefix prefix,
      Prefix cover,
      String direct,
      double directPrice,
      String transit,
      double transitPrice) {

    /// What a Mbit/s costs more than it would at the direct neighbor.
    public double extraPrice() {
      return transitPrice - directPrice;
    }

    /// For people: why it is one, and what a Mbit/s costs at either, where the policy says so.
    public String reason() {
      String text = "heard from transit only, inside " + cover + " of " + direct;
      return transitPrice == 0 && directPrice == 0
          ? text
          : "%s: %s at %s, %s at %s"
              .formatted(text, price(transitPrice), transit, price(directPrice), direct);
    }
  }

  /// A price as people write it: `free`, `0.30 a Mbit/s`.
  public static String price(double price) {
    return price == 0 ? "free" : "%s a Mbit/s".formatted(amount(price));
  }

  /// Two digits behind the point, more where there are more.
  private static String amount(double price) {
    BigDecimal exact = BigDecimal.valueOf(price).stripTrailingZeros();
    return exact.setScale(Math.max(2, exact.scale()), RoundingMode.UNNECESSARY).toPlainString();
  }

  /// All cost leaks of one direct neighbor that go to one transit instead: prefixes, the addresses
  /// that follow them, and the prices at both. Worst first, never cut.
  public record Bypass(
      String direct,
      String transit,
      long prefixes,
      long ipv4Addresses,
      AddressCount ipv6Addresses,
      double directPrice,
      double transitPrice) {

    /// One of IPv4 only, with no price given.
    public Bypass(String direct, String transit, long prefixes, long ipv4Addresses) {
      this(direct, transit, prefixes, ipv4Addresses, AddressCount.NONE, 0, 0);
    }
  }

  /// What the loss of one neighbor does: prefixes whose best path it is at some router and the
  /// share of `ipv4Addresses` and `ipv6Addresses` that follow them, 0..1; prefixes that would have
  /// no exit left even by way of shorter prefixes, and their shares. A default route has no share.
  public record ExitLoss(
      String neighbor,
      double price,
      long moved,
      double movedIpv4Share,
      double movedIpv6Share,
      long lost,
      double lostIpv4Share,
      double lostIpv6Share) {}
}
