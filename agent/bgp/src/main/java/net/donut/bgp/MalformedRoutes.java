package net.donut.bgp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.UpdateFault;
import org.jspecify.annotations.Nullable;

/// The latest routes of a session that were withdrawn because their UPDATE was malformed, until
/// they are announced well again. Owned by the event loop.
final class MalformedRoutes {
  /// The oldest leave first.
  static final int MOST = 256;

  private final Map<Prefix, MalformedRoute> routes = new LinkedHashMap<>();
  private @Nullable UpdateFault lastFault;
  private @Nullable ClockReading lastAt;

  /// Takes an UPDATE with faults. Returns the prefixes it cost, in words.
  String faulty(BgpMessage.Update update, ClockReading now) {
    UpdateFault worst = update.faults().getFirst();
    for (UpdateFault fault : update.faults()) {
      if (fault.action() == UpdateFault.Action.TREAT_AS_WITHDRAW) {
        worst = fault;
        break;
      }
    }
    lastFault = worst;
    lastAt = now;
    if (worst.action() != UpdateFault.Action.TREAT_AS_WITHDRAW) {
      return words(update.announcements().stream().map(BgpMessage.Announcement::prefixes).toList());
    }
    for (Prefixes withdrawn : update.withdrawals()) {
      // Those before the last MOST would leave at once.
      for (int i = Math.max(0, withdrawn.size() - MOST); i < withdrawn.size(); i++) {
        Prefix prefix = withdrawn.get(i);
        routes.remove(prefix);
        routes.put(prefix, new MalformedRoute(prefix, worst.message(), now));
      }
    }
    while (routes.size() > MOST) {
      routes.remove(routes.keySet().iterator().next());
    }
    return words(update.withdrawals());
  }

  private static String words(List<Prefixes> parts) {
    int count = parts.stream().mapToInt(Prefixes::size).sum();
    String first =
        parts.stream()
            .filter(part -> !part.isEmpty())
            .findFirst()
            .map(part -> part.get(0).toString())
            .orElse("no prefix");
    return count > 1 ? first + " and " + (count - 1) + " more" : first;
  }

  /// Takes an UPDATE without faults: what it announces or withdraws is malformed no more.
  void sound(BgpMessage.Update update) {
    if (routes.isEmpty()) {
      return;
    }
    update.announcements().forEach(part -> part.prefixes().forEach(routes::remove));
    update.withdrawals().forEach(part -> part.forEach(routes::remove));
  }

  /// A new session announces everything again.
  void clear() {
    routes.clear();
  }

  List<MalformedRoute> all() {
    return routes.isEmpty() ? List.of() : new ArrayList<>(routes.values());
  }

  /// The latest fault of any kind; empty if there was none.
  String lastFault() {
    return lastFault == null ? "" : lastFault.message();
  }

  /// When that was; null if there was none.
  @Nullable ClockReading lastAt() {
    return lastAt;
  }
}
