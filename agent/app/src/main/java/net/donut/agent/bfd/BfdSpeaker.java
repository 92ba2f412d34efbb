package net.donut.agent.bfd;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import net.donut.bfd.BfdEvent;
import net.donut.bfd.BfdSession;
import net.donut.bfd.BfdSettings;
import net.donut.bfd.BfdStatus;
import net.donut.model.IpAddress;
import net.donut.model.queue.Mailbox;
import net.donut.model.queue.Owner;
import net.donut.netlink.UdpLoop;
import net.donut.netlink.UdpPort;
import net.donut.wire.bfd.BfdState;
import net.donut.wire.bfd.ControlPacket;
import net.donut.wire.bfd.ControlPacketCodec;
import org.jspecify.annotations.Nullable;

/// Speaks BFD: all sessions, their sockets and timers, in one loop. Owned by `bfd`.
final class BfdSpeaker {
  /*
   * A pause of this process must not make a neighbor look dead. So nobody is judged by the clock
   * alone: when a detection time is over, the sockets are read until they are empty first, and only
   * who still has no packet since the moment before that reading is lost. The kernel holds some
   * hundred packets a socket meanwhile.
   *
   * Without an agent it goes on, as the kernel goes on forwarding: at most `linger`, and only while
   * a session is up. Then, or when the agent says so, all sessions end as switched off, which tells
   * neighbors that the path is not dead.
   */
  private static final long LOOK_AROUND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long ORPHAN_GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int ONLY_TTL = 255;
  private static final int COMMANDS = 64;

  /// What the agent, or its absence, asks for.
  sealed interface Command {
    /// These sessions and no others.
    record Apply(List<BfdSettings> sessions) implements Command {}

    /// An agent is there: tell it everything.
    record Adopted() implements Command {}

    record Orphaned() implements Command {}

    /// End.
    record Leave() implements Command {}
  }

  /// Hears of sessions; must not block.
  interface Listener {
    void status(BfdStatus status);

    void notice(String text);
  }

  private final Owner owner = new Owner("bfd");
  private final UdpLoop loop;
  private final BfdPorts ports;
  private final Listener listener;
  private final long lingerNanos;
  private final RandomGenerator random = new SecureRandom();
  private final Mailbox<Command> commands;
  private final Map<String, BfdPeer> peers = new LinkedHashMap<>();
  private final List<BfdPeer> leaving = new ArrayList<>();
  private final Map<Integer, BfdPeer> byDiscriminator = new HashMap<>();
  private final Set<String> problems = new HashSet<>();
  private long lookAroundAt;
  private long orphanedAt = System.nanoTime();
  private boolean orphaned = true;
  private boolean ending;

  /// To be called by the thread that will run it, in the network namespace of the sessions.
  BfdSpeaker(Listener listener, Duration linger) {
    owner.claim();
    this.listener = listener;
    this.lingerNanos = linger.toNanos();
    this.loop = UdpLoop.open();
    this.ports = new BfdPorts(loop, random);
    this.commands = new Mailbox<>(COMMANDS, loop::wake);
  }

  /// Asks for something; any thread.
  void submit(Command command) throws InterruptedException {
    commands.put(command);
  }

  /// Speaks until it is over.
  void run() {
    lookAroundAt = System.nanoTime();
    try (loop) {
      while (!isOver()) {
        loop.await(next() - System.nanoTime(), this::received);
        commands.drain(this::take, COMMANDS);
        long now = System.nanoTime();
        peers.values().forEach(peer -> peer.transmit(now));
        leaving.forEach(peer -> peer.transmit(now));
        leaving.removeIf(peer -> peer.endNanos() <= now && forget(peer));
        judge(now);
        if (now - lookAroundAt >= 0) {
          lookAroundAt = now + LOOK_AROUND_NANOS;
          lookAround(now);
        }
      }
      commands.close();
    }
  }

  private boolean isOver() {
    return ending && leaving.isEmpty();
  }

  private long next() {
    long next = lookAroundAt;
    for (BfdPeer peer : peers.values()) {
      next = Math.min(next, peer.nextNanos());
    }
    for (BfdPeer peer : leaving) {
      next = Math.min(next, peer.nextNanos());
    }
    return next;
  }

