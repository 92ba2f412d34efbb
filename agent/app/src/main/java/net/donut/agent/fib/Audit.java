package net.donut.agent.fib;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Prefix;
import net.donut.model.queue.Mailbox;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// Compares what is known of the kernel's routes with a dump from time to time, on the thread
/// `agent-fib-audit`, and gives what differs to the owner.
final class Audit {
  /// A route where the dump and what was known differ.
  ///
  /// @param known the kernel group thought to be there, 0 for none
  /// @param found the kernel group that is there, 0 for none
  record Finding(int table, Prefix prefix, int known, int found) {}

  private static final int ATTEMPTS = 5;
  private static final long LOOK_EVERY_MILLIS = 250;
  private static final int FINDINGS_A_TASK = 256;

  private final Fib fib;
  private final FibOptions options;
  private final Mailbox<Boolean> stop = new Mailbox<>(1);
  private final Thread thread;
  private Duration lastTook = Duration.ZERO;

  Audit(Fib fib, FibOptions options) {
    this.fib = fib;
    this.options = options;
    this.thread = Thread.ofPlatform().name("agent-fib-audit").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void close() throws InterruptedException {
    stop.close();
    thread.join(Duration.ofSeconds(10));
  }

  private void run() {
    Path namespace = options.namespace();
    if (namespace != null) {
      try (NetworkNamespace handle = NetworkNamespace.open(namespace)) {
        handle.enter();
      }
    }
    try {
      while (!stop.isClosed()) {
        stop.awaitMillis(LOOK_EVERY_MILLIS);
        lookOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookOnce() throws InterruptedException {
    try {
      if (!stop.isClosed() && fib.ask(plane -> plane.takeAuditDue(System.nanoTime(), lastTook))) {
        audit();
      }
    } catch (RuntimeException e) {
      if (!stop.isClosed()) {
        FibLog.auditFailed(e);
      }
    }
  }

  private void audit() throws InterruptedException {
    long start = System.nanoTime();
    List<Finding> findings = null;
    for (int attempt = 1; attempt <= ATTEMPTS && findings == null; attempt++) {
      findings = compareOnce(attempt == ATTEMPTS);
    }
    lastTook = Duration.ofNanos(System.nanoTime() - start);
    List<Finding> found = findings == null ? List.of() : findings;
    for (int from = 0; from < found.size(); from += FINDINGS_A_TASK) {
      List<Finding> part = found.subList(from, Math.min(found.size(), from + FINDINGS_A_TASK));
      fib.ask(plane -> {
        part.forEach(plane::repair);
        plane.flush();
        return part.size();
      });
    }
  }

  /// Null when the kernel was written meanwhile; the last attempt is used all the same, as the
  /// owner verifies every finding.
  private @Nullable List<Finding> compareOnce(boolean last) throws InterruptedException {
    Snapshot snapshot = fib.ask(ForwardingPlane::snapshot);
    List<Finding> findings = new ArrayList<>();
    try (NetlinkSocket socket = NetlinkSocket.open()) {
      for (Snapshot.Table table : snapshot.tables()) {
        compare(
            table,
            new KernelDump(options, table.family(), _ -> false).read(socket, table.number()),
            findings);
      }
    }
    boolean quiet = fib.ask(ForwardingPlane::writes) == snapshot.writes();
    return quiet || last ? findings : null;
  }

  private static void compare(Snapshot.Table table, KernelDump kernel, List<Finding> findings) {
    boolean[] seen = new boolean[kernel.ours().capacity()];
    for (int i = 0; i < table.size(); i++) {
      int slot = kernel.ours().find(table.high()[i], table.low(i), table.length(i));
      int found = 0;
      if (slot >= 0) {
        seen[slot] = true;
        found = kernel.group(slot);
      }
      if (found != table.known()[i]) {
        findings.add(new Finding(table.number(), table.prefix(i), table.known()[i], found));
      }
    }
    for (int slot = 0; slot < seen.length; slot++) {
      if (kernel.ours().isPresent(slot) && !seen[slot]) {
        findings.add(
            new Finding(table.number(), kernel.ours().prefix(slot), 0, kernel.group(slot)));
      }
    }
  }
}
