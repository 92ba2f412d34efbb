package net.donut.bgp;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What went wrong on a socket, in our words: neither Netty's, nor an errno.
final class SocketFault {
  private static final Pattern ERRNO = Pattern.compile("error\\(-?([0-9]+)\\)");
  private static final Map<Integer, String> BY_ERRNO =
      Map.ofEntries(
          Map.entry(1, "not permitted (a firewall of this router, or a missing capability)"),
          Map.entry(13, "not permitted (a firewall of this router, or a missing capability)"),
          Map.entry(19, "no such interface"),
          Map.entry(22, "the kernel refuses these addresses (expected: both on one interface)"),
          Map.entry(32, "closed by the neighbor"),
          Map.entry(97, "the address family is switched off on this router"),
          Map.entry(98, "address and port are already in use"),
          Map.entry(99, "the local address is not on this router"),
          Map.entry(100, "the network is down"),
          Map.entry(101, "no route to the neighbor"),
          Map.entry(103, "aborted by the kernel"),
          Map.entry(104, "reset by the neighbor"),
          Map.entry(105, "the kernel has no buffers left"),
          Map.entry(110, "no answer"),
          Map.entry(111, "connection refused"),
          Map.entry(112, "the neighbor's host is down"),
          Map.entry(113, "the neighbor does not answer on the link"));

  /// Where an exception has words only: those of the C library and of the JDK.
  private static final Map<String, Integer> BY_WORDS =
      Map.ofEntries(
          Map.entry("operation not permitted", 1),
          Map.entry("permission denied", 13),
          Map.entry("no such device", 19),
          Map.entry("invalid argument", 22),
          Map.entry("broken pipe", 32),
          Map.entry("address family not supported", 97),
          Map.entry("address already in use", 98),
          Map.entry("cannot assign requested address", 99),
          Map.entry("network is down", 100),
          Map.entry("network is unreachable", 101),
          Map.entry("software caused connection abort", 103),
          Map.entry("connection reset", 104),
          Map.entry("no buffer space", 105),
          Map.entry("timed out", 110),
          Map.entry("connection refused", 111),
          Map.entry("host is down", 112),
          Map.entry("no route to host", 113));

  private SocketFault() {}

  /// What an exception of a socket means, such as `connection refused`.
  static String sentence(Throwable cause) {
    String message = Objects.requireNonNullElse(cause.getMessage(), "");
    Matcher errno = ERRNO.matcher(message);
    if (errno.find()) {
      String known = BY_ERRNO.get(Integer.parseInt(errno.group(1)));
      if (known != null) {
        return known;
      }
    }
    String lower = message.toLowerCase(Locale.ROOT);
    for (Map.Entry<String, Integer> words : BY_WORDS.entrySet()) {
      if (lower.contains(words.getKey())) {
        return Objects.requireNonNull(BY_ERRNO.get(words.getValue()));
      }
    }
    if (cause instanceof BgpException) {
      return message;
    }
    return (cause instanceof ConnectException ? "connecting failed" : "the socket failed")
        + (errno.reset().find() ? " (errno " + errno.group(1) + ")" : "");
  }

  /// The neighbor let an attempt to connect run out.
  static String noAnswer(Duration within) {
    return "no answer within "
        + (within.toMillis() % 1000 == 0 ? within.toSeconds() + " s" : within.toMillis() + " ms");
  }
}
