package net.donut.lab.impair;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.donut.lab.net.Impairment;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.netlink.Frame;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.PacketSocket;

/// Finds out how a link is, by frames from each end to the other: a thousand probes within a
/// second, and where a rate is asked for, more than the link can take for another.
///
/// Takes four threads of its own, in the namespaces of the ends, which share nothing but the moment
/// at which they begin.
public final class Calibration {
  private static final Duration PROBING = Duration.ofSeconds(1);
  private static final Duration FILLING = Duration.ofMillis(800);
  private static final Duration SETTLE = Duration.ofMillis(400);
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);
  private static final int MOST_PROBES = 1_000;
  private static final int LEAST_PROBES = 20;

  /// Of the rate: probes must not fill the link themselves.
  private static final double PROBE_SHARE = 0.1;

  private static final double OVERLOAD = 1.3;
  private static final int FILL_BYTES = 1_400;
  private static final long SLOW_BITS = 2_000_000;
  private static final long SPIN_NANOS = 40_000;

  /// An end of a link: an interface and its address.
  public record End(Namespace namespace, String device, String mac) {
    private byte[] address() {
      String[] parts = mac.split(":");
      byte[] bytes = new byte[parts.length];
      for (int i = 0; i < parts.length; i++) {
        bytes[i] = (byte) Integer.parseInt(parts[i], 16);
      }
      return bytes;
    }
  }

  /// What was found.
  ///
  /// @param forth from the first end to the second
  public record Found(Quality forth, Quality back) {}

  private final Impairment asked;
  private final int probes;
  private final int fillBytes;
  private final CountDownLatch open = new CountDownLatch(4);

  private Calibration(Impairment asked) {
    this.asked = asked;
    double affordable = asked.rateBits() * PROBE_SHARE / 8 / ProbeFrame.LEAST_BYTES;
    this.probes =
        asked.rateBits() == 0
            ? MOST_PROBES
            : Math.clamp(Math.round(affordable), LEAST_PROBES, MOST_PROBES);
    this.fillBytes = asked.rateBits() < SLOW_BITS ? 200 : FILL_BYTES;
  }

  /// Measures both directions at once.
  ///
  /// @param asked of the link; its delay says how long to wait, its rate how much to send
  public static Found measure(End a, End b, Impairment asked) {
    return new Calibration(asked).measure(a, b);
  }

  private Found measure(End a, End b) {
    try (NetworkNamespace atA = NetworkNamespace.open(a.namespace().name());
        NetworkNamespace atB = NetworkNamespace.open(b.namespace().name());
        ExecutorService inA = Executors.newThreadPerTaskExecutor(atA.threadFactory("calibrate"));
        ExecutorService inB = Executors.newThreadPerTaskExecutor(atB.threadFactory("calibrate"))) {
      Future<ArrivedFrames> back = inA.submit(() -> receive(a));
      Future<ArrivedFrames> forth = inB.submit(() -> receive(b));
      List<Future<?>> senders = List.of(inA.submit(() -> send(a, b)), inB.submit(() -> send(b, a)));
      for (Future<?> sender : senders) {
        get(sender);
      }
      return new Found(get(forth).quality(probes), get(back).quality(probes));
    }
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new LabException("calibration: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /// When all four have their sockets; the same moment but for some microseconds.
  private long begin() {
    open.countDown();
    try {
      if (!open.await(OPEN_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new LabException("calibration: not all ends have a socket after " + OPEN_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
    return System.nanoTime();
  }

  private void send(End from, End to) {
    try (PacketSocket socket = PacketSocket.open(from.device(), PacketSocket.NO_TYPE)) {
      Frame probe = ProbeFrame.make(from.address(), to.address(), ProbeFrame.LEAST_BYTES);
      Frame fill = ProbeFrame.make(from.address(), to.address(), fillBytes);
      long begun = begin();
      send(socket, probe, ProbeFrame.Use.PROBE, begun, probes, PROBING.toNanos() / probes);
      if (asked.rateBits() > 0) {
        double perSecond = asked.rateBits() * OVERLOAD / 8 / fillBytes;
        int count = (int) Math.max(3, perSecond * FILLING.toNanos() / 1e9);
        long fillBegin = begun + PROBING.plus(asked.delay()).plus(asked.jitter()).toNanos();
        send(socket, fill, ProbeFrame.Use.FILL, fillBegin, count, FILLING.toNanos() / count);
      }
    }
  }

  private static void send(
      PacketSocket socket, Frame frame, ProbeFrame.Use use, long begun, int count, long gapNanos) {
    for (int i = 0; i < count; i++) {
      awaitMoment(begun + i * gapNanos);
      ProbeFrame.stamp(frame, use, i, System.nanoTime());
      socket.send(frame);
    }
  }

  private static void awaitMoment(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      if (left > SPIN_NANOS) {
        LockSupport.parkNanos(left - SPIN_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private ArrivedFrames receive(End at) {
    try (PacketSocket socket = PacketSocket.open(at.device(), ProbeFrame.TYPE)) {
      Frame frame = new Frame(2 * FILL_BYTES);
      ArrivedFrames arrived = new ArrivedFrames(probes);
      Duration length = PROBING.plus(asked.delay()).plus(asked.jitter()).plus(SETTLE);
      if (asked.rateBits() > 0) {
        length = length.plus(FILLING).plus(asked.delay()).plus(asked.jitter());
      }
      long deadline = begin() + length.toNanos();
      for (long left = length.toNanos(); left > 0; left = deadline - System.nanoTime()) {
        if (socket.receive(frame)) {
          arrived.note(frame, System.nanoTime());
        } else {
          socket.await(left);
        }
      }
      return arrived;
    }
  }
}
