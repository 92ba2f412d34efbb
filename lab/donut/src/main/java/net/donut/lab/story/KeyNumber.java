package net.donut.lab.story;

import java.util.List;
import java.util.Optional;
import net.donut.report.Html;

/// One of the numbers that the story begins with: the traditional network against the donut.
///
/// @param what is counted, with its unit
/// @param digits behind the point
record KeyNumber(String what, int digits, double traditional, double donut) {

  /// Bill, outage and hops; empty where one of the two networks was left out.
  static List<KeyNumber> of(List<NetworkResult> results) {
    Optional<NetworkResult> traditional = result(results, StoryNetwork.TRADITIONAL);
    Optional<NetworkResult> donut = result(results, StoryNetwork.DONUT);
    if (traditional.isEmpty() || donut.isEmpty()) {
      return List.of();
    }
    return of(traditional.get(), donut.get());
  }

  private static Optional<NetworkResult> result(List<NetworkResult> results, StoryNetwork network) {
    return results.stream().filter(result -> result.network() == network).findFirst();
  }

  private static List<KeyNumber> of(NetworkResult traditional, NetworkResult donut) {
    return List.of(
        new KeyNumber("transit bill per month", 2, traditional.transitBill(), donut.transitBill()),
        new KeyNumber("longest outage, ms", 0, millis(traditional), millis(donut)),
        new KeyNumber("routers on the way of a packet", 1, traditional.routers(), donut.routers()));
  }

  private static double millis(NetworkResult result) {
    return result.longestOutage().toNanos() / 1e6;
  }

  /// How much more the donut has, in percent: `-74 %`; empty where the traditional network has 0.
  String change() {
    return traditional == 0 ? "" : "%+.0f %%".formatted(100 * (donut / traditional - 1));
  }

  String html() {
    return Html.comparison(
        StoryTable.decimal(digits, traditional),
        StoryTable.decimal(digits, donut),
        "%s: traditional, donut%s"
            .formatted(what, change().isEmpty() ? "" : " (" + change() + ")"));
  }

  /// For a terminal.
  String line() {
    return "%-30s  traditional %9s, donut %9s  %s"
        .formatted(
            what,
            StoryTable.decimal(digits, traditional),
            StoryTable.decimal(digits, donut),
            change())
        .stripTrailing();
  }
}
