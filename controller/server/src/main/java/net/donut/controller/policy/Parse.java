package net.donut.controller.policy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.donut.core.policy.ExportRule;
import net.donut.core.policy.LengthRange;
import net.donut.core.policy.Treatment;
import net.donut.model.Asn;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import net.donut.model.SpeakerAddress;
import org.jspecify.annotations.Nullable;

/// The text of a scalar to its value. Every parser throws IllegalArgumentException whose message is
/// what is expected there.
final class Parse {
  static final String ASN = "an AS number 1..4294967294";
  static final String IPV4 = "an IPv4 address such as 192.0.2.1";
  static final String IPV6 = "an IPv6 address such as 2001:db8::1";
  static final String PREFIX = "a prefix such as 192.0.2.0/24 or \"2001:db8::/32\"";
  static final String INTERFACE = "an interface name of 1..15 letters, digits or ._-@";
  static final String NAME = "a name of letters, digits or ._- that starts with a letter or digit";
  static final String ENDPOINT = "address:port such as 10.0.0.1:9340 or \"[2001:db8::1]:9340\"";
  static final String RELATION =
      "customer, private-peer (or peer), public-peer, route-server or transit";
  static final String PRICE = "a number >= 0, the price of a Mbit/s a month";
  static final String CAPACITY = "a rate such as 500M or 10G";
  static final String HOLD_TIME = "3..65535 seconds";
  static final String DURATION = "a duration such as 500ms, 60s or 5m";

  static final String BFD_INTERVAL = "a duration 10ms..60s such as 50ms";

