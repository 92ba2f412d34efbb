package net.donut.controller.southbound;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import net.donut.api.AttributeMapping;
import net.donut.api.FamilyMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.api.agent.v1.StateEvent;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.record.ContentReader;
import net.donut.model.record.ContentWriter;
import net.donut.model.record.RecordingException;
import net.donut.model.table.SharedAttributes;

/// What the RIB thread hears of agents, as bytes of a recording and back. Messages of agents are
/// kept as they came; the rest is written field by field.
public final class ReportCodec {
  private static final int CONNECTED = 1;
  private static final int CONFIGURED = 2;
  private static final int DISCONNECTED = 3;
  private static final int INVENTORY = 4;
  private static final int STATE = 5;
  private static final int VERDICTS = 6;
  private static final int NOTICE = 7;

  private ReportCodec() {}

  private interface Parsing<T> {
    T parse(byte[] bytes) throws InvalidProtocolBufferException;
  }

  private static <T> T message(ContentReader in, Parsing<T> parsing) {
    try {
      return parsing.parse(in.bytes());
    } catch (InvalidProtocolBufferException e) {
      throw new RecordingException("message of an agent: " + e.getMessage(), e);
    }
  }

  /// A report of the urgent lane; a [Report.Wake] has no content, and is not to be written.
  public static byte[] write(Report report) {
    ContentWriter out = new ContentWriter();
    switch (report) {
      case Report.Wake() -> throw new IllegalArgumentException("a wake is no input");
      case Report.Connected(var router, long connection, var hello) ->
          begin(out, CONNECTED, router).number(connection).bytes(hello.toByteArray());
      case Report.Configured(var router) -> begin(out, CONFIGURED, router);
      case Report.Disconnected(var router, var reason) ->
          begin(out, DISCONNECTED, router).text(reason);
      case Report.Inventory(var router, int entries) ->
          begin(out, INVENTORY, router).number(entries);
      case Report.State(var router, var event) ->
          begin(out, STATE, router).bytes(event.toByteArray());
      case Report.KernelVerdicts(var router, var routes) ->
          begin(out, VERDICTS, router).all(routes, ReportCodec::verdict);
      case Report.Notice(var router, var text) -> begin(out, NOTICE, router).text(text);
    }
    return out.toBytes();
  }

  private static ContentWriter begin(ContentWriter out, int kind, String router) {
    return out.number(kind).text(router);
  }

  private static void verdict(ContentWriter out, Report.KernelVerdict verdict) {
    out.text(verdict.prefix().toString()).text(verdict.error());
  }

  /// Throws [RecordingException] when it is none.
  public static Report readReport(ByteBuffer content) {
    return ContentReader.whole(content, ReportCodec::report);
  }

  private static Report report(ContentReader in) {
    int kind = in.integer();
    String router = in.text();
    return switch (kind) {
      case CONNECTED ->
          new Report.Connected(router, in.number(), message(in, HelloResponse::parseFrom));
      case CONFIGURED -> new Report.Configured(router);
      case DISCONNECTED -> new Report.Disconnected(router, in.text());
      case INVENTORY -> new Report.Inventory(router, in.integer());
      case STATE -> new Report.State(router, message(in, StateEvent::parseFrom));
      case VERDICTS -> new Report.KernelVerdicts(router, in.all(ReportCodec::verdict));
      case NOTICE -> new Report.Notice(router, in.text());
      default -> throw new RecordingException("kind " + kind + " (expected: 1.." + NOTICE + ")");
    };
  }

  private static Report.KernelVerdict verdict(ContentReader in) {
    return new Report.KernelVerdict(Prefix.parse(in.text()), in.text());
  }

  /// A batch of routes, with the attribute sets that it uses.
  public static byte[] write(Report.Routes routes) {
    RouteBatch.Builder batch =
        RouteBatch.newBuilder()
            .setNeighbor(routes.session())
            .setEpoch(routes.epoch())
            .setRemoved(routes.membership() == Report.Membership.REMOVED);
    IdentityHashMap<SharedAttributes, Integer> ids = new IdentityHashMap<>();
    for (Report.Heard heard : routes.heard()) {
      SharedAttributes attributes = heard.attributes();
      RouteGroup.Builder group =
          RouteGroup.newBuilder()
              .setFamily(FamilyMapping.toProto(heard.prefixes().family()))
              .setNlri(NlriMapping.pack(heard.prefixes()));
      if (attributes != null) {
        Integer known = ids.get(attributes);
        int id = known == null ? ids.size() + 1 : known;
        if (known == null) {
          ids.put(attributes, id);
          batch.addAttributeSets(AttributeMapping.toProto(id, attributes.attributes()));
        }
        group.setAttributeSetId(id);
      }
      batch.addGroups(group);
    }
    for (Family family : routes.complete()) {
      batch.addEndOfSnapshot(FamilyMapping.toProto(family));
    }
    for (Family family : routes.cleared()) {
      batch.addCleared(FamilyMapping.toProto(family));
    }
    return new ContentWriter()
        .text(routes.router())
        .number(routes.connection())
        .bytes(batch.build().toByteArray())
        .toBytes();
  }

  /// Throws [RecordingException] when it is none.
  public static Report.Routes readRoutes(ByteBuffer content) {
    return ContentReader.whole(
        content,
        in -> new RouteDecoder(in.text(), in.number()).decode(message(in, RouteBatch::parseFrom)));
  }

  /// How far an agent is.
  public static byte[] write(Report.Progress progress) {
    return new ContentWriter()
        .text(progress.router())
        .text(progress.phase().name())
        .number(progress.settled())
        .number(progress.settledTicket())
        .number(progress.unacked())
        .number(progress.pending())
        .number(progress.refused())
        .number(progress.held())
        .number(progress.groups())
        .number(progress.prefixes())
        .text(progress.error())
        .toBytes();
  }

  /// Throws [RecordingException] when it is none.
  public static Report.Progress readProgress(ByteBuffer content) {
    return ContentReader.whole(
        content,
        in ->
            new Report.Progress(
                in.text(),
                Report.Phase.valueOf(in.text()),
                in.number(),
                in.number(),
                in.integer(),
                in.integer(),
                in.integer(),
                in.integer(),
                in.integer(),
                in.integer(),
                in.text()));
  }
}
