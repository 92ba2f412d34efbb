package net.donut.lab.clab.model;

/// The network a node lives in.
public sealed interface NetworkMode {
  /// A namespace of its own, with `eth0` in the management network.
  record Own() implements NetworkMode {}

  /// A namespace of its own, with nothing but its links.
  record None() implements NetworkMode {}

  /// The host's.
  record Host() implements NetworkMode {}

  /// That of another node.
  record Of(String node) implements NetworkMode {}
}
