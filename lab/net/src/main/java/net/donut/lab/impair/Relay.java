package net.donut.lab.impair;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import net.donut.netlink.Frame;
import net.donut.netlink.PacketSocket;
import org.jspecify.annotations.Nullable;

/// Takes frames from one interface and lets them out at another when their time has come, in the
/// network namespace of its thread. Frames may overtake each other within the jitter, as with
/// netem.
///
/// Owned by the thread that runs it.
final class Relay implements Runnable {
  /*
   * Nothing is allocated for a frame once there are as many Slots as ever waited at once, so the
   * collector does not add to the delay. What comes while all are taken stays in the socket's buffer
   * and is lost when that is full.
   */
  private static final int MOST_WAITING = 16_384;
  private static final int MOST_AT_ONCE = 64;
  private static final int VLAN_TAG_BYTES = 4;
  private static final long LONGEST_WAIT_NANOS = 200_000_000;

  /// A frame that waits.
  private static final class Slot {
    private final Frame frame;
    private long due;
    private long number;

    private Slot(int frameBytes) {
      frame = new Frame(frameBytes);
    }
  }

  private final String from;
  private final String to;
  private final long delayNanos;
  private final long jitterNanos;
  private final Runnable ready;
  private final SplittableRandom random = new SplittableRandom();
  private final Queue<Slot> free = new ArrayDeque<>();
  private final PriorityQueue<Slot> waiting =
      new PriorityQueue<>(
          Comparator.<Slot>comparingLong(slot -> slot.due).thenComparingLong(slot -> slot.number));
  private int frameBytes;
  private int slots;
  private long number;

  /// @param ready is told when frames are relayed
  Relay(String from, String to, Duration delay, Duration jitter, Runnable ready) {
    this.from = from;
    this.to = to;
    this.delayNanos = delay.toNanos();
    this.jitterNanos = jitter.toNanos();
    this.ready = ready;
  }

  /// Relays until the interface it takes frames from is gone.
  @Override
  public void run() {
    try (PacketSocket in = PacketSocket.open(from, PacketSocket.EVERY_TYPE);
        PacketSocket out = PacketSocket.open(to, PacketSocket.NO_TYPE)) {
      frameBytes = out.mtu(to) + Frame.HEADER_BYTES + VLAN_TAG_BYTES;
      ready.run();
      while (true) {
        long untilNext = release(out);
        boolean isEmpty = !take(in);
        if (isEmpty) {
          if (untilNext == LONGEST_WAIT_NANOS && in.isGone(from)) {
            return;
          }
          in.await(untilNext);
        }
      }
    }
  }

  /// Lets out what is due. Returns how long the next has to wait.
  private long release(PacketSocket out) {
    for (Slot next = waiting.peek(); next != null; next = waiting.peek()) {
      long left = next.due - System.nanoTime();
      if (left > 0) {
        return Math.min(left, LONGEST_WAIT_NANOS);
      }
      out.send(next.frame);
      free.add(waiting.remove());
    }
    return LONGEST_WAIT_NANOS;
  }

  /// Takes what is there, though not so much that others wait. False when nothing was.
  private boolean take(PacketSocket in) {
    for (int i = 0; i < MOST_AT_ONCE; i++) {
      Slot slot = slot();
      if (slot == null) {
        return false;
      }
      if (!in.receive(slot.frame)) {
        free.add(slot);
        return i > 0;
      }
      slot.due = System.nanoTime() + delayNanos + swing();
      slot.number = number++;
      waiting.add(slot);
    }
    return true;
  }

  private @Nullable Slot slot() {
    Slot slot = free.poll();
    if (slot == null && slots < MOST_WAITING) {
      slots++;
      return new Slot(frameBytes);
    }
    return slot;
  }

  private long swing() {
    return jitterNanos == 0 ? 0 : random.nextLong(-jitterNanos, jitterNanos + 1);
  }
}
