package net.donut.controller.southbound;

/// Whether a prefix is in the forwarding table of an agent as it is wanted.
enum Programmed {
  /// Acknowledged, or there is nothing to program.
  YES,
  /// To be sent, or not acknowledged yet.
  NOT_YET,
  /// The agent refused it, or what it stands on.
  REFUSED
}
