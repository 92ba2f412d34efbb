package net.donut.controller.southbound;

import java.util.Locale;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// A session of a neighbor, as agents know it: `tier1a/ipv4`.
public record SessionName(String neighbor, Family family) {

  /// The session of a name, or null when it is none of ours.
  public static @Nullable SessionName parse(String text) {
    int slash = text.lastIndexOf('/');
    if (slash < 0) {
      return null;
    }
    String neighbor = text.substring(0, slash);
    return switch (text.substring(slash + 1)) {
      case "ipv4" -> new SessionName(neighbor, Family.IPV4);
      case "ipv6" -> new SessionName(neighbor, Family.IPV6);
      default -> null;
    };
  }

  @Override
  public String toString() {
    return neighbor + "/" + family.name().toLowerCase(Locale.ROOT);
  }
}
