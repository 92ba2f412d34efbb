package net.donut.agent.fib;

/// Names of routing protocol numbers (`linux/rtnetlink.h` RTPROT_*).
final class Protocols {
  private Protocols() {}

  static String name(int number) {
    return switch (number) {
      case 1 -> "redirect";
      case 2 -> "kernel";
      case 3 -> "boot";
      case 4 -> "static";
      case 9 -> "ra";
      case 11 -> "zebra";
      case 12 -> "bird";
      case 15 -> "xorp";
      case 16 -> "dhcp";
      case 18 -> "keepalived";
      case 42 -> "babel";
      case FibOptions.PROTOCOL -> "donut";
      case 186 -> "bgp";
      case 187 -> "isis";
      case 188 -> "ospf";
      case 189 -> "rip";
      case 192 -> "eigrp";
      default -> "protocol " + number;
    };
  }
}
