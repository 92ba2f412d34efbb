package net.donut.bgp;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.donut.fixtures.NamespacePrograms;
import net.donut.model.Family;
import net.donut.model.Origin;
import net.donut.model.Prefix;

/// A BIRD in a namespace, AS 64601, with 5,000 static routes a family.
final class BirdDaemon {
  private static final String BIRD = "/usr/sbin/bird";
  private final LinkedNamespace namespace;
  private final String protocols;
  private Process process;

  /// `protocols` is appended to a configuration that has the static routes.
  BirdDaemon(LinkedNamespace namespace, String protocols) {
    this(namespace, protocols, TestTable.SIZE);
  }

  /// With so many of the static routes.
  BirdDaemon(LinkedNamespace namespace, String protocols, int routes) {
    LinkedNamespace.need("bird", BIRD, "bird2");
    this.namespace = namespace;
    this.protocols = protocols;
    configure(routes);
    this.process = launch();
  }

  private void configure(int routes) {
    namespace.write(
        "bird.conf",
        "router id "
            + namespace.theirs4()
            + ";\nlog \""
            + namespace.file("bird.log")
            + "\" all;\nprotocol device {}\nprotocol direct { ipv4; ipv6; }\n"
            + statics(Family.IPV4, routes)
            + statics(Family.IPV6, routes)
            + protocols);
  }

  private static String statics(Family family, int routes) {
    String name = family == Family.IPV4 ? "ipv4" : "ipv6";
    StringBuilder text = new StringBuilder("protocol static s_" + name + " {\n " + name + ";\n");
    for (int i = 0; i < routes; i++) {
      text.append(" route ").append(TestTable.theirs(family, i)).append(" blackhole;\n");
    }
    return text.append("}\n").toString();
  }

  private Process launch(String... more) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                BIRD,
                "-f",
                "-c",
                namespace.file("bird.conf").toString(),
                "-s",
                namespace.file("bird.ctl").toString(),
                "-P",
                namespace.file("bird.pid").toString()));
    command.addAll(List.of(more));
    return namespace.start("bird.out", command.toArray(String[]::new));
  }

  /// kill -9: the kernel closes its connections, nothing is said in BGP.
  void kill() {
    NamespacePrograms.kill(process);
  }

  /// Starts again as after a crash, with graceful restart recovery and only the first routes.
  void recover(int routes) {
    configure(routes);
    process = launch("-R");
  }

  String ask(String... command) {
    List<String> whole =
        new java.util.ArrayList<>(
            List.of("/usr/sbin/birdc", "-s", namespace.file("bird.ctl").toString(), "-r"));
    whole.addAll(List.of(command));
    return NamespacePrograms.run(whole);
  }

  String log() {
    return namespace.log("bird.log") + namespace.log("bird.out");
  }

  /// The routes learned by a protocol in a table, as [TestTable#text] writes them.
  Map<String, String> routes(String protocol, String table) {
    Map<String, String> routes = new TreeMap<>();
    String prefix = "";
    String path = "";
    Origin origin = Origin.INCOMPLETE;
    long med = -1;
    for (String line :
        ask("show", "route", "table", table, "protocol", protocol, "all").lines().toList()) {
      String text = line.strip();
      if (!line.startsWith("\t") && line.contains("/") && !line.startsWith("Table")) {
        prefix = line.split("\\s+")[0];
      } else if (text.startsWith("BGP.origin: ")) {
        origin = Origin.valueOf(value(text).toUpperCase(java.util.Locale.ROOT));
      } else if (text.startsWith("BGP.as_path: ")) {
        path = value(text);
      } else if (text.startsWith("BGP.med: ")) {
        med = Long.parseLong(value(text));
      } else if (text.startsWith("BGP.community: ")) {
        String community = value(text).replaceAll("[()]", "").replace(',', ':');
        routes.put(prefix, TestTable.text(path, origin, med, community));
      }
    }
    return routes;
  }

  private static String value(String line) {
    return line.substring(line.indexOf(": ") + 2).strip();
  }

  /// The prefixes of all routes of a table.
  Set<Prefix> prefixes(String table) {
    Set<Prefix> prefixes = new HashSet<>();
    for (String line : ask("show", "route", "table", table).lines().toList()) {
      if (!line.isEmpty() && Character.isDigit(line.charAt(0)) && line.contains("/")) {
        prefixes.add(Prefix.parse(line.split("\\s+")[0]));
      }
    }
    return prefixes;
  }

  /// Waits until a protocol has this many routes in a table.
  void awaitRoutes(String protocol, String table, int count) {
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    String wanted = count + " of ";
    String answer = "";
    while (System.nanoTime() < deadline) {
      answer = ask("show", "route", "table", table, "protocol", protocol, "count");
      if (answer.lines().anyMatch(line -> line.startsWith(wanted))) {
        return;
      }
    }
    throw new AssertionError("routes in BIRD: " + answer + " (expected: " + count + ") " + log());
  }

  /// Waits until it can be asked.
  void awaitStarted() {
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    while (!java.nio.file.Files.exists(namespace.file("bird.ctl"))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("bird.ctl: none " + log());
      }
      Thread.onSpinWait();
    }
  }

  void awaitText(String wanted, String... command) {
    long deadline = System.nanoTime() + Recorder.PATIENCE.toNanos();
    String answer = "";
    while (System.nanoTime() < deadline) {
      answer = ask(command);
      if (answer.contains(wanted)) {
        return;
      }
    }
    throw new AssertionError(answer + " (expected: " + wanted + ") " + log());
  }
}
