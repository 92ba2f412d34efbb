package net.donut.agent.rib;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.donut.bgp.Down;
import net.donut.bgp.SessionInfo;
import net.donut.model.Family;
import net.donut.model.record.ContentReader;
import net.donut.model.record.ContentWriter;
import net.donut.model.record.RecordedEntry;
import net.donut.model.record.RecordingException;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.SessionOptions;

/// Inputs of `agent-rib` as the entries of a recording. Pure.
///
/// What the RIB does not look at is left out: the capabilities of a neighbor, and the faults of an
/// UPDATE. Whoever adds an input gives it the next kind; whoever changes the content of one raises
/// [#VERSION] and reads the earlier ones too.
final class RibInputCodec {
  static final String OWNER = "agent-rib";
  static final int VERSION = 1;

  private static final int CONFIGURE = 1;
  private static final int ESTABLISHED = 2;
  private static final int UPDATED = 3;
  private static final int END_OF_RIB = 4;
  private static final int REFRESH_REQUESTED = 5;
  private static final int MARK_STALE = 6;
  private static final int SWEEP_STALE = 7;
  private static final int TOO_LONG = 8;
  private static final int LOST = 9;
  private static final int ROOM_AGAIN = 10;
  private static final int SUBSCRIBE = 11;
  private static final int UNSUBSCRIBE = 12;
  private static final int LIST_ADVERTISED = 13;
  private static final int BEGIN_ADVERTISING = 14;
  private static final int ADVERTISE = 15;
  private static final int END_ADVERTISING = 16;
  private static final int LEAVE_ADVERTISING = 17;

  private RibInputCodec() {}

  static int kind(RibInput input) {
    return switch (input) {
      case RibInput.Configure _ -> CONFIGURE;
      case RibInput.Event(RibEvent event) -> kind(event);
      case RibInput.RoomAgain _ -> ROOM_AGAIN;
      case RibInput.Subscribe _ -> SUBSCRIBE;
      case RibInput.Unsubscribe _ -> UNSUBSCRIBE;
      case RibInput.ListAdvertised _ -> LIST_ADVERTISED;
      case RibInput.BeginAdvertising _ -> BEGIN_ADVERTISING;
      case RibInput.Advertise _ -> ADVERTISE;
      case RibInput.EndAdvertising _ -> END_ADVERTISING;
      case RibInput.LeaveAdvertising _ -> LEAVE_ADVERTISING;
    };
  }

  private static int kind(RibEvent event) {
    return switch (event) {
      case RibEvent.Established _ -> ESTABLISHED;
      case RibEvent.Updated _ -> UPDATED;
      case RibEvent.EndOfRib _ -> END_OF_RIB;
      case RibEvent.RefreshRequested _ -> REFRESH_REQUESTED;
      case RibEvent.MarkStale _ -> MARK_STALE;
      case RibEvent.SweepStale _ -> SWEEP_STALE;
      case RibEvent.TooLong _ -> TOO_LONG;
      case RibEvent.Lost _ -> LOST;
    };
  }

  static byte[] encode(RibInput input) {
    ContentWriter out = new ContentWriter();
    switch (input) {
      case RibInput.Configure(var sessions) -> out.all(sessions, RibInputCodec::settings);
      case RibInput.Event(RibEvent event) -> encode(event, out);
      case RibInput.RoomAgain(var session, long number) -> out.text(session).number(number);
      case RibInput.Subscribe(int reader) -> out.number(reader);
      case RibInput.Unsubscribe(int reader) -> out.number(reader);
      case RibInput.ListAdvertised(var session, int reader) -> out.text(session).number(reader);
      case RibInput.BeginAdvertising(int source) -> out.number(source);
      case RibInput.Advertise(int source, var session, var routes, var attributes) -> {
        out.number(source).text(session).prefixes(routes).flag(attributes != null);
        if (attributes != null) {
          out.attributes(attributes);
        }
      }
      case RibInput.EndAdvertising(int source) -> out.number(source);
      case RibInput.LeaveAdvertising(int source) -> out.number(source);
    }
    return out.toBytes();
  }

  private static void settings(ContentWriter out, SessionSettings settings) {
    out.text(settings.name())
        .number(settings.maxPrefixesIpv4())
        .number(settings.maxPrefixesIpv6())
        .address(settings.nextHopIpv4())
        .address(settings.nextHopIpv6());
  }

  private static void encode(RibEvent event, ContentWriter out) {
    out.text(event.session());
    switch (event) {
      case RibEvent.Established(_, SessionInfo info, _) -> info(out, info);
      case RibEvent.Updated(_, BgpMessage.Update update) -> {
        out.all(update.withdrawals(), ContentWriter::prefixes);
        out.all(
            update.announcements(),
            (to, announced) ->
                to.prefixes(announced.prefixes()).attributes(announced.attributes()));
      }
      case RibEvent.EndOfRib(_, Family family) -> out.family(family);
      case RibEvent.RefreshRequested(_, Family family) -> out.family(family);
      case RibEvent.MarkStale(_, Family family) -> out.family(family);
      case RibEvent.SweepStale(_, Family family) -> out.family(family);
      case RibEvent.TooLong(_, long number, var prefixes, var attributes, int bytes, int limit) ->
          out.number(number).prefixes(prefixes).attributes(attributes).number(bytes).number(limit);
      case RibEvent.Lost(_, Down down) ->
          out.number(down.session())
              .text(down.cause().name())
              .text(down.text())
              .all(sorted(down.stale()), ContentWriter::family)
              .number(down.staleFor().toMillis());
    }
  }

