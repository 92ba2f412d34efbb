package net.donut.lab.net;

import java.util.ArrayList;
import java.util.List;

/// One link in the wire namespace of a lab: its names there, and the lines for `ip` and `tc` that
/// change it. See [LabNetwork] for how a link is built.
public record Wire(int number) {
  private static final int GROUP = 100;
  private static final String EVERYTHING = "u32 match u32 0 0";

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
  String canary() {
    return "c" + number;
  }

  /// The end of the canary pair that is set down with the link.
  String cutCanary() {
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

  /// Makes what arrives at one end leave by the other, on ends that are new.
  public List<String> join() {
    List<String> lines = new ArrayList<>();
    for (String end : List.of(a(), b())) {
      lines.add("qdisc add dev " + end + " ingress");
    }
    lines.addAll(whole());
    return lines;
  }

  /// Everything that arrives at one end leaves by the other.
  List<String> whole() {
    return both(EVERYTHING);
  }

  /// Nothing arrives.
  List<String> silent() {
    return List.of(nothingFrom(a()), nothingFrom(b()));
  }

  /// Nothing of what the first end sends arrives.
  List<String> oneWay() {
    return List.of(nothingFrom(a()));
  }

  /// Of what each end sends, so many percent do not arrive.
  List<String> lossy(double percent) {
    long threshold = Math.min(0xffff_ffffL, Math.round(percent / 100 * 0x1p32));
    return both(
        "bpf bytecode \"4,32 0 0 %d,53 0 1 %d,6 0 0 4294967295,6 0 0 0\""
            .formatted(LOAD_RANDOM, threshold));
  }

  /// What arrives at a device that is no end of a link goes to the loopback, which wants none of
  /// it.
  static List<String> muted(String device) {
    return List.of("qdisc add dev " + device + " ingress", redirect(device, "lo", EVERYTHING));
  }

  static List<String> unmuted(String device) {
    return List.of("qdisc del dev " + device + " ingress");
  }

  private List<String> both(String match) {
    List<String> lines = new ArrayList<>(silent());
    lines.add(redirect(a(), b(), match));
    lines.add(redirect(b(), a(), match));
    return lines;
  }

  private static String nothingFrom(String end) {
    return "filter del dev " + end + " parent ffff:";
  }

  private static String redirect(String from, String to, String match) {
    return "filter add dev %s parent ffff: protocol all %s action mirred egress redirect dev %s"
        .formatted(from, match, to);
  }
}
