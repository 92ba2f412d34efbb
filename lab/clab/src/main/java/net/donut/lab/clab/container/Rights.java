package net.donut.lab.clab.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.donut.lab.net.LabException;

/// What a node that is a router may do beside what Docker allows every container.
final class Rights {
  /// By their numbers in the kernel.
  private static final Map<String, Integer> WANTED =
      new TreeMap<>(
          Map.of(
              "NET_BROADCAST", 11,
              "NET_ADMIN", 12,
              "NET_RAW", 13,
              "IPC_LOCK", 14,
              "SYS_PTRACE", 19,
              "SYS_ADMIN", 21,
              "SYS_NICE", 23,
              "SYS_RESOURCE", 24));

  /// So that a daemon may write `/proc/sys/net` and make namespaces.
  static final List<String> OPTIONS =
      List.of("seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined");

  private Rights() {}

  /// Those capabilities that this machine has itself: the engine cannot give others.
  static List<String> ofThisMachine() {
    long bounding = bounding();
    return WANTED.entrySet().stream()
        .filter(capability -> (bounding >> capability.getValue() & 1) != 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static long bounding() {
    Path status = Path.of("/proc/self/status");
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("CapBnd:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw LabException.of(status, e);
    }
  }
}
