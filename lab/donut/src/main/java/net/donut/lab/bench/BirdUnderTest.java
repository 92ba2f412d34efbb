package net.donut.lab.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.lab.net.Command;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.ProcessId;
import net.donut.lab.net.ProcessPriority;
import net.donut.lab.topology.Bfd;
import net.donut.model.Family;

/// BIRD 2 as the router under test.
final class BirdUnderTest implements SystemUnderTest {
  static String program() {
    return Files.isExecutable(Path.of("/usr/sbin/bird")) ? "/usr/sbin/bird" : "bird";
  }

  @Override
  public String name() {
    return "bird";
  }

  @Override
  public String version() {
    Command.Result answer = Command.tryRun(List.of(program(), "--version"), "");
    return (answer.output() + answer.errors()).strip().replace("BIRD version ", "");
  }

  @Override
  public int protocol() {
    return 12;
  }

  @Override
  public String setup() {
    return "one process; import all, no export; kernel protocol exports all; connects at once";
  }

  @Override
  public void prepare(Path directory, List<FeedLink> feeds) {
    StringBuilder conf = new StringBuilder("log stderr { warning, error, auth, fatal, bug };\n");
    conf.append("router id 10.251.0.254;\nprotocol device { }\n");
    conf.append(bfd(feeds));
    for (FeedLink feed : feeds) {
      conf.append(session(feed));
    }
    String channel = feeds.getFirst().family() == Family.IPV4 ? "ipv4" : "ipv6";
    conf.append("protocol kernel { %s { import none; export all; }; }\n".formatted(channel));
    Configurations.write(directory.resolve("bird.conf"), conf.toString());
  }

  /// The protocol that speaks BFD, where a feed wants it.
  static String bfd(List<FeedLink> feeds) {
    return feeds.stream().anyMatch(FeedLink::bfd)
        ? "protocol bfd { interface \"*\" { interval %d ms; multiplier %d; }; }\n"
            .formatted(Bfd.WITH_OUR_ROUTERS.intervalMillis(), Bfd.WITH_OUR_ROUTERS.multiplier())
        : "";
  }

  private static String session(FeedLink feed) {
    return """
    protocol bgp %s {
      local %s as %d;
      neighbor %s as %d;
      direct; hold time 90; connect delay time 0; connect retry time 1;
      error wait time 1, 1; error forget time 1;%s
      %s { import %s; export none; };
    }
    """
        .formatted(
            feed.name(),
            feed.router(),
            FeedLink.ROUTER_AS,
            feed.neighbor(),
            feed.asn(),
            feed.bfd() ? " bfd on;" : "",
            feed.family() == Family.IPV4 ? "ipv4" : "ipv6",
            feed.preference() == 0
                ? "all"
                : "filter { bgp_local_pref = %d; accept; }".formatted(100 + feed.preference()));
  }

  @Override
  public List<ProcessId> start(BenchPrograms children, Namespace namespace, Path directory) {
    return List.of(
        children.start(
            "rut-bird",
            namespace,
            List.of(
                program(),
                "-f",
                "-c",
                directory.resolve("bird.conf").toString(),
                "-s",
                directory.resolve("bird.ctl").toString()),
            Map.of(),
            ProcessPriority.FRONT));
  }
}
