package net.donut.agent.fib;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A next hop of a network instance and what is known about its path. Owned by `agent-fib`.
public final class FibHop {
  /// Whether traffic can take it.
  enum Life {
    /// No interface leads there.
    UNRESOLVED,
    /// An interface leads there and is down.
    DOWN,
    /// The interface is up and has no address any more that reaches the gateway.
    ADDRESSLESS,
    /// The interface is up, and packets do not reach the gateway.
    UNREACHABLE,
    /// The session that announced it ended: carries traffic only where nothing else can, not even
    /// one that is held.
    LOST,
    /// The neighbor withdraws many routes at once: carries traffic only where nothing else can but
    /// one that is lost.
    WITHDRAWING,
    /// Back, but not trusted yet: carries traffic only where nothing else can.
    HOLDING,
    LIVE;

    /// Whether the kernel has the next hop, as a member that traffic uses now or later.
    boolean isInKernel() {
      return compareTo(LOST) >= 0;
    }
  }

  private static final HopSpec SINK = new HopSpec.Direct("lo");

  private final Instance instance;
  private final long index;
  private final Set<Group> users = new LinkedHashSet<>();
  private HopSpec spec;
  private @Nullable Path path;
  private Life life = Life.UNRESOLVED;
  private long heldSinceNanos;
  private Duration hold = Duration.ZERO;
  private String refusal = "";

  /// A resolved path.
  record Path(int interfaceIndex, String interfaceName) {}

  public FibHop(Instance instance, long index, HopSpec spec) {
    this.instance = instance;
    this.index = index;
    this.spec = spec;
  }

  public Instance instance() {
    return instance;
  }

  /// The gRIBI index, unsigned.
  public long index() {
    return index;
  }

  public HopSpec spec() {
    return spec;
  }

  public void replaceSpec(HopSpec next) {
    spec = next;
  }

  /// Whether packets end there: a next hop on the loopback, which keeps a group from being empty.
  boolean isSink() {
    return spec.equals(SINK);
  }

  /// Whether a group has it as a member.
  public boolean isReferenced() {
    return !users.isEmpty();
  }

  /// The groups that have it as a member.
  List<Group> users() {
    return new ArrayList<>(users);
  }

  void addUser(Group group) {
    users.add(group);
  }

  void removeUser(Group group) {
    users.remove(group);
  }

  @Nullable Path path() {
    return path;
  }

  Life life() {
    return life;
  }

  long heldSinceNanos() {
    return heldSinceNanos;
  }

  /// How long it is held since then, at the least.
  Duration hold() {
    return hold;
  }

  void hold(Duration value) {
    hold = value;
  }

  /// What the kernel said when it would not take it; empty otherwise.
  String refusal() {
    return refusal;
  }

  void refuse(String error, Life nextLife) {
    refusal = error;
    life = nextLife;
  }

  void update(@Nullable Path nextPath, Life nextLife, long nowNanos) {
    if (nextLife == Life.HOLDING && life != Life.HOLDING) {
      heldSinceNanos = nowNanos;
    }
    path = nextPath;
    life = nextLife;
    refusal = "";
  }

  @Override
  public String toString() {
    return instance + " next hop " + Long.toUnsignedString(index);
  }
}
