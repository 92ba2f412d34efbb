package net.donut.agent.fib;

import java.util.Arrays;
import java.util.function.Consumer;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.table.PrefixTable;
import org.agrona.collections.Int2IntCounterMap;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/// The routes of one family in one network instance: what is intended and what the kernel is known
/// to hold, 22 bytes per prefix (IPv4) all in. Owned by `agent-fib`.
public final class RouteTable {
  /*
   * A slot exists while there is an intent, or a kernel route of ours, or a request on its way, or
   * an observer was told of trouble and not yet of its end.
   *
   *   intent[s]  handle of the intended group, 0 for none
   *   kernel[s]  kernel id of the group of our route, 0 when there is none
   *   state[s]   State.code(), plus PENDING while a request is in the batch that is not flushed yet,
   *              TOLD while observers think it in trouble, QUEUED while they are to be told,
   *              ADOPTED when an earlier run left it
   */

  /// What became of an intended route.
  public enum State {
    /// Nothing went wrong: installed, or waiting for its group to live.
    GOOD(0),
    /// The kernel refused it.
    FAILED(1),
    /// Somebody else's route stands there.
    CONFLICT(2),
    /// Accepted from the client, and never given to the kernel: it asks for what we cannot do.
    WITHHELD(3);

    private final int code;

    State(int code) {
      this.code = code;
    }

    byte code() {
      return (byte) code;
    }

    static State of(byte code) {
      return STATES[code];
    }
  }

  private static final State[] STATES = State.values();
  private static final byte CODE = 7;
  private static final byte PENDING = 8;
  private static final byte TOLD = 16;
  private static final byte QUEUED = 32;
  private static final byte ADOPTED = 64;
  private static final byte HELD = PENDING | TOLD | QUEUED;

  private final Instance instance;
  private final PrefixTable prefixes;
  private final Int2ObjectHashMap<String> errors = new Int2ObjectHashMap<>();
  private final Int2IntCounterMap users = new Int2IntCounterMap(0);
  private int[] intent = new int[0];
  private int[] kernel = new int[0];
  private byte[] state = new byte[0];
  private final IntArrayList untold = new IntArrayList();
  private int intended;
  private int installed;
  private int failed;
  private int conflicts;
  private int unclaimed;
  private long digest;

  RouteTable(Instance instance, Family family) {
    this.instance = instance;
    this.prefixes = new PrefixTable(family);
  }

  public Instance instance() {
    return instance;
  }

  public Family family() {
    return prefixes.family();
  }

  /// The number of intended routes.
  public int intended() {
    return intended;
  }

  /// One more than the largest slot ever given out.
  public int capacity() {
    return prefixes.capacity();
  }

  /// The slot of an intended route, or [PrefixTable#NONE].
  public int findIntended(long high, long low, int length) {
    int slot = prefixes.find(high, low, length);
    return slot != PrefixTable.NONE && intent[slot] != 0 ? slot : PrefixTable.NONE;
  }

  /// Whether a slot below [#capacity] holds an intended route.
  public boolean isIntended(int slot) {
    return prefixes.isPresent(slot) && intent[slot] != 0;
  }

  /// The handle of the intended group of a slot, 0 for none.
  public int intent(int slot) {
    return intent[slot];
  }

  public State state(int slot) {
    return STATES[state[slot] & CODE];
  }

  /// Whether the kernel has acknowledged the route as intended and, as far as is known, still has
  /// it.
  public boolean isInstalled(int slot) {
    return intent[slot] != 0 && kernel[slot] != 0 && (state[slot] & CODE) == State.GOOD.code();
  }

  public Prefix prefix(int slot) {
    return prefixes.prefix(slot);
  }

  public PrefixTable prefixes() {
    return prefixes;
  }

  /// Why a route is not in the kernel; empty when nothing is known.
  String error(int slot) {
    @Nullable String error = errors.get(slot);
    return error == null ? "" : error;
  }

  /// How many routes are on a kernel group.
  int users(int kernelGroup) {
    return users.get(kernelGroup);
  }

  int kernel(int slot) {
    return kernel[slot];
  }

  boolean isPending(int slot) {
    return (state[slot] & PENDING) != 0;
  }

  int installed() {
    return installed;
  }

  /// Intended routes that are not in state GOOD, conflicts included.
  int failed() {
    return failed;
  }

  int conflicts() {
    return conflicts;
  }