  private static final Pattern NAME_FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern INTERFACE_FORM = Pattern.compile("[A-Za-z0-9._@-]{1,15}");
  private static final Pattern HOST_FORM = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*)");
  private static final Pattern ENDPOINT_FORM =
      Pattern.compile("(?:\\[(?<six>[^\\]]+)\\]|(?<host>[^:\\[\\]]+)):(?<port>[0-9]{1,9})");
  private static final Pattern CAPACITY_FORM =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)([kKMG]?)");
  private static final Pattern DURATION_FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Pattern RANGE_FORM = Pattern.compile("([0-9]{1,3})\\.\\.([0-9]{1,3})");
  private static final List<Long> RESERVED_ASNS = List.of(0L, 23456L, 65535L, 4294967295L);

  /// Host and port of an agent.
  record Endpoint(String host, int port) {}

  private Parse() {}

  private static IllegalArgumentException expected(String what) {
    return new IllegalArgumentException(what);
  }

  static long asn(String text) {
    long asn;
    try {
      asn = Asn.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(ASN, e);
    }
    if (RESERVED_ASNS.contains(asn)) {
      throw expected(ASN + " that is not reserved (RFC 7607, 6793, 7300)");
    }
    return asn;
  }

  static String name(String text) {
    if (!NAME_FORM.matcher(text).matches()) {
      throw expected(NAME);
    }
    return text;
  }

  static String networkInterface(String text) {
    if (!INTERFACE_FORM.matcher(text).matches() || text.equals(".") || text.equals("..")) {
      throw expected(INTERFACE);
    }
    return text;
  }

  static String expectation(Family family) {
    return family == Family.IPV4 ? IPV4 : IPV6;
  }

  static IpAddress address(Family family, String text) {
    IpAddress address;
    try {
      address = IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(expectation(family), e);
    }
    if (address.family() != family) {
      throw expected(expectation(family));
    }
    return address;
  }

  /// An address on the link of an interface (null when that is not known): a link-local one may
  /// name it, as `fe80::2%eth0` (RFC 4007 §11).
  static IpAddress onLink(Family family, String text, @Nullable String networkInterface) {
    int percent = text.indexOf('%');
    if (percent < 0) {
      return speaker(family, text);
    }
    IpAddress address = speaker(family, text.substring(0, percent));
    if (!address.isLinkLocal()) {
      throw expected(address + ", as only a link-local address has an interface");
    }
    if (networkInterface != null && !text.substring(percent + 1).equals(networkInterface)) {
      throw expected(address + "%" + networkInterface + ", the neighbor's interface");
    }
    return address;
  }

  /// An end of a session or a link.
  static IpAddress speaker(Family family, String text) {
    IpAddress address = address(family, text);
    String objection = SpeakerAddress.objection(address);
    if (objection != null) {
      throw expected(objection);
    }
    return address;
  }

  /// Where an agent answers: on this host too.
  private static IpAddress host(Family family, String text) {
    IpAddress address = address(family, text);
    String objection = SpeakerAddress.objectionButLoopback(address);
    if (objection != null) {
      throw expected(objection);
    }
    return address;
  }

  static IpAddress routerId(String text) {
    return speaker(Family.IPV4, text);
  }

  /// A network of ours.
  static Prefix prefix(String text) {
    return prefix(text, "a network of ours, not the default route");
  }

  /// A network of anybody.
  static Prefix announced(String text) {
    return prefix(text, "a network, not the default route");
  }

  private static Prefix prefix(String text, String notDefault) {
    int slash = text.indexOf('/');
    IpAddress address;
    int length;
    try {
      address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
      length = slash < 0 ? address.family().bits() : Integer.parseInt(text.substring(slash + 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(PREFIX, e);
    }
    if (slash < 0) {
      throw expected("a prefix with its length, such as " + address + "/" + length);
    }
    if (length < 0 || length > address.family().bits()) {
      throw expected("a length 0.." + address.family().bits());
    }
    Prefix prefix = Prefix.masked(address, length);
    if (!prefix.address().equals(address)) {
      throw expected(prefix + ", without host bits");
    }
    if (length == 0) {
      throw expected(notDefault);
    }
    return prefix;
  }

  static Endpoint endpoint(String text) {
    Matcher form = ENDPOINT_FORM.matcher(text);
    if (!form.matches()) {
      throw expected(ENDPOINT);
    }
    String six = form.group("six");
    String host = form.group("host");
    String checked = six != null ? host(Family.IPV6, six).toString() : host(host);
    return new Endpoint(checked, port(form.group("port")));
  }

  private static String host(String text) {
    boolean address = text.matches("[0-9.]+");
    if (address) {
      return host(Family.IPV4, text).toString();
    }
    if (!HOST_FORM.matcher(text).matches()) {
      throw expected(ENDPOINT);
    }
    return text;
  }

  static int port(String text) {
    return integer(text, 1, 65535, "a port 1..65535");
  }

  static int holdTime(String text) {
    int seconds = integer(text, 0, 65535, HOLD_TIME);
    if (seconds == 0) {
      throw expected(HOLD_TIME + "; with 0 a dead neighbor would never be noticed");
    }
    if (seconds < 3) {
      throw expected(HOLD_TIME + " (RFC 4271 section 4.2)");
    }
    return seconds;
  }

  static int integer(String text, int least, int most, String what) {
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(what, e);
    }
    if (value < least || value > most) {
      throw expected(what);
    }
    return value;
  }

  static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw expected("true or false");
    };
  }

  static Relation relation(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "customer" -> Relation.CUSTOMER;
      case "peer", "private-peer" -> Relation.PRIVATE_PEER;
      case "public-peer" -> Relation.PUBLIC_PEER;
      case "route-server" -> Relation.ROUTE_SERVER;
      case "transit" -> Relation.TRANSIT;
      default -> throw expected(RELATION);
    };
  }

  static ExportRule export(String text) {
    return switch (text) {
      case "default-rules" -> ExportRule.DEFAULT_RULES;
      case "none" -> ExportRule.NONE;
      case "default-route" -> ExportRule.DEFAULT_ROUTE;
      default -> throw expected("default-rules, none or default-route");
    };
  }

  static Treatment treatment(String text) {
    return switch (text) {
      case "accept" -> Treatment.ACCEPT;
      case "reject" -> Treatment.REJECT;
      default -> throw expected("accept or reject");
    };
  }

  /// Whether a filter is on.
  static Treatment rejects(String text) {
    return truth(text) ? Treatment.REJECT : Treatment.ACCEPT;
  }

  static double price(String text) {
    try {
      BigDecimal price = new BigDecimal(text);
      if (price.signum() >= 0 && price.compareTo(BigDecimal.valueOf(1_000_000)) <= 0) {
        return price.doubleValue();
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(PRICE, e);
    }
    throw expected(PRICE);
  }

  /// Bits a second.
  static long capacity(String text) {
    Matcher form = CAPACITY_FORM.matcher(text);
    if (!form.matches()) {
      throw expected(CAPACITY);
    }
    long unit =
        switch (form.group(2)) {
          case "k", "K" -> 1_000L;
          case "M" -> 1_000_000L;
          case "G" -> 1_000_000_000L;
          default -> 1L;
        };
    long bits = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit)).longValue();
    if (bits <= 0) {
      throw expected(CAPACITY);
    }
    return bits;
  }

  static Duration bfdInterval(String text) {
    Duration interval;
    try {
      interval = duration(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(BFD_INTERVAL, e);
    }
    if (interval.compareTo(Duration.ofMillis(10)) < 0
        || interval.compareTo(Duration.ofMinutes(1)) > 0) {
      throw expected(BFD_INTERVAL);
    }
    return interval;
  }

  static Duration duration(String text) {
    Matcher form = DURATION_FORM.matcher(text);
    if (!form.matches()) {
      throw expected(DURATION);
    }
    long count = Long.parseLong(form.group(1));
    Duration duration =
        switch (form.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofSeconds(count);
        };
    if (duration.compareTo(Duration.ofHours(24)) > 0) {
      throw expected("at most 24h");
    }
    return duration;
  }

  static LengthRange lengths(Family family, String text) {
    String what = "a range of lengths within 0..%d such as 8..24".formatted(family.bits());
    Matcher form = RANGE_FORM.matcher(text);
    if (!form.matches()) {
      throw expected(what);
    }
    int shortest = Integer.parseInt(form.group(1));
    int longest = Integer.parseInt(form.group(2));
    if (shortest > longest || longest > family.bits()) {
      throw expected(what);
    }
    return new LengthRange(shortest, longest);
  }

  static String md5(String text) {
    int bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > 80) {
      throw expected("1..80 bytes (RFC 2385); this one has " + bytes);
    }
    return text;
  }
}
