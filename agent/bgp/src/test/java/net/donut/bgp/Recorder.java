package net.donut.bgp;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import org.jspecify.annotations.Nullable;

/// A listener that keeps the routes of every neighbor and everything it heard.
final class Recorder implements BgpListener {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  sealed interface Seen {
    String neighbor();
  }

  record Established(String neighbor, SessionInfo session) implements Seen {}

  record Updated(String neighbor, BgpMessage.Update update) implements Seen {}

  record Ended(String neighbor, Family family) implements Seen {}

  record RefreshAsked(String neighbor, Family family) implements Seen {}

  record Marked(String neighbor, Family family) implements Seen {}

  record Swept(String neighbor, Family family) implements Seen {}

  record Gone(String neighbor, Down down) implements Seen {}

  record Changed(String neighbor, SessionSnapshot snapshot) implements Seen {}

  final LinkedBlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private final Map<String, Map<Prefix, PathAttributes>> routes = new ConcurrentHashMap<>();
  private final Map<String, Set<Prefix>> stale = new ConcurrentHashMap<>();

  Map<Prefix, PathAttributes> routesOf(String neighbor) {
    return routes.computeIfAbsent(neighbor, _ -> new ConcurrentHashMap<>());
  }

  private Set<Prefix> staleOf(String neighbor) {
    return stale.computeIfAbsent(neighbor, _ -> ConcurrentHashMap.newKeySet());
  }

  @Override
  public void established(String neighbor, SessionInfo session) {
    seen.add(new Established(neighbor, session));
  }

  @Override
  public void update(String neighbor, BgpMessage.Update update) {
    Map<Prefix, PathAttributes> table = routesOf(neighbor);
    for (Prefixes withdrawn : update.withdrawals()) {
      withdrawn.forEach(table::remove);
      withdrawn.forEach(staleOf(neighbor)::remove);
    }
    for (BgpMessage.Announcement announced : update.announcements()) {
      announced.prefixes().forEach(prefix -> table.put(prefix, announced.attributes()));
      announced.prefixes().forEach(staleOf(neighbor)::remove);
    }
    seen.add(new Updated(neighbor, update));
  }

  @Override
  public void endOfRib(String neighbor, Family family) {
    seen.add(new Ended(neighbor, family));
  }

  @Override
  public void refreshRequested(String neighbor, Family family) {
    seen.add(new RefreshAsked(neighbor, family));
  }

  @Override
  public void markStale(String neighbor, Family family) {
    routesOf(neighbor).keySet().stream()
        .filter(prefix -> prefix.family() == family)
        .forEach(staleOf(neighbor)::add);
    seen.add(new Marked(neighbor, family));
  }

  @Override
  public void sweepStale(String neighbor, Family family) {
    for (Prefix prefix : staleOf(neighbor)) {
      if (prefix.family() == family) {
        staleOf(neighbor).remove(prefix);
        routesOf(neighbor).remove(prefix);
      }
    }
    seen.add(new Swept(neighbor, family));
  }

  @Override
  public void down(String neighbor, Down down) {
    routesOf(neighbor).keySet().removeIf(prefix -> !down.stale().contains(prefix.family()));
    staleOf(neighbor).addAll(routesOf(neighbor).keySet());
    seen.add(new Gone(neighbor, down));
  }

  @Override
  public void state(String neighbor, SessionSnapshot snapshot) {
    seen.add(new Changed(neighbor, snapshot));
  }

  SessionInfo awaitEstablished(String neighbor) {
    return await(Established.class, found -> found.neighbor().equals(neighbor)).session();
  }

  Down awaitDown(String neighbor) {
    return await(Gone.class, found -> found.neighbor().equals(neighbor)).down();
  }

  /// Waits for something to be heard; what came before it is dropped.
  <T extends Seen> T await(Class<T> kind, Predicate<T> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Seen next = poll(deadline - System.nanoTime());
      if (next == null) {
        throw new AssertionError(kind.getSimpleName() + ": nothing within " + PATIENCE);
      }
      if (kind.isInstance(next) && wanted.test(kind.cast(next))) {
        return kind.cast(next);
      }
    }
  }

  /// Waits until a condition on the routes holds, looking whenever something is heard.
  void awaitUntil(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (poll(deadline - System.nanoTime()) == null && !condition.getAsBoolean()) {
        throw new AssertionError(what + ": not within " + PATIENCE + "; routes " + sizes());
      }
    }
  }

  private String sizes() {
    StringBuilder text = new StringBuilder();
    routes.forEach((name, table) -> text.append(name).append('=').append(table.size()).append(' '));
    return text.toString();
  }

  private @Nullable Seen poll(long nanos) {
    try {
      return seen.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// A source fed by the test.
  static final class Feed implements OutboundSource {
    private final Map<String, Queue<Outbound>> queues = new ConcurrentHashMap<>();

    void add(String neighbor, Outbound piece) {
      queueOf(neighbor).add(piece);
    }

    Queue<Outbound> queueOf(String neighbor) {
      return queues.computeIfAbsent(neighbor, _ -> new ConcurrentLinkedQueue<>());
    }

    @Override
    public @Nullable Outbound next(String neighbor, long session) {
      return queueOf(neighbor).poll();
    }
  }
}
