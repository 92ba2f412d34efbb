package net.donut.agent.rib;

import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.bgp.Outbound;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.queue.Owner;
import net.donut.model.record.RecordedEntry;
import net.donut.model.record.RecordingReader;
import org.jspecify.annotations.Nullable;

/// Tells an [AgentRib] what a recording says, without sockets, threads or a kernel, and keeps what
/// it says to neighbors, readers and the operator. Neighbors and readers take everything at once,
/// however slow those of the recording were.
public final class RibReplay {
  private final FakePort port = new FakePort();
  private final AgentRib rib = new AgentRib(new Owner("replay"), port);
  private final Map<String, SessionOutbox> outboxes = new HashMap<>();
  private final Map<String, Map<Prefix, PathAttributes>> told = new HashMap<>();
  private final Map<Integer, FakeSubscriber> readers = new LinkedHashMap<>();
  private final Map<Integer, Advertiser> sources = new HashMap<>();

  private RibReplay() {}

  /// Replays a recording to its end.
  public static RibReplay of(InputStream recording) {
    RibReplay replay = new RibReplay();
    try (RecordingReader reader = new RecordingReader(recording)) {
      reader.require(RibInputCodec.OWNER, RibInputCodec.VERSION);
      for (RecordedEntry next = reader.next(); next != null; next = reader.next()) {
        replay.take(next);
      }
    }
    replay.turnEnds();
    return replay;
  }

  private void take(RecordedEntry entry) {
    switch (entry) {
      case RecordedEntry.Time(long nanos) -> {
        turnEnds();
        rib.at(nanos);
      }
      case RecordedEntry.Input input -> take(RibInputCodec.decode(input));
    }
  }

  private void take(RibInput input) {
    switch (input) {
      case RibInput.Configure(var sessions) -> rib.configure(sessions);
      case RibInput.Event(RibEvent event) -> {
        if (event instanceof RibEvent.Established established) {
          outboxes.put(event.session(), established.outbox());
          told.put(event.session(), new HashMap<>());
        }
        if (event instanceof RibEvent.TooLong tooLong) {
          Map<Prefix, PathAttributes> routes = told.getOrDefault(event.session(), new HashMap<>());
          tooLong.prefixes().forEach(routes::remove); // As its session did.
        }
        rib.apply(event);
      }
      case RibInput.RoomAgain(String session, long number) -> rib.roomAgain(session, number);
      case RibInput.Subscribe(int reader) -> rib.subscribe(reader(reader));
      case RibInput.Unsubscribe(int reader) -> rib.unsubscribe(reader(reader));
      case RibInput.ListAdvertised(String session, int reader) ->
          rib.listAdvertised(session, reader(reader));
      case RibInput.BeginAdvertising(int source) -> rib.beginAdvertising(source(source));
      case RibInput.Advertise(int source, String session, var routes, var attributes) ->
          rib.advertise(source(source), session, routes, attributes);
      case RibInput.EndAdvertising(int source) -> rib.endAdvertising(source(source));
      case RibInput.LeaveAdvertising(int source) -> rib.leaveAdvertising(source(source));
    }
    outboxes.forEach(this::drain);
  }

  private void turnEnds() {
    boolean more = true;
    while (more) {
      more = rib.tell();
    }
    outboxes.forEach(this::drain);
  }

  private void drain(String session, SessionOutbox outbox) {
    Map<Prefix, PathAttributes> routes = told.getOrDefault(session, new HashMap<>());
    for (Outbound piece = outbox.poll(); piece != null; piece = next(session, outbox)) {
      switch (piece) {
        case Outbound.Announce(var prefixes, var attributes) ->
            prefixes.forEach(prefix -> routes.put(prefix, attributes));
        case Outbound.Withdraw(var prefixes) -> prefixes.forEach(routes::remove);
        case Outbound.EndOfRib _,
            Outbound.BeginRefresh _,
            Outbound.EndRefresh _,
            Outbound.RequestRefresh _ -> {}
      }
    }
  }

  private @Nullable Outbound next(String session, SessionOutbox outbox) {
    Outbound piece = outbox.poll();
    if (piece == null) {
      rib.roomAgain(session, outbox.session());
      piece = outbox.poll();
    }
    return piece;
  }

  private FakeSubscriber reader(int number) {
    return readers.computeIfAbsent(number, _ -> new FakeSubscriber());
  }

  private Advertiser source(int number) {
    return sources.computeIfAbsent(number, _ -> () -> {});
  }

  AgentRib rib() {
    return rib;
  }

  FakePort port() {
    return port;
  }

  /// The lines that operators were to read.
  public List<String> notices() {
    return port.notices;
  }

  /// What a neighbor was told of routes since its session began, and holds now.
  public Map<Prefix, PathAttributes> told(String session) {
    return told.getOrDefault(session, Map.of());
  }

  /// What a reader was told of a session's routes; readers are numbered in the order they came.
  public Map<Prefix, PathAttributes> heard(int reader, String session, Family family) {
    return reader(reader).routes(session, family);
  }

  /// What a neighbor is not told although it should be.
  public List<Withheld> withheld(String session) {
    return rib.withheld(session);
  }
}
