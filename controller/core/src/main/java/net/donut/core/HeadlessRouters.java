package net.donut.core;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// The routers that hear nobody, in one family: each goes on forwarding as it was told last, so
/// what it does with a prefix stays what it was. Owned by the engine's thread.
final class HeadlessRouters {
  /*
   * A prefix that stays in its class is forwarded as the class was when the router was lost: `Last`
   * has the exit of every class. A prefix that is decided anew gets a class of its own kind, in which
   * the rows of headless routers are pinned to the exit they use (`keep`); all of those are decided
   * again when a router hears again.
   *
   * A prefix under an override is a case of its own: the router ends that by itself, unless it is
   * dead and its kernel goes on. So it is pinned to both exits.
   */
  private record Last(Liveness liveness, int[] exits, Map<Integer, Integer> afterOverrides) {}

  private record Mix(int before, int next) {}

  /// Nothing is known of what a router does with a class.
  static final int UNKNOWN = -1;

  private final ClassTable classes;
  private final Map<Integer, Last> routers = new HashMap<>();
  private final BitSet decided = new BitSet(0);
  private final BitSet unsure = new BitSet(0);
  private final Map<Mix, Integer> mixes = new HashMap<>();
  private boolean livenessVoid;

  HeadlessRouters(ClassTable classes) {
    this.classes = classes;
  }

  boolean contains(int router) {
    return routers.containsKey(router);
  }

  /// @param toldBy the liveness by which it was told last
  /// @param exits what it uses for each class
  /// @param afterOverrides what it uses for each slot under an override when that ends
  void add(int router, Liveness toldBy, int[] exits, Map<Integer, Integer> afterOverrides) {
    routers.put(router, new Last(toldBy, exits, afterOverrides));
    afterOverrides.keySet().forEach(unsure::set);
    mixes.clear();
  }

  /// The router hears again; adds the prefixes to decide to `dirty`.
  void remove(int router, BitSet dirty) {
    routers.remove(router);
    mixes.clear();
    dirty.or(decided);
    decided.clear();
    unsure.clear();
    routers.values().forEach(last -> last.afterOverrides().keySet().forEach(unsure::set));
  }

  /// Links may be others: what headless routers went by is taken to be what there is next.
  void policyChanged() {
    livenessVoid = true;
  }

  /// Class numbers may mean something else from now on.
  void forget() {
    mixes.clear();
  }

  /// The same liveness, with what headless routers go by.
  Liveness in(Liveness now) {
    if (livenessVoid) {
      routers.replaceAll((_, last) -> new Last(now, last.exits(), last.afterOverrides()));
      livenessVoid = false;
    }
    if (routers.isEmpty()) {
      return now;
    }
    Map<Integer, Liveness> views = new HashMap<>();
    routers.forEach((router, last) -> views.put(router, last.liveness()));
    return now.withHeadless(views);
  }

  /// The exit that a headless router uses for a class, [Exits#NONE] for none; [#UNKNOWN] for a
  /// class of another table or later than its loss.
  int exit(ClassTable of, int number, int router) {
    Last last = routers.get(router);
    if (of.isPinned(number, router)) {
      return of.exit(number, router, 0);
    }
    return last == null || of != classes || number >= last.exits().length
        ? UNKNOWN
        : last.exits()[number];
  }

  /// The class of a prefix that was in `before` (0 for none) and is decided to be in `next`.
  int keep(int slot, int before, int next) {
    if (routers.isEmpty() || next == 0 || (before == next && !unsure.get(slot))) {
      return next;
    }
    decided.set(slot);
    return unsure.get(slot)
        ? classes.pinned(next, pins(slot, before))
        : mixes.computeIfAbsent(new Mix(before, next), this::mixed);
  }

  private int mixed(Mix mix) {
    return classes.pinned(mix.next(), pins(mix.before()));
  }

  private Map<Integer, ClassTable.Pin> pins(int before) {
    Map<Integer, ClassTable.Pin> pins = new HashMap<>();
    routers.keySet().forEach(router -> pins.put(router, pin(before, router)));
    return pins;
  }

  private Map<Integer, ClassTable.Pin> pins(int slot, int before) {
    Map<Integer, ClassTable.Pin> pins = pins(before);
    pins.replaceAll((router, pin) -> {
      Last last = routers.get(router);
      Integer other = last == null ? null : last.afterOverrides().get(slot);
      return other == null || pin.perhaps() != Exits.NONE || pin.exit() == other
          ? pin
          : new ClassTable.Pin(pin.exit(), other);
    });
    return pins;
  }

  private ClassTable.Pin pin(int number, int router) {
    return number == 0
        ? new ClassTable.Pin(Exits.NONE, Exits.NONE)
        : new ClassTable.Pin(
            Math.max(Exits.NONE, exit(classes, number, router)), classes.perhaps(number, router));
  }
}
