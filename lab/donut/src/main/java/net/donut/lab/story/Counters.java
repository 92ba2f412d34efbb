package net.donut.lab.story;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.netlink.NetworkNamespace;

/// Reads the byte counters of routers' interfaces again and again, on a thread of its own that owns
/// what was read until it ends.
final class Counters implements AutoCloseable {
  static final Duration PERIOD = Duration.ofMillis(200);

  // Of the thread that reads it, whose namespace it is then.
  private static final String FILE = "/proc/thread-self/net/dev";
  private static final int RECEIVED = 0;
  private static final int SENT = 8;

  /// An interface of a router.
  record Port(String router, String device) {}

  /// Bytes that an interface has carried so far.
  record Bytes(long in, long out) {}

  /// All interfaces at one time.
  record Reading(long nanos, Map<Port, Bytes> ports) {
    Reading {
      ports = Map.copyOf(ports);
    }
  }

  private final Map<String, Namespace> routers;
  private final List<Reading> readings = new ArrayList<>();
  private final Thread thread;

  private Counters(Map<String, Namespace> routers) {
    this.routers = new LinkedHashMap<>(routers);
    this.thread = Thread.ofPlatform().name("counters").daemon().unstarted(this::read);
  }

  /// Begins to read.
  static Counters start(Map<String, Namespace> routers) {
    Counters counters = new Counters(routers);
    counters.thread.start();
    return counters;
  }

  private void read() {
    long next = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      readings.add(reading());
      next += PERIOD.toNanos();
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private Reading reading() {
    Map<Port, Bytes> ports = new HashMap<>();
    routers.forEach((router, namespace) -> {
      try (NetworkNamespace inside = NetworkNamespace.open(namespace.name())) {
        inside.enter();
      }
      // Not through a channel, which an interrupt would close: the last reading is whole as well.
      try (InputStream in = new FileInputStream(FILE)) {
        new String(in.readAllBytes(), StandardCharsets.US_ASCII)
            .lines()
            .forEach(line -> note(router, line, ports));
      } catch (IOException e) {
        throw LabException.of(FILE + " of " + router, e);
      }
    });
    return new Reading(System.nanoTime(), ports);
  }

  /// `eth1: 0 0 ...`: eight numbers of what was received, then eight of what was sent.
  private static void note(String router, String line, Map<Port, Bytes> ports) {
    int colon = line.indexOf(':');
    if (colon > 0) {
      String[] numbers = line.substring(colon + 1).strip().split("\\s+");
      ports.put(
          new Port(router, line.substring(0, colon).strip()),
          new Bytes(Long.parseLong(numbers[RECEIVED]), Long.parseLong(numbers[SENT])));
    }
  }

  /// Ends, and returns what was read, in the order of time.
  List<Reading> end() {
    close();
    return List.copyOf(readings);
  }

  @Override
  public void close() {
    thread.interrupt();
    Pause.join(thread);
  }
}
