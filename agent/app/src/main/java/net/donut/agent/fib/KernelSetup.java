package net.donut.agent.fib;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.table.PrefixTable;
import net.donut.netlink.KernelCapabilities;
import net.donut.netlink.KernelRoute;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.RouteLookup;
import net.donut.netlink.Sysctl;

/// What forwarding depends on and others may change: the kernel's abilities, its settings, and the
/// default routes of other programs. Owned by `agent-fib`.
final class KernelSetup {
  private static final List<Setting> SETTINGS =
      List.of(
          new Setting(Sysctl.NEXTHOP_COMPAT_MODE, "0", Setting.Kind.OURS),
          new Setting(Sysctl.IGNORE_ROUTES_WITH_LINKDOWN, "1", Setting.Kind.OURS),
          new Setting(Sysctl.IGNORE_IPV6_ROUTES_WITH_LINKDOWN, "1", Setting.Kind.OURS),
          new Setting(Sysctl.LOOPBACK_FORWARDING, "0", Setting.Kind.OURS),
          new Setting(Sysctl.FORWARDING, "1", Setting.Kind.OPERATORS),
          new Setting(Sysctl.IPV6_FORWARDING, "1", Setting.Kind.OPERATORS));
  // Addresses that no route but a default covers (RFC 1112 §4, RFC 6666).
  private static final IpAddress NOBODYS_IPV4 = IpAddress.parse("240.0.0.1");
  private static final IpAddress NOBODYS_IPV6 = IpAddress.parse("100::1");

  private final NetlinkSocket socket;
  private final FibOptions options;
  private final KernelCapabilities found;
  private final FibCapabilities capabilities;

  /// Sets what is ours to set. Throws IllegalStateException when the kernel cannot do what has to
  /// be done.
  KernelSetup(NetlinkSocket socket, FibOptions options) {
    this.socket = socket;
    this.options = options;
    this.found = options.kernel().of(KernelCapabilities.probe(socket));
    if (!found.nextHopObjects().isPresent()) {
      throw new IllegalStateException(
          "kernel next-hop objects: "
              + found.nextHopObjects()
              + " (expected: Linux 5.3 or later, and CAP_NET_ADMIN)");
    }
    this.capabilities = describe(found);
  }

  FibCapabilities capabilities() {
    return capabilities;
  }

  Weights.Rule weights() {
    int largest = found.wideWeights().isPresent() ? Weights.WIDE : Weights.NARROW;
    return found.resilientGroups().isPresent()
        ? Weights.Rule.resilient(largest)
        : Weights.Rule.hashThreshold(largest);
  }

  private static FibCapabilities describe(KernelCapabilities found) {
    List<String> warnings = new ArrayList<>();
    if (!found.resilientGroups().isPresent()) {
      warnings.add(
          "kernel without resilient next-hop groups: backups carry 1/257 of the flows all the time"
              + " (expected: Linux 5.13 or later)");
    }
    if (!found.managedNeighbors().isPresent()) {
      warnings.add("kernel without managed neighbors: a backup's first packets wait for ARP or ND");
    }
    List<Sysctl.Outcome> outcomes = SETTINGS.stream().map(Setting::enforce).toList();
    boolean compatOff = outcomes.getFirst() instanceof Sysctl.Outcome.Verified;
    return new FibCapabilities(release(), found.resilientGroups().isPresent(), compatOff, warnings);
  }

  private static String release() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /// Looks at what others may have changed without a word from the kernel, and sets back what is
  /// ours. Returns what cannot be helped, a line each.
  List<String> refusedSettings(Consumer<String> notices) {
    List<String> faults = new ArrayList<>();
    for (Setting setting : SETTINGS) {
      Sysctl.Outcome outcome = setting.enforce();
      if (outcome instanceof Sysctl.Outcome.Verified verified
          && !verified.previous().equals(verified.value())) {
        notices.accept(
            "sysctl "
                + setting.name()
                + ": another program set it to "
                + verified.previous()
                + ", set back to "
                + verified.value());
      } else if (outcome instanceof Sysctl.Outcome.Refused refused) {
        faults.add(refused.message());
      }
    }
    return faults;
  }

  /// Default routes of other programs that win over ours: a lower metric at the same length.
  List<String> foreignDefaults(Iterable<RouteTable> tables) {
    List<String> found = new ArrayList<>();
    for (RouteTable table : tables) {
      if (table.instance().table() != KernelRoute.MAIN_TABLE
          || table.findIntended(0, 0, 0) == PrefixTable.NONE) {
        continue;
      }
      IpAddress nobodys = table.family() == Family.IPV4 ? NOBODYS_IPV4 : NOBODYS_IPV6;
      if (socket.view().fibMatch(nobodys) instanceof RouteLookup.Found match
          && match.route().prefix().length() == 0
          && match.route().protocol() != options.protocol()) {
        InspectSummary.FoundRoute route = KernelInspection.found(match, nobodys, socket);
        found.add(
            "%s: a default route of another program wins over ours:%s%s (%s, metric %s)"
                .formatted(
                    route.prefix(),
                    route.gateway().isEmpty() ? "" : " via " + route.gateway(),
                    route.device().isEmpty() ? "" : " on " + route.device(),
                    route.owner(),
                    Integer.toUnsignedString(route.metric())));
      }
    }
    return found;
  }
}
