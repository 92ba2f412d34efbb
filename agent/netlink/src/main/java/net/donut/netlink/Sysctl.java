package net.donut.netlink;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The kernel's settings under `/proc/sys`, as the calling thread's network namespace has them.
///
/// Names are written with dots as in `net.ipv4.ip_forward`, or with slashes where a part holds a
/// dot itself: `net/ipv4/conf/eth0.100/forwarding`.
public final class Sysctl {
  /// 0 makes IPv4 packets that come in on the loopback, because a route sent them there, end there.
  public static final String LOOPBACK_FORWARDING = "net.ipv4.conf.lo.forwarding";

  /// 0: a change of a group does not touch the routes on it, one by one, for old readers of routes.
  public static final String NEXTHOP_COMPAT_MODE = "net.ipv4.nexthop_compat_mode";

  /// Bytes of routing memory the kernel frees before it waits for all processors. One for the whole
  /// machine: only the first network namespace has it, any other finds no such setting.
  public static final String FIB_SYNC_MEM = "net.ipv4.fib_sync_mem";

  /// 1: a route without next-hop object is not used while its link has no carrier.
  public static final String IGNORE_ROUTES_WITH_LINKDOWN =
      "net.ipv4.conf.all.ignore_routes_with_linkdown";

  public static final String IGNORE_IPV6_ROUTES_WITH_LINKDOWN =
      "net.ipv6.conf.all.ignore_routes_with_linkdown";

  /// 1: packets of others are forwarded.
  public static final String FORWARDING = "net.ipv4.conf.all.forwarding";

  public static final String IPV6_FORWARDING = "net.ipv6.conf.all.forwarding";

  /// 1: ports are part of the hash that spreads flows over a group.
  public static final String FIB_MULTIPATH_HASH_POLICY = "net.ipv4.fib_multipath_hash_policy";

  public static final String IPV6_FIB_MULTIPATH_HASH_POLICY = "net.ipv6.fib_multipath_hash_policy";

  private static final Path ROOT = Path.of("/proc/sys");

  private Sysctl() {}

  /// What became of a setting.
  public sealed interface Outcome {
    String name();

    /// It has the wanted value, read back.
    record Verified(String name, String value, String previous) implements Outcome {}

    /// It has another value, or none.
    ///
    /// @param found empty when it could not be read
    record Refused(String name, String wanted, String found, String reason) implements Outcome {
      /// `sysctl net.ipv4.x: 1 (expected: 0): reason`.
      public String message() {
        return "sysctl "
            + name
            + ": "
            + (found.isEmpty() ? "unreadable" : found)
            + " (expected: "
            + wanted
            + "): "
            + reason;
      }
    }
  }

  /// The value, without the line's end. Throws [NetlinkException] when there is no such setting.
  public static String read(String name) {
    try {
      return Files.readString(path(name)).strip();
    } catch (IOException e) {
      throw new NetlinkException("sysctl " + name + ": " + reason(e));
    }
  }

  /// Writes a value. Throws [NetlinkException] when the kernel refuses it.
  public static void write(String name, String value) {
    try {
      Files.writeString(path(name), value + "\n");
    } catch (IOException e) {
      throw new NetlinkException("sysctl " + name + "=" + value + ": " + reason(e));
    }
  }

  /// Sees to it that a setting has a value: reads it, writes it if it differs, reads it again.
  public static Outcome ensure(String name, String wanted) {
    String found = "";
    try {
      found = read(name);
      String previous = found;
      if (!found.equals(wanted)) {
        write(name, wanted);
        found = read(name);
      }
      return found.equals(wanted)
          ? new Outcome.Verified(name, found, previous)
          : new Outcome.Refused(name, wanted, found, "the kernel kept its own value");
    } catch (NetlinkException e) {
      return new Outcome.Refused(name, wanted, found, String.valueOf(e.getMessage()));
    }
  }

  private static Path path(String name) {
    return ROOT.resolve(name.indexOf('/') >= 0 ? name : name.replace('.', '/'));
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such setting in this kernel";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
