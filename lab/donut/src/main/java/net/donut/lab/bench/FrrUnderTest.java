package net.donut.lab.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.donut.lab.neighbor.FrrConfig;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.net.ProcessPriority;
import net.donut.model.Family;

/// FRR, zebra and bgpd, as the router under test.
final class FrrUnderTest implements SystemUnderTest {
  private static final String PROGRAMS = "/usr/lib/frr";
  private static final java.time.Duration START_LIMIT = java.time.Duration.ofSeconds(20);

  @Override
  public String name() {
    return "frr";
  }

  @Override
  public String version() {
    Command.Result answer = Command.tryRun(List.of(program("bgpd"), "--version"), "");
    return answer
        .output()
        .lines()
        .findFirst()
        .orElseThrow(() -> new LabException("needs frr: apt-get install frr, or run ./donut setup"))
        .replace("bgpd version ", "");
  }

  private static String program(String daemon) {
    if (!Files.isExecutable(Path.of(PROGRAMS, daemon))) {
      throw new LabException("needs frr: apt-get install frr, or run ./donut setup");
    }
    return PROGRAMS + "/" + daemon;
  }

  @Override
  public int protocol() {
    return 186;
  }

  @Override
  public String setup() {
    return "zebra and bgpd; no policy in, nothing out, one path, next hops directly connected, no FPM,"
        + " 256 MB netlink buffer, connects every second";
  }

  @Override
  public void prepare(Path directory, List<FeedLink> feeds) {
    Configurations.write(directory.resolve("zebra.conf"), "hostname rut\n");
    StringBuilder conf = new StringBuilder("hostname rut\nroute-map NOTHING deny 10\n");
    for (FeedLink feed : feeds) {
      conf.append(
          "route-map PREFER-%d permit 10\n set local-preference %d\n"
              .formatted(feed.number(), 100 + feed.preference()));
    }
    conf.append(
        """
        router bgp %d
         bgp router-id 10.251.0.254
         no bgp ebgp-requires-policy
         no bgp default ipv4-unicast
         no bgp network import-check
        """
            .formatted(FeedLink.ROUTER_AS));
    for (FeedLink feed : feeds) {
      conf.append(" neighbor %s remote-as %d\n".formatted(feed.neighbor(), feed.asn()));
      conf.append(" neighbor %s timers connect 1\n".formatted(feed.neighbor()));
      if (feed.bfd()) {
        conf.append(
            " neighbor %s bfd profile %s\n".formatted(feed.neighbor(), FrrConfig.BFD_PROFILE));
      }
    }
    String family = feeds.getFirst().family() == Family.IPV4 ? "ipv4" : "ipv6";
    conf.append(" address-family ").append(family).append(" unicast\n  maximum-paths 1\n");
    for (FeedLink feed : feeds) {
      conf.append("  neighbor %s activate\n".formatted(feed.neighbor()));
      conf.append("  neighbor %s route-map NOTHING out\n".formatted(feed.neighbor()));
      if (feed.preference() != 0) {
        conf.append(
            "  neighbor %s route-map PREFER-%d in\n".formatted(feed.neighbor(), feed.number()));
      }
    }
    Configurations.write(
        directory.resolve("bgpd.conf"), conf.append(" exit-address-family\n").toString());
    if (feeds.stream().anyMatch(FeedLink::bfd)) {
      Configurations.write(directory.resolve("bfdd.conf"), FrrConfig.bfdd("rut"));
    }
    Command.run("chown", "-R", "frr:frr", directory.toString());
  }

  @Override
  public List<ProcessId> start(BenchPrograms children, Namespace namespace, Path directory) {
    List<ProcessId> all = new ArrayList<>();
    List<String> command = new ArrayList<>(daemon("zebra", directory));
    command.addAll(List.of("-s", "268435456"));
    ProcessId zebra = start(children, namespace, "zebra", command);
    Pause.until(
        "zebra makes " + directory.resolve("zserv.api") + ", see " + children.log("rut-zebra"),
        START_LIMIT,
        () -> Files.exists(directory.resolve("zserv.api")));
    all.add(zebra);
    if (Files.exists(directory.resolve("bfdd.conf"))) {
      program("bfdd");
      all.add(start(children, namespace, "bfdd", bfdd(directory)));
    }
    all.add(start(children, namespace, "bgpd", daemon("bgpd", directory)));
    return all;
  }

  private static ProcessId start(
      BenchPrograms children, Namespace namespace, String daemon, List<String> command) {
    return children.start("rut-" + daemon, namespace, command, Map.of(), ProcessPriority.FRONT);
  }

  /// How a daemon of FRR is started on the files of a directory, without vty port, with its log on
  /// stdout.
  private static List<String> daemon(String daemon, Path directory) {
    return List.of(
        PROGRAMS + "/" + daemon,
        "-f",
        directory.resolve(daemon + ".conf").toString(),
        "-i",
        directory.resolve(daemon + ".pid").toString(),
        "-z",
        directory.resolve("zserv.api").toString(),
        "--vty_socket",
        directory.toString(),
        "-P",
        "0",
        "--log",
        "stdout");
  }

  /// How bfdd is started: its control socket has no place of its own unless it is told one.
  private static List<String> bfdd(Path directory) {
    List<String> command = new ArrayList<>(daemon("bfdd", directory));
    command.addAll(List.of("--bfdctl", directory.resolve("bfdctl.sock").toString()));
    return command;
  }
}
