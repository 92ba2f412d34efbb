package net.donut.agent.rib;

import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.record.RecordingHeader;
import net.donut.model.record.RecordingWriter;
import org.jspecify.annotations.Nullable;

/// Records what [AgentRib] is told, or nothing. Owned by `agent-rib`.
public final class RibRecorder {
  /*
   * The time goes before each input that comes at another time than the one before it, and ten times
   * a second while nothing comes. The owner looks at its clock more often than that, but between two
   * inputs that means something only for what it does a few times per second anyway.
   */
  private static final long TIME_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(90);

  private final @Nullable RecordingWriter writer;
  private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();
  private int nextNumber = 1;
  private long nowNanos;
  private long writtenNanos;
  private boolean timed;

  private RibRecorder(@Nullable RecordingWriter writer) {
    this.writer = writer;
  }

  /// Records nothing.
  public static RibRecorder none() {
    return new RibRecorder(null);
  }

  public static RibRecorder to(RecordingWriter writer) {
    return new RibRecorder(writer);
  }

  /// What a recording of this package says of itself.
  public static RecordingHeader header(String program, Instant started) {
    return new RecordingHeader(RibInputCodec.OWNER, RibInputCodec.VERSION, program, started);
  }

  void time(long nanos) {
    nowNanos = nanos;
    if (!timed || nanos - writtenNanos >= TIME_EVERY_NANOS) {
      writeTime();
    }
  }

  private void writeTime() {
    if (writer != null && writer.isRecording()) {
      writer.time(nowNanos);
      writtenNanos = nowNanos;
      timed = true;
    }
  }

  /// A turn of the owner ends.
  void turnEnds() {
    if (writer != null && writer.isRecording()) {
      writer.flush();
    }
  }

  void configure(List<SessionSettings> sessions) {
    write(() -> new RibInput.Configure(sessions));
  }

  void event(RibEvent event) {
    write(() -> new RibInput.Event(event));
  }

  void roomAgain(String session, long number) {
    write(() -> new RibInput.RoomAgain(session, number));
  }

  void subscribe(RouteSubscriber reader) {
    write(() -> new RibInput.Subscribe(number(reader)));
  }

  void unsubscribe(RouteSubscriber reader) {
    write(() -> new RibInput.Unsubscribe(number(reader)));
    numbers.remove(reader);
  }

  void listAdvertised(String session, RouteSubscriber reader) {
    write(() -> new RibInput.ListAdvertised(session, number(reader)));
  }

  void beginAdvertising(Advertiser source) {
    write(() -> new RibInput.BeginAdvertising(number(source)));
  }

  void advertise(
      Advertiser source, String session, Prefixes routes, @Nullable PathAttributes attributes) {
    write(() -> new RibInput.Advertise(number(source), session, routes, attributes));
  }

  void endAdvertising(Advertiser source) {
    write(() -> new RibInput.EndAdvertising(number(source)));
  }

  void leaveAdvertising(Advertiser source) {
    write(() -> new RibInput.LeaveAdvertising(number(source)));
    numbers.remove(source);
  }

  private int number(Object who) {
    return numbers.computeIfAbsent(who, _ -> nextNumber++);
  }

  private void write(Supplier<RibInput> input) {
    if (writer != null && writer.isRecording()) {
      if (!timed || writtenNanos != nowNanos) {
        writeTime();
      }
      RibInput value = input.get();
      writer.input(RibInputCodec.kind(value), RibInputCodec.encode(value));
    }
  }
}
