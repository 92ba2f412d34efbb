package net.donut.agent.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.donut.bgp.Outbound;
import net.donut.bgp.SessionInfo;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.UnknownAttribute;
import net.donut.model.queue.Owner;
import net.donut.model.record.RecordedEntry;
import net.donut.model.record.RecordingException;
import net.donut.model.record.RecordingLimits;
import net.donut.model.record.RecordingWriter;
import net.donut.wire.bgp.BgpMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RibRecordingTest {
  private static final PathAttributes EVERYTHING =
      PathAttributes.builder(
              Origin.EGP, AsPath.parse("64601 4200000000 {1 2}"), IpAddress.parse("2001:db8::2"))
          .linkLocalNextHop(IpAddress.parse("fe80::2"))
          .med(4_294_967_295L)
          .localPref(0)
          .onlyToCustomer(64500)
          .atomicAggregate(true)
          .aggregator(new Aggregator(4_200_000_000L, IpAddress.parse("10.0.0.1")))
          .communities(Communities.of(0, -1, 64500 << 16))
          .extendedCommunities(ExtendedCommunities.of(-1, 0, 7))
          .largeCommunities(LargeCommunities.of(1, 2, -3))
          .unknown(List.of(new UnknownAttribute(0xc0, 99, new byte[] {1, 2, 3})))
          .build();
  private static final Prefixes SIX =
      Prefixes.of(
          Prefix.parse("::/0"), Prefix.parse("2001:db8:1:2:3::/80"), Prefix.parse("::1/128"));
  private static final Prefixes FOUR =
      Prefixes.of(
          Prefix.parse("0.0.0.0/0"), Prefix.parse("10.0.0.0/7"), Prefix.parse("10.1.2.3/32"));

  @TempDir private Path directory;

  private static List<RibInput> oneOfEach() {
    SessionInfo info =
        Sessions.info(3, Set.of(SessionInfo.Feature.ROLE, SessionInfo.Feature.EXTENDED_MESSAGE));
    BgpMessage.Update update =
        new BgpMessage.Update(
            List.of(
                new BgpMessage.Announcement(SIX, EVERYTHING),
                new BgpMessage.Announcement(FOUR, Sessions.attributes(new Random(1), 5))),
            List.of(FOUR, SIX),
            List.of());
    return List.of(
        new RibInput.Configure(
            List.of(
                SessionSettings.of("a/ipv4"),
                new SessionSettings("b", 7, 8, IpAddress.parse("192.0.2.9"), null))),
        new RibInput.Event(new RibEvent.Established("a", info, Sessions.outbox(3))),
        new RibInput.Event(new RibEvent.Updated("a", update)),
        new RibInput.Event(new RibEvent.EndOfRib("a", Family.IPV6)),
        new RibInput.Event(new RibEvent.RefreshRequested("a", Family.IPV4)),
        new RibInput.Event(new RibEvent.MarkStale("a", Family.IPV4)),
        new RibInput.Event(new RibEvent.SweepStale("a", Family.IPV4)),
        new RibInput.Event(new RibEvent.TooLong("a", 3, FOUR, EVERYTHING, 4451, 4096)),
        new RibInput.Event(new RibEvent.Lost("a", Sessions.down(3, Set.of(Family.IPV4)))),
        new RibInput.RoomAgain("a", 3),
        new RibInput.Subscribe(1),
        new RibInput.Unsubscribe(1),
        new RibInput.ListAdvertised("a", 2),
        new RibInput.BeginAdvertising(3),
        new RibInput.Advertise(3, "a", SIX, EVERYTHING),
        new RibInput.Advertise(3, "a", FOUR, null),
        new RibInput.EndAdvertising(3),
        new RibInput.LeaveAdvertising(3));
  }

  private static RecordedEntry.Input entry(RibInput input) {
    return new RecordedEntry.Input(
        RibInputCodec.kind(input), ByteBuffer.wrap(RibInputCodec.encode(input)));
  }

  @Test
  void every_input_is_read_as_it_was_written() {
    for (RibInput input : oneOfEach()) {
      RibInput read = RibInputCodec.decode(entry(input));

      if (read instanceof RibInput.Event(RibEvent.Established(_, SessionInfo info, var outbox))) {
        assertThat(info).isEqualTo(Sessions.info(3, info.features()));
        assertThat(outbox.session()).isEqualTo(3);
      } else {
        assertThat(read).isEqualTo(input);
      }
      assertThat(RibInputCodec.encode(read)).isEqualTo(RibInputCodec.encode(input));
    }
  }

  @Test
  void damaged_inputs_are_refused_or_other_inputs_and_nothing_else() {
    long seed = 20_261_201;
    Random random = new Random(seed);
    List<RibInput> inputs = oneOfEach();
    for (int round = 0; round < 50_000; round++) {
      RibInput input = inputs.get(random.nextInt(inputs.size()));
      byte[] bytes = RibInputCodec.encode(input);
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        RibInput read =
            RibInputCodec.decode(
                new RecordedEntry.Input(RibInputCodec.kind(input), ByteBuffer.wrap(bytes)));
        assertThat(read).isNotNull();
      } catch (RecordingException e) {
        assertThat(e).as("seed %d, round %d", seed, round).hasMessageContaining(":");
      }
    }
  }

  /// A neighbor that reads what it is told.
  private static final class Told {
    private final SessionOutbox outbox;
    private final Map<Prefix, PathAttributes> routes = new HashMap<>();

    Told(long number) {
      outbox = Sessions.outbox(number);
    }

    void read() {
      for (Outbound piece = outbox.poll(); piece != null; piece = outbox.poll()) {
        if (piece instanceof Outbound.Announce(var prefixes, var attributes)) {
          prefixes.forEach(prefix -> routes.put(prefix, attributes));
        } else if (piece instanceof Outbound.Withdraw(var prefixes)) {
          prefixes.forEach(routes::remove);
        }
      }
    }
  }

  @Test
  void what_is_replayed_ends_with_the_same_tables_and_has_said_the_same() throws IOException {
    Path file = directory.resolve("walk.donutrec");
    FakePort port = new FakePort();
    FakeSubscriber reader = new FakeSubscriber();
    Told neighbor = new Told(1);
    List<RibDigest> digests;
    try (RecordingWriter writer =
        RecordingWriter.open(
            file,
            RibRecorder.header("test", Instant.EPOCH),
            new RecordingLimits(1L << 30, 0),
            why -> {
              throw new AssertionError(why);
            })) {
      RibRecorder recorder = RibRecorder.to(writer);
      AgentRib rib = new AgentRib(new Owner("test"), port, recorder);
      walk(rib, recorder, reader, neighbor);
      digests = rib.digests();
    }

    RibReplay replay = RibReplay.of(Files.newInputStream(file));

    assertThat(replay.rib().digests()).isNotEmpty().isEqualTo(digests);
    assertThat(replay.told("a")).isNotEmpty().isEqualTo(neighbor.routes);
    assertThat(replay.port().counts).isEqualTo(port.counts);
    assertThat(replay.port().limits).isNotEmpty().isEqualTo(port.limits);
    assertThat(replay.port().bursts).isEqualTo(port.bursts);
    assertThat(replay.notices()).isNotEmpty().isEqualTo(port.notices);
  }

  private static void walk(
      AgentRib rib, RibRecorder recorder, FakeSubscriber reader, Told neighbor) {
    Random random = new Random(42);
    Advertiser source = () -> {};
    List<Runnable> inputs = new ArrayList<>();
    SessionSettings limited = new SessionSettings("b", 40, 0, null, null);
    inputs.add(() -> rib.configure(List.of(SessionSettings.of("a"), limited)));
    inputs.add(() -> rib.subscribe(reader));
    inputs.add(() ->
        rib.apply(new RibEvent.Established("a", Sessions.info(1, Set.of()), neighbor.outbox)));
    inputs.add(() ->
        rib.apply(new RibEvent.Established("b", Sessions.info(1, Set.of()), Sessions.outbox(1))));
    inputs.add(() -> rib.beginAdvertising(source));
    for (int i = 0; i < 400; i++) {
      String session = i % 2 == 0 ? "a" : "b";
      Family family = i % 3 == 0 ? Family.IPV6 : Family.IPV4;
      Prefixes one = Prefixes.of(Sessions.prefix(family, random.nextInt(100)));
      PathAttributes set = Sessions.attributes(random, 9);
      boolean withdraw = random.nextInt(4) == 0;
      inputs.add(() ->
          rib.apply(
              new RibEvent.Updated(
                  session,
                  withdraw
                      ? BgpMessage.Update.withdraw(one)
                      : BgpMessage.Update.announce(one, set))));
      inputs.add(() -> rib.advertise(source, "a", one, withdraw ? null : set));
    }
    inputs.add(() -> rib.endAdvertising(source));
    long now = System.nanoTime();
    for (Runnable input : inputs) {
      now += random.nextInt(200_000_000);
      rib.at(now);
      input.run();
      rib.tell();
      neighbor.read();
      rib.roomAgain("a", 1);
      recorder.turnEnds();
    }
    neighbor.read();
  }

  /// What an agent recorded when its neighbor, a BIRD without extended messages, had a route of
  /// ours that then got 1,100 communities. The bug: it was listed as advertised and counted, and
  /// nobody was told.
  @Test
  void a_route_that_gets_too_long_for_a_neighbor_is_withheld_not_counted_and_noticed_once() {
    InputStream recording =
        Objects.requireNonNull(getClass().getResourceAsStream("too-long-for-a-neighbor.donutrec"));

    RibReplay replay = RibReplay.of(recording);

    assertThat(replay.withheld("bird/ipv4"))
        .containsExactly(new Withheld(Prefix.parse("203.0.113.0/24"), 4451, 4096));
    assertThat(replay.told("bird/ipv4")).isEmpty();
    assertThat(replay.notices())
        .filteredOn(notice -> notice.contains("too long"))
        .containsExactly(
            "bird/ipv4: 203.0.113.0/24 not announced: too long for it: 4451 bytes (limit: 4096)");
    assertThat(Objects.requireNonNull(replay.port().counts.get("bird/ipv4")).advertisedIpv4())
        .isZero();
  }
}
