package net.donut.controller.southbound;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import net.donut.api.AttributeMapping;
import net.donut.api.FamilyMapping;
import net.donut.api.NlriMapping;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.RouteGroup;
import net.donut.api.agent.v1.StateEvent;
import net.donut.model.Family;
import net.donut.model.Prefix;
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

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }

  private static byte[] write(Writing content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      content.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static <T> T read(ByteBuffer content, Reading<T> reading) {
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    try {
      return reading.from(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException | IllegalArgumentException e) {
      throw new RecordingException("report: " + e.getMessage(), e);
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("length " + length + " (expected: 0.." + in.available() + ")");
    }
    return in.readNBytes(length);
  }

  /// A report of the urgent lane; a [Report.Wake] has no content, and is not to be written.
  public static byte[] write(Report report) {
    return write(out -> {
      switch (report) {
        case Report.Wake() -> throw new IllegalArgumentException("a wake is no input");
        case Report.Connected connected -> {
          begin(out, CONNECTED, connected.router());
          out.writeLong(connected.connection());
          bytes(out, connected.hello().toByteArray());
        }
        case Report.Configured configured -> begin(out, CONFIGURED, configured.router());
        case Report.Disconnected gone -> {
          begin(out, DISCONNECTED, gone.router());
          text(out, gone.reason());
        }
        case Report.Inventory inventory -> {
          begin(out, INVENTORY, inventory.router());
          out.writeInt(inventory.entries());
        }
        case Report.State state -> {
          begin(out, STATE, state.router());
          bytes(out, state.event().toByteArray());
        }
        case Report.KernelVerdicts verdicts -> {
          begin(out, VERDICTS, verdicts.router());
          out.writeInt(verdicts.routes().size());
          for (Report.KernelVerdict one : verdicts.routes()) {
            text(out, one.prefix().toString());
            text(out, one.error());
          }
        }
        case Report.Notice notice -> {
          begin(out, NOTICE, notice.router());
          text(out, notice.text());
        }
      }
    });
  }

  private static void begin(DataOutputStream out, int kind, String router) throws IOException {
    out.writeByte(kind);
    text(out, router);
  }

  /// Throws [RecordingException] when it is none.
  public static Report readReport(ByteBuffer content) {
    return read(
        content,
        in -> {
          int kind = in.readUnsignedByte();
          String router = text(in);
          return switch (kind) {
            case CONNECTED -> {
              long connection = in.readLong();
              yield new Report.Connected(router, connection, HelloResponse.parseFrom(bytes(in)));
            }
            case CONFIGURED -> new Report.Configured(router);
            case DISCONNECTED -> new Report.Disconnected(router, text(in));
            case INVENTORY -> new Report.Inventory(router, in.readInt());
            case STATE -> new Report.State(router, StateEvent.parseFrom(bytes(in)));
            case VERDICTS -> new Report.KernelVerdicts(router, verdicts(in));
            case NOTICE -> new Report.Notice(router, text(in));
            default -> throw new IOException("kind " + kind + " (expected: 1.." + NOTICE + ")");
          };
        });
  }

  private static List<Report.KernelVerdict> verdicts(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<Report.KernelVerdict> routes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      routes.add(new Report.KernelVerdict(Prefix.parse(text(in)), text(in)));
    }
    return routes;
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
    return write(out -> {
      text(out, routes.router());
      out.writeLong(routes.connection());
      bytes(out, batch.build().toByteArray());
    });
  }

  /// Throws [RecordingException] when it is none.
  public static Report.Routes readRoutes(ByteBuffer content) {
    return read(
        content,
        in -> {
          String router = text(in);
          long connection = in.readLong();
          RouteBatch batch = RouteBatch.parseFrom(bytes(in));
          return new RouteDecoder(router, connection).decode(batch);
        });
  }

  /// How far an agent is.
  public static byte[] write(Report.Progress progress) {
    return write(out -> {
      text(out, progress.router());
      text(out, progress.phase().name());
      out.writeLong(progress.settled());
      out.writeLong(progress.settledTicket());
      out.writeInt(progress.unacked());
      out.writeInt(progress.pending());
      out.writeInt(progress.refused());
      out.writeInt(progress.held());
      out.writeInt(progress.groups());
      out.writeInt(progress.prefixes());
      text(out, progress.error());
    });
  }

  /// Throws [RecordingException] when it is none.
  public static Report.Progress readProgress(ByteBuffer content) {
    return read(
        content,
        in ->
            new Report.Progress(
                text(in),
                Report.Phase.valueOf(text(in)),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                text(in)));
  }
}
