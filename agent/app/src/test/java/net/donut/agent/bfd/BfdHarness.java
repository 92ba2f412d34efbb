package net.donut.agent.bfd;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import net.donut.bfd.BfdSettings;
import net.donut.bfd.BfdStatus;
import net.donut.model.IpAddress;
import net.donut.netlink.NetworkNamespace;

/// An agent's line to a speaker in the router's namespace, and what it heard.
final class BfdHarness implements BfdLink.Listener, AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Map<String, BfdStatus> latest = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> notices = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final BfdLink link;

  BfdHarness(BfdNetwork network) {
    link = new BfdLink(network.directory(), this, failures::add);
    try (NetworkNamespace namespace = NetworkNamespace.open(network.router())) {
      namespace.<RuntimeException>run(link::start);
    }
  }

  @Override
  public void bfd(BfdStatus status) {
    latest.put(status.name(), status);
  }

  @Override
  public void notice(String text) {
    notices.add(text);
  }

  BfdLink link() {
    return link;
  }

  /// Sessions `v4` and `v6` every so many milliseconds, multiplier 3.
  static List<BfdSettings> both(int millis, BfdSettings.AdminState adminState) {
    return List.of(
        session("v4", BfdNetwork.THEIRS4, BfdNetwork.OURS4, millis, adminState),
        session("v6", BfdNetwork.THEIRS6, BfdNetwork.OURS6, millis, adminState));
  }

  private static BfdSettings session(
      String name, String theirs, String ours, int millis, BfdSettings.AdminState adminState) {
    return new BfdSettings(
        name,
        IpAddress.parse(theirs),
        IpAddress.parse(ours),
        "eth0",
        millis * 1000L,
        millis * 1000L,
        3,
        BfdSettings.Role.ACTIVE,
        adminState);
  }

  BfdStatus status(String name) {
    BfdStatus found = latest.get(name);
    if (found == null) {
      throw new AssertionError("status of " + name + ": none " + this);
    }
    return found;
  }

  void awaitBoth(String what, Predicate<BfdStatus> met) {
    await(what, () -> latest.size() == 2 && latest.values().stream().allMatch(met));
  }

  void await(String what, BooleanSupplier met) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!met.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not " + what + ": " + this);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public String toString() {
    return latest.values() + " notices " + notices + " failures " + failures;
  }

  @Override
  public void close() {
    link.close(BfdLink.Ending.LEAVE);
  }
}
