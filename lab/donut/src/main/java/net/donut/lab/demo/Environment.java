package net.donut.lab.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import net.donut.lab.probe.Probes;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.LabOptions;
import net.donut.lab.topology.Bfd;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Software;

/// What the figures of a run were measured on: without it they say little.
final class Environment {
  private Environment() {}

  static Map<String, String> describe(LabOptions options, DonutLab lab, int packetsPerSecond) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("cpus", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("load_average_start", loadAverage());
    facts.put("java", Runtime.version().toString());
    for (Software software : Software.values()) {
      lab.topology()
          .networkNodes()
          .map(LabNode.Network::name)
          .filter(name -> lab.software(name) == software)
          .findFirst()
          .ifPresent(node -> facts.put(software.word(), version(lab, node, software)));
    }
    facts.put(
        "backend",
        switch (options.runtime()) {
              case NETNS -> "network namespaces";
              case DOCKER -> "containers";
            }
            + "; each link is two veth pairs joined by tc redirect");
    facts.put("seed", String.valueOf(options.seed()));
    facts.put(
        "table",
        options.dumps().isEmpty()
            ? "generated, %d IPv4 and %d IPv6 prefixes"
                .formatted(options.size().ipv4(), options.size().ipv6())
            : String.join(
                ", ",
                options.dumps().stream().map(Path::getFileName).map(Path::toString).toList()));
    facts.put("packets_per_second", String.valueOf(packetsPerSecond));
    facts.put("resolution_ms", String.valueOf(1000.0 / packetsPerSecond));
    facts.put("strip_bin_ms", String.valueOf(Probes.BIN_MILLIS));
    facts.put("failure", "fibre cut: carrier goes at both ends, both directions, addresses stay");
    facts.put(
        "neighbor_timers",
        "BIRD hold 30 s, retry 2 s; FRR hold 15 s, retry 2 s; with our routers BFD %d ms x %d"
            .formatted(Bfd.WITH_OUR_ROUTERS.intervalMillis(), Bfd.WITH_OUR_ROUTERS.multiplier()));
    return facts;
  }

  private static String version(DonutLab lab, String node, Software software) {
    return switch (software) {
      case BIRD -> firstLine(lab.ask(node, "sh", "-c", "bird --version 2>&1"));
      case FRR -> firstLine(lab.ask(node, "sh", "-c", "/usr/lib/frr/bgpd --version 2>&1"));
      case DONUT -> "Donut's own speaker";
    };
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("unknown");
  }

  static String loadAverage() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
