package net.donut.netlink;

/// The operational state of an interface (RFC 2863; `linux/if.h` IF_OPER_*).
public enum OperState {
  UNKNOWN,
  NOT_PRESENT,
  DOWN,
  LOWER_LAYER_DOWN,
  TESTING,
  DORMANT,
  UP;

  private static final OperState[] VALUES = values();

  static OperState of(int number) {
    return number < VALUES.length ? VALUES[number] : UNKNOWN;
  }
}
