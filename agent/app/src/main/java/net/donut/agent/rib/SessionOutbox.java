package net.donut.agent.rib;

import java.util.ArrayDeque;
import net.donut.bgp.Outbound;
import net.donut.model.queue.Mailbox;
import org.jspecify.annotations.Nullable;

/// What waits to be written to one established session: a short queue, filled by `agent-rib` from
/// Adj-RIB-Out when there is room, emptied by the event loop when the connection takes more. Routes
/// beyond it wait, and coalesce, in [AdjRibOut].
final class SessionOutbox {
  /// Pieces in the queue; agent-rib fills it when a quarter is free, which is its turn's worth.
  static final int CAPACITY = 4096;

  static final int TURN = CAPACITY / 4;

  private final long session;
  private final Mailbox<Outbound> queue;
  private final ArrayDeque<Outbound> taken = new ArrayDeque<>();
  private final Runnable roomAgain;

  /// `wake` runs when the queue stops being empty, `roomAgain` when some of it was taken.
  SessionOutbox(long session, Runnable wake, Runnable roomAgain) {
    this.session = session;
    this.queue = new Mailbox<>(CAPACITY, wake);
    this.roomAgain = roomAgain;
  }

  long session() {
    return session;
  }

  /// Whether a turn's worth of pieces fits. Called by `agent-rib`.
  boolean hasRoom() {
    return CAPACITY - queue.depth() >= TURN;
  }

  /// Called by `agent-rib` after [#hasRoom].
  void add(Outbound piece) {
    if (!queue.offer(piece)) {
      throw new IllegalStateException("outbox: full (expected: room for a turn)");
    }
  }

  /// The next piece or null. Called by the event loop.
  @Nullable Outbound poll() {
    if (taken.isEmpty() && queue.drain(taken::add, TURN) > 0) {
      roomAgain.run();
    }
    return taken.poll();
  }
}
