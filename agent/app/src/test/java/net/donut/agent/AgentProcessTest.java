package net.donut.agent;

import static net.donut.agent.BirdNetwork.NEIGHBOR;
import static net.donut.agent.BirdNetwork.configuration;
import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.agent.gribi.AftOperations;
import net.donut.api.AttributeMapping;
import net.donut.api.agent.v1.DigestRequest;
import net.donut.api.agent.v1.HelloRequest;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.WatchRoutesRequest;
import net.donut.fixtures.NeedsPrograms;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole agent in a namespace of its own, with a real BIRD as neighbor in another.
@Timeout(120)
@NeedsPrograms
class AgentProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ROUTES = 2000;

  private final Path directory;
  private final BirdNetwork network = new BirdNetwork();

  AgentProcessTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void cleanUp() throws Exception {
    network.end();
  }

  private AgentProcess agent() {
    AgentOptions options = AgentOptions.of("edge1", directory.resolve("state"));
    return network.keep(network.namespace.call(() -> AgentProcess.open(options)));
  }

  private AgentClient client(AgentProcess agent) {
    return network.keep(new AgentClient(network.namespace, agent.address()));
  }

  private BirdNeighbor bird() {
    return network.keep(new BirdNeighbor(network.there, directory, ROUTES)).start();
  }

  private static List<Prefix> ours(int count) {
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prefixes.add(Prefix.ofIpv4(0xc612_0000 | i << 6, 26));
    }
    return prefixes;
  }

  private static PathAttributes announcement() {
    return PathAttributes.of(Origin.IGP, AsPath.of(64500), AttributeMapping.NO_NEXT_HOP);
  }

  private static void awaitAll(RouteStreamView<WatchRoutesRequest> view) {
    eventually(PATIENCE, () -> assertThat(view.marks()).contains("end " + NEIGHBOR + " IPV4"));
    Map<Prefix, PathAttributes> routes = view.routes(NEIGHBOR);
    assertThat(routes).hasSize(ROUTES);
    assertThat(routes.values())
        .allSatisfy(attributes -> {
          assertThat(attributes.asPath()).isEqualTo(AsPath.of(64601));
          assertThat(attributes.nextHop()).isEqualTo(IpAddress.parse("100.64.1.2"));
        });
    assertThat(routes).containsKeys(Prefix.parse("10.0.0.0/24"), Prefix.parse("10.7.207.0/24"));
  }

  @Test
  void a_neighbors_routes_are_told_exactly_and_cleared_when_it_is_killed() {
    AgentProcess agent = agent();
    AgentClient client = client(agent);
    RouteStreamView<WatchRoutesRequest> routes = client.watchRoutes();
    StateView states = client.watchState();
    BirdNeighbor bird = bird();

    assertThat(client.blocking().configure(configuration()).getErrorsList()).isEmpty();
    awaitAll(routes);
    eventually(
        PATIENCE, () -> assertThat(states.session(NEIGHBOR).getPrefixesIpv4()).isEqualTo(ROUTES));
    assertThat(states.session(NEIGHBOR).getState()).isEqualTo("Established");
    assertThat(states.session(NEIGHBOR).getRemoteRouterId()).isEqualTo("10.0.0.2");
    assertThat(states.link("bird").getCarrier()).isTrue();
    assertThat(client.blocking().digest(DigestRequest.getDefaultInstance()).getNeighborsList())
        .singleElement()
        .satisfies(digest -> assertThat(digest.getCount()).isEqualTo(ROUTES));
    bird.kill();

    eventually(
        PATIENCE, () -> assertThat(routes.marks()).contains("cleared " + NEIGHBOR + " IPV4"));
    assertThat(routes.routes(NEIGHBOR)).isEmpty();
    eventually(
        PATIENCE,
        () -> {
          assertThat(states.session(NEIGHBOR).getState()).isNotEqualTo("Established");
          assertThat(states.session(NEIGHBOR).getDownReason()).isNotEmpty();
          assertThat(states.session(NEIGHBOR).getFlaps()).isOne();
        });
  }

  @Test
  void
      what_the_controller_advertises_is_what_the_neighbor_shows_and_what_it_programs_is_in_the_kernel()
          throws Exception {
    AgentProcess agent = agent();
    AgentClient client = client(agent);
    StateView states = client.watchState();
    BirdNeighbor bird = bird();
    client.blocking().configure(configuration());
    client.advertise(NEIGHBOR, ours(500), announcement());

    eventually(PATIENCE, () -> assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(500));
    assertThat(bird.heard("AS64500i", "100.64.1.1")).contains("198.18.0.0/26", "198.18.0.64/26");
    eventually(
        PATIENCE, () -> assertThat(states.session(NEIGHBOR).getAdvertisedIpv4()).isEqualTo(500));
    client.advertise(NEIGHBOR, ours(3), announcement());
    eventually(PATIENCE, () -> assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(3));
    bird.ask("reload in agent");
    eventually(PATIENCE, () -> assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(3));

    client.program(1, "203.0.113.0/24", "100.64.1.2", "bird");

    assertThat(network.here.ip("route show 203.0.113.0/24")).contains("proto 64");
    AgentClient.Fib fib = client.inspectFib();
    assertThat(fib.summary().getInstalled()).as(fib.toString()).isOne();
    assertThat(fib.entries())
        .singleElement()
        .satisfies(entry -> assertThat(entry.getStatus()).isEqualTo("installed"));
    eventually(PATIENCE, () -> assertThat(states.fib().getInstalled()).isOne());
  }

  @Test
  void a_restarted_agent_brings_its_sessions_up_before_any_controller_comes() throws Exception {
    BirdNeighbor bird = bird();
    try (AgentProcess first = agent();
        AgentClient client = new AgentClient(network.namespace, first.address())) {
      client.blocking().configure(configuration());
      client.advertise(NEIGHBOR, ours(500), announcement());
      client.program(1, "203.0.113.0/24", "100.64.1.2", "bird");
      eventually(PATIENCE, () -> assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(500));
    }
    assertThat(network.here.ip("route show 203.0.113.0/24")).contains("proto 64");
    assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(500);

    AgentProcess second = agent();
    AgentClient client = client(second);
    RouteStreamView<WatchRoutesRequest> routes = client.watchRoutes();

    awaitAll(routes);
    HelloResponse hello =
        client.blocking().hello(HelloRequest.newBuilder().setController("test").build());
    assertThat(hello.getGeneration()).isEqualTo(5);
    assertThat(hello.getName()).isEqualTo("edge1");
    assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(500);
    client.advertise(NEIGHBOR, ours(7), announcement());
    eventually(PATIENCE, () -> assertThat(bird.heard("AS64500i", "100.64.1.1")).hasSize(7));
    assertThat(network.here.ip("route show 203.0.113.0/24")).contains("proto 64");
  }

  @Test
  void carrier_loss_takes_the_session_down_at_once_and_its_return_brings_it_back() {
    AgentProcess agent = agent();
    AgentClient client = client(agent);
    StateView states = client.watchState();
    RouteStreamView<WatchRoutesRequest> routes = client.watchRoutes();
    bird();
    client.blocking().configure(configuration());
    awaitAll(routes);

    network.there.ip("link set agent down");

    eventually(
        Duration.ofSeconds(5),
        () -> {
          assertThat(states.link("bird").getCarrier()).isFalse();
          assertThat(states.session(NEIGHBOR).getState()).isNotEqualTo("Established");
          assertThat(states.session(NEIGHBOR).getDownReason())
              .isEqualTo("interface bird lost its carrier");
        });
    eventually(
        PATIENCE, () -> assertThat(routes.marks()).contains("cleared " + NEIGHBOR + " IPV4"));
    network.there.ip("link set agent up");
    eventually(
        PATIENCE, () -> assertThat(states.session(NEIGHBOR).getState()).isEqualTo("Established"));
    eventually(PATIENCE, () -> assertThat(routes.routes(NEIGHBOR)).hasSize(ROUTES));
  }

  @Test
  void an_override_whose_client_is_gone_ends_and_watchers_and_digest_say_so() throws Exception {
    AgentClient client = client(agent());
    StateView states = client.watchState();
    RouteProgrammer programmer = new RouteProgrammer(client.channel(), 0, 1);
    programmer.gateway(7, "100.64.1.2", "bird");
    programmer.gateway(9, "100.64.1.3", "bird");
    programmer.send(List.of(AftOperations.ipv4("203.0.113.0/24", 7)));
    eventually(PATIENCE, () -> assertThat(states.fib().getInstalled()).isOne());
    long digest = intended(client);

    programmer.send(List.of(AftOperations.ipv4("203.0.113.0/24", 9, "override ms=1000 then=7")));
    programmer.close();
    eventually(PATIENCE, () -> assertThat(intended(client)).isNotEqualTo(digest));

    eventually(
        PATIENCE,
        () ->
            assertThat(states.notices())
                .contains("203.0.113.0/24: its override is over, back on group 7"));
    eventually(PATIENCE, () -> assertThat(intended(client)).isEqualTo(digest));
  }

  private static long intended(AgentClient client) {
    return client.blocking().digest(DigestRequest.getDefaultInstance()).getIntendedDigest();
  }

  @Test
  void health_is_served_for_every_service() {
    AgentClient client = client(agent());

    for (String service : AgentProcess.services()) {
      assertThat(
              HealthGrpc.newBlockingStub(client.channel())
                  .withDeadlineAfter(10, TimeUnit.SECONDS)
                  .check(HealthCheckRequest.newBuilder().setService(service).build())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void a_process_that_is_told_to_stop_or_killed_leaves_the_kernel_routes_in_place()
      throws Exception {
    for (String signal : List.of("TERM", "KILL")) {
      Process process = start("--listen", "127.0.0.1:9340", "--insecure");
      try (AgentClient client =
          new AgentClient(
              network.namespace, new InetSocketAddress(InetAddress.getLoopbackAddress(), 9340))) {
        awaitStarted(process);
        client.program(signal.equals("TERM") ? 1 : 2, "203.0.113.0/24", "100.64.1.2", "bird");
      }

      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();

      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(network.here.ip("route show 203.0.113.0/24")).as(signal).contains("proto 64");
    }
  }

  @Test
  void what_keeps_an_agent_from_starting_is_said_in_one_line() throws Exception {
    String port = "127.0.0.1:" + agent().address().getPort();

    assertThat(refusal("--insecure", "--listen", port))
        .isEqualTo(
            "donut agent: state directory "
                + directory.resolve("state")
                + ": in use by another agent (expected: one directory an agent; choose with"
                + " --state-dir)");
    assertThat(refusal("--insecure", "--listen", port, "--bgp-port", "0", "--state-dir", other()))
        .startsWith("donut agent: listen on 127.0.0.1:")
        .endsWith("(expected: a free port; choose another with --listen)")
        .containsIgnoringCase("address already in use");
    assertThat(refusal("--insecure", "--listen", "127.0.0.1:0", "--state-dir", other()))
        .startsWith("donut agent: BGP: listen on :: port 179: ")
        .endsWith("(stop the other BGP daemon, or choose a port with --bgp-port)");
    assertThat(refusal("--insecure", "--state-dir", "/dev/null/state"))
        .startsWith("donut agent: state directory /dev/null/state: ")
        .endsWith("(expected: a writable directory; choose one with --state-dir)");
    assertThat(refusal("--listen", "127.0.0.1:0"))
        .isEqualTo(
            "--tls-dir: missing (expected: --tls-dir DIR with what `donut pki issue agent edge1`"
                + " wrote, or --insecure to run without TLS)");
    assertThat(refusal("--insecure", "--listen", "localhost"))
        .endsWith("'localhost' (expected: ADDRESS:PORT such as 0.0.0.0:9340 or [::]:9340)");
  }

  private String other() {
    return directory.resolve("other").toString();
  }

  /// The first line on standard error of an agent that does not start, without its log.
  private String refusal(String... arguments) throws Exception {
    Process process = start(arguments);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isIn(1, 2);
    return Files.readAllLines(log()).stream()
        .filter(line -> !line.matches("\\d{4}-\\d\\d-\\d\\dT.*"))
        .findFirst()
        .orElse("");
  }

  private Path log() {
    return directory.resolve("agent.log");
  }

  private Process start(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--state-dir")) {
      all.addAll(List.of("--state-dir", directory.resolve("state").toString()));
    }
    Process process = AgentMain.start(network.here, log(), all);
    network.keep(process::destroyForcibly);
    return process;
  }

  private void awaitStarted(Process process) {
    eventually(
        PATIENCE,
        () -> {
          assertThat(process.isAlive()).isTrue();
          assertThat(Files.readString(log())).contains("agent started");
        });
  }

  @Test
  void an_agent_that_cannot_unpack_its_native_library_says_so_and_ends() throws Exception {
    Process agent =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                network.here.name(),
                "prlimit",
                "--fsize=0:",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                AgentMain.class.getName(),
                "--name",
                "edge1",
                "--listen",
                "127.0.0.1:9340",
                "--insecure",
                "--state-dir",
                directory.resolve("state").toString())
            .redirectErrorStream(true)
            .start();
    network.keep(() -> agent.destroyForcibly().waitFor());

    assertThat(agent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(new String(agent.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("native epoll: ", "-Djava.io.tmpdir=DIR");
    assertThat(agent.exitValue()).isEqualTo(1);
  }
}
