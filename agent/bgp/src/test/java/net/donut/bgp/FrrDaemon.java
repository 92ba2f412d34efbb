package net.donut.bgp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.donut.fixtures.NamespacePrograms;
import net.donut.model.Family;
import net.donut.model.Origin;
import net.donut.model.Prefix;

/// FRR (zebra and bgpd) in a namespace, AS 64602, with 5,000 networks a family.
final class FrrDaemon {
  private static final String BGPD = "/usr/lib/frr/bgpd";
  private static final Pattern ROUTE =
      Pattern.compile("\"([0-9a-f.:]+/[0-9]+)\": \\[\\{(.*?)\\}\\]", Pattern.DOTALL);
  private static final Pattern PATH = Pattern.compile("\"path\":\"([^\"]*)\"");
  private static final Pattern METRIC = Pattern.compile("\"metric\":([0-9]+)");
  private static final Pattern ORIGIN = Pattern.compile("\"origin\":\"([^\"]*)\"");

  private final LinkedNamespace namespace;

  /// `neighbors` are lines of `router bgp`, `activation` lines of both address families.
  FrrDaemon(LinkedNamespace namespace, String neighbors, String activation) {
    this(
        namespace,
        neighbors + networks(Family.IPV4, activation) + networks(Family.IPV6, activation));
  }

  /// `rest` are the lines of `router bgp` and its address families.
  FrrDaemon(LinkedNamespace namespace, String rest) {
    LinkedNamespace.need("frr", BGPD, "frr");
    this.namespace = namespace;
    namespace.write("zebra.conf", "hostname zebra\n");
    namespace.write(
        "bgpd.conf",
        "frr defaults traditional\nrouter bgp 64602\n bgp router-id "
            + namespace.theirs4()
            + "\n no bgp ebgp-requires-policy\n no bgp default ipv4-unicast\n"
            + " no bgp network import-check\n"
            + rest);
    daemon("zebra");
    awaitFile("zserv.api");
    daemon("bgpd");
    awaitFile("bgpd.vty");
  }

  private static String networks(Family family, String activation) {
    StringBuilder text = new StringBuilder(" address-family ");
    text.append(family == Family.IPV4 ? "ipv4" : "ipv6").append(" unicast\n").append(activation);
    for (int i = 0; i < TestTable.SIZE; i++) {
      text.append("  network ").append(TestTable.theirs(family, i)).append('\n');
    }
    return text.append(" exit-address-family\n").toString();
  }

  private void daemon(String name) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/lib/frr/" + name,
                "-f",
                namespace.file(name + ".conf").toString(),
                "-i",
                namespace.file(name + ".pid").toString(),
                "-z",
                namespace.file("zserv.api").toString(),
                "--vty_socket",
                namespace.file(".").toString(),
                "-A",
                "127.0.0.1",
                "-P",
                "0",
                "--log",
                "file:" + namespace.file(name + ".log")));
    namespace.start(name + ".out", command.toArray(String[]::new));
  }

  private void awaitFile(String name) {
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    while (!java.nio.file.Files.exists(namespace.file(name))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(name + ": none " + log());
      }
      Thread.onSpinWait();
    }
  }

  String log() {
    return namespace.log("bgpd.log") + namespace.log("bgpd.out") + namespace.log("zebra.out");
  }

  String ask(String command) {
    return NamespacePrograms.run(
        List.of(
            "/usr/bin/vtysh",
            "--vty_socket",
            namespace.file(".").toString(),
            "-d",
            "bgpd",
            "-c",
            command));
  }

  /// The routes of a family that FRR learned and prefers, without their communities, as
  /// [TestTable#text] writes them.
  Map<String, String> learned(Family family) {
    String answer = ask("show bgp " + (family == Family.IPV4 ? "ipv4" : "ipv6") + " unicast json");
    Map<String, String> routes = new TreeMap<>();
    Matcher route = ROUTE.matcher(answer);
    while (route.find()) {
      String body = route.group(2);
      if (body.contains("\"bestpath\":true") && !body.contains("\"path\":\"\"")) {
        routes.put(
            route.group(1),
            TestTable.text(
                find(PATH, body),
                Origin.valueOf(find(ORIGIN, body)),
                Long.parseLong(find(METRIC, body)),
                "-"));
      }
    }
    return routes;
  }

  /// The prefixes of all IPv4 routes, preferred or not. A withdrawn path stays in FRR's answer,
  /// marked as removed, until its work queue comes round 50 ms later.
  Set<Prefix> prefixes() {
    Set<Prefix> prefixes = new HashSet<>();
    Matcher route = ROUTE.matcher(ask("show bgp ipv4 unicast json"));
    while (route.find()) {
      if (!route.group(2).contains("\"removed\":true")) {
        prefixes.add(Prefix.parse(route.group(1)));
      }
    }
    return prefixes;
  }

  private static String find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "-1";
  }

  void awaitLearned(Family family, int count) {
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    int found = learned(family).size();
    while (found != count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("routes in FRR: " + found + " (expected: " + count + ") " + log());
      }
      found = learned(family).size();
    }
  }
}
