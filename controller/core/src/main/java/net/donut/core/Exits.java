package net.donut.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.model.IpAddress;

/// The ways out of the network in one family: a neighbor and the next hop it names, numbered from
/// 1. Owned by the engine's thread.
final class Exits {
  /// No exit.
  static final int NONE = 0;

  record Exit(int neighbor, IpAddress gateway) {}

  private final List<Exit> all = new ArrayList<>();
  private final Map<Exit, Integer> numbers = new HashMap<>();

  int number(int neighbor, IpAddress gateway) {
    return numbers.computeIfAbsent(
        new Exit(neighbor, gateway),
        exit -> {
          all.add(exit);
          return all.size();
        });
  }

  Exit get(int number) {
    return all.get(number - 1);
  }

  int neighbor(int number) {
    return all.get(number - 1).neighbor();
  }

  /// One more than the largest number.
  int size() {
    return all.size() + 1;
  }
}
