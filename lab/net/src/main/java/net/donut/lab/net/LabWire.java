package net.donut.lab.net;

import java.util.ArrayList;
import java.util.List;

/// One link in the wire namespace of a lab: its names there, and the lines for `ip` and `tc` that
/// change it. How a link is built stands at `Wires`, where labs are made.
public record LabWire(int number) {
  private static final int GROUP = 100;

  /*
   * Loss is a classic BPF program before the redirect: it matches a packet when a random number of
   * 32 bits is at least the threshold. What it does not match stays in the wire namespace, where
   * nobody wants it. Nothing is set up at the routers' own interfaces, and nobody who sends is told
   * of the loss, as a rule of theirs on the way out would.
   */
  private static final long LOAD_RANDOM = 0xffff_f000L + 56;

  /// The wire end of the link's first end.
  public String a() {
    return "w" + number + "a";
  }

  /// The wire end of the link's second end.
  public String b() {
    return "w" + number + "b";
  }

  /// The end of the canary pair that nobody sets down: it loses its carrier with the link.
  public String canary() {
    return "c" + number;
  }

  /// The end of the canary pair that is set down with the link.
  public String cutCanary() {
    return canary() + "a";
  }

  /// The device group of all that is set down by a cut.
  public int group() {
    return GROUP + number;
  }

  /// Both ends lose their carrier.
  public String down() {
    return "link set group " + group() + " down";
  }

  public String up() {
    return "link set group " + group() + " up";
  }

  /// The relay's port that takes what the first end sends; it arrives at the other port.
  public String relayA() {
    return "d" + number + "a";
  }

  /// The relay's port that takes what the second end sends.
  public String relayB() {
    return "d" + number + "b";
  }

  /// Makes the relay's ports.
  List<String> relayPorts() {
    return List.of(
        "link add name %s mtu 65535 type veth peer name %s mtu 65535".formatted(relayA(), relayB()),
        "link set " + relayA() + " up",
        "link set " + relayB() + " up");
  }

  /// Deletes the relay's ports, and with them the relay.
  List<String> noRelayPorts() {
    return List.of("link del " + relayA());
  }

  /// Makes what arrives at one end leave by the other, on ends that are new.
  public List<String> join() {
    List<String> lines = new ArrayList<>();
    for (String end : List.of(a(), b())) {
      lines.add("qdisc add dev " + end + " ingress");
    }
    lines.addAll(carry(FrameDelivery.WHOLE));
    return lines;
  }

  /// What arrives at a device that is no end of a link goes to the loopback, which wants none of
  /// it.
  public static List<String> muted(String device) {
    List<String> lines = new ArrayList<>(List.of("qdisc add dev " + device + " ingress"));
    lines.addAll(redirect(device, "lo", 0));
    return lines;
  }

  public static List<String> unmuted(String device) {
    return List.of("qdisc del dev " + device + " ingress");
  }

  /// What arrives at one end goes to the other in this way from now on.
  List<String> carry(FrameDelivery carriage) {
    boolean direct = carriage.way() == FrameDelivery.Route.DIRECT;
    List<String> lines = new ArrayList<>(List.of(nothingFrom(a()), nothingFrom(b())));
    lines.addAll(redirect(a(), direct ? b() : relayA(), carriage.lostFromA()));
    lines.addAll(redirect(b(), direct ? a() : relayB(), carriage.lostFromB()));
    return lines;
  }

  private static String nothingFrom(String end) {
    return "filter del dev " + end + " parent ffff:";
  }

  private static List<String> redirect(String from, String to, double lostPercent) {
    if (lostPercent >= 100) {
      return List.of();
    }
    String match = lostPercent <= 0 ? "u32 match u32 0 0" : luck(lostPercent);
    return List.of(
        "filter add dev %s parent ffff: protocol all %s action mirred egress redirect dev %s"
            .formatted(from, match, to));
  }

  private static String luck(double lostPercent) {
    long threshold = Math.min(0xffff_ffffL, Math.round(lostPercent / 100 * 0x1p32));
    return "bpf bytecode \"4,32 0 0 %d,53 0 1 %d,6 0 0 4294967295,6 0 0 0\""
        .formatted(LOAD_RANDOM, threshold);
  }
}
