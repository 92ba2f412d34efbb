package net.donut.bgp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many TCP segments the kernel of this router dropped for their MD5 signature (RFC 2385):
/// signed ones for which there is no key, unsigned ones for which there is one, and those whose
/// signature is of another key.
record Md5Counts(long unexpected, long notFound, long failure) {
  private static final Path NETSTAT = Path.of("/proc/thread-self/net/netstat");
  private static final String GROUP = "TcpExt:";

  /// Those of the network namespace of this thread, or null where the kernel does not tell.
  static @Nullable Md5Counts now() {
    try {
      return parse(Files.readAllLines(NETSTAT));
    } catch (IOException e) {
      return null;
    }
  }

  /// Reads `netstat` of proc: a line of names, then one of values, each group by itself.
  static @Nullable Md5Counts parse(List<String> lines) {
    Map<String, Long> values = new HashMap<>();
    for (int i = 0; i + 1 < lines.size(); i++) {
      String[] names = lines.get(i).split(" ");
      String[] numbers = lines.get(i + 1).split(" ");
      if (!names[0].equals(GROUP) || names.length != numbers.length || !numbers[0].equals(GROUP)) {
        continue;
      }
      for (int column = 1; column < names.length; column++) {
        try {
          values.put(names[column], Long.parseLong(numbers[column]));
        } catch (NumberFormatException e) {
          // The line of names: the values follow.
          break;
        }
      }
    }
    Long unexpected = values.get("TCPMD5Unexpected");
    Long notFound = values.get("TCPMD5NotFound");
    Long failure = values.get("TCPMD5Failure");
    return unexpected == null || notFound == null || failure == null
        ? null
        : new Md5Counts(unexpected, notFound, failure);
  }

  Md5Counts since(Md5Counts earlier) {
    return new Md5Counts(
        unexpected - earlier.unexpected, notFound - earlier.notFound, failure - earlier.failure);
  }
}