  /// Routes of ours in the kernel that nobody intends.
  int unclaimed() {
    return unclaimed;
  }

  /// The sum of [Digests#route] over the intended routes.
  long digest() {
    return digest;
  }

  int findOrAdd(long high, long low, int length) {
    int slot = prefixes.findOrAdd(high, low, length);
    if (slot >= intent.length) {
      int room = slot + Math.max(64, slot >> 2) + 1;
      intent = Arrays.copyOf(intent, room);
      kernel = Arrays.copyOf(kernel, room);
      state = Arrays.copyOf(state, room);
    }
    return slot;
  }

  void setIntent(int slot, int handle, long groupId, long groupIdBefore) {
    count(slot, -1);
    if (intent[slot] != 0) {
      intended--;
      digest -= hash(slot, groupIdBefore);
    }
    intent[slot] = handle;
    if (handle != 0) {
      intended++;
      digest += hash(slot, groupId);
    }
    count(slot, 1);
    queueTrouble(slot);
  }

  private long hash(int slot, long groupId) {
    return Digests.route(
        instance.table(),
        family(),
        prefixes.high(slot),
        prefixes.low(slot),
        prefixes.length(slot),
        groupId);
  }

  void setKernel(int slot, int kernelGroup) {
    count(slot, -1);
    if (kernel[slot] != 0) {
      users.decrementAndGet(kernel[slot]);
    }
    kernel[slot] = kernelGroup;
    if (kernelGroup != 0) {
      users.incrementAndGet(kernelGroup);
    }
    count(slot, 1);
  }

  void setState(int slot, State next, String error) {
    count(slot, -1);
    state[slot] = (byte) (next.code() | (state[slot] & ~CODE));
    if (!error.isEmpty()) {
      errors.put(slot, error);
    } else if (!errors.isEmpty()) {
      errors.remove(slot);
    }
    count(slot, 1);
    queueTrouble(slot);
  }

  private boolean isInTrouble(int slot) {
    return intent[slot] != 0 && (state[slot] & CODE) != State.GOOD.code();
  }

  private void queueTrouble(int slot) {
    boolean news = isInTrouble(slot) || (state[slot] & TOLD) != 0;
    if (news && (state[slot] & QUEUED) == 0) {
      state[slot] |= QUEUED;
      untold.addInt(slot);
    }
  }

  /// Whether observers are to be told of a trouble, or of the end of one.
  boolean hasUntold() {
    return !untold.isEmpty();
  }

  /// Hands out at most `most` troubles that began, changed or ended since the last call; the latest
  /// of each prefix.
  void tell(int most, Consumer<RouteTrouble> observer) {
    for (int i = 0; i < most && !untold.isEmpty(); i++) {
      int slot = untold.popInt();
      state[slot] &= ~QUEUED;
      boolean told = (state[slot] & TOLD) != 0;
      if (isInTrouble(slot)) {
        state[slot] |= TOLD;
        observer.accept(new RouteTrouble(instance.name(), prefix(slot), state(slot), error(slot)));
      } else if (told) {
        state[slot] &= ~TOLD;
        observer.accept(new RouteTrouble(instance.name(), prefix(slot), State.GOOD, ""));
      }
      releaseIfEmpty(slot);
    }
  }

  void setAdopted(int slot) {
    state[slot] |= ADOPTED;
  }

  /// Whether an earlier run left it in the kernel.
  boolean isAdopted(int slot) {
    return (state[slot] & ADOPTED) != 0;
  }

  void setPending(int slot) {
    state[slot] |= PENDING;
  }

  void clearPending(int slot) {
    state[slot] &= ~PENDING;
  }

  private void count(int slot, int change) {
    if (intent[slot] == 0) {
      unclaimed += kernel[slot] != 0 ? change : 0;
      return;
    }
    State now = state(slot);
    if (now == State.GOOD) {
      installed += kernel[slot] != 0 ? change : 0;
    } else {
      failed += change;
      conflicts += now == State.CONFLICT ? change : 0;
    }
  }

  /// Gives the slot up when neither an intent, nor a kernel route, nor a request, nor something to
  /// tell holds it.
  void releaseIfEmpty(int slot) {
    if (prefixes.isPresent(slot)
        && intent[slot] == 0
        && kernel[slot] == 0
        && (state[slot] & HELD) == 0) {
      state[slot] = 0;
      errors.remove(slot);
      prefixes.remove(slot);
    }
  }
}