  private static void info(ContentWriter out, SessionInfo info) {
    SessionOptions options = info.options();
    out.number(info.session())
        .address(info.localAddress())
        .address(info.remoteAddress())
        .number(info.localAs())
        .number(info.remoteAs())
        .address(info.remoteRouterId())
        .number(info.holdTimeSeconds())
        .all(sorted(info.families()), ContentWriter::family)
        .all(sorted(info.features()), (to, feature) -> to.text(feature.name()))
        .flag(options.fourOctetAs())
        .flag(options.extendedMessage())
        .flag(options.addPathIpv4())
        .flag(options.addPathIpv6())
        .flag(options.internal())
        .flag(options.linkLocal());
  }

  /// The same set is the same bytes.
  private static <T extends Comparable<T>> List<T> sorted(Set<T> values) {
    return values.stream().sorted().toList();
  }

  static RibInput decode(RecordedEntry.Input input) {
    return ContentReader.whole(input.content(), in -> decode(input.kind(), in));
  }

  private static RibInput decode(int kind, ContentReader in) {
    return switch (kind) {
      case CONFIGURE -> new RibInput.Configure(in.all(RibInputCodec::settings));
      case ESTABLISHED,
          UPDATED,
          END_OF_RIB,
          REFRESH_REQUESTED,
          MARK_STALE,
          SWEEP_STALE,
          TOO_LONG,
          LOST ->
          new RibInput.Event(event(kind, in));
      case ROOM_AGAIN -> new RibInput.RoomAgain(in.text(), in.number());
      case SUBSCRIBE -> new RibInput.Subscribe(in.integer());
      case UNSUBSCRIBE -> new RibInput.Unsubscribe(in.integer());
      case LIST_ADVERTISED -> new RibInput.ListAdvertised(in.text(), in.integer());
      case BEGIN_ADVERTISING -> new RibInput.BeginAdvertising(in.integer());
      case ADVERTISE ->
          new RibInput.Advertise(
              in.integer(), in.text(), in.prefixes(), in.flag() ? in.attributes() : null);
      case END_ADVERTISING -> new RibInput.EndAdvertising(in.integer());
      case LEAVE_ADVERTISING -> new RibInput.LeaveAdvertising(in.integer());
      default ->
          throw new RecordingException(
              "kind: " + kind + " (expected: 1.." + LEAVE_ADVERTISING + ")");
    };
  }

  private static SessionSettings settings(ContentReader in) {
    return new SessionSettings(
        in.text(), in.integer(), in.integer(), in.addressOrNull(), in.addressOrNull());
  }

  private static RibEvent event(int kind, ContentReader in) {
    String session = in.text();
    return switch (kind) {
      case ESTABLISHED -> established(session, info(in));
      case UPDATED -> new RibEvent.Updated(session, update(in));
      case END_OF_RIB -> new RibEvent.EndOfRib(session, in.family());
      case REFRESH_REQUESTED -> new RibEvent.RefreshRequested(session, in.family());
      case MARK_STALE -> new RibEvent.MarkStale(session, in.family());
      case SWEEP_STALE -> new RibEvent.SweepStale(session, in.family());
      case TOO_LONG ->
          new RibEvent.TooLong(
              session, in.number(), in.prefixes(), in.attributes(), in.integer(), in.integer());
      default -> new RibEvent.Lost(session, down(in));
    };
  }

  /// With an outbox that nobody has to be woken for.
  private static RibEvent established(String session, SessionInfo info) {
    return new RibEvent.Established(
        session, info, new SessionOutbox(info.session(), () -> {}, () -> {}));
  }

  private static BgpMessage.Update update(ContentReader in) {
    var withdrawals = in.all(ContentReader::prefixes);
    var announcements =
        in.all(each -> new BgpMessage.Announcement(each.prefixes(), each.attributes()));
    return new BgpMessage.Update(announcements, withdrawals, List.of());
  }

  private static Down down(ContentReader in) {
    return new Down(
        in.number(),
        Down.Cause.valueOf(in.text()),
        in.text(),
        families(in),
        Duration.ofMillis(in.number()));
  }

  private static Set<Family> families(ContentReader in) {
    Set<Family> families = EnumSet.noneOf(Family.class);
    families.addAll(in.all(ContentReader::family));
    return families;
  }

  private static SessionInfo info(ContentReader in) {
    return new SessionInfo(
        in.number(),
        in.address(),
        in.address(),
        in.number(),
        in.number(),
        in.address(),
        in.integer(),
        families(in),
        features(in),
        new SessionOptions(in.flag(), in.flag(), in.flag(), in.flag(), in.flag(), in.flag()),
        List.of());
  }

  private static Set<SessionInfo.Feature> features(ContentReader in) {
    Set<SessionInfo.Feature> features = EnumSet.noneOf(SessionInfo.Feature.class);
    features.addAll(in.all(each -> SessionInfo.Feature.valueOf(each.text())));
    return features;
  }
}