  private void take(Command command) {
    owner.check();
    switch (command) {
      case Command.Apply(var sessions) -> apply(sessions);
      case Command.Adopted() -> {
        orphaned = false;
        peers.values().forEach(peer -> listener.status(peer.session().status()));
        problems.forEach(listener::notice);
      }
      case Command.Orphaned() -> {
        orphaned = true;
        orphanedAt = System.nanoTime();
      }
      case Command.Leave() -> end();
    }
  }

  private void apply(List<BfdSettings> sessions) {
    Map<String, BfdSettings> wanted = new LinkedHashMap<>();
    sessions.forEach(settings -> wanted.put(settings.name(), settings));
    for (BfdPeer peer : List.copyOf(peers.values())) {
      BfdSettings next = wanted.get(peer.settings().name());
      if (next == null || !peer.isSameEnd(next)) {
        retire(peer);
      }
    }
    for (BfdSettings settings : sessions) {
      BfdPeer peer = peers.get(settings.name());
      if (peer == null) {
        add(settings);
      } else {
        peer.handle(new BfdEvent.Configured(settings), System.nanoTime());
      }
    }
    lookAround(System.nanoTime());
  }

  private void add(BfdSettings settings) {
    leaving.removeIf(old -> old.isSameEnd(settings) && forget(old));
    int discriminator = random.nextInt();
    while (discriminator == 0 || byDiscriminator.containsKey(discriminator)) {
      discriminator = random.nextInt();
    }
    BfdSession session =
        new BfdSession(settings, discriminator, BfdSession.ControlPlane.INDEPENDENT, random);
    BfdPeer peer = new BfdPeer(session, ports, listener);
    peers.put(settings.name(), peer);
    byDiscriminator.put(discriminator, peer);
    peer.handle(new BfdEvent.Configured(settings), System.nanoTime());
  }

  private void retire(BfdPeer peer) {
    peers.remove(peer.settings().name());
    leaving.add(peer);
    peer.leave(System.nanoTime());
  }

  private boolean forget(BfdPeer peer) {
    byDiscriminator.remove(peer.session().discriminator());
    peer.close();
    return true;
  }

  private void end() {
    ending = true;
    List.copyOf(peers.values()).forEach(this::retire);
  }

  /// RFC 5880 §6.8.6, RFC 5881 §5.
  private void received(UdpPort port, ByteBuffer bytes, IpAddress sender, int ttl) {
    if (ttl != ONLY_TTL || !(ControlPacketCodec.decode(bytes) instanceof ControlPacket packet)) {
      return;
    }
    BfdPeer peer =
        packet.yourDiscriminator() == 0
            ? bySender(port, sender)
            : byDiscriminator.get(packet.yourDiscriminator());
    if (peer != null && peer.hears(port, sender)) {
      peer.handle(new BfdEvent.Received(packet), System.nanoTime());
    }
  }

  private @Nullable BfdPeer bySender(UdpPort port, IpAddress sender) {
    for (BfdPeer peer : peers.values()) {
      if (peer.hears(port, sender)) {
        return peer;
      }
    }
    return null;
  }

  private void judge(long now) {
    boolean suspected = false;
    for (BfdPeer peer : peers.values()) {
      suspected |= peer.detectNanos() <= now;
    }
    if (suspected) {
      loop.await(0, this::received);
      peers.values().forEach(peer -> peer.detect(now));
    }
  }

  /// Once a second: what changed around us without a packet saying so.
  private void lookAround(long now) {
    Set<BfdPorts.Place> used = new HashSet<>();
    peers.values().forEach(peer -> used.add(peer.place()));
    leaving.forEach(peer -> used.add(peer.place()));
    ports.keep(used);
    Set<String> found = new HashSet<>(ports.receive(used));
    for (BfdPeer peer : peers.values()) {
      String problem = peer.lookAround();
      if (problem != null) {
        found.add(problem);
      }
    }
    found.stream().filter(problem -> !problems.contains(problem)).forEach(listener::notice);
    problems.clear();
    problems.addAll(found);
    if (orphaned && !ending && isUnneeded(now - orphanedAt)) {
      end();
    }
  }

  private boolean isUnneeded(long aloneNanos) {
    boolean up =
        peers.values().stream().anyMatch(peer -> peer.session().status().state() == BfdState.UP);
    return aloneNanos > lingerNanos || (aloneNanos > ORPHAN_GRACE_NANOS && !up);
  }
}
