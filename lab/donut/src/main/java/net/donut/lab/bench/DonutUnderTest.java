package net.donut.lab.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.lab.net.Command;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.ProcessId;
import net.donut.lab.net.ProcessPriority;
import net.donut.lab.topology.Bfd;
import net.donut.model.Family;

/// Donut as the router under test: an agent and a controller on one machine.
final class DonutUnderTest implements SystemUnderTest {
  static final String ROUTER = "rut";
  static final int PROTOCOL = 64;

  @Override
  public String name() {
    return "donut";
  }

  @Override
  public String version() {
    Command.Result answer = Command.tryRun(Launcher.command(List.of("--version")), "");
    return answer.output().strip().replaceFirst("^donut ", "");
  }

  @Override
  public int protocol() {
    return PROTOCOL;
  }

  @Override
  public String setup() {
    return "two processes, agent and controller; every feed is a transit, nothing is announced, what"
        + " returns is held 200 ms";
  }

  @Override
  public void prepare(Path directory, List<FeedLink> feeds) {
    StringBuilder yaml = new StringBuilder("as: " + FeedLink.ROUTER_AS + "\nnetworks: []\n");
    yaml.append(
        "routers:\n  %s: {agent: \"127.0.0.1:9340\", router-id: 10.251.0.254}\nneighbors:\n"
            .formatted(ROUTER));
    for (FeedLink feed : feeds) {
      yaml.append(
          "  %s: {router: %s, as: %d, relation: transit, interface: %s,%s\n    %s: {address: \"%s\", local: \"%s\"}}\n"
              .formatted(
                  feed.name(),
                  ROUTER,
                  feed.asn(),
                  feed.routerDevice(),
                  extras(feed),
                  feed.family() == Family.IPV4 ? "ipv4" : "ipv6",
                  feed.neighbor(),
                  feed.router()));
    }
    // The others filter nothing either, and hold nothing that returns for longer each time.
    yaml.append("filters: {bogon-prefixes: false, bogon-asns: false, as-sets: accept}\n");
    yaml.append("timers: {return-hold: 200ms, longest-hold: 200ms}\n");
    Configurations.write(directory.resolve("policy.yaml"), yaml.toString());
  }

  private static String extras(FeedLink feed) {
    String preference = feed.preference() == 0 ? "" : " preference: " + feed.preference() + ",";
    return feed.bfd() ? preference + " " + Bfd.WITH_OUR_ROUTERS.policy() + "," : preference;
  }

  /// The controller's Unix socket.
  static Path socket(Path directory) {
    return directory.resolve("controller.sock");
  }

  @Override
  public List<ProcessId> start(BenchPrograms children, Namespace namespace, Path directory) {
    List<String> controller =
        List.of(
            "controller",
            "--policy",
            directory.resolve("policy.yaml").toString(),
            "--listen",
            "127.0.0.1:9341",
            "--socket",
            socket(directory).toString(),
            "--state-dir",
            Configurations.directory(directory.resolve("controller")).toString(),
            "--insecure");
    return List.of(
        startAgent(children, namespace, directory),
        start(children, namespace, "rut-controller", controller));
  }

  /// Starts an agent that serves gRIBI on 127.0.0.1:9340 of the namespace.
  static ProcessId startAgent(BenchPrograms children, Namespace namespace, Path directory) {
    List<String> arguments =
        List.of(
            "agent",
            "--name",
            ROUTER,
            "--listen",
            "127.0.0.1:9340",
            "--insecure",
            "--state-dir",
            Configurations.directory(directory.resolve("agent")).toString());
    return start(children, namespace, "rut-agent", arguments);
  }

  private static ProcessId start(
      BenchPrograms children, Namespace namespace, String name, List<String> arguments) {
    return children.start(
        name, namespace, Launcher.command(arguments), Map.of(), ProcessPriority.FRONT);
  }
}
