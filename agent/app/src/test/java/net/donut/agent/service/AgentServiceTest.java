package net.donut.agent.service;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.donut.agent.RouteStreamView;
import net.donut.agent.StateView;
import net.donut.api.AttributeMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.AdjRibOutRequest;
import net.donut.api.agent.v1.AdvertiseRequest;
import net.donut.api.agent.v1.AdvertiseResponse;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.ConfigureResponse;
import net.donut.api.agent.v1.Family;
import net.donut.api.agent.v1.InspectFibRequest;
import net.donut.api.agent.v1.Neighbor;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.agent.v1.WatchRoutesRequest;
import net.donut.api.agent.v1.WatchStateRequest;
import net.donut.bgp.Outbound;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String NEIGHBOR = ServiceFixture.NEIGHBOR;

  private final Path directory;
  private final ServiceFixture agent;

  AgentServiceTest(@TempDir Path directory) throws Exception {
    this.directory = directory;
    this.agent = new ServiceFixture(directory);
  }

  @BeforeEach
  void nothingFailed() {
    assertThat(agent.failures).isEmpty();
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void every_wrong_neighbor_is_refused_with_value_and_expectation_and_the_rest_is_applied() {
    agent.rib.start();
    Neighbor good =
        Neighbor.newBuilder()
            .setName("good")
            .setAddress("192.0.2.7")
            .setRemoteAs(64601)
            .setPassive(true)
            .addFamilies(Family.FAMILY_IPV4)
            .build();
    ConfigureRequest request =
        ConfigureRequest.newBuilder()
            .setGeneration(7)
            .setLocalAs(64500)
            .setRouterId("10.0.0.1")
            .addNeighbors(good)
            .addNeighbors(good.toBuilder().setAddress("192.0.2.8"))
            .addNeighbors(good.toBuilder().setName("same"))
            .addNeighbors(good.toBuilder().setName("address").setAddress("192.0.2.300"))
            .addNeighbors(good.toBuilder().setName("as").setRemoteAs(0))
            .addNeighbors(good.toBuilder().setName("hold").setHoldTimeSeconds(2))
            .addNeighbors(good.toBuilder().setName("families").clearFamilies())
            .addNeighbors(good.toBuilder().setName("role").setRole("friend"))
            .addNeighbors(good.toBuilder().setName("key").setMd5Key("x".repeat(81)))
            .addNeighbors(good.toBuilder().setName("local").setLocalAddress("2001:db8::1"))
            .addNeighbors(good.toBuilder().setName("link").setAddress("fe80::1"))
            .addNeighbors(good.toBuilder().setName("port").setPort(70000))
            .build();

    ConfigureResponse response = agent.blocking().configure(request);

    assertThat(response.getGeneration()).isEqualTo(7);
    assertThat(response.getErrorsList())
        .satisfiesExactly(
            error ->
                assertThat(error)
                    .isEqualTo(
                        "neighbor 'good': name: 'good' (expected: one not used by neighbor"
                            + " 'good')"),
            error ->
                assertThat(error)
                    .isEqualTo(
                        "neighbor 'same': address: '192.0.2.7' (expected: one not used by neighbor"
                            + " 'good')"),
            error ->
                assertThat(error)
                    .startsWith("neighbor 'address': address: ")
                    .contains("192.0.2.300"),
            error ->
                assertThat(error)
                    .isEqualTo("neighbor 'as': remote_as: 0 (expected: 1..4294967295)"),
            error -> assertThat(error).startsWith("neighbor 'hold': ").contains("2 (expected: "),
            error -> assertThat(error).startsWith("neighbor 'families': families: none"),
            error -> assertThat(error).startsWith("neighbor 'role': role: 'friend' (expected: "),
            error -> assertThat(error).startsWith("neighbor 'key': ").contains("81 (expected: "),
            error -> assertThat(error).startsWith("neighbor 'local': ").contains("(expected: "),
            error -> assertThat(error).startsWith("neighbor 'link': ").contains("(expected: "),
            error ->
                assertThat(error).startsWith("neighbor 'port': ").contains("70000 (expected: "));
    StateView states = new StateView();
    agent.async().watchState(WatchStateRequest.getDefaultInstance(), states);
    eventually(PATIENCE, () -> assertThat(states.isSnapshot()).isTrue());
    assertThat(states.sessions()).containsExactly("good");
  }

  @Test
  void wrong_settings_of_the_agent_itself_are_an_invalid_argument() {
    Neighbor neighbor = Neighbor.newBuilder().setName("a").build();

    assertThatThrownBy(() ->
            agent
                .blocking()
                .configure(
                    ConfigureRequest.newBuilder()
                        .setRouterId("10.0.0.1")
                        .addNeighbors(neighbor)
                        .build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("INVALID_ARGUMENT: local_as: 0 (expected: 1..4294967295)");
    assertThatThrownBy(() ->
            agent
                .blocking()
                .configure(
                    ConfigureRequest.newBuilder()
                        .setLocalAs(64500)
                        .setRouterId("2001:db8::1")
                        .addNeighbors(neighbor)
                        .build()))
        .hasMessage(
            "INVALID_ARGUMENT: router_id: '2001:db8::1' (expected: an IPv4 address, not 0.0.0.0)");
  }

  @Test
  void the_last_configuration_is_on_disk_for_its_owner_only() throws Exception {
    agent.rib.start();
    ConfigureRequest request =
        ConfigureRequest.newBuilder()
            .setGeneration(3)
            .setLocalAs(64500)
            .setRouterId("10.0.0.1")
            .build();

    agent.blocking().configure(request);

    assertThat(new ConfigStore(directory).load()).isEqualTo(request);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("config.pb"))))
        .isEqualTo("rw-------");
  }

  @Test
  void a_damaged_configuration_is_put_aside() throws Exception {
    Files.write(directory.resolve("config.pb"), new byte[] {0x0a, 0x7f, 1});

    assertThat(new ConfigStore(directory).load()).isNull();

    assertThat(directory.resolve("config.pb.bad")).exists();
    assertThat(directory.resolve("config.pb")).doesNotExist();
  }

  @Test
  void a_configuration_that_is_cut_anywhere_is_put_aside() throws Exception {
    ConfigStore store = new ConfigStore(directory);
    ConfigureRequest request =
        ConfigureRequest.newBuilder().setGeneration(3).setLocalAs(64500).build();
    store.save(request);
    byte[] whole = Files.readAllBytes(directory.resolve("config.pb"));
    assertThat(store.load()).isEqualTo(request);
    for (int length = 0; length < whole.length; length++) {
      Files.deleteIfExists(directory.resolve("config.pb.bad"));
      Files.write(directory.resolve("config.pb"), Arrays.copyOf(whole, length));

      assertThat(store.load()).as("cut at %d", length).isNull();

      assertThat(directory.resolve("config.pb.bad")).as("cut at %d", length).exists();
    }
  }

  @Test
  void a_slow_reader_of_a_churning_neighbor_ends_with_exactly_its_routes() {
    agent.rib.start();
    RouteStreamView<WatchRoutesRequest> view = new RouteStreamView<>();
    agent.async().watchRoutes(WatchRoutesRequest.getDefaultInstance(), view);
    ServiceFixture.Peer peer = agent.peer();
    long seed = 11;
    Random random = new Random(seed);
    Map<Prefix, PathAttributes> expected = new TreeMap<>();

    for (int i = 0; i < 3000; i++) {
      peer.send(churn(random, expected));
      if (i % 100 == 0) {
        view.request(1);
      }
    }
    peer.send(new Outbound.EndOfRib(net.donut.model.Family.IPV4));
    view.request(1_000_000);

    eventually(PATIENCE, () -> assertThat(view.marks()).contains("end " + NEIGHBOR + " IPV4"));
    assertThat(view.routes(NEIGHBOR)).as("seed %d", seed).isEqualTo(expected);
    assertThat(view.failure()).isNull();
  }

  private static Outbound churn(Random random, Map<Prefix, PathAttributes> expected) {
    Prefixes.Builder builder = new Prefixes.Builder(net.donut.model.Family.IPV4);
    for (int i = 0; i < 20; i++) {
      builder.add(Prefix.ofIpv4(0x0a00_0000 | random.nextInt(5000) << 8, 24));
    }
    Prefixes prefixes = builder.build();
    if (random.nextInt(4) == 0) {
      prefixes.forEach(expected::remove);
      return new Outbound.Withdraw(prefixes);
    }
    PathAttributes attributes =
        PathAttributes.of(
            Origin.IGP, AsPath.of(64601, 1 + random.nextInt(300)), IpAddress.parse("192.0.2.2"));
    prefixes.forEach(prefix -> expected.put(prefix, attributes));
    return new Outbound.Announce(prefixes, attributes);
  }

  @Test
  void while_the_rib_stands_still_a_neighbor_is_held_back_and_nothing_is_lost() {
    ServiceFixture.Peer peer = agent.peer();
    Random random = new Random(5);
    Map<Prefix, PathAttributes> expected = new TreeMap<>();
    for (int i = 0; i < 20_000; i++) {
      peer.toSend.add(churn(random, expected));
    }
    peer.send(new Outbound.EndOfRib(net.donut.model.Family.IPV4));
    eventually(PATIENCE, () -> assertThat(agent.rib.depth()).isEqualTo(1024));
    RouteStreamView<WatchRoutesRequest> view = new RouteStreamView<>();
    agent.async().watchRoutes(WatchRoutesRequest.getDefaultInstance(), view);

    agent.rib.start();
    view.request(1_000_000);

    eventually(PATIENCE, () -> assertThat(view.marks()).contains("end " + NEIGHBOR + " IPV4"));
    assertThat(view.routes(NEIGHBOR)).isEqualTo(expected);
    assertThat(peer.events).containsExactly("established");
  }

  @Test
  void a_neighbor_over_its_limit_is_torn_down_and_the_reason_is_shown() {
    agent.rib.start();
    ServiceFixture.Peer peer = new ServiceFixture.Peer();
    try (peer) {
      StateView states = new StateView();
      agent.async().watchState(WatchStateRequest.getDefaultInstance(), states);
      RouteStreamView<WatchRoutesRequest> view = new RouteStreamView<>();
      agent.async().watchRoutes(WatchRoutesRequest.getDefaultInstance(), view);
      view.request(1_000_000);
      agent
          .blocking()
          .configure(
              ConfigureRequest.newBuilder()
                  .setLocalAs(64500)
                  .setRouterId("10.0.0.1")
                  .addNeighbors(
                      Neighbor.newBuilder()
                          .setName(NEIGHBOR)
                          .setAddress("127.0.0.1")
                          .setLocalAddress("127.0.0.2")
                          .setPort(peer.port)
                          .setRemoteAs(64601)
                          .setMaxPrefixesIpv4(10)
                          .addFamilies(Family.FAMILY_IPV4))
                  .build());

      peer.send(announce(0, 9));
      eventually(
          PATIENCE,
          () -> assertThat(states.notices()).contains(NEIGHBOR + ": 9 IPV4 prefixes (limit: 10)"));
      peer.send(announce(9, 20));

      eventually(
          PATIENCE,
          () ->
              assertThat(states.session(NEIGHBOR).getDownReason())
                  .isEqualTo("ipv4: 20 prefixes, limit 10: Cease 6/1"));
      eventually(
          PATIENCE,
          () ->
              assertThat(peer.events)
                  .anyMatch(event -> event.contains("Maximum Number of Prefixes")));
      eventually(
          PATIENCE, () -> assertThat(view.marks()).contains("cleared " + NEIGHBOR + " IPV4"));
      assertThat(view.routes(NEIGHBOR)).isEmpty();
      eventually(
          PATIENCE,
          () -> {
            SessionState held = states.session(NEIGHBOR);
            assertThat(held.getState()).isEqualTo("Idle");
            assertThat(held.getAdmin()).isEqualTo("max-prefix");
            assertThat(held.getReceivedIpv4()).isEqualTo(20);
            assertThat(held.getNextTryMs()).isBetween(1L, 60_000L);
          });

      agent.blocking().configure(limited(peer, 40));

      eventually(
          PATIENCE, () -> assertThat(states.session(NEIGHBOR).getState()).isEqualTo("Established"));
      assertThat(states.session(NEIGHBOR).getAdmin()).isEqualTo("up");
      assertThat(states.session(NEIGHBOR).getDownReason())
          .isEqualTo("ipv4: 20 prefixes, limit 10: Cease 6/1");
    }
  }

  private static ConfigureRequest limited(ServiceFixture.Peer peer, int limit) {
    return ConfigureRequest.newBuilder()
        .setLocalAs(64500)
        .setRouterId("10.0.0.1")
        .addNeighbors(
            Neighbor.newBuilder()
                .setName(NEIGHBOR)
                .setAddress("127.0.0.1")
                .setLocalAddress("127.0.0.2")
                .setPort(peer.port)
                .setRemoteAs(64601)
                .setMaxPrefixesIpv4(limit)
                .addFamilies(Family.FAMILY_IPV4))
        .build();
  }

  @Test
  void a_limit_changes_while_the_session_runs_and_acts_at_once_when_it_is_too_low() {
    agent.rib.start();
    ServiceFixture.Peer peer = new ServiceFixture.Peer();
    try (peer) {
      StateView states = new StateView();
      agent.async().watchState(WatchStateRequest.getDefaultInstance(), states);
      agent.blocking().configure(limited(peer, 20));
      peer.send(announce(0, 9));
      eventually(
          PATIENCE, () -> assertThat(states.session(NEIGHBOR).getPrefixesIpv4()).isEqualTo(9));

      agent.blocking().configure(limited(peer, 10));

      eventually(
          PATIENCE,
          () -> assertThat(states.notices()).contains(NEIGHBOR + ": 9 IPV4 prefixes (limit: 10)"));
      assertThat(peer.events).containsExactly("established");

      agent.blocking().configure(limited(peer, 8));

      eventually(
          PATIENCE,
          () ->
              assertThat(states.session(NEIGHBOR).getDownReason())
                  .isEqualTo("ipv4: 9 prefixes, limit 8: Cease 6/1"));
    }
  }

  private static Outbound announce(int from, int to) {
    Prefixes.Builder builder = new Prefixes.Builder(net.donut.model.Family.IPV4);
    for (int i = from; i < to; i++) {
      builder.add(Prefix.ofIpv4(0x0a00_0000 | i << 8, 24));
    }
    return new Outbound.Announce(
        builder.build(),
        PathAttributes.of(Origin.IGP, AsPath.of(64601), IpAddress.parse("192.0.2.2")));
  }

  @Test
  void what_a_full_content_does_not_repeat_is_swept_at_its_end_and_stays_without_a_controller() {
    agent.rib.start();
    ServiceFixture.Peer peer = agent.peer();
    Acks first = new Acks();
    StreamObserver<AdvertiseRequest> full = agent.async().advertise(first);
    full.onNext(begin(1));
    full.onNext(batch(2, NEIGHBOR, 1, "203.0.113.0/24", "198.51.100.0/24"));
    full.onNext(end(3));
    eventually(PATIENCE, () -> assertThat(first.last()).isEqualTo(3));
    full.onCompleted();
    eventually(PATIENCE, () -> assertThat(announcedTo(peer)).hasSize(2));
    assertThat(announcedTo(peer).values())
        .extracting(PathAttributes::nextHop)
        .containsOnly(IpAddress.parse("192.0.2.1"));
    eventually(PATIENCE, () -> assertThat(peer.events).contains("end IPV4"));

    Acks second = new Acks();
    StreamObserver<AdvertiseRequest> again = agent.async().advertise(second);
    again.onNext(begin(1));
    again.onNext(batch(2, NEIGHBOR, 9, "198.51.100.0/24"));
    eventually(PATIENCE, () -> assertThat(second.last()).isEqualTo(2));
    assertThat(listed()).hasSize(2);
    again.onNext(end(3));

    eventually(PATIENCE, () -> assertThat(announcedTo(peer)).hasSize(1));
    assertThat(listed().keySet()).containsExactly(Prefix.parse("198.51.100.0/24"));
    assertThat(listed().values())
        .extracting(PathAttributes::nextHop)
        .containsOnly(IpAddress.parse("192.0.2.1"));
  }

  @Test
  void a_second_stream_ends_the_first_and_wrong_batches_are_refused() {
    agent.rib.start();
    agent.peer();
    Acks first = new Acks();
    StreamObserver<AdvertiseRequest> one = agent.async().advertise(first);
    one.onNext(begin(1));
    eventually(PATIENCE, () -> assertThat(first.last()).isEqualTo(1));
    Acks second = new Acks();
    StreamObserver<AdvertiseRequest> two = agent.async().advertise(second);
    two.onNext(begin(1));

    eventually(
        PATIENCE, () -> assertThat(first.status()).isEqualTo(Status.Code.ABORTED.toString()));
    two.onNext(
        AdvertiseRequest.newBuilder()
            .setSeq(2)
            .setBatch(
                RouteBatch.newBuilder()
                    .setNeighbor(NEIGHBOR)
                    .addGroups(
                        RouteGroup.newBuilder().setAttributeSetId(5).setFamily(Family.FAMILY_IPV4)))
            .build());

    eventually(
        PATIENCE,
        () -> assertThat(second.status()).isEqualTo(Status.Code.INVALID_ARGUMENT.toString()));
    assertThat(second.description())
        .isEqualTo(
            "attribute set id: 5 (expected: one defined before in this stream, or 0 to withdraw)");
  }

  @Test
  void routes_for_a_neighbor_that_is_not_configured_are_noticed_and_its_listing_is_not_found() {
    agent.rib.start();
    StateView states = new StateView();
    agent.async().watchState(WatchStateRequest.getDefaultInstance(), states);
    eventually(PATIENCE, () -> assertThat(states.isSnapshot()).isTrue());
    Acks acks = new Acks();
    StreamObserver<AdvertiseRequest> stream = agent.async().advertise(acks);
    stream.onNext(begin(1));
    stream.onNext(batch(2, "nobody", 1, "203.0.113.0/24"));

    eventually(PATIENCE, () -> assertThat(acks.last()).isEqualTo(2));
    eventually(
        PATIENCE,
        () ->
            assertThat(states.notices())
                .containsExactly(
                    "advertise: neighbor 'nobody' is not configured; its routes are ignored"));
    assertThatThrownBy(() ->
            agent
                .blocking()
                .adjRibOut(AdjRibOutRequest.newBuilder().setNeighbor("nobody").build())
                .hasNext())
        .hasMessage("NOT_FOUND: neighbor: 'nobody' (expected: one that is configured)");
  }

  @Test
  void a_removed_neighbor_is_removed_for_every_watcher() {
    agent.rib.start();
    StateView states = new StateView();
    agent.async().watchState(WatchStateRequest.getDefaultInstance(), states);
    RouteStreamView<WatchRoutesRequest> view = new RouteStreamView<>();
    agent.async().watchRoutes(WatchRoutesRequest.getDefaultInstance(), view);
    view.request(1_000_000);
    ServiceFixture.Peer peer = agent.peer();
    peer.send(announce(0, 5));
    eventually(PATIENCE, () -> assertThat(view.routes(NEIGHBOR)).hasSize(5));

    agent
        .blocking()
        .configure(
            ConfigureRequest.newBuilder()
                .setGeneration(2)
                .setLocalAs(64500)
                .setRouterId("10.0.0.1")
                .build());

    eventually(PATIENCE, () -> assertThat(view.marks()).contains("removed " + NEIGHBOR));
    eventually(PATIENCE, () -> assertThat(states.sessions()).isEmpty());
    eventually(PATIENCE, () -> assertThat(peer.events).anyMatch(e -> e.startsWith("down ")));
  }

  @Test
  void an_inspection_of_something_that_is_no_prefix_says_what_is_expected() {
    assertThatThrownBy(() ->
            agent
                .blocking()
                .inspectFib(
                    InspectFibRequest.newBuilder().setAddressOrPrefix("10.0.0.0/33").build())
                .hasNext())
        .hasMessage(
            "INVALID_ARGUMENT: address_or_prefix '10.0.0.0/33': length: 33 (expected: 0..32)");
  }

  private static Map<Prefix, PathAttributes> announcedTo(ServiceFixture.Peer peer) {
    Map<Prefix, PathAttributes> routes = new TreeMap<>();
    for (BgpMessage.Update update : peer.heard) {
      update.withdrawals().forEach(prefixes -> prefixes.forEach(routes::remove));
      for (BgpMessage.Announcement announcement : update.announcements()) {
        announcement.prefixes().forEach(prefix -> routes.put(prefix, announcement.attributes()));
      }
    }
    return routes;
  }

  private Map<Prefix, PathAttributes> listed() {
    RouteStreamView<AdjRibOutRequest> view = new RouteStreamView<>();
    agent.async().adjRibOut(AdjRibOutRequest.newBuilder().setNeighbor(NEIGHBOR).build(), view);
    view.request(1_000_000);
    eventually(PATIENCE, () -> assertThat(view.isCompleted()).isTrue());
    return view.routes(NEIGHBOR);
  }

  private static AdvertiseRequest begin(long seq) {
    return AdvertiseRequest.newBuilder().setSeq(seq).setBegin(true).build();
  }

  private static AdvertiseRequest end(long seq) {
    return AdvertiseRequest.newBuilder().setSeq(seq).setEnd(true).build();
  }

  private static AdvertiseRequest batch(long seq, String neighbor, int set, String... prefixes) {
    List<Prefix> parsed = new ArrayList<>();
    for (String prefix : prefixes) {
      parsed.add(Prefix.parse(prefix));
    }
    PathAttributes attributes =
        PathAttributes.of(Origin.IGP, AsPath.of(64500), AttributeMapping.NO_NEXT_HOP);
    return AdvertiseRequest.newBuilder()
        .setSeq(seq)
        .setBatch(
            RouteBatch.newBuilder()
                .setNeighbor(neighbor)
                .addAttributeSets(AttributeMapping.toProto(set, attributes))
                .addGroups(
                    RouteGroup.newBuilder()
                        .setAttributeSetId(set)
                        .setFamily(Family.FAMILY_IPV4)
                        .setNlri(
                            NlriMapping.pack(
                                Prefixes.copyOf(net.donut.model.Family.IPV4, parsed)))))
        .build();
  }

  /// What an Advertise stream answered.
  private static final class Acks implements StreamObserver<AdvertiseResponse> {
    private long last;
    private Status end = Status.OK;

    synchronized long last() {
      return last;
    }

    synchronized String status() {
      return end.getCode().toString();
    }

    synchronized String description() {
      return String.valueOf(end.getDescription());
    }

    @Override
    public synchronized void onNext(AdvertiseResponse response) {
      last = response.getSeq();
    }

    @Override
    public synchronized void onError(Throwable cause) {
      end = Status.fromThrowable(cause);
    }

    @Override
    public void onCompleted() {}
  }
}
