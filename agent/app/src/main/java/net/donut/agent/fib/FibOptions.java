package net.donut.agent.fib;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import net.donut.model.ReturnHolds;
import net.donut.netlink.KernelCapabilities;
import org.jspecify.annotations.Nullable;

/// Settings of a [Fib].
///
/// @param networkInstances kernel routing table by network instance name; holds `DEFAULT`
/// @param protocol the routing protocol number that marks what is ours, 1..255
/// @param metric the priority of our routes; a foreign route with the same prefix and metric is a
///   conflict
/// @param stateDirectory where state that outlives the process may be kept
/// @param returnHold how long what returned must stay well before it carries traffic again
/// @param sweepAfter how long after the first operation unclaimed adopted state is swept when
///   nobody asked for it; zero for never
/// @param removalPercent the share of a table that a controller may have removed within a minute
///   without saying why, 1..100; see [RemovalGuard]
/// @param kernel which of the kernel's capabilities to use
/// @param namespace path of the network namespace to work in, such as `/run/netns/edge1`; null for
///   that of the process
public record FibOptions(
    Map<String, Integer> networkInstances,
    int protocol,
    int metric,
    Path stateDirectory,
    ReturnHolds.Range returnHold,
    Duration sweepAfter,
    int removalPercent,
    Kernel kernel,
    @Nullable Path namespace) {
  /// A choice among the capabilities of the running kernel.
  public enum Kernel {
    /// All there are.
    AS_FOUND,
    /// Those of a kernel before 5.13, so that tests see how the agent does there.
    BEFORE_5_13;

    KernelCapabilities of(KernelCapabilities found) {
      return switch (this) {
        case AS_FOUND -> found;
        case BEFORE_5_13 -> found.before513();
      };
    }
  }

  public static final String DEFAULT_INSTANCE = "DEFAULT";
  public static final int MAIN_TABLE = 254;
  public static final int PROTOCOL = 64;
  public static final int METRIC = 20;
  public static final int REMOVAL_PERCENT = 30;

  public FibOptions {
    Map<String, Integer> ordered = new LinkedHashMap<>();
    ordered.put(DEFAULT_INSTANCE, MAIN_TABLE);
    ordered.putAll(networkInstances);
    networkInstances = Collections.unmodifiableMap(ordered);
    networkInstances.forEach(FibOptions::checkInstance);
    if (networkInstances.values().stream().distinct().count() != networkInstances.size()) {
      throw new IllegalArgumentException(
          "network instances: " + networkInstances + " (expected: a table of its own for each)");
    }
    checkRemovalPercent(removalPercent);
    if (protocol < 1 || protocol > 255) {
      throw new IllegalArgumentException("protocol: " + protocol + " (expected: 1..255)");
    }
  }

  private static void checkInstance(String name, int table) {
    if (name.isEmpty() || table < 1 || table == 255) {
      throw new IllegalArgumentException(
          "network instance '"
              + name
              + "'="
              + table
              + " (expected: a name and a table from 1, but not 255, the local table)");
    }
  }

  /// The defaults: `DEFAULT` in the main table, protocol 64, metric 20, holds from one second to
  /// one minute.
  public static FibOptions defaults(Path stateDirectory) {
    return new FibOptions(
        Map.of(),
        PROTOCOL,
        METRIC,
        stateDirectory,
        ReturnHolds.Range.DEFAULT,
        Duration.ofMinutes(2),
        REMOVAL_PERCENT,
        Kernel.AS_FOUND,
        null);
  }

  public FibOptions withNetworkInstances(Map<String, Integer> instances) {
    return new FibOptions(
        instances,
        protocol,
        metric,
        stateDirectory,
        returnHold,
        sweepAfter,
        removalPercent,
        kernel,
        namespace);
  }

  /// Throws IllegalArgumentException outside 1..100.
  public static void checkRemovalPercent(int percent) {
    if (percent < 1 || percent > 100) {
      throw new IllegalArgumentException("removal budget: " + percent + " % (expected: 1..100)");
    }
  }

  public FibOptions withReturnHold(ReturnHolds.Range range) {
    return new FibOptions(
        networkInstances,
        protocol,
        metric,
        stateDirectory,
        range,
        sweepAfter,
        removalPercent,
        kernel,
        namespace);
  }

  public FibOptions withSweepAfter(Duration after) {
    return new FibOptions(
        networkInstances,
        protocol,
        metric,
        stateDirectory,
        returnHold,
        after,
        removalPercent,
        kernel,
        namespace);
  }

  public FibOptions withNamespace(Path path) {
    return new FibOptions(
        networkInstances,
        protocol,
        metric,
        stateDirectory,
        returnHold,
        sweepAfter,
        removalPercent,
        kernel,
        path);
  }

  public FibOptions withRemovalPercent(int percent) {
    return new FibOptions(
        networkInstances,
        protocol,
        metric,
        stateDirectory,
        returnHold,
        sweepAfter,
        percent,
        kernel,
        namespace);
  }

  public FibOptions withKernel(Kernel value) {
    return new FibOptions(
        networkInstances,
        protocol,
        metric,
        stateDirectory,
        returnHold,
        sweepAfter,
        removalPercent,
        value,
        namespace);
  }
}
